"""What an installation of the package consists of: its dependencies, and theirs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

#: Licences that old metadata name in other words than SPDX does.
_SPDX = {
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
}
_CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A library of the installation."""

    name: str
    version: str
    licence: str


def requirements(pyproject: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every library that these requirements lead to, with its installed version.

    Raises ``PackageNotFoundError`` when one is not installed.
    """
    seen: set[tuple[str, str]] = set()
    waiting = [Requirement(text) for text in pyproject]
    while waiting:
        asked = waiting.pop()
        for extra in asked.extras | {""}:
            name = canonicalize_name(asked.name)
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            found = distribution(name)
            if not extra:
                yield name, found.version
            for text in found.requires or ():
                more = Requirement(text)
                if more.marker is None or more.marker.evaluate({"extra": extra}):
                    waiting.append(more)


def parts(names: Iterable[tuple[str, str]]) -> list[Part]:
    """The libraries with their licences.  Raises ``ValueError`` for one that says none."""
    return sorted(Part(name, version, _licence(distribution(name))) for name, version in names)


def _licence(found: Distribution) -> str:
    """The licence that a library declares: an SPDX expression, else the words it uses."""
    meta = found.metadata
    if "License-Expression" in meta:
        return str(meta["License-Expression"])
    told = str(meta.get("License", "")).strip()
    if told and "\n" not in told and len(told) < 60:
        return _SPDX.get(told, told)
    words = [
        value.removeprefix(_CLASSIFIER)
        for value in meta.get_all("Classifier") or ()
        if value.startswith(_CLASSIFIER)
    ]
    if not words:
        raise ValueError(f"{found.name} {found.version} does not say its licence")
    return " AND ".join(_SPDX.get(word, word) for word in words)


def pinned(constraints: Path) -> dict[str, str]:
    """The versions of a constraints file, by canonical name."""
    lines = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", constraints.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in lines}


def htmx(static: Path) -> Part:
    """The one library that is shipped in the package as a file."""
    text = (static / "htmx.min.js").read_text("utf-8")
    version = re.search(r'version:"([\d.]+)"', text)
    licence = (static / "htmx.LICENCE.txt").read_text("utf-8")
    if version is None or "Zero-Clause BSD" not in licence:
        raise ValueError("static/htmx.min.js does not tell its version, or its licence changed")
    return Part("htmx.org", version[1], "0BSD")


def outlines(package: Path) -> Part:
    """The map that is shipped in the package as a file."""
    text = (package / "web/panorama/departements.json").read_text("utf-8")
    source = json.loads(text)["source"]
    return Part(source["nom"], source["version"], source["licence"])
