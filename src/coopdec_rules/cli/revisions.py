"""Rulebooks of the past: the folder of a git revision, and the versions that git remembers."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coopdec_rules.errors import CoopdecError
from coopdec_rules.rulebook.location import is_shipped, rules_folder


class RevisionError(CoopdecError):
    """A rulebook of the past cannot be had; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository and the folder of the rulebook in it, relative to its root."""

    root: Path
    folder: str

    def run(self, *arguments: str) -> bytes | None:
        """Output of a git command, ``None`` when it fails."""
        done = _git(self.root, *arguments)
        return done.stdout if done.returncode == 0 else None

    def commit(self, revision: str) -> str | None:
        """Full name of the commit that a revision stands for."""
        found = self.run(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"
        )
        return found.decode().strip() if found else None

    def text(self, commit: str, name: str) -> str | None:
        """A file of the rulebook at a commit."""
        found = self.run("show", f"{commit}:{self.folder}/{name}")
        return None if found is None else found.decode("utf-8", "replace").strip()


def repository() -> Repository:
    """The repository of the working rulebook (unless it came with the package), or of this folder.

    Raises ``RevisionError`` when there is none.
    """
    rules = rules_folder().resolve()
    for place in (rules, Path.cwd()):
        if not place.is_dir() or is_shipped(place):
            continue
        done = _git(place, "rev-parse", "--show-toplevel")
        if done.returncode == 0:
            root = Path(done.stdout.decode().strip())
            inside = rules.is_relative_to(root) and place == rules
            return Repository(root, rules.relative_to(root).as_posix() if inside else "rules")
    raise RevisionError(
        "Il n'y a pas de dépôt git ici ; donner un dossier, ou se placer dans une copie du projet."
    )


@contextmanager
def folder_of(place: str) -> Iterator[Path]:
    """The folder of a rulebook given as a folder or as a git revision.

    Raises ``RevisionError``; a revision is taken out of git for as long as it is used.
    """
    path = Path(place)
    if path.is_dir():
        inner = path / "rules"
        yield inner if not (path / "vocabulaire").is_dir() and inner.is_dir() else path
        return
    if path.exists():
        raise RevisionError(f"« {place} » est un fichier ; un dossier ou une révision est attendu.")
    try:
        found = repository()
    except RevisionError:
        raise RevisionError(
            f"« {place} » n'est pas un dossier, et il n'y a pas de dépôt git ici où le chercher."
        ) from None
    commit = found.commit(place)
    if commit is None:
        raise RevisionError(
            f"« {place} » n'est ni un dossier, ni une révision du dépôt {found.root}."
        )
    with checked_out(found, commit, place) as folder:
        yield folder


@contextmanager
def checked_out(found: Repository, commit: str, name: str) -> Iterator[Path]:
    """The rulebook of a commit, in a folder that lasts as long as the block."""
    archive = found.run("archive", "--format=tar", commit, "--", found.folder)
    if archive is None:
        raise RevisionError(f"La révision « {name} » n'a pas de dossier « {found.folder} ».")
    with TemporaryDirectory(prefix="coopdec-") as folder:
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder) / found.folder


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the rulebook: its name, its commit and the day of that commit."""

    name: str
    commit: str
    date: str


def versions(found: Repository) -> list[Version]:
    """Versions of the rulebook, oldest first.

    The tags that hold a rulebook, on the way to the current commit; without any, the commits that
    changed its ``VERSION`` file.
    """
    listed = found.run("tag", "--merged", "HEAD", "--sort=creatordate") or b""
    tags = [
        (tag, commit)
        for tag in listed.decode().split()
        if (commit := found.commit(tag)) and found.text(commit, "VERSION") is not None
    ]
    if not tags:
        log = found.run(
            "log", "--reverse", "--format=%H", "--diff-filter=AM", "--", f"{found.folder}/VERSION"
        )
        for commit in (log or b"").decode().split():
            tags.append((found.text(commit, "VERSION") or commit[:9], commit))
    seen: dict[str, Version] = {}
    for name, commit in tags:
        day = found.run("show", "--no-patch", "--format=%cs", commit) or b""
        seen.setdefault(commit, Version(name, commit, day.decode().strip()))
    return list(seen.values())


def _git(place: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise RevisionError("La commande « git » n'est pas installée ; donner un dossier.")
    return subprocess.run(  # noqa: S603 (no shell, and no argument that git reads as an option)
        [program, "-C", str(place), *arguments], capture_output=True, check=False
    )
