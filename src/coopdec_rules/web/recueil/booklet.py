"""The whole rulebook on a day as one accessible PDF: the same law gives the same pages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources

import orjson

from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.sentences import Part, Several
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.rulebook.words import date
from coopdec_rules.web.kept import Kept
from coopdec_rules.web.recueil import contents, tables
from coopdec_rules.web.recueil.cards import Card, Line
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.declared import Statement
from coopdec_rules.web.recueil.prose import Data, blocks, printed
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.sources import finding
from coopdec_rules.web.recueil.texts import Passage, Text, Written
from coopdec_rules.web.typeset import Document

#: A date of making would make two copies of the same law differ.
_DAY = "2000-01-01"


class Booklets:
    """Makes the document of each state of the law once; keeps those last asked for."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._press = room.service.booklets
        self._kept: Kept[tuple[str, str], bytes] = Kept(room.service.limits.booklets_bytes, len)

    async def pdf(self, days: Days) -> bytes:
        """The PDF of the law on the day.  Raises ``Refused`` as ``Press.pdf`` does."""
        key = days.state.key
        found = self._kept.get(key)
        if found is None:
            # Asked again in its turn: several may have waited for the same booklet.
            made = self._press.pdf(lambda: self._kept.get(key) or document(self.room, days))
            found = self._kept.put(key, await made)
        return found


@cache
def _template() -> str:
    return resources.files(__package__).joinpath("booklet.typ").read_text("utf-8")


def document(room: Room, days: Days) -> Document:
    """The booklet of the law on a day, ready to be set."""
    return Document(_template(), {"recueil": orjson.dumps(content(room, days)).decode()}, _DAY)


def content(room: Room, days: Days) -> Data:
    """Every text of the document, ready to be set."""
    book, state = room.book, days.state
    declared = [text for found in room.declarations.texts.values() for text in found.values()]
    data: Data = {
        "titre": "Recueil des règles de la coopération décentralisée",
        "droit": _span(state),
        "version": book.version,
        "empreinte": book.fingerprint,
        "chiffres": [f"{name.capitalize()} : {n}" for name, n in contents.figures(state).items()],
        "textes": [_text(room, days, text) for text in room.texts.values()],
        "declarations": [_text(room, days, text) for text in declared],
        "tables": [_table(room, days, name) for name in room.tables],
        "sources": [
            {
                "titre": source.title,
                "rang": book.ranks[source.rank].label,
                "confiance": NAMES["confiance"][source.confidence],
                "note": source.note,
                "ou": " ".join(filter(None, (finding(source).address, finding(source).advice))),
            }
            for source in book.sources.values()
        ],
        "normes": [
            {
                "id": ident,
                "titre": title,
                "regles": sorted(
                    {r.id for r in state.rules if ident in r.norms and r.table is None}
                ),
            }
            for ident, title in room.index.norms()
        ],
    }
    set_: Data = printed(data)
    return set_


def _span(state: LawState) -> str:
    if state.start and state.end:
        return f"Droit en vigueur du {date(state.start)} au {date(state.end)}"
    if state.start:
        return f"Droit en vigueur depuis le {date(state.start)}"
    return f"Droit en vigueur jusqu'au {date(state.end)}" if state.end else "Droit en vigueur"


def _text(room: Room, days: Days, text: Text) -> Data:
    return {
        "titre": text.title,
        "prose": text.prose,
        "passages": [_passage(room, days, passage) for passage in text.passages],
    }


def _passage(room: Room, days: Days, passage: Passage) -> Data:
    written = [rule for rule in passage.rules if rule.table is None]
    inforce = [rule for rule in written if rule.period.contains(days.day)]
    declared = [entry for entry in passage.declared if entry.period.contains(days.day)]
    every: tuple[Written, ...] = (*written, *passage.declared)
    return {
        "prose": blocks(passage.tokens),
        "regles": [
            *(_card(room.cards.card(rule, days.day), days) for rule in inforce),
            *(
                _statement(room.book, room.declarations.statement(entry, days))
                for entry in declared
            ),
        ],
        "eteintes": [
            f"{entry.id} ({entry.period.words})"
            for entry in every
            if not entry.period.contains(days.day)
        ],
        "table": passage.table or "",
    }


def _card(card: Card, days: Days) -> Data:
    rule = card.rule
    words = ["Si", *["et si"] * (len(card.conditions) - 1)] if card.conditions else []
    said = [
        _clause(word, line.part) for word, line in zip(words, card.conditions, strict=True)
    ] or [{"mot": "Dans tous les cas", "texte": "", "enfants": []}]
    for index, line in enumerate(card.concludes):
        said.append({"mot": "et" if index else "alors", "texte": line.text, "enfants": []})
    for line in card.effects:
        note = f" ({line.note})" if line.note else ""
        text = f"{line.label} : {line.text}{note}"
        said.append({"mot": "l'avis ajoute", "texte": text, "enfants": []})
    return {
        "id": rule.id,
        "titre": card.title,
        "volet": _noun(days.book, rule.scope),
        "enonce": said,
        "fiche": [
            {"nom": name, "textes": texts}
            for name, texts in (
                ("Sources", [_source(days.book, line) for line in card.sources]),
                ("En vigueur", [card.period]),
                ("Est écartée par", _names(card.aside_by)),
                ("Écarte", _names(card.sets_aside)),
                ("Rang et confiance", [_standing(days.book, card)]),
                ("Doute", [rule.doubt] if rule.doubt else []),
                ("Normes", [", ".join(rule.norms)]),
                ("Relecture", [NAMES["relecture"][days.book.reviews.state(rule)]]),
            )
            if texts
        ],
    }


def _statement(book: Rulebook, found: Statement) -> Data:
    said = [_clause(line.word, line.part) for line in found.said]
    for clause, line in zip(said, found.said, strict=True):
        clause["texte"] = line.before + clause["texte"]
    return {
        "id": found.declared.id,
        "titre": found.declared.explanation,
        "volet": _noun(book, found.scope),
        "enonce": said,
        "fiche": [
            {"nom": "Sources", "textes": [_source(book, line) for line in found.sources]},
            {"nom": "En vigueur", "textes": [found.period]},
        ],
    }


def _source(book: Rulebook, line: Line) -> str:
    return f"{line.text} ({book.ranks[line.rank].label})"


def _standing(book: Rulebook, card: Card) -> str:
    return f"{book.ranks[card.rule.rank].label} ; {NAMES['confiance'][card.rule.confidence]}"


def _noun(book: Rulebook, group: str | None) -> str:
    """What one item of a repeated group is called; "" for the whole scenario."""
    return book.groups[group].noun.singular if group else ""


def _names(lines: Iterable[Line]) -> list[str]:
    return [f"{line.label} ({line.rule})" for line in lines if line.active]


def _clause(word: str, part: Part | None) -> Data:
    if isinstance(part, Several):
        if len(part.parts) == 1:
            return {"mot": word, "texte": f"{part.lead} : {part.parts[0]}", "enfants": []}
        inner = [_clause(part.word if i else "", p) for i, p in enumerate(part.parts)]
        return {"mot": word, "texte": f"{part.lead} :", "enfants": inner}
    return {"mot": word, "texte": str(part), "enfants": []}


def _table(room: Room, days: Days, name: str) -> Data:
    grid = tables.grid(days, room.cards.sentences, name)
    return {
        "titre": room.tables[name],
        "sens": " ; puis ".join(grid.heads),
        "colonnes": list(grid.columns),
        "lignes": [
            {"nom": domain, "cases": [" ; ".join(cell.values[0]) or "rien" for cell in cells]}
            for domain, cells in grid.rows
        ],
    }
