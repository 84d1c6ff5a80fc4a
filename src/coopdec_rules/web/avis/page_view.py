"""What the page of an avis shows beside the avis itself: checklist, ladder, fields, changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.answers import ACTION_TITLE, ANSWERS
from coopdec_rules.advice.item_names import item_names
from coopdec_rules.advice.model_parts import Condition, Levier, Presume, Question, plain_value
from coopdec_rules.advice.replies import answer_codes
from coopdec_rules.advice.stating import stated, untitled, without
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.advice.told import Told, told_facts
from coopdec_rules.advice.wording import actor_name
from coopdec_rules.errors import ScenarioError
from coopdec_rules.web.avis import permalink
from coopdec_rules.web.avis.first import First, first_screen
from coopdec_rules.web.avis.permalink import DIGITS, Answers, Link
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.avis.tables import ItemTable, tables
from coopdec_rules.web.avis.view import AvisWords
from coopdec_rules.web.field_view import field_id
from coopdec_rules.web.service import Service

#: Fields to answer that a page writes: the others come as one answers.
MOST_FIELDS = 60
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
    told: Mapping[str, Told]
    codes: Answers
    tables: list[ItemTable]
    actor: str
    first: First
    conditions: list[tuple[str, list[Condition]]]
    formalities: list[tuple[str, list[Condition]]]
    possible: list[Condition]
    questions: list[tuple[Field, Question]]
    later_questions: list[tuple[Field, Question]]
    tier_questions: list[tuple[Field, Question]]
    more_questions: int
    presumed: list[tuple[Field, Presume]]
    more_presumed: int
    levers: list[tuple[Levier, str | None]]
    changed: str | None
    compared: bool
    rows: tuple[Row, ...]
    today: str | None

    @property
    def fields(self) -> Mapping[str, tuple[str, str]]:
        """Identifier and question of each field of the page, by pointer."""
        asked = (*self.questions, *self.later_questions, *self.tier_questions)
        groups = (("q", asked), ("p", self.presumed))
        return {
            field.pointer: (f"{kind}{field_id(field.pointer)}", field.question)
            for kind, fields in groups
            for field, _ in fields
        }

    def follow(self, before: Answers, answered: Sequence[str]) -> Follow:
        """What changed since the answers ``before``, and the answers given in between."""
        given = [self.told[pointer] for pointer in answered if pointer in self.told]
        return Follow(
            tuple((told.fact.question, told.text) for told in given),
            _rows(self.words, before, self.codes),
        )


def page_view(service: Service, advice: Advice, link: Link, current: Link, seal: Seal) -> PageView:
    """Everything that the page of an avis shows.  ``current`` is the link of today's reading."""
    words = AvisWords(service.book, item_names(service.book, advice.scenario))
    avis = advice.avis
    todo = [*avis["conditions"], *avis["formalites"]]
    changed, rows = _changes(words, link, current)
    today = paris_today()
    facts = advice.scenario.base.scenario
    actor = service.book.wordbook.named(actor_name(service.book, facts))
    asked = words.questions(avis)
    room = max(0, MOST_FIELDS - len(asked.now))
    return PageView(
        words=words,
        told={told.pointer: told for told in told_facts(service.book, advice.scenario)},
        codes=answer_codes(avis),
        tables=tables(words, avis),
        actor=actor,
        first=first_screen(words, avis, actor),
        conditions=words.by_moment(e for e in avis["conditions"] if e["etat"] != "eventuelle"),
        formalities=words.by_moment(e for e in avis["formalites"] if e["etat"] != "eventuelle"),
        possible=[e for e in todo if e["etat"] == "eventuelle"],
        questions=_asked(words, asked.now),
        later_questions=_asked(words, asked.then[:room]),
        tier_questions=_asked(words, asked.tier),
        more_questions=max(0, len(asked.now) - MOST_FIELDS) + len(asked.then[room:]),
        presumed=[
            (_field(words, p["fait"], p["pointeur"], _item(p["pointeur"])), p)
            for p in avis["presumes"][:MOST_FIELDS]
        ],
        more_presumed=max(0, len(avis["presumes"]) - MOST_FIELDS),
        levers=[(lever, _lever_link(service, lever, current, seal)) for lever in avis["leviers"]],
        changed=changed,
        compared=link.answers is not None,
        rows=rows,
        today=permalink.query(Link(link.document, today, situation=link.situation), seal)
        if link.day and not link.dated and link.day != today
        else None,
    )  # fmt: skip


def _changes(words: AvisWords, link: Link, current: Link) -> tuple[str | None, tuple[Row, ...]]:
    """What sets the link's own reading apart from today's: the rulebook, or the program.

    Or that nothing vouches for what the link claims.
    """
    if link.forged:
        return "sans_marque", ()
    if link.fingerprint is None:
        return None, ()
    rows = _rows(words, link.answers, current.answers or ()) if link.answers else ()
    if link.fingerprint[:DIGITS] != current.fingerprint:
        return "recueil", rows
    return ("programme", rows) if rows else (None, ())


def _rows(words: AvisWords, before: Answers, now: Answers) -> tuple[Row, ...]:
    return tuple(
        Row(words.conclusion_label(name), words.conclusion(name, old), words.conclusion(name, new))
        for name, old, new in zip(ANSWERS, before, now, strict=True)
        if old != new
    )


def _asked(words: AvisWords, questions: Sequence[Question]) -> list[tuple[Field, Question]]:
    return [
        (_field(words, q["fait"], q["pointeur"], q["element"]), q) for q in questions[:MOST_FIELDS]
    ]


def _field(words: AvisWords, name: str, pointer: str, item: int | None) -> Field:
    fact = words.book.facts[name]
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


def _lever_link(service: Service, lever: Levier, current: Link, seal: Seal) -> str | None:
    """Address of the avis once the lever is pulled; ``None`` when it cannot be made."""
    document: Mapping[str, object] = current.document
    try:
        for change in lever["changements"]:
            document = stated(document, change["pointeur"], plain_value(change["vers"]))
        if lever["autre_action"]:
            # Another action does not keep the name of the one that was refused.
            document = untitled(document, service.book.facts.get(ACTION_TITLE))
        if lever["sans"] is not None:
            path = service.book.groups[lever["sans"]["groupe"]].path
            document = without(document, path, lever["sans"]["element"])
        kept = "" if lever["autre_action"] else current.situation
        link = Link(document, current.day, before=current.answers, situation=kept)
        query = permalink.query(link, seal)
        if current.answers:
            query += "".join(f"&q={change['pointeur']}" for change in lever["changements"])
        if len(query) > permalink.MAX_LINK:
            return None
        service.advisor.reader.read(document, link.reading_day(paris_today()))
    except ScenarioError:
        return None
    return query
