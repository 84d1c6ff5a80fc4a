"""The bill of materials (CycloneDX) of an installation, and the list of its licences."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from packaging.utils import canonicalize_name

from scripts.release.closure import Part


def bill(pyproject: Path, version: str, installed: Sequence[Part], shipped: Sequence[Part]) -> str:
    """The bill of materials: what is installed with the package, and ``shipped`` inside it.

    Made from this environment by cyclonedx-py, less what only development needs.  Raises
    ``ValueError`` when a library is missing from it, or it does not follow the schema.
    """
    made = subprocess.run(
        [
            sys.executable, "-m", "cyclonedx_py", "environment",
            "--pyproject", str(pyproject), "--output-reproducible", "--of", "JSON", "-o", "-",
            sys.executable,
        ],
        capture_output=True, check=True, text=True,
    ).stdout  # fmt: skip
    document = json.loads(made)
    _keep(document, {part.name for part in installed})
    document["metadata"]["component"]["version"] = version
    for part in shipped:
        reference = f"{part.name}=={part.version}"
        document["components"].append(
            {
                "bom-ref": reference,
                "type": "library",
                "name": part.name,
                "version": part.version,
                "purl": f"pkg:npm/{part.name.replace('@', '%40')}@{part.version}",
                "licenses": [{"license": {"id": part.licence}}],
            }
        )
        document["dependencies"].append({"ref": reference})
    text = json.dumps(document, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    schema = SchemaVersion.from_version(document["specVersion"])
    wrong = make_schemabased_validator(OutputFormat.JSON, schema).validate_str(text)
    if wrong is not None:
        raise ValueError(f"the bill of materials does not follow CycloneDX: {wrong}")
    return text


def _keep(document: dict[str, Any], names: set[str]) -> None:
    """Leave in the document only the libraries that are named."""
    kept = [c for c in document["components"] if canonicalize_name(c["name"]) in names]
    missing = names - {canonicalize_name(component["name"]) for component in kept}
    if missing:
        raise ValueError(f"missing from the bill of materials: {', '.join(sorted(missing))}")
    root = document["metadata"]["component"]["bom-ref"]
    references = {component["bom-ref"] for component in kept} | {root}
    document["components"] = kept
    document["dependencies"] = [
        {**entry, "dependsOn": [ref for ref in entry.get("dependsOn", ()) if ref in references]}
        for entry in document["dependencies"]
        if entry["ref"] in references
    ]


def licences(version: str, installed: Sequence[Part], shipped: Sequence[Part]) -> str:
    """The licences, as a page in French."""
    rows = [(part, "installée") for part in installed]
    rows += [(part, "dans le paquet") for part in shipped]
    lines = [
        f"# Licences de ce qu'installe coopdec_rules {version}",
        "",
        "Le projet lui-même est sous licence MIT (LICENSE). Les licences ci-dessous sont celles",
        "que chaque bibliothèque déclare ; leurs textes sont dans chacune.",
        "",
        "| Bibliothèque | Version | Licence | |",
        "|---|---|---|---|",
        *(f"| {part.name} | {part.version} | {part.licence} | {where} |" for part, where in rows),
        "",
        "Les données des territoires et leurs licences : territories/data/LISEZMOI.md.",
    ]
    return "\n".join(lines) + "\n"
