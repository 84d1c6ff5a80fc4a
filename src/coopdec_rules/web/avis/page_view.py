"""What the page of an avis shows beside the avis itself: checklist, ladder, fields, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coopdec_rules.errors import ScenarioError
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.permalink import CODES, DIGITS, Answers, Link
from coopdec_rules.web.avis.reasoning_view import Figure, figures
from coopdec_rules.web.avis.view import AvisWords
from coopdec_rules.web.form import FormReader, FormState
from coopdec_rules.web.form_view import field_id
from coopdec_rules.web.service import Service

#: A question with at most this many short answers is answered by one button for each.
_BUTTONS, _BUTTON_LETTERS = 5, 150


@dataclass(frozen=True, slots=True)
class Field:
    """A fact that can be answered on the page."""

    pointer: str
    field: str
    question: str
    place: str
    options: tuple[tuple[str, str], ...]
    as_buttons: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An answer, before and now."""

    label: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Follow:
    """What the answers just given changed."""

    given: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    words: AvisWords
    form: FormReader
    state: FormState
    figures: list[Figure]
    tasks: list[tuple[str, list[Any]]]
    possible: list[tuple[str, list[Any]]]
    questions: list[tuple[Field, Mapping[str, Any]]]
    presumed: list[tuple[Field, Mapping[str, Any]]]
    levers: list[tuple[Mapping[str, Any], str | None]]
    changed: str | None
    compared: bool
    rows: tuple[Row, ...]
    today: str | None

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        """Identifier and question of each field of the page, by pointer."""
        groups = (("q", self.questions), ("p", self.presumed))
        return {
            field.pointer: (f"{kind}{field_id(field.pointer)}", field.question)
            for kind, fields in groups
            for field, _ in fields
        }

    def follow(self, avis: Mapping[str, Any], before: Answers, answered: Sequence[str]) -> Follow:
        """What changed since the answers ``before``, and the answers given in between."""
        facts = dict(self.form.names(self.state))
        given = []
        for pointer in answered:
            fact, text = facts.get(pointer), self.state.values.get(pointer)
            if fact is not None and text:
                given.append((fact.question, fact.values.get(text, text)))
        return Follow(tuple(given), _rows(self.words, before, permalink.answers_of(avis)))


def page_view(
    service: Service,
    form: FormReader,
    state: FormState,
    avis: Mapping[str, Any],
    link: Link,
    current: Link,
) -> PageView:
    """Everything that the page of an avis shows.  ``current`` is the link of today's reading."""
    words = AvisWords(service.book)
    todo = [*avis["conditions"], *avis["formalites"]]
    changed, rows = _changes(words, link, current)
    today = dt.date.today()
    return PageView(
        words=words,
        form=form,
        state=state,
        figures=figures(service, words, link.document | _day(current), avis),
        tasks=words.by_person([e for e in todo if e["etat"] != "eventuelle"]),
        possible=words.by_person([e for e in todo if e["etat"] == "eventuelle"]),
        questions=[
            (_field(form, words, q["fait"], q["pointeur"], q["element"]), q)
            for q in avis["questions"]
        ],
        presumed=[
            (_field(form, words, p["fait"], p["pointeur"], _item(p["pointeur"])), p)
            for p in avis["presumes"]
        ],
        levers=[(lever, _lever_link(service, form, state, lever, current))
                for lever in avis.get("leviers") or ()],
        changed=changed,
        compared=link.answers is not None,
        rows=rows,
        today=permalink.query(Link(link.document, today))
        if link.day and not link.dated and link.day != today
        else None,
    )  # fmt: skip


def _day(current: Link) -> dict[str, str]:
    return {"date": current.day.isoformat()} if current.day else {}


def _changes(words: AvisWords, link: Link, current: Link) -> tuple[str | None, tuple[Row, ...]]:
    """What sets the link's own reading apart from today's: the rulebook, or the link itself."""
    if link.fingerprint is None:
        return None, ()
    rows = _rows(words, link.answers, current.answers or ()) if link.answers else ()
    if link.fingerprint[:DIGITS] != current.fingerprint:
        return "recueil", rows
    return ("lien", rows) if rows else (None, ())


def _rows(words: AvisWords, before: Answers, now: Answers) -> tuple[Row, ...]:
    return tuple(
        Row(words.conclusion_label(name), words.conclusion(name, old), words.conclusion(name, new))
        for (name, _), old, new in zip(CODES, before, now, strict=True)
        if old != new
    )


def _field(form: FormReader, words: AvisWords, name: str, pointer: str, item: int | None) -> Field:
    fact = form.book.facts[name]
    values = fact.kind.options(fact)
    letters = sum(map(len, values.values()))
    return Field(
        pointer=pointer,
        field=fact.kind.field,
        question=fact.question,
        place=words.item(name, item) if fact.scope and item is not None else "",
        options=tuple(values.items()),
        as_buttons=0 < len(values) <= _BUTTONS and letters <= _BUTTON_LETTERS,
    )


def _item(pointer: str) -> int | None:
    return next((int(part) for part in pointer.split("/") if part.isdigit()), None)


def _lever_link(
    service: Service, form: FormReader, state: FormState, lever: Mapping[str, Any], current: Link
) -> str | None:
    """Address of the avis once the lever is pulled; ``None`` when it cannot be made."""
    document = form.document(state)
    for change in lever["changements"]:
        _set(document, change["pointeur"].split("/")[1:], change["vers"])
    dropped = lever.get("sans")
    if dropped:
        items: Any = document
        for key in form.book.groups[dropped["groupe"]].path:
            items = items.get(key) or {}
        if not isinstance(items, list) or dropped["element"] >= len(items):
            return None
        del items[dropped["element"]]
    link = Link(document, current.day)
    query = permalink.query(link)
    if current.answers:
        query += f"&v={'.'.join(current.answers)}"
        query += "".join(f"&q={change['pointeur']}" for change in lever["changements"])
    if len(query) > permalink.MAX_LINK:
        return None
    try:
        service.advisor.reader.read(document, link.reading_day(dt.date.today()))
    except ScenarioError:
        return None
    return query


def _set(place: Any, path: Sequence[str], value: object) -> None:
    """Write a value at a JSON pointer, making what is missing on the way."""
    for key, following in zip(path, [*path[1:], None], strict=True):
        key_: Any = int(key) if isinstance(place, list) else key
        if isinstance(place, list):
            while len(place) <= key_:
                place.append({})
        if following is None:
            place[key_] = value
        elif isinstance(place, dict):
            place = place.setdefault(key_, [] if following.isdigit() else {})
        else:
            place = place[key_]
