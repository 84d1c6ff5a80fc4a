"""The rulebook told to an assistant: a rule with its sources, the law of a day, a text, a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from coopdec_rules.advice.wording import Wording
from coopdec_rules.assistants.told import section
from coopdec_rules.documents.blocks import Block, Document, Heading, Items, Line, Paragraph, Table
from coopdec_rules.documents.room import Offer
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date

#: Rules of one text that are named in the law of a day.
_MOST_RULES = 60
_MOST_SOURCES = 8


def told_rule(book: Rulebook, wording: Wording, versions: list[Rule], day: dt.date) -> str:
    """A rule, in its version of ``day`` if one is in force then, with its sources and its doubt."""
    known = [rule for rule in versions if rule.period.contains(day)]
    lines = [f"Règle {versions[0].id}, {len(versions)} version{'s' if len(versions) > 1 else ''}."]
    if not known:
        lines.append(f"Aucune n'est en vigueur le {date(day)}.")
    for rule in known or versions:
        lines += ["", *_version(book, wording, rule)]
    return "\n".join(lines)


def _version(book: Rulebook, wording: Wording, rule: Rule) -> Iterator[str]:
    yield f"{rule.period.words} — {wording.plain(rule.explanation)}"
    yield f"Rang : {book.ranks[rule.rank].label}. Texte : {rule.file}, ligne {rule.line}."
    yield f"Relecture par un juriste : {book.reviews.state(rule)}. Confiance : {rule.confidence}."
    if rule.doubt:
        yield f"Doute : {wording.plain(rule.doubt)}"
    yield from section("Si", (wording.condition(c.formula) for c in rule.conditions))
    yield from section("Alors", (f"{name} : {value}" for name, value in rule.concludes))
    yield from section("Écarte", rule.sets_aside)
    yield from section("Effets", (f"{e.kind} : {wording.plain(e.text)}" for e in rule.effects))
    yield from section(
        "Sources",
        (
            f"{ref.source.title}, {wording.plain(ref.pinpoint)} ({ref.source.date})"
            + (f" — {ref.source.address}" if ref.source.address else "")
            for ref in rule.sources
        ),
        _MOST_SOURCES,
    )


def told_law(book: Rulebook, day: dt.date, text: str | None) -> str:
    """The law of a day: its texts and how many rules each has, or the rules of one text."""
    rules = book.at(day).rules
    rows = sum(1 for rule in rules if rule.table)
    head = (
        f"Droit au {date(day)} : {len(rules) - rows} règles et {rows} lignes de tables, "
        f"recueil {book.version}, empreinte {book.fingerprint[:12]}."
    )
    by_text: dict[str, list[Rule]] = {}
    for rule in rules:
        by_text.setdefault(name_of(rule.file), []).append(rule)
    if text is None:
        counted = (f"{name} ({len(found)})" for name, found in by_text.items())
        return "\n".join([head, *section("Textes, et leurs règles en vigueur", counted, None)])
    wording = Wording(book)
    told = (
        f"{rule.id} ({rule.rank}, {rule.period}) : {wording.plain(rule.explanation)}"
        for rule in by_text.get(text, ())
    )
    return "\n".join([head, *section(text, told, _MOST_RULES)])


def name_of(file: str) -> str:
    """What a text of the rulebook, or a table, is asked by."""
    return file.rpartition("/")[2].removesuffix(".md")


def texts_of(book: Rulebook) -> Mapping[str, str]:
    """The texts of the rulebook, by the name they are asked by: their file in its folder."""
    files = dict.fromkeys(rule.file for rule in book.rules)
    return {name_of(file): file for file in files}


def text_of(book: Rulebook, file: str) -> str:
    """A text of the rulebook, as the lawyer writes it; ``file`` is one of ``texts_of``."""
    if book.folder is None:
        raise ValueError("a rulebook without a folder has no texts to show")
    return read_text(book.folder / file, file)


def told_vocabulary(book: Rulebook, pointers: Mapping[str, str]) -> str:
    """The facts that a scenario may give: where, of which type, with which values."""
    lines = []
    for group in sorted(book.groups.values(), key=lambda g: g.order):
        lines.append(f"\n{group.title}" + (" (liste)" if group.repeated else ""))
        for fact in book.facts.values():
            if fact.group.id == group.id:
                values = ", ".join(fact.values) or fact.type
                lines.append(f"- {pointers[fact.id]} : {fact.question} ({values})")
    return "\n".join(lines).strip()


def told_offers(offers: list[Offer]) -> str:
    """The documents that a situation calls for, and why some cannot be made."""
    if not offers:
        return "La situation n'appelle aucun document."
    return "\n".join(
        f"- {offer.model.id} : {offer.title}. {offer.use}"
        + (f" Pas fait ({offer.state}) : {offer.reason}" if offer.state != "possible" else "")
        for offer in offers
    )


def told_document(document: Document) -> str:
    """A draft as plain text: its mark, its body, and how many blanks are left to fill in."""
    lines = [f"{document.title} ({document.mark})" if document.mark else document.title, ""]
    for block in (*document.body, *document.joined):
        lines += _block(block)
    blanks = len(document.blanks)
    lines += ["", f"À compléter : {blanks} blanc{'s' if blanks > 1 else ''}."]
    lines += section(
        "Ce sur quoi reposent les clauses",
        (f"{s.clause} : {s.source}{f' — {s.doubt}' if s.doubt else ''}" for s in document.supports),
        40,
    )
    return "\n".join(lines)


def _block(block: Block) -> list[str]:
    match block:
        case Heading():
            return ["", _text(block.line)]
        case Paragraph():
            return [_text(block.line)]
        case Items():
            return [f"- {_text(line)}" for line in block.lines]
        case Table():
            rows = (" | ".join(_text(cell) for cell in row) for row in block.rows)
            return [" | ".join(block.columns), *rows]
        case _:
            return [""]


def _text(line: Line) -> str:
    return "".join(run.text for run in line)
