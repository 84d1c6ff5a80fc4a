"""Makes the extract of the national base on groupings, and the table of its competences.

``python -m scripts.banatic COMPETENCES.csv GROUPEMENTS.csv CORRESPONDANCE.csv`` writes
``territories/data/banatic.tsv.gz`` and ``competences.csv`` again; ``--verifier`` compares without
writing.  The three files, comma-separated, in UTF-8, are:

- ``siren,codes_2021``: the codes of the 2021 nomenclature that each grouping exercised;
- ``siren,nom,region,departement,nature,population``: the groupings;
- ``code_2021,libelle_2021,code_2025,libelle_2025,domaine,portee,note``: both nomenclatures, and the
  domain of the vocabulary that each competence speaks of (``tout`` or ``partie``).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from coopdec_rules.territories.data_file import (
    BANATIC,
    DirectoryError,
    Row,
    compress,
    encode,
    uncompress,
)
from coopdec_rules.territories.nomenclature import Nomenclature, read_nomenclature

FOLDER = (
    Path(__file__).resolve().parent.parent / "src" / "coopdec_rules" / "territories" / "data"
)  # fmt: skip
HEADER = {
    "format": "1",
    "nomenclature": "2021",
    # No day is stated in what the extract was made from: its counts are those of 2023.
    "millesime": "2023 environ",
    "producteur": "Direction générale des collectivités locales (BANATIC)",
    "licence": "non vérifiée (Licence Ouverte attendue)",
}
_TABLE = ("nomenclature", "code", "libelle", "domaine", "etendue", "ensemble", "suite", "note")
_Known = Mapping[str, str]


def table(rows: Iterable[_Known]) -> str:
    """``competences.csv``: one line for each code of a nomenclature and each of its domains."""
    rows = list(rows)
    together = _together(rows)
    after = _after(rows)
    lines: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for row in rows:
        for year in ("2021", "2025"):
            code = row[f"code_{year}"]
            if not code:
                continue
            domain = row["domaine"]
            lines.setdefault(
                (year, code, domain),
                (
                    year, code, row[f"libelle_{year}"], domain, row["portee"],
                    " ".join(sorted(together.get((year, code, domain), ()))),
                    " ".join(sorted(after[code])) if year == "2021" else "",
                    row["note"].replace("(rev.) ", ""),
                ),
            )  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_TABLE)
    writer.writerows(lines[key] for key in sorted(lines))
    return text.getvalue()


def _together(rows: list[_Known]) -> dict[tuple[str, str, str], set[str]]:
    """Codes that are the whole of a domain together, as the notes say it."""
    sets: dict[tuple[str, str, str], set[str]] = {}
    four: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        if "les quatre ensemble = tout" in row["note"]:
            for year in ("2021", "2025"):
                four[year, row["domaine"]].add(row[f"code_{year}"])
        pair = re.search(r"(\d{4}) et (\d{4}) ensemble = tout", row["note"])
        if pair:
            for code in pair.groups():
                sets["2025", code, row["domaine"]] = set(pair.groups())
    for (year, domain), codes in four.items():
        if len(codes) != 4:
            raise SystemExit(f"{domain} : « les quatre ensemble », mais {len(codes)} codes.")
        sets |= {(year, code, domain): codes for code in codes}
    return sets


def _after(rows: list[_Known]) -> dict[str, set[str]]:
    """Codes of 2025 that follow a code of 2021: on its row, or in the note « en 2025 : »."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        noted = re.search("en 2025 :(.*)", row["note"])
        found[row["code_2021"]] |= set(re.findall(r"\b\d{4}\b", noted.group(1))) if noted else set()
        if row["code_2025"]:
            found[row["code_2021"]].add(row["code_2025"])
    return found


def extract(
    competences: Iterable[_Known],
    groupings: Iterable[_Known],
    nomenclature: Nomenclature,
    sums: str,
) -> str:
    """The text of ``banatic.tsv.gz``.  Raises ``SystemExit`` for a code without a label."""
    codes = {row["siren"]: row["codes_2021"].split() for row in competences}
    unknown = {c for found in codes.values() for c in found if not nomenclature.get("2021", c)}
    if unknown:
        raise SystemExit(f"Codes sans libellé connu : {', '.join(sorted(unknown))}.")
    for siren in codes:
        if nomenclature.set_aside(siren):
            codes[siren] = []
    rows: list[Row] = []
    for row in groupings:
        siren = row["siren"]
        cited = " ".join(sorted(codes.pop(siren, ())))
        name = " ".join(row["nom"].replace("''", '"').split())
        rows.append((siren, name, row["nature"], row["departement"], row["population"], cited))
    # Their competences are known, not their names: they are found by number alone.
    rows += ((siren, "", "", "", "", " ".join(sorted(cited))) for siren, cited in codes.items())
    return encode({**HEADER, "empreinte_des_sources": sums}, {"G": rows}, BANATIC)


def _rows(path: Path, columns: str) -> list[dict[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} ne peut pas être lu : {error}.") from None
    found = csv.DictReader(lines)
    if list(found.fieldnames or ()) != columns.split(","):
        raise SystemExit(f"{path} : colonnes attendues : {columns}.")
    return list(found)


def main(arguments: list[str] | None = None) -> None:
    """Write both files, or compare them with what the sources give."""
    parser = argparse.ArgumentParser(description="Refait l'extrait de BANATIC.")
    parser.add_argument("competences", type=Path)
    parser.add_argument("groupements", type=Path)
    parser.add_argument("correspondance", type=Path)
    parser.add_argument("--verifier", action="store_true", help="compare sans écrire")
    parser.add_argument("--dossier", type=Path, default=FOLDER, help="dossier écrit ou comparé")
    asked = parser.parse_args(arguments)
    written = table(
        _rows(
            asked.correspondance,
            "code_2021,libelle_2021,code_2025,libelle_2025,domaine,portee,note",
        )
    )
    sources = (asked.competences, asked.groupements, asked.correspondance)
    competences = _rows(asked.competences, "siren,codes_2021")
    groupings = _rows(asked.groupements, "siren,nom,region,departement,nature,population")
    sums = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    reservations = (FOLDER / "reserves.yaml").read_text(encoding="utf-8")
    try:
        known = read_nomenclature(written, reservations)
        text = extract(competences, groupings, known, sums)
        file, csv_file = asked.dossier / "banatic.tsv.gz", asked.dossier / "competences.csv"
        same = file.is_file() and uncompress(file.read_bytes()) == text
        same = same and csv_file.is_file() and csv_file.read_text(encoding="utf-8") == written
    except DirectoryError as error:
        sys.exit(str(error))
    if asked.verifier:
        if not same:
            sys.exit("L'extrait de BANATIC n'est pas ce que donnent les sources.")
        print("L'extrait de BANATIC est à jour.")
        return
    if not same:
        file.write_bytes(compress(text))
        csv_file.write_text(written, encoding="utf-8")
    print(f"{file.name} : {text.count(chr(10) + 'G')} groupements, {file.stat().st_size} octets.")


if __name__ == "__main__":
    main()
