"""The tables of an avis: what is concluded for each item of a repeated group."""

from __future__ import annotations

from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.models import Avis, Reponse
from coopdec_rules.rulebook.display import Tone
from coopdec_rules.web.avis.view import AvisWords, capital


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, its tone, and the values still possible while there is none."""

    column: str
    text: str
    tone: Tone
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One item: its name, what is added to it, what is concluded for it."""

    name: str
    note: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ItemTable:
    """The items of one group."""

    group: str
    title: str
    noun: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(words: AvisWords, avis: Avis) -> list[ItemTable]:
    """A table for each repeated group of which something is shown and known."""
    found: dict[str, dict[int, list[Reponse]]] = {}
    for reply in words.shown(avis, "tableau"):
        if reply["groupe"] is not None and reply["rang"] is not None:
            items = found.setdefault(reply["groupe"], {})
            items.setdefault(reply["rang"], []).append(reply)
    return [
        _table(words, avis, group, items)
        for group, items in found.items()
        if len(items) > 1 or _known(avis, group, items[0])
    ]


def _known(avis: Avis, group: str, shown: list[Reponse]) -> bool:
    """Whether anything is known of the only item of a group."""
    if group == answers.PART:
        return avis["volets"][0]["domaine_libelle"] is not None
    return any(reply["valeur"] is not None for reply in shown)


def _table(words: AvisWords, avis: Avis, group: str, items: dict[int, list[Reponse]]) -> ItemTable:
    noun = words.book.groups[group].noun.singular
    return ItemTable(
        group,
        f"{capital(noun)} par {noun}",
        capital(noun),
        tuple(reply["titre"] for reply in items[0]),
        tuple(_row(words, avis, group, item, shown) for item, shown in items.items()),
    )


def _row(words: AvisWords, avis: Avis, group: str, item: int, shown: list[Reponse]) -> Row:
    name, note = words.place(group, item) or words.book.groups[group].noun.numbered(item), ""
    if group == answers.PART:
        part = avis["volets"][item]
        title, domain = part["intitule"], part["domaine_libelle"]
        name = f"{item + 1}. {title or domain or 'domaine inconnu'}"
        note = domain or "" if title else ""
    return Row(name, note, tuple(_cell(words, reply) for reply in shown))


def _cell(words: AvisWords, reply: Reponse) -> Cell:
    possible = tuple(words.conclusion(reply["code"], value) for value in reply["possibles"])
    return Cell(reply["titre"], reply["valeur_libelle"], reply["ton"], possible)
