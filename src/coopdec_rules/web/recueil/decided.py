"""Worked cases by rule: where each applies, decides or is set aside.  Run once, when asked."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.told import told_facts
from coopdec_rules.errors import ScenarioError
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.web.avis.permalink import encode
from coopdec_rules.web.service import Service
from coopdec_rules.workshop.cases import ORIGINS, Case
from coopdec_rules.workshop.coverage import adding, uses

_ROLES = ("Elle y décide", "Elle s'y applique", "Elle y est écartée")
#: How long a page waits, in seconds, for the cases to be read (half a minute): not at all.
PATIENCE = 0.0
#: Seconds left to requests after each case read.
_PAUSE = 0.005
#: Facts shown first in a scenario, and never shown as facts.
_NOT_SHOWN = ("date", "lecture")


@dataclass(frozen=True, slots=True)
class CaseUse:
    """A worked case in which a rule plays a part."""

    case: Case
    day: dt.date
    role: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A scenario in which a rule decides: what it states, what the avis answers."""

    title: str
    source: str
    day: dt.date
    facts: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    #: Address of the form filled with the scenario.
    form: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of the avis of a case: its answers, and whether questions are left."""

    answers: tuple[str, ...]
    open: bool


def _answers(avis: Avis) -> tuple[str, ...]:
    """The answers of an avis, each in its sentences."""
    told = avis["resume"]
    return told["habilitation"], told["maitrise_ouvrage"], told["palier"]


class Decided:
    """The part each rule plays in the worked cases of one service."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._uses: Mapping[str, list[CaseUse]] | None = None
        self._avis: dict[str, _Kept] = {}
        self._made: dict[str, Example | None] = {}
        self._reasoned: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._read = threading.Event()
        self._reader: threading.Thread | None = None

    def ready(self) -> bool:
        """Whether the cases were read; the first call starts it, beside the requests."""
        with self._lock:
            if self._reader is None:
                self._reader = threading.Thread(
                    target=self._run, args=(_PAUSE,), daemon=True, name="cas"
                )
                self._reader.start()
        return self._read.wait(PATIENCE)

    def uses(self, rule: Rule) -> list[CaseUse]:
        """Cases in which this version of the rule decides, applies or is set aside."""
        return [use for use in self._all().get(rule.id, ()) if rule.period.contains(use.day)]

    def example(self, rule: Rule) -> Example | None:
        """A scenario in which this version of the rule decides: a worked case, or one made up.

        ``None`` when none is found (``Advisor.example``).
        """
        deciding = [use for use in self.uses(rule) if use.decides]
        if not deciding:
            if rule.key not in self._made:
                self._made[rule.key] = self._made_up(rule)
            return self._made[rule.key]
        use = min(deciding, key=self._clarity)
        return Example(
            title=use.case.title,
            source=use.case.source,
            day=use.day,
            facts=tuple(self._facts(use.case.scenario, use.day)),
            answers=self._answers(use.case),
            form=f"/?cas={use.case.id}",
        )

    def _made_up(self, rule: Rule) -> Example | None:
        advisor = self.service.advisor
        scenario = advisor.example(rule)
        if scenario is None:
            return None
        day = dt.date.fromisoformat(str(scenario["date"]))
        return Example(
            title="scénario composé pour la montrer",
            source="Aucun cas d'étude ne la fait décider : celui-ci est déduit du recueil et "
            "réduit à ce qu'il lui faut ; ce n'est pas un cas réel.",
            day=day,
            facts=tuple(self._facts(scenario, day)),
            answers=_answers(advisor.advise(scenario).avis),
            form=f"/demande?etape=resume&s={encode(scenario)}",
        )

    def _clarity(self, use: CaseUse) -> tuple[bool, int, int]:
        """Cases that leave no question open come first, then real ones, then short ones."""
        case = use.case
        unsettled = self._avis[case.id].open
        return unsettled, ORIGINS.index(case.origin), len(str(case.scenario))

    def _answers(self, case: Case) -> tuple[str, ...]:
        """The three answers of a case, as its avis gives them."""
        avis = self._avis[case.id]
        if avis.open and case.id not in self._reasoned:
            # Where the engine leaves a question open, reasoning may still settle it.
            reasoned = self.service.advisor.advise(case.scenario)
            self._reasoned[case.id] = _answers(reasoned.avis)
        return self._reasoned.get(case.id) or avis.answers

    def _facts(self, scenario: Mapping[str, object], day: dt.date) -> list[tuple[str, str]]:
        book = self.service.book
        read = self.service.advisor.reader.read(scenario, day)
        found = []
        for told in told_facts(book, read):
            place = ""
            if told.item is not None and len(read.base.items[told.fact.group.id]) > 1:
                place = f" ({told.fact.group.noun.singular} {told.item + 1})"
            if told.fact.id not in _NOT_SHOWN:
                found.append((told.fact.label + place, told.text))
        return found

    def _all(self) -> Mapping[str, list[CaseUse]]:
        if self._uses is None:
            self._run(0)
        return self._uses or {}

    def _cases(self) -> Iterable[Case]:
        return self.service.cases.values()

    def _run(self, pause: float) -> None:
        """Read every case, with a ``pause`` in seconds after each."""
        try:
            self._uses = self._found(pause)
        finally:
            self._read.set()

    def _found(self, pause: float) -> Mapping[str, list[CaseUse]]:
        found: dict[str, list[CaseUse]] = {}
        advisor, adds = self.service.advisor, adding(self.service.book)
        # Day after day: each state of the law is compiled once.
        for case in sorted(self._cases(), key=lambda case: str(case.scenario.get("date", ""))):
            time.sleep(pause)
            try:
                # The engine alone tells which rules apply; reasoning is asked for when shown.
                avis = advisor.advise(case.scenario, reasoning=False).avis
            except ScenarioError:
                continue  # a case that shows what cannot be
            self._avis[case.id] = _Kept(_answers(avis), any(q["pour"] for q in avis["questions"]))
            day = dt.date.fromisoformat(avis["droit_au"])
            for name, use in uses(avis["motifs"], adds).items():
                role = _role(use)
                if role is not None:
                    found.setdefault(name, []).append(CaseUse(case, day, _ROLES[role], role == 0))
        for cases in found.values():
            cases.sort(key=lambda u: (_ROLES.index(u.role), u.day, u.case.id))
        return found


def _role(use: Set[str]) -> int | None:
    """Place in ``_ROLES`` of the first of these that a rule did in a case, if any."""
    return next((n for n, did in enumerate(("decisive", "applied", "aside")) if did in use), None)
