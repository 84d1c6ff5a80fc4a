"""What a run measured, and on what: told line by line, kept as JSON, compared with another run."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from coopdec_rules import __version__
from coopdec_rules.rulebook.rulebook import Rulebook

ROOT = Path(__file__).resolve().parent.parent
#: The libraries on which the figures depend most.
_LIBRARIES = (
    "durable_rules", "python-sat", "orjson", "fastapi", "starlette", "uvicorn", "uvloop",
    "zen-engine",
)  # fmt: skip
#: Beyond this factor, either way, a difference is pointed out.
_NOTABLE = 1.1


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured.  ``key`` tells it in another run; ``goal``: what is to be reached.

    ``unit`` is empty for a ratio.  ``detail`` says what the value was worked out from.
    """

    key: str
    title: str
    value: float
    unit: str = ""
    goal: float | None = None
    detail: str = ""

    def __str__(self) -> str:
        goal = f" (à atteindre : {_number(self.goal)})" if self.goal is not None else ""
        detail = f" — {self.detail}" if self.detail else ""
        return f"{self.title} : {_number(self.value)}{_after(self.unit)}{goal}{detail}"


@dataclass
class Figures:
    """The figures of a run, printed as they come."""

    about: dict[str, Any]
    found: list[Figure] = field(default_factory=list)

    def add(
        self,
        key: str,
        title: str,
        value: float,
        unit: str = "",
        goal: float | None = None,
        detail: str = "",
    ) -> None:
        """Keep a figure, and print it."""
        figure = Figure(key, title, value, unit, goal, detail)
        if any(other.key == key for other in self.found):
            raise ValueError(f"two figures are called {key}")
        self.found.append(figure)
        print(figure, flush=True)

    def write(self, file: Path) -> None:
        """Keep the run as JSON."""
        whole = {**self.about, "mesures": [asdict(figure) for figure in self.found]}
        file.write_text(json.dumps(whole, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def about(book: Rulebook) -> dict[str, Any]:
    """The machine, the versions and the commit of a run, as a document."""
    return {
        "debut": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {
            "processeur": _line("/proc/cpuinfo", "model name") or platform.processor(),
            "coeurs": len(os.sched_getaffinity(0)),
            "memoire": _line("/proc/meminfo", "MemTotal"),
            "systeme": platform.platform(),
            "charge": os.getloadavg()[0],
        },
        "versions": {
            "coopdec_rules": __version__,
            "recueil": f"{book.version} ({book.fingerprint[:12]})",
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
        "commit": _commit(),
    }


def told(run: dict[str, Any]) -> Iterator[str]:
    """What a run was made on, in lines."""
    machine, versions = run["machine"], run["versions"]
    yield (
        f"{run['debut']}, commit {run['commit']} ; {machine['coeurs']} cœurs "
        f"({machine['processeur']}), {machine['memoire']}, charge {machine['charge']:.1f} au début"
    )
    yield f"{machine['systeme']} ; " + ", ".join(f"{k} {v}" for k, v in versions.items())


def compared(first: dict[str, Any], second: dict[str, Any]) -> Iterator[str]:
    """Two runs side by side, in lines."""
    for name, run in (("A", first), ("B", second)):
        for line in told(run):
            yield f"{name}  {line}"
    for part in ("machine", "versions"):
        keys = [key for key in first[part] if key != "charge"]
        other = [key for key in keys if first[part][key] != second[part].get(key)]
        if other:
            yield f"Attention : {part} différentes ({', '.join(other)})."
    before = {figure["key"]: figure for figure in first["mesures"]}
    after = {figure["key"]: figure for figure in second["mesures"]}
    for key, figure in before.items():
        if key in after:
            yield _side_by_side(figure, after[key])
    for name, mine, theirs in (("A", before, after), ("B", after, before)):
        alone = [figure["title"] for key, figure in mine.items() if key not in theirs]
        if alone:
            yield f"Seulement dans {name} : {' ; '.join(alone)}."


def _side_by_side(first: dict[str, Any], second: dict[str, Any]) -> str:
    a, b = first["value"], second["value"]
    ratio = f" (× {b / a:.2f})".replace(".", ",") if a else ""
    mark = "≠" if (a == 0) != (b == 0) or (a and not 1 / _NOTABLE <= b / a <= _NOTABLE) else "="
    unit = _after(first["unit"])
    return f"{mark} {first['title']} : {_number(a)}{unit} puis {_number(b)}{unit}{ratio}"


def _number(value: float) -> str:
    """A number with three figures that count, in French."""
    if value == int(value):
        return f"{int(value)}"
    return f"{value:.3g}".replace(".", ",") if abs(value) < 1000 else f"{value:.0f}"


def _after(unit: str) -> str:
    return f" {unit}" if unit else ""


def _line(file: str, name: str) -> str:
    """The value of a line of a file of /proc; empty where there is none."""
    try:
        text = Path(file).read_text(encoding="utf-8")
    except OSError:
        return ""
    found = re.search(rf"^{re.escape(name)}\s*:\s*(.+)$", text, re.MULTILINE)
    return " ".join(found[1].split()) if found else ""


def _commit() -> str:
    """The commit of this checkout, with « + » when it is not all; empty outside git."""
    try:
        found = subprocess.run(
            ["git", "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        return ""
    return found.stdout.strip()
