"""``python -m scripts.release``: fills ``dist/`` with a version, from the last commit.

Wheel, source archive, constraints, bill of materials, licences, checksums.  The archives are built
twice, in two folders, from the files of the commit alone, and must be the same to the byte.
With ``--essai``, what a release asks of the checkout (a dated changelog, nothing uncommitted) is
told but not asked: the result is to be looked at, not published.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from scripts.release.aside import missing
from scripts.release.bill import bill, licences
from scripts.release.changelog import ChangelogError, date_of
from scripts.release.closure import htmx, outlines, parts, pinned, requirements

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
PACKAGE = "src/coopdec_rules"
STATIC = f"{PACKAGE}/web/static"
_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)


def main(words: list[str]) -> int:
    """Make the release; 0 when it can be published (or with ``--essai``), else 1."""
    trying = words == ["--essai"]
    if words and not trying:
        print("Une seule option : --essai.", file=sys.stderr)
        return 2
    found = _VERSION.search((ROOT / "src/coopdec_rules/__init__.py").read_text("utf-8"))
    if found is None:
        raise ValueError("the package no longer gives its version")
    version = found[1]
    mistakes = list(_mistakes(version))
    for mistake in mistakes:
        print(mistake, file=sys.stderr)
    if mistakes and not trying:
        print("Rien n'est fait. Pour voir tout de même : make release ESSAI=1", file=sys.stderr)
        return 1
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        _build(Path(folder))
        _describe(Path(folder) / "1" / "source", version)
    sums = "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(DIST.iterdir())
    )
    (DIST / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(
        f"coopdec_rules {version}, du commit {_git('rev-parse', '--short', 'HEAD')}, dans dist/ :"
    )
    for path in sorted(DIST.iterdir()):
        print(f"  {path.name} ({path.stat().st_size // 1024 + 1} Kio)")
    print("Construit deux fois, identique à l'octet." + (" Essai : à ne pas publier." * trying))
    return 0


def _mistakes(version: str) -> list[str]:
    """What keeps the checkout from being released."""
    found = []
    try:
        date_of((ROOT / "CHANGELOG.md").read_text("utf-8"), version)
    except ChangelogError as error:
        found.append(f"CHANGELOG.md, {error}")
    kept = missing(ROOT / "rules", ROOT / "recueils")
    if kept is not None:
        found.append(kept)
    if _git("status", "--porcelain"):
        found.append("Des changements ne sont pas enregistrés (git status).")
    return found


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def _build(folder: Path) -> None:
    """Fill ``dist`` with the wheel and the source archive.  Exits when two builds differ."""
    environ = {**os.environ, "SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct")}
    made: list[dict[str, bytes]] = []
    for turn in ("1", "2"):
        source = folder / turn / "source"
        source.mkdir(parents=True)
        archive = folder / turn / "source.tar"
        _git("archive", "--output", str(archive), "HEAD")
        shutil.unpack_archive(archive, source, filter="data")
        out = folder / turn / "dist"
        subprocess.run(
            [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(source)],
            check=True, env=environ, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        made.append({path.name: path.read_bytes() for path in sorted(out.iterdir())})
    if made[0] != made[1]:
        names = sorted(n for n in made[0] | made[1] if made[0].get(n) != made[1].get(n))
        sys.exit(f"Deux constructions diffèrent : {', '.join(names)}.")
    for name, content in made[0].items():
        (DIST / name).write_bytes(content)


def _describe(source: Path, version: str) -> None:
    """Write beside the archives what they are made of and what they need."""
    pyproject = source / "pyproject.toml"
    asked = tomllib.loads(pyproject.read_text("utf-8"))["project"]["dependencies"]
    constraints = source / "constraints.txt"
    exact = pinned(constraints)
    found = dict(requirements(asked))
    other = [
        f"{name} {version} (constraints.txt : {exact.get(name, 'absent')})"
        for name, version in sorted(found.items())
        if exact.get(name) != version
    ]
    if other:
        sys.exit(f"L'environnement n'est pas celui de constraints.txt : {', '.join(other)}.")
    installed = parts(found.items())
    shipped = [htmx(source / STATIC), outlines(source / PACKAGE)]
    shutil.copy(constraints, DIST)
    (DIST / "LICENCES.md").write_text(licences(version, installed, shipped), encoding="utf-8")
    (DIST / f"coopdec_rules-{version}.cdx.json").write_text(
        bill(pyproject, version, installed, shipped), encoding="utf-8"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
