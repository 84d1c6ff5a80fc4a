"""The reasons of an avis: every rule that applied, was set aside or stays undecided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import Final

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import (
    ConditionLue,
    ConditionState,
    Motif,
    ReasonState,
)
from coopdec_rules.advice.reviewed import review_of
from coopdec_rules.advice.waiting import RuleAt
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import Evaluator, F, Truth, U, V, evaluator
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.reviews import ACCEPTED, WARNED, Reviews

APPLIED: Final = "appliquee"
ASIDE: Final = "ecartee"
OPEN: Final = "indeterminee"
UNMET: Final = "non_remplie"
STATES: Final[Mapping[Truth, ConditionState]] = {
    "v": "remplie",
    "f": "non_remplie",
    "u": "inconnue",
}


#: The words of each condition of a rule, and what reads it.
_Conditions = tuple[tuple[str, Evaluator], ...]


class Cards:
    """What is said of each rule of a rulebook, whatever the scenario and the day."""

    def __init__(self, wording: Wording, reviews: Reviews) -> None:
        self.wording = wording
        self._reviews = reviews
        self._made: dict[str, tuple[_Conditions, Motif]] = {}

    def of(self, rule: Rule) -> tuple[_Conditions, Motif]:
        """The conditions of a rule, and its reason when all are met; never to be changed."""
        found = self._made.get(rule.key)
        if found is None:
            conditions = tuple(
                (self.wording.condition(c.formula), evaluator(c.formula)) for c in rule.conditions
            )
            met: list[ConditionLue] = [{"texte": t, "etat": STATES[V]} for t, _ in conditions]
            found = self._made[rule.key] = conditions, self._card(rule, met)
        return found

    def _card(self, rule: Rule, met: list[ConditionLue]) -> Motif:
        return {
            "regle": rule.id,
            "normes": list(rule.norms),
            "rang": rule.rank,
            "sources": [
                {
                    "titre": ref.source.title,
                    "reperage": ref.pinpoint,
                    "rang": ref.source.rank,
                    "date": ref.source.date,
                    "confiance": ref.source.confidence,
                }
                for ref in rule.sources
            ],
            "en_vigueur": {
                "du": rule.period.start.isoformat() if rule.period.start else None,
                "au": rule.period.end.isoformat() if rule.period.end else None,
            },
            "conclut": dict(rule.concludes),
            "confiance": rule.confidence,
            "doute": rule.doubt or None,
            "relue": self._reviews.state(rule) in ACCEPTED,
            "relecture": review_of(self._reviews, rule),
            "fichier": rule.file,
            "ligne": rule.line,
            "etat": APPLIED,
            "groupe": rule.scope,
            "element": None,
            "ecartee_par": [],
            "peut_etre_ecartee_par": [],
            "explication": rule.explanation,
            "conditions": met,
        }


class Tracer:
    """Writes the reasons for one compiled law; what never changes is written once."""

    def __init__(self, law: CompiledLaw, all_cards: Cards) -> None:
        self.law = law
        self.wording = all_cards.wording
        self.book = law.state.rulebook
        self.reviews = law.state.rulebook.reviews
        #: Rules that a lawyer does not accept as they are: whoever reads the answer is warned.
        self.warned = frozenset(
            index for index, rule in enumerate(law.rules) if self.reviews.state(rule) in WARNED
        )
        cards = [all_cards.of(rule) for rule in law.rules]
        self._conditions = [conditions for conditions, _ in cards]
        #: The reason of each rule when it applies, all its conditions being met.
        self._cards = [card for _, card in cards]
        #: Rules whose pinpoints name an article by a conclusion (its number at the date).
        self._dated = frozenset(
            index
            for index, rule in enumerate(law.rules)
            if any("{" in ref.pinpoint for ref in rule.sources)
        )
        speaking = {i for i, facts in enumerate(law.facts_of) if answers.READING in facts}
        #: Rules that read which reading is asked for, and those that such a rule sets aside.
        self.around_reading = sorted(
            speaking | {o for o, by in law.exceptions.items() if any(i in speaking for i in by)}
        )

    def reasons(
        self, findings: Findings, bearing: Set[RuleAt], complete: bool = False
    ) -> list[Motif]:
        """Reasons of the whole scenario, in the order in which the law was read.

        Of the undecided rules, only those of ``bearing`` are told: they may still change an answer.
        With ``complete``, all are, and the rules in force whose conditions are not met too.
        """
        told = None if complete else bearing
        reasons: list[Motif] = []
        reasons.extend(self._of(findings.scenario, None, None, findings, told))
        for group, items in findings.items.items():
            for position, reading in enumerate(items):
                reasons.extend(self._of(reading, group, position, findings, told))
        return reasons

    def _of(
        self,
        reading: Reading,
        group: str | None,
        position: int | None,
        findings: Findings,
        bearing: Set[RuleAt] | None,
    ) -> Iterable[Motif]:
        order: Iterable[int] = reading.raw
        if bearing is None:
            order = [i for i, rule in enumerate(self.law.rules) if rule.scope == group]
        atoms = reading.atoms
        readings = (reading,) if group is None else (reading, findings.scenario)
        for index in order:
            raw = reading.raw.get(index, F)
            effect = reading.effective.get(index, F)
            if effect == V:
                yield self._applied(index, group, position, readings)
                continue
            state: ReasonState
            if raw == F:
                state = UNMET
            elif effect == U:
                if bearing is not None and (index, position) not in bearing:
                    continue
                state = OPEN
            elif raw == V:
                state = ASIDE
            else:
                continue
            reason = self._reason(index, readings)
            reason["etat"] = state
            reason["element"] = position
            if state == ASIDE:
                reason["ecartee_par"] = self._aside_by(index, reading, findings.scenario, V)
            if state == OPEN:
                # What keeps a rule open though all its conditions may well be met.
                may = self._aside_by(index, reading, findings.scenario, U)
                reason["peut_etre_ecartee_par"] = may
            reason["explication"] = self.wording.fill(self.law.rules[index].explanation, *readings)
            if raw != V:
                reason["conditions"] = [
                    {"texte": text, "etat": STATES[read(atoms)]}
                    for text, read in self._conditions[index]
                ]
            yield reason

    def _reason(self, index: int, readings: tuple[Reading, ...]) -> Motif:
        """A copy of the rule's card; articles are named by their number at the date."""
        reason = self._cards[index].copy()
        if index in self._dated:
            reason["sources"] = [
                {**source, "reperage": self.wording.fill(source["reperage"], *readings)}
                for source in reason["sources"]
            ]
        return reason

    def _applied(
        self, index: int, group: str | None, position: int | None, readings: tuple[Reading, ...]
    ) -> Motif:
        """The reason of a rule that applies.  Never changed after it is made: it may be shared."""
        card = self._cards[index]
        explanation = self.law.rules[index].explanation
        if group is None and "{" not in explanation and index not in self._dated:
            return card
        reason = self._reason(index, readings)
        reason["element"] = position
        reason["explication"] = self.wording.fill(explanation, *readings)
        return reason

    def _aside_by(
        self, index: int, reading: Reading, scenario: Reading, certainty: Truth
    ) -> list[str]:
        """Rules that set this one aside, with certainty (``V``) or perhaps (``U``)."""
        return [
            self.law.rules[other].id
            for other in self.law.exceptions.get(index, ())
            if (reading.effective.get(other) or scenario.effective.get(other)) == certainty
        ]
