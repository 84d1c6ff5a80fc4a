"""A scenario as fields, and back.

A field bears the JSON pointer of its fact, so that a mistake found in the scenario is also the
mistake of a field.  Nothing typed is lost: what cannot be read stays as typed, and the scenario
reader says what is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coopdec_rules.advice.scenario import MAX_ITEMS, UNKNOWN, pointer_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import Problem, suggest
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.paths import put, value_at
from coopdec_rules.rulebook.rulebook import Rulebook

ADD, REMOVE = "ajouter", "retirer"
_INDEX = re.compile(r"0|[1-9][0-9]?")


@dataclass(slots=True)
class Fields:
    """What the fields hold: raw texts by pointer, and how many items each repeated group has."""

    values: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemChange:
    """A button pressed: add an item to a group, or remove the one at ``index``."""

    group: str
    index: int | None = None


class FieldCodec:
    """Turns fields into scenario documents and back, for one vocabulary."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.repeated = [group for group in book.groups.values() if group.repeated]
        self._single = {pointer_of(f, None): f for f in book.facts.values() if not f.scope}
        self._items: dict[str, dict[str, Fact]] = {
            group.id: {
                "/".join(fact.key): fact for fact in book.facts.values() if fact.scope == group.id
            }
            for group in self.repeated
        }

    def blank(self) -> Fields:
        """An empty form: one empty item in every repeated group."""
        return Fields(counts={group.id: 1 for group in self.repeated})

    def names(self, state: Fields) -> list[tuple[str, Fact]]:
        """Name and fact of every field of the form."""
        found = list(self._single.items())
        for group in self.repeated:
            for index in range(state.counts[group.id]):
                found.extend((pointer_of(f, index), f) for f in self._items[group.id].values())
        return found

    # -- from the browser --------------------------------------------------------------------

    def read(
        self, fields: Iterable[tuple[str, str]]
    ) -> tuple[Fields, ItemChange | None, list[Problem]]:
        """The form sent, the button pressed if any, and the fields that do not exist."""
        problems: list[Problem] = []
        single: dict[str, str] = {}
        items: dict[str, dict[int, dict[str, str]]] = {group.id: {} for group in self.repeated}
        change: ItemChange | None = None
        seen: set[str] = set()
        for name, text in fields:
            if name in seen:
                problems.append(_problem(name, "Ce champ est donné deux fois."))
                continue
            seen.add(name)
            if name in (ADD, REMOVE):
                change = self._change(name, text)
                if change is None:
                    problems.append(_problem(name, "Ce bouton n'existe pas."))
            elif name in self._single:
                single[name] = text
            else:
                place = self._place(name)
                if place is None:
                    near = suggest(name, self._single)
                    problems.append(_problem(name, "Ce champ n'existe pas.", near))
                else:
                    group, index, key = place
                    items[group.id].setdefault(index, {})[key] = text
        state = Fields(single)
        for group in self.repeated:
            _number(state, group, items[group.id])
        return state, change, problems

    def overlay(self, state: Fields, fields: Iterable[tuple[str, str]]) -> list[Problem]:
        """Put the fields of one step over ``state``; the fields that do not exist."""
        known = {name for name, _ in self.names(state)}
        problems: list[Problem] = []
        seen: set[str] = set()
        for name, text in fields:
            if name in seen:
                problems.append(_problem(name, "Ce champ est donné deux fois."))
            elif name not in known:
                near = suggest(name, self._single)
                problems.append(_problem(name, "Ce champ n'existe pas.", near))
            else:
                state.values[name] = text
            seen.add(name)
        return problems

    def assumed(self, fields: Iterable[tuple[str, str]]) -> bool:
        """Whether a text typed is read as more than it says: a month, as its first day."""
        blank = Fields(counts={group.id: MAX_ITEMS for group in self.repeated})
        places = ((self.place(name, blank), text) for name, text in fields)
        return any(at is not None and at[0].kind.assumed(text) for at, text in places)

    def change(self, name: str, text: str) -> ItemChange | None:
        """The button ``name`` (``ADD`` or ``REMOVE``) with its value; ``None``: there is none."""
        return self._change(name, text)

    def place(self, pointer: str, state: Fields) -> tuple[Fact, int | None] | None:
        """The fact that a pointer names, and its item; ``None`` when the form has no such field."""
        fact = self._single.get(pointer)
        if fact is not None:
            return fact, None
        found = self._place(pointer)
        if found is None or found[1] >= state.counts[found[0].id]:
            return None
        return self._items[found[0].id][found[2]], found[1]

    def apply(self, state: Fields, change: ItemChange) -> Fields:
        """The form once the button is pressed."""
        group = self.book.groups[change.group]
        items = self._split(state, group)
        if change.index is None:
            items[len(items)] = {}
        else:
            items.pop(change.index, None)
        single = {name: text for name, text in state.values.items() if not _inside(name, group)}
        changed = Fields(single, dict(state.counts))
        _number(changed, group, dict(list(items.items())[:MAX_ITEMS]))
        return changed

    def _split(self, state: Fields, group: Group) -> dict[int, dict[str, str]]:
        items: dict[int, dict[str, str]] = {i: {} for i in range(state.counts[group.id])}
        for name, text in state.values.items():
            place = self._place(name)
            if place is not None and place[0].id == group.id:
                items[place[1]][place[2]] = text
        return items

    def _change(self, name: str, text: str) -> ItemChange | None:
        ident, _, index = text.partition("/")
        if ident not in self._items:
            return None
        if name == ADD:
            return ItemChange(ident) if not index else None
        return ItemChange(ident, int(index)) if _INDEX.fullmatch(index) else None

    def _place(self, name: str) -> tuple[Group, int, str] | None:
        for group in self.repeated:
            if _inside(name, group):
                index, _, key = name[len(_prefix(group)) :].partition("/")
                if (
                    _INDEX.fullmatch(index)
                    and int(index) < MAX_ITEMS
                    and key in self._items[group.id]
                ):
                    return group, int(index), key
        return None

    # -- from and to a scenario --------------------------------------------------------------

    def document(self, state: Fields) -> dict[str, Any]:
        """The scenario that the form describes; an empty field is left out."""
        document: dict[str, Any] = {}
        today = paris_today()
        for name, fact in self._single.items():
            text = state.values.get(name, "").strip()
            if text:
                put(document, fact.path, fact.kind.parse(text, fact, today))
        for group in self.repeated:
            entries = []
            for index in range(state.counts[group.id]):
                entry: dict[str, Any] = {}
                for fact in self._items[group.id].values():
                    text = state.values.get(pointer_of(fact, index), "").strip()
                    if text:
                        put(entry, fact.key, fact.kind.parse(text, fact, today))
                entries.append(entry)
            if entries != [{}]:
                put(document, group.path, entries)
        return document

    def fill(self, document: object) -> Fields:
        """The form for a scenario document; what has no field is left out."""
        state = self.blank()
        for name, fact in self._single.items():
            _keep(state, name, value_at(document, fact.path), fact)
        for group in self.repeated:
            entries = value_at(document, group.path)
            if isinstance(entries, Mapping):
                entries = [entries]
            if not isinstance(entries, list) or not entries:
                continue
            entries = entries[:MAX_ITEMS]
            state.counts[group.id] = len(entries)
            for index, item in enumerate(entries):
                for fact in self._items[group.id].values():
                    _keep(state, pointer_of(fact, index), value_at(item, fact.key), fact)
        return state


def _number(state: Fields, group: Group, items: Mapping[int, Mapping[str, str]]) -> None:
    """Put a group's items into ``state``, numbered from 0 without gaps; there is at least one."""
    ordered = [items[index] for index in sorted(items)] or [{}]
    state.counts[group.id] = len(ordered)
    for index, item in enumerate(ordered):
        for key, text in item.items():
            state.values[f"{_prefix(group)}{index}/{key}"] = text


def _prefix(group: Group) -> str:
    return "/" + "/".join(group.path) + "/"


def _inside(name: str, group: Group) -> bool:
    return name.startswith(_prefix(group))


def _problem(name: str, message: str, near: str | None = None) -> Problem:
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in name[:80])
    return Problem(shown, message, None, None, near)


def _keep(state: Fields, name: str, value: object, fact: Fact) -> None:
    text = "" if fact.kind.unknown(value, UNKNOWN) else fact.kind.typed(value)
    if text:
        state.values[name] = text
