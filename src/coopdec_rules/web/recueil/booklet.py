"""The whole rulebook on a day as one accessible PDF (PDF/UA-1), set with Typst.

Only the fonts that the package embeds are used, and every text goes in as data: the same law gives
the same pages on every machine.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import orjson
import typst
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.sentences import Part, Several
from coopdec_rules.advice.wording import date
from coopdec_rules.rulebook.rulebook import LawState
from coopdec_rules.web.recueil import contents, tables
from coopdec_rules.web.recueil.cards import Card, Line, period_words
from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.sources import finding
from coopdec_rules.web.recueil.texts import Passage, Text
from coopdec_rules.web.typography import french_text

Data = dict[str, Any]

#: Documents kept in memory (about half a megabyte each).
_KEPT = 8
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«)")
_LONG = re.compile(r"\S{31,}")


class Booklets:
    """Makes the document of each state of the law once; keeps those last asked for."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self._made: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def pdf(self, days: Days) -> bytes:
        """The document of the law on the day.  Setting one takes seconds: call it in a thread."""
        key = days.state.key
        with self._lock:
            found = self._made.get(key)
            if found is None:
                found = self._made[key] = _set(content(self.room, days))
                while len(self._made) > _KEPT:
                    self._made.popitem(last=False)
            self._made.move_to_end(key)
        return found


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def _set(data: Data) -> bytes:
    made = _compiler().compile(
        resources.files(__package__).joinpath("booklet.typ").read_bytes(),
        format="pdf",
        sys_inputs={"recueil": orjson.dumps(data).decode()},
        pdf_standards=["ua-1"],
        # A date of making would make two copies of the same law differ.
        timestamp=dt.datetime(2000, 1, 1, tzinfo=dt.UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document")
    return made


def content(room: Room, days: Days) -> Data:
    """Every text of the document, ready to be set."""
    book, state = room.book, days.state
    data: Data = {
        "titre": "Recueil des règles de la coopération décentralisée",
        "droit": _span(state),
        "version": book.version,
        "empreinte": book.fingerprint,
        "chiffres": [f"{name.capitalize()} : {n}" for name, n in contents.figures(state).items()],
        "textes": [_text(room, days, text) for text in room.texts.values()],
        "tables": [_table(room, days, name) for name in room.tables],
        "sources": [
            {
                "titre": source.title,
                "rang": NAMES["rang"][source.rank],
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
    printed: Data = _printed(data)
    return printed


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
    return {
        "prose": _blocks(passage.tokens),
        "regles": [_card(room.cards.card(rule, days.day), days) for rule in inforce],
        "eteintes": [
            f"{rule.id} ({period_words(rule.period)})" for rule in written if rule not in inforce
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
        "volet": (rule.scope or "").replace("_", " "),
        "enonce": said,
        "fiche": [
            {"nom": name, "textes": texts}
            for name, texts in (
                ("Sources", [f"{s.text} ({NAMES['rang'][s.rank]})" for s in card.sources]),
                ("En vigueur", [card.period]),
                ("Est écartée par", _names(card.aside_by)),
                ("Écarte", _names(card.sets_aside)),
                ("Rang et confiance", [_standing(card)]),
                ("Doute", [rule.doubt] if rule.doubt else []),
                ("Normes", [", ".join(rule.norms)]),
                ("Relecture", [NAMES["relecture"][days.book.reviews.state(rule)]]),
            )
            if texts
        ],
    }


def _standing(card: Card) -> str:
    return f"{NAMES['rang'][card.rule.rank]} ; {NAMES['confiance'][card.rule.confidence]}"


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


# -- prose ---------------------------------------------------------------------------------------


def _blocks(tokens: Sequence[Token]) -> list[Data]:
    return [_node(node) for node in SyntaxTreeNode(list(tokens)).children]


def _node(node: SyntaxTreeNode) -> Data:
    """A node of the prose: its kind, and its children or its text."""
    kind = node.type
    data: Data = {"genre": kind, "texte": "", "enfants": []}
    if kind == "inline":
        return {"genre": "suite", "texte": "", "enfants": [_node(c) for c in node.children]}
    if kind == "heading":
        data["niveau"] = int(node.tag[1:])
    if kind == "link":
        href = str(node.attrs.get("href", ""))
        data["adresse"] = href if href.startswith(("https://", "http://")) else ""
    if kind in ("text", "code_inline", "fence", "code_block"):
        data["texte"] = node.content
    elif kind in ("softbreak", "hardbreak"):
        data = {"genre": "text", "texte": " ", "enfants": []}
    else:
        data["enfants"] = [_node(child) for child in node.children]
    return data


def _printed(value: Any) -> Any:
    """The texts with French spaces and apostrophes, and places to break what is very long."""
    if isinstance(value, str):
        text = french_text(_APOSTROPHE.sub("\u2019", value))
        return _LONG.sub(lambda m: _breakable(m.group()), text)
    if isinstance(value, list):
        return [_printed(item) for item in value]
    if isinstance(value, dict):
        return {
            name: item if name in ("adresse", "empreinte", "genre") else _printed(item)
            for name, item in value.items()
        }
    return value


def _breakable(word: str) -> str:
    return "\u200b".join(word[i : i + 12] for i in range(0, len(word), 12))
