"""The files of the reviews: ``relectures/<regle>.yaml``, one for each rule, one line a review.

One line each, so that two branches that review the same rule merge line by line
(``.gitattributes``: ``merge=union``) without mixing two reviews.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from coopdec_rules.errors import Diagnostic, RulebookError, suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.meaning import HASH_LENGTH
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.reviews import VERDICTS, Review, Reviews, Verdict, settle, version_of
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml
from coopdec_rules.rulebook.yamlwrite import write_line

FOLDER = "relectures"
FILE_KEYS = ("regle", "relectures")
REVIEW_KEYS = ("date", "role", "avis", "note", "version", "empreinte")
_HEADER = (
    "# Une relecture par ligne, écrite par « coopdec recueil relire » ; n'en modifier aucune.\n"
)
_HASH = re.compile(rf"[0-9a-f]{{{HASH_LENGTH}}}")
_VERSION = re.compile(r"origine|\d{4}-\d{2}-\d{2}")


def file_name(rule_id: str) -> str:
    """Name of the file that holds the reviews of a rule, fit for every system.

    >>> file_name("competences:commune:eau")
    'competences--commune--eau.yaml'
    """
    return quote(rule_id.replace(":", "--"), safe="") + ".yaml"


def load_reviews(root: Path, rules: Iterable[Rule], reader: Reader) -> Reviews:
    """Every review under ``root``; mistakes go to ``reader``.  No folder: no review."""
    rules = tuple(rules)
    folder = root / FOLDER
    if not folder.is_dir():
        return Reviews()
    by_id: dict[str, list[Rule]] = {}
    for rule in rules:
        by_id.setdefault(rule.id, []).append(rule)
    found: list[Review] = []
    for path in sorted(folder.iterdir()):
        name = f"{FOLDER}/{path.name}"
        if path.suffix == ".yaml":
            try:
                node = read_yaml(read_text(path, name), name)
                found.extend(_file(node, path.name, by_id, reader))
            except RulebookError as error:
                reader.diagnostics.extend(error.diagnostics)
        elif path.suffix != ".md" and not path.name.startswith("."):
            reader.report((name, 0), "Ce fichier n'est pas lu : une relecture s'écrit en .yaml.")
    return settle(found, rules)


def _file(node: Node, file: str, rules: dict[str, list[Rule]], reader: Reader) -> Iterable[Review]:
    entries = reader.mapping(node, "Relectures", set(FILE_KEYS))
    ident = reader.required_text(entries, "regle", "Relectures", node)
    if not ident:
        return
    what = f"Relectures de « {ident} »"
    if ident not in rules:
        reader.report(
            entries["regle"],
            f"{what} : cette règle n'existe pas. Si elle a changé de nom, renommer ici la règle et "
            "le fichier ; si elle est retirée, retirer le fichier.",
            suggest(ident, rules),
        )
        return
    if file != file_name(ident):
        reader.report(entries["regle"], f"{what} : ce fichier doit s'appeler {file_name(ident)}.")
    listed = entries.get("relectures")
    if listed is None or not isinstance(listed.value, list) or not listed.value:
        reader.report(listed or node, f"{what} : une liste est attendue sous « relectures ».")
        return
    seen = set()
    for item in listed.value:
        review = _review(item, ident, rules[ident], reader)
        # A merge may bring the same line twice.
        same = review and (
            review.date,
            review.role,
            review.verdict,
            review.note,
            review.fingerprint,
        )
        if review is not None and same not in seen:
            seen.add(same)
            yield review


def _review(node: Node, ident: str, versions: list[Rule], reader: Reader) -> Review | None:
    what = f"Relecture de « {ident} »"
    before = len(reader.diagnostics)
    entries = reader.mapping(node, what, set(REVIEW_KEYS))
    if len(reader.diagnostics) > before:
        return None
    day = reader.date(entries, "date", what)
    if "date" not in entries:
        reader.report(node, f"{what} : la clé « date » manque.")
    role = reader.required_text(entries, "role", what, node)
    said = reader.required_text(entries, "avis", what, node)
    verdict: Verdict | None = next((v for v in VERDICTS if v == said), None)
    if said and verdict is None:
        reader.report(
            entries["avis"],
            f"{what} : l'avis « {said} » n'existe pas ({', '.join(VERDICTS)}).",
            suggest(said, VERDICTS),
        )
    note = reader.text(entries, "note", what)
    if not note and verdict in ("reserve", "non_conforme"):
        reader.report(node, f"{what} : un avis « {verdict} » dit pourquoi, dans « note ».")
    version = reader.required_text(entries, "version", what, node)
    if version and not _VERSION.fullmatch(version):
        reader.report(
            entries["version"],
            f"{what} : « version » est le premier jour de la version relue (AAAA-MM-JJ), ou "
            f"« origine », pas « {version} ».",
        )
    fingerprint = reader.required_text(entries, "empreinte", what, node)
    if fingerprint and not _HASH.fullmatch(fingerprint):
        reader.report(
            entries["empreinte"],
            f"{what} : « empreinte » a {HASH_LENGTH} chiffres de 0 à 9 et de a à f ; "
            "« coopdec recueil relire » l'écrit.",
        )
    if len(reader.diagnostics) > before or day is None or verdict is None:
        return None
    current = any(r.fingerprint == fingerprint for r in versions if version_of(r) == version)
    return Review(
        ident, version, role, day, verdict, note, fingerprint, current, node.file, node.line
    )


def record(
    root: Path, rule: Rule, *, role: str, date: dt.date, verdict: Verdict, note: str
) -> Path:
    """Append a review of ``rule`` as it now stands; gives the file written.

    The file is replaced as a whole, never left half written.  Raises ``OSError`` when the folder
    cannot be written, ``RulebookError`` when the file there is not one review a line.
    """
    entries: dict[str, object] = {"date": date, "role": _one_line(role), "avis": verdict}
    if note.strip():
        entries["note"] = _one_line(note)
    entries |= {"version": _day(version_of(rule)), "empreinte": rule.fingerprint}
    path = root / FOLDER / file_name(rule.id)
    path.parent.mkdir(exist_ok=True)
    if path.is_file():
        text = read_text(path, f"{FOLDER}/{path.name}").replace("\r\n", "\n").rstrip("\n") + "\n"
    else:
        text = f"{_HEADER}{write_line({'regle': rule.id})[1:-1]}\nrelectures:\n"
    text += f"  - {write_line(entries)}\n"
    name = f"{FOLDER}/{path.name}"
    if not _appended(text, name, rule.fingerprint):
        message = "Une ligne ne peut y être ajoutée : écrire « - {…} », une ligne par relecture."
        raise RulebookError([Diagnostic(name, text.count("\n"), message)])
    draft = path.with_name(f".{path.name}.nouveau")
    draft.write_bytes(text.encode())
    os.replace(draft, path)
    return path


def _appended(text: str, file: str, fingerprint: str) -> bool:
    """Whether the last review read stands on the last line and bears this hash."""
    try:
        node = read_yaml(text, file)
    except RulebookError:
        return False
    match node.value:
        case {"relectures": Node(value=[*_, Node(value={"empreinte": Node(raw=raw)}, line=line)])}:
            return raw == fingerprint and line == text.count("\n")
    return False


def _day(version: str) -> object:
    """A date as such, so that it is written without quotes."""
    return version if version == "origine" else dt.date.fromisoformat(version)


def _one_line(text: str) -> str:
    return " ".join(text.split())
