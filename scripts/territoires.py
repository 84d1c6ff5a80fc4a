"""Makes the file of territories from the npm package ``@etalab/decoupage-administratif``.

Run ``python -m scripts.territoires`` to write it again from the version it was made from (fetched
with ``npm pack``), ``--verifier`` to compare without writing, ``--version 6.1.0`` to change to
another year, ``--source FOLDER`` for a package already unpacked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from coopdec_rules.territories.data_file import (
    DirectoryError,
    Row,
    compress,
    decode,
    encode,
    uncompress,
)
from coopdec_rules.territories.directory import Directory
from coopdec_rules.territories.remarks import read_remarks

PACKAGE = "@etalab/decoupage-administratif"
VERSION = "6.0.0"
FOLDER = (
    Path(__file__).resolve().parent.parent / "src" / "coopdec_rules" / "territories" / "data"
)  # fmt: skip
FILE = FOLDER / "territoires.tsv.gz"
#: The package's natures of groupings, in the vocabulary's words.  MET69, the Métropole de Lyon, is
#: no grouping but a collectivité à statut particulier: it has none of these natures.
NATURES = {
    "CC": "communaute_communes",
    "CA": "communaute_agglomeration",
    "CU": "communaute_urbaine",
    "METRO": "metropole",
    "MET69": "",
}
#: Places to which the package gives a code, and which are no communes: Saint-Barthélemy and
#: Saint-Martin (collectivités without communes), Terres australes, Wallis-et-Futuna, Clipperton.
NO_COMMUNES = frozenset(("977", "978", "984", "986", "989"))
_READ = ("regions", "departements", "epci", "ept", "communes")


def fetch(version: str, folder: Path) -> Path:
    """Download the package and unpack it under ``folder``; the folder of the package."""
    done = subprocess.run(  # noqa: S603
        ["npm", "pack", f"{PACKAGE}@{version}", "--silent", "--pack-destination", str(folder)],  # noqa: S607
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"npm pack {PACKAGE}@{version} a échoué :\n{done.stderr}")
    (archive,) = folder.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder / "package"


def build(package: Path) -> str:
    """The text of the file of territories made from an unpacked package.

    Raises ``SystemExit`` when the package is not what this script knows how to read.
    """
    data = {name: (package / "data" / f"{name}.json").read_bytes() for name in _READ}
    tables: dict[str, list[dict[str, Any]]] = {k: json.loads(v) for k, v in data.items()}
    rows: dict[str, list[Row]] = {
        "R": [(_text(r["code"]), _text(r["nom"])) for r in tables["regions"]],
        "D": [(_text(d["code"]), _text(d["nom"]), d["region"]) for d in tables["departements"]],
        "G": [_grouping(g) for g in tables["epci"]],
        "E": [(e["code"], _text(e["nom"]), str(e["populationMunicipale"])) for e in tables["ept"]],
        "C": list(_communes(tables["communes"], tables["epci"], tables["ept"])),
        "N": list(_old_names(tables["communes"])),
        "A": list(_former(tables["communes"])),
    }
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    sums = hashlib.sha256(b"".join(data[name] for name in _READ)).hexdigest()
    return encode({**_described(package, version), "empreinte_des_sources": sums}, rows)


def _described(package: Path, version: str) -> dict[str, str]:
    """Vintage and licence, which the package states in its README."""
    readme = (package / "README.md").read_text(encoding="utf-8")
    year = re.search(rf"^\|\s*(\d{{4}})\s*\|\s*{re.escape(version)}\s*\|", readme, re.MULTILINE)
    if year is None or not re.search(r"Données : \[Licence Ouverte\]", readme):
        raise SystemExit(f"Le README du paquet {version} ne dit pas son millésime ou sa licence.")
    return {
        "format": "2",
        "millesime": year.group(1),
        "paquet": f"{PACKAGE} {version}",
        "producteurs": "Insee (code officiel géographique, populations, établissements publics "
        "territoriaux), DGCL (groupements), La Poste (codes postaux)",
        "licence": "Licence Ouverte (données)",
    }


def _grouping(grouping: dict[str, Any]) -> Row:
    nature = NATURES.get(grouping["type"])
    if nature is None:
        raise SystemExit(f"Nature de groupement inconnue : {grouping['type']} ({grouping['nom']}).")
    return (
        grouping["code"], _text(grouping["nom"]), nature, str(grouping["populationMunicipale"]),
    )  # fmt: skip


def _communes(
    communes: Iterable[dict[str, Any]],
    groupings: Iterable[dict[str, Any]],
    parisian: Iterable[dict[str, Any]],
) -> Iterable[Row]:
    grouping_of = {m["code"]: g["code"] for g in groupings for m in g["membres"]}
    second_of = {m["code"]: e["code"] for e in parisian for m in e["membres"]}
    for commune in communes:
        if commune["type"] != "commune-actuelle" or commune["departement"] in NO_COMMUNES:
            continue
        code = commune["code"]
        yield (
            code, _text(commune["nom"]), str(commune["population"]), commune["departement"],
            grouping_of.pop(code, ""), second_of.pop(code, ""),
            " ".join(commune.get("codesPostaux", ())),
        )  # fmt: skip
    wrong = grouping_of | second_of
    if wrong:
        raise SystemExit(f"Membres de groupements qui ne sont pas des communes : {wrong}.")


def _old_names(communes: Iterable[dict[str, Any]]) -> Iterable[Row]:
    """Names of the communes déléguées and associées, unless the commune has the same."""
    communes = list(communes)
    today = {c["code"]: _text(c["nom"]) for c in communes if c["type"] == "commune-actuelle"}
    for commune in communes:
        now, name = commune.get("chefLieu"), _text(commune["nom"])
        if now in today and name != today[now]:
            yield commune["code"], name, now


def _former(communes: list[dict[str, Any]]) -> Iterable[Row]:
    """Codes of what is no longer, or is not, a commune, with the commune of today.

    A code that led to several communes (one that was divided again) is left out.
    """
    today = {c["code"] for c in communes if c["type"] == "commune-actuelle"}
    led: dict[str, set[str]] = {}
    for commune in communes:
        now = commune.get("chefLieu") or commune.get("commune")
        if now in today:
            led.setdefault(commune["code"], set()).add(now)
        for old in commune.get("anciensCodes", ()):
            led.setdefault(old, set()).add(commune["code"])
    for old, now in led.items():
        if old not in today and len(now) == 1:
            yield old, *now


def _text(name: str) -> str:
    """A name with its spaces made regular."""
    return " ".join(name.split())


def main(arguments: list[str] | None = None) -> None:
    """Write the file, or compare it with what the package gives."""
    parser = argparse.ArgumentParser(description="Refait le fichier des territoires.")
    parser.add_argument("--verifier", action="store_true", help="compare sans écrire")
    parser.add_argument("--version", default=VERSION, help=f"version du paquet ({VERSION})")
    parser.add_argument("--source", type=Path, help="dossier du paquet, déjà décompressé")
    parser.add_argument("--fichier", type=Path, default=FILE, help="fichier écrit ou comparé")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        text = build(asked.source or fetch(asked.version, Path(folder)))
    try:
        # What is written can be loaded, with the remarks that go with it.
        remarks = read_remarks((FOLDER / "remarques.yaml").read_text(encoding="utf-8"))
        directory = Directory(decode(text), remarks)
        # Texts are compared: another zlib may pack the same text into other bytes.
        same = asked.fichier.is_file() and uncompress(asked.fichier.read_bytes()) == text
    except DirectoryError as error:
        sys.exit(str(error))
    if asked.verifier:
        if not same:
            sys.exit(
                f"{asked.fichier.name} n'est pas ce que donne le paquet : relancer sans option."
            )
        print(f"{asked.fichier.name} est à jour.")
        return
    if not same:
        asked.fichier.write_bytes(compress(text))
    print(
        f"{asked.fichier.name} : {len(directory.territories)} territoires, millésime "
        f"{directory.vintage}, {asked.fichier.stat().st_size} octets."
    )


if __name__ == "__main__":
    main()
