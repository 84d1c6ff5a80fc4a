"""Rulebooks put aside at each release, to be read again later: one archive each, and their list.

A folder of archives (``recueils/``) holds ``recueils.yaml`` and, for each version, the whole folder
of its rulebook in ``VERSION.tar.xz``.  The list gives the fingerprint of the rulebook and the hash
of its archive; both are checked before anything is answered.

Of an older rulebook are read the files that make the law (those of the fingerprint) and its
reviews.  How an avis words what it says of itself (``mots``) is always today's: it is no law, and
a sentence that the software learns to say would otherwise make every older rulebook unreadable.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import io
import lzma
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from coopdec_rules.errors import Diagnostic, RulebookError
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.loader import CONTENT, VERSION_FILE, fingerprint, load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.wordbook import Wordbook, load_wordbook
from coopdec_rules.rulebook.yamlmarks import Reader, read_yaml

LIST = "recueils.yaml"
_READ = (*CONTENT, VERSION_FILE, "relectures/**/*")
_KEYS = {"empreinte", "archive", "publie_le"}
_HASH = re.compile(r"[0-9a-f]{64}")
#: What a version is called, so that it is a file name on every machine.
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,40}")
#: The fewest digits of a fingerprint that name a rulebook.
_DIGITS = 8
_HEAD = """\
# Les recueils publiés, gardés pour être relus : écrit par « python -m scripts.release.aside ».
# empreinte : celle du recueil ; archive : SHA-256 du fichier VERSION.tar.xz.
"""


@dataclass(frozen=True, slots=True)
class Archived:
    """A released rulebook that was put aside; ``archive`` is the hash (SHA-256) of its file."""

    version: str
    fingerprint: str
    archive: str
    released: dt.date


class Archives:
    """The released rulebooks of a folder; no folder, or one without a list, holds none."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises ``RulebookError`` when the list cannot be read."""
        self.folder = folder or Path()
        #: By version, the oldest release first.
        self.all = {} if folder is None else {e.version: e for e in _listed(folder)}

    def find(self, name: str) -> Archived | None:
        """The rulebook of that version, or whose fingerprint begins so (8 digits at least)."""
        if name in self.all:
            return self.all[name]
        if len(name) < _DIGITS:
            return None
        return next((e for e in self.all.values() if e.fingerprint.startswith(name)), None)

    def load(self, entry: Archived, words: Wordbook) -> Rulebook:
        """An archived rulebook, read by today's software, with today's ``words``.

        Raises ``RulebookError`` when the archive is not the one listed, or when today's software no
        longer reads it.
        """
        name = f"{entry.version}.tar.xz"
        try:
            data = (self.folder / name).read_bytes()
        except OSError as error:
            raise _broken(name, f"L'archive ne peut pas être lue ({error.strerror}).") from None
        if hashlib.sha256(data).hexdigest() != entry.archive:
            raise _broken(name, f"L'archive n'est pas celle que dit {LIST} : son contenu a changé.")
        with TemporaryDirectory(prefix="coopdec-") as folder:
            try:
                with tarfile.open(fileobj=io.BytesIO(data), mode="r:xz") as files:
                    files.extractall(folder, filter="data")
            except (tarfile.TarError, lzma.LZMAError, EOFError) as error:
                raise _broken(name, f"L'archive ne s'ouvre pas ({error}).") from None
            book = load_past(Path(folder), words)
        if book.fingerprint != entry.fingerprint:
            raise _broken(
                name,
                f"Le recueil a pour empreinte {book.fingerprint[:12]} ; {LIST} annonce "
                f"{entry.fingerprint[:12]}.",
            )
        return book


def todays_words(root: Path) -> Wordbook:
    """The words of the rulebook of today, in folder ``root``.  Raises ``RulebookError``."""
    reader = Reader()
    words = load_wordbook(root, reader)
    reader.raise_if_any()
    return words


def load_past(root: Path, words: Wordbook) -> Rulebook:
    """The rulebook of a folder, read as an older one: its law, with today's ``words``.

    Nothing of it is left on the disk, and it offers no documents: those are of today.
    Raises ``RulebookError`` when today's software does not read it.
    """
    with _law_alone(root) as folder:
        book = load_rulebook(folder)
    return dataclasses.replace(book, wordbook=words, folder=None)


@contextmanager
def _law_alone(root: Path) -> Iterator[Path]:
    """A copy of the files of a rulebook that are read of an older one."""
    with TemporaryDirectory(prefix="coopdec-") as made:
        for path in sorted({path for pattern in _READ for path in root.glob(pattern)}):
            if path.is_file():
                target = Path(made) / path.relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        yield Path(made)


def put_aside(root: Path, folder: Path, released: dt.date) -> Archived:
    """Archive the rulebook ``root`` in ``folder``, and list it.

    The same rulebook gives the same archive.  Raises ``RulebookError`` when the rulebook cannot be
    read, or when its version is archived already with another content: a release never changes.
    """
    version, print_ = load_rulebook(root).version, fingerprint(root)
    if not _VERSION.fullmatch(version):
        raise _broken(VERSION_FILE, f"« {version} » ne peut pas nommer une archive.")
    known = Archives(folder).all
    if version in known:
        if known[version].fingerprint == print_:
            return known[version]
        raise _broken(
            LIST,
            f"Le recueil {version} est déjà publié, avec une autre empreinte : changer le numéro "
            f"de {VERSION_FILE}.",
        )
    data = _packed(root)
    entry = Archived(version, print_, hashlib.sha256(data).hexdigest(), released)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{version}.tar.xz").write_bytes(data)
    (folder / LIST).write_text(_written([*known.values(), entry]), encoding="utf-8")
    return entry


def _packed(root: Path) -> bytes:
    """The files of a rulebook as an archive that tells nothing of the machine nor of the hour."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:xz", preset=9, format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(p for p in root.rglob("[!.]*") if p.is_file()):
            content = path.read_bytes()
            member = tarfile.TarInfo(path.relative_to(root).as_posix())
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return stream.getvalue()


def _written(entries: list[Archived]) -> str:
    lines = [_HEAD.rstrip()]
    for entry in entries:
        lines += [
            f'"{entry.version}":',
            f"  empreinte: {entry.fingerprint}",
            f"  archive: {entry.archive}",
            f"  publie_le: {entry.released.isoformat()}",
        ]
    return "\n".join(lines) + "\n"


def _listed(folder: Path) -> list[Archived]:
    path = folder / LIST
    if not path.is_file():
        return []
    reader, found = Reader(), []
    for version, node in reader.mapping(read_yaml(read_text(path, LIST), LIST), LIST).items():
        what = f"Recueil « {version} »"
        entries = reader.mapping(node, what, _KEYS)
        hashes = [reader.required_text(entries, key, what, node) for key in _KEYS_OF_HASHES]
        released = reader.date(entries, "publie_le", what)
        if not _VERSION.fullmatch(version):
            reader.report(node, f"{what} : ce nom ne peut pas nommer une archive.")
        if released is None:
            reader.report(node, f"{what} : « publie_le » dit le jour de sa publication.")
        for key, value in zip(_KEYS_OF_HASHES, hashes, strict=True):
            if value and not _HASH.fullmatch(value):
                reader.report(node, f"{what} : « {key} » est une suite de 64 chiffres 0-9, a-f.")
        if released is not None:
            found.append(Archived(version, hashes[0], hashes[1], released))
    reader.raise_if_any()
    return found


_KEYS_OF_HASHES = ("empreinte", "archive")


def _broken(file: str, message: str) -> RulebookError:
    return RulebookError([Diagnostic(file, 0, message)])
