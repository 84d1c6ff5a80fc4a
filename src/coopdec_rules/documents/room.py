"""The documents of an avis: which may be made and why, the documents, the calendar, the bodies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advice
from coopdec_rules.documents import delays
from coopdec_rules.documents.around import load_around
from coopdec_rules.documents.blocks import Document, Mode
from coopdec_rules.documents.compose import compose
from coopdec_rules.documents.contacts import Contact
from coopdec_rules.documents.filler import Filler
from coopdec_rules.documents.library import Model
from coopdec_rules.documents.lists import Lists
from coopdec_rules.documents.loader import FOLDER, load_library
from coopdec_rules.documents.situation import Situation
from coopdec_rules.documents.steps import Bound, Given, Step, StepKind, dated
from coopdec_rules.documents.truths import Truths
from coopdec_rules.documents.typography import set_text
from coopdec_rules.rulebook.formula import F, U, V
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date as date_words
from coopdec_rules.territories import Territory, load_directory

#: A document may be made; the answer forbids it; or too little is known to tell.
OfferState = Literal["possible", "refuse", "incertain"]
_ALSACE_MOSELLE = "acteur.alsace_moselle"
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
#: Words of the models that tell a day, by how it bounds the step.
WHEN_WORDS = {"jour": "quand_jour", "au_plus_tard": "quand_au_plus_tard",
              "a_partir": "quand_a_partir"}  # fmt: skip
UNDATED_WORD, UNCERTAIN_WORD = "quand_sans_date", "refus_incertain"


class Closed(Exception):
    """The document may not be made from this avis; the message says why, in French."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A document that this situation calls for: whether it may be made, and why not."""

    model: Model
    title: str
    use: str
    kind: str
    kind_title: str
    act: bool
    state: OfferState
    reason: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Entry:
    """A step of the calendar, in words."""

    step: Step
    title: str
    text: str
    date: dt.date | None
    when: str
    bound: Bound
    kind: StepKind
    who: str
    #: What it comes from, in words, with the address of the official page or "".
    cited: tuple[tuple[str, str], ...]
    contacts: tuple[Contact, ...]
    condition: str
    to_confirm: str

    @property
    def source(self) -> str:
        """What it comes from, in one line."""
        return " ; ".join(text for text, _ in self.cited)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The steps of an action, in the order of their days; ``given``: the days it starts from."""

    given: Given
    entries: tuple[Entry, ...]


class Documents:
    """Makes documents from avis on one rulebook.  Safe to share between threads."""

    def __init__(self, book: Rulebook, root: Path) -> None:
        """``root``: the folder of the rulebook.  Raises ``RulebookError``."""
        self.book = book
        self.library = load_library(root, book)
        self.steps, self.bodies = load_around(root, book, self.library)

    @property
    def fingerprint(self) -> str:
        """Hash of the models, the steps and the bodies."""
        return self.library.fingerprint

    # -- which documents -----------------------------------------------------------------------

    def offers(self, advice: Advice, today: dt.date) -> list[Offer]:
        """Every document that the situation calls for, or may call for, in order."""
        situation = Situation(self.library, self.book, advice)
        return [
            offer
            for model in self.library.ordered()
            if (offer := self._offer(situation, model, today)) is not None
        ]

    def _offer(self, situation: Situation, model: Model, today: dt.date) -> Offer | None:
        called = situation.truth(model.test)
        if called == F or not model.period.contains(situation.day):
            return None
        if any(
            model.id in other.replaces
            and situation.truth(other.test) == V
            and other.period.contains(situation.day)
            for other in self.library.models.values()
        ):
            return None
        gate = self.library.gates[model.kind]
        state, reason = self._state(situation, model, called == U)
        return Offer(
            model=model,
            title=set_text(model.title),
            use=set_text(model.use),
            kind=model.kind,
            kind_title=set_text(gate.title),
            act=gate.act,
            state=state,
            reason=reason,
            mode="reconstitution" if situation.day < today else "projet",
        )

    def _state(self, situation: Situation, model: Model, uncertain: bool) -> tuple[OfferState, str]:
        gate = self.library.gates[model.kind]
        opening = gate.openings.get(situation.answer)
        if opening is None or (opening == "si_doute" and not situation.doubtful):
            return "refuse", set_text(gate.refusals[situation.answer])
        if uncertain:
            filler = Filler(situation, Lists({}, {}))
            filler.extra["document.condition"] = situation.in_words(model.test)
            return "incertain", filler.word(UNCERTAIN_WORD)
        if situation.blocked(gate):
            return "refuse", set_text(gate.why_blocked)
        situation.keep(gate)
        if situation.emptied:
            return "refuse", set_text(gate.refusals.get(situation.answer, ""))
        return "possible", ""

    def make(
        self, advice: Advice, ident: str, today: dt.date, given: Given | None = None
    ) -> Document:
        """One document.  Raises ``KeyError`` for an unknown one, ``Closed`` for a refused one."""
        model = self.library.models[ident]
        situation = Situation(self.library, self.book, advice)
        offer = self._offer(situation, model, today)
        if offer is None:
            raise Closed(self._elsewhere(situation))
        if offer.state != "possible":
            raise Closed(offer.reason)
        entries = self.calendar(advice, given).entries
        lists = situation.lists(
            [
                {
                    "id": e.step.id, "titre": e.title, "date": e.when, "qui": e.who,
                    "source": e.source,
                }
                for e in entries
            ],
            [
                {"id": c.id, "nom": set_text(c.name), "site": c.site, "raison": set_text(c.reason)}
                for c in self.contacts(advice)
            ],
            today,
            self._territory(advice),
        )  # fmt: skip
        return compose(situation, lists, model, offer.mode, today)

    def _elsewhere(self, situation: Situation) -> str:
        return Filler(situation, Lists({}, {})).word("refus_hors_situation")

    # -- the calendar --------------------------------------------------------------------------

    def given(
        self,
        advice: Advice,
        publication: dt.date | None = None,
        transmission: dt.date | None = None,
    ) -> Given:
        """The days that a calendar starts from.

        Without better, the act is published and transmitted on the working day after the séance.
        """  # fmt: skip
        day = advice.scenario.day
        territory = self._territory(advice)
        local = advice.findings.scenario.facts.get(_ALSACE_MOSELLE) is True
        place = delays.place_of(territory.department.code if territory else "", local)
        usual = delays.next_working(day + dt.timedelta(days=1), place)
        published = publication or usual
        return Given(day, published, transmission or published, place)

    def calendar(self, advice: Advice, given: Given | None = None) -> Calendar:
        """The steps that this situation calls for, with their days."""
        situation = Situation(self.library, self.book, advice)
        truths = Truths(self.book, self.steps.atoms, advice)
        start = given or self.given(advice)
        days = dated(self.steps.steps, start)
        filler = Filler(situation, Lists({}, {}))
        entries = []
        for step in self.steps.steps:
            if not step.period.contains(situation.day):
                continue
            found = truths.of(step.test.formula)
            if found != F:
                entries.append(self._entry(situation, filler, step, days[step.id], found == U))
        last = dt.date.max
        entries.sort(key=lambda entry: (entry.date or last, entry.step.order))
        return Calendar(start, tuple(entries))

    def _entry(
        self, situation: Situation, filler: Filler, step: Step, day: dt.date | None, doubt: bool
    ) -> Entry:
        if day is None:
            when = filler.word(UNDATED_WORD)
        else:
            filler.extra["document.date"] = long_date(day)
            when = filler.word(WHEN_WORDS[step.bound])
        return Entry(
            step=step,
            title=filler.plain(step.title),
            text=filler.plain(step.text),
            date=day,
            when=when,
            bound=step.bound,
            kind=step.kind,
            who=filler.word(f"qui_{step.who}"),
            cited=tuple(
                (set_text(str(ref)), ref.source.address) for ref in step.cited.on(situation.day)
            ),
            contacts=tuple(self.bodies.contacts[name] for name in step.contacts),
            condition=situation.in_words(step.test, self.steps.atoms) if doubt else "",
            to_confirm=set_text(step.to_confirm),
        )

    # -- bodies --------------------------------------------------------------------------------

    def contacts(self, advice: Advice) -> Sequence[Contact]:
        """The bodies that this situation calls for, in order."""
        truths = Truths(self.book, self.bodies.atoms, advice)
        territory = self._territory(advice)
        region = territory.region.code if territory else ""
        found = [
            body
            for body in self.bodies.contacts.values()
            if truths.of(body.test.formula) == V and (not body.regions or region in body.regions)
        ]
        return sorted(found, key=lambda body: (body.order, body.id))

    def _territory(self, advice: Advice) -> Territory | None:
        code = advice.findings.scenario.facts.get(answers.ACTOR_CODE)
        return load_directory().by_code(code) if isinstance(code, str) else None


def load_documents(book: Rulebook) -> Documents | None:
    """Those of a rulebook; ``None`` when it declares no model.  Raises ``RulebookError``."""
    if book.folder is None or not (book.folder / FOLDER).is_dir():
        return None
    return Documents(book, book.folder)


def long_date(day: dt.date) -> str:
    """A date with its day of the week.

    >>> long_date(dt.date(2026, 12, 4)).replace("\\xa0", " ")
    'vendredi 4 décembre 2026'
    """
    return set_text(f"{_WEEKDAYS[day.weekday()]} {date_words(day)}")
