"""Which questions matter: the one definition, for the form, the avis, the API and the terminal.

A question matters when its answer can change, all else equal, something that the avis tells: an
answer, a condition to fulfil, a ceiling.  Where every completion of the scenario can be looked at,
that is exact; elsewhere it is what the engine's undecided rules wait for.

What may turn out to have no object is kept back: one of the facts that decide on it is asked
first, since whatever makes a question idle or not changes the same things.  So is a question that
speaks of what is still to be said (``suppose``, in the vocabulary).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from coopdec_rules.advice.model_parts import EffetDeReponse, ObjetDeQuestion, Question
from coopdec_rules.advice.reasoned import Reasoned, examine, item_of
from coopdec_rules.advice.scenario import Scenario, pointer_of
from coopdec_rules.advice.subjects import open_subjects
from coopdec_rules.advice.waiting import Waiting, waited, waiting
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.bearing import Addition, Subject
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.reasoner import FactAt, MomentReasoner
from coopdec_rules.rulebook.formula import U, evaluator
from coopdec_rules.rulebook.model import Fact, Value
from coopdec_rules.rulebook.rulebook import Rulebook

#: What an addition is, as an avis names it.
_Kind = Literal["condition", "formalite", "plafond"]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An unknown fact that can still change something that the avis tells.

    ``subjects`` are what it can change; ``gain`` the share (0 to 1) of the doubt on the answers
    that it lifts on average (``None``: not worked out); ``effects`` what each value would leave
    possible; ``kept_back``: it may have no object, and a fact that decides on it is asked first, or
    its question speaks of what is asked first (``after``).
    """

    fact: Fact
    item: int | None
    subjects: tuple[Subject, ...]
    gain: float | None = None
    effects: tuple[tuple[Value, Mapping[Answer, tuple[str, ...]]], ...] = ()
    kept_back: bool = False
    after: tuple[Fact, ...] = ()

    @property
    def at(self) -> FactAt:
        """The fact asked about, and its item."""
        return self.fact.id, self.item


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The questions of one scenario, the most useful first, and what was found on the way.

    ``waits`` tells what each subject waits for as the engine sees it; ``reasoned`` what every
    completion shows, ``None`` when they were not looked at.
    """

    questions: tuple[OpenQuestion, ...]
    waits: Mapping[Subject, Waiting]
    reasoned: Reasoned | None


def inquire(
    law: CompiledLaw,
    findings: Findings,
    scenario: Scenario,
    reasoner: MomentReasoner | None,
    effects: int = 0,
) -> Inquiry:
    """The questions that matter; exactly these with a ``reasoner``.

    ``effects`` questions get the effect of each of their values.
    """
    book = law.state.rulebook
    waits = waiting(law, findings, open_subjects(law, findings))
    if reasoner is None:
        return Inquiry(_ordered(law, findings, _waited(book, waits)), waits, None)
    reasoned = examine(reasoner, scenario, findings, effects, waits)
    exact = [
        OpenQuestion(book.facts[q.fact], item_of(q.place), q.subjects, q.gain, q.effects)
        for q in reasoned.examination.questions
    ]
    return Inquiry(_ordered(law, findings, exact), waits, reasoned)


def questioned(
    law: CompiledLaw,
    findings: Findings,
    day: dt.date,
    base: FactBase,
    reasoner: MomentReasoner | None,
    among: Set[FactAt] | None = None,
) -> set[FactAt]:
    """The facts of the questions that matter (``among`` some), untold what each is asked for."""
    subjects = open_subjects(law, findings)
    found = waited(law, findings, subjects)
    if among is not None:
        found &= among
    if found and reasoner is not None:
        found &= reasoner.bearing(reasoner.situation(day, base), subjects, found)
    return found


def _waited(book: Rulebook, waits: Mapping[Subject, Waiting]) -> list[OpenQuestion]:
    """Questions as the engine sees them: those of the first answers first, the most read first."""
    asked: dict[FactAt, list[Subject]] = {}
    for subject, wait in waits.items():
        for at in sorted(wait.facts, key=lambda at: -wait.facts[at]):
            asked.setdefault(at, []).append(subject)
    return [OpenQuestion(book.facts[name], item, tuple(on)) for (name, item), on in asked.items()]


def _ordered(
    law: CompiledLaw, findings: Findings, found: Sequence[OpenQuestion]
) -> tuple[OpenQuestion, ...]:
    """The questions, those that are kept back last."""
    asked = {question.at for question in found}
    told = [
        replace(
            q,
            kept_back=kept_back(law, findings, q.at, asked),
            after=supposed(law, q.at, asked),
        )
        for q in found
    ]
    return tuple(sorted(told, key=lambda q: q.kept_back))


def kept_back(law: CompiledLaw, findings: Findings, at: FactAt, asked: Set[FactAt]) -> bool:
    """Whether something asked comes before a fact.

    It may have no object, and one that decides on it is ``asked``; or its question speaks of what
    is ``asked``.
    """
    fact, item = law.state.rulebook.facts[at[0]], at[1]
    if supposed(law, at, asked):
        return True
    return doubtful(fact, item, findings) and not asked.isdisjoint(_deciding(law, fact, item))


def supposed(law: CompiledLaw, at: FactAt, asked: Set[FactAt]) -> tuple[Fact, ...]:
    """Facts of which the question about one speaks, and that are ``asked`` themselves."""
    facts, (name, item) = law.state.rulebook.facts, at
    own = facts[name].scope

    def waits(fact: Fact) -> bool:
        if fact.scope is not None and own is None:
            return any(asked_name == fact.id for asked_name, _ in asked)
        return (fact.id, item if fact.scope else None) in asked

    return tuple(fact for other in facts[name].supposes if waits(fact := facts[other]))


def doubtful(fact: Fact, item: int | None, findings: Findings) -> bool:
    """Whether it is not known if a fact has an object."""
    relevant = fact.relevant_if
    return relevant is not None and evaluator(relevant)(reading_at(findings, fact, item).atoms) == U


def _deciding(law: CompiledLaw, fact: Fact, item: int | None) -> set[FactAt]:
    """Facts that decide whether a fact has an object, and those that decide on them in turn."""
    facts, index = law.state.rulebook.facts, law.state.rulebook.index
    found: set[FactAt] = set()
    todo = [fact.id]
    while todo:
        relevant = index.relevance.get(todo.pop())
        for atom in () if relevant is None else relevant.atoms:
            for name in index.facts[atom]:
                at = (name, None if facts[name].scope is None else item)
                if at not in found:
                    found.add(at)
                    todo.append(name)
    return found


def reading_at(findings: Findings, fact: Fact, item: int | None) -> Reading:
    """Where a fact is read."""
    return findings.scenario if fact.scope is None else findings.items[fact.scope][item or 0]


# -- as the avis shows them ------------------------------------------------------------------------


class QuestionWriter:
    """Writes the questions of one law as an avis, the API and the page show them."""

    def __init__(self, law: CompiledLaw, wording: Wording) -> None:
        self.law = law
        self.wording = wording

    def data(self, question: OpenQuestion, findings: Findings) -> Question:
        """A question, what it is asked for and what its answers would do."""
        fact = question.fact
        return {
            "fait": fact.id,
            "question": fact.question,
            "aide": fact.help or None,
            "type": fact.type,
            "valeurs": dict(fact.values),
            "pointeur": pointer_of(fact, question.item),
            "element": question.item,
            "pertinent_si": self._proviso(question),
            "pour": self._answers(question.subjects),
            "aussi_pour": self._additions(question.subjects, findings),
            "apport": None if question.gain is None else round(question.gain, 4),
            "effets": [self._effect(fact, value, then) for value, then in _shown(question)],
        }

    def _answers(self, subjects: Sequence[Subject]) -> list[str]:
        """The conclusions at stake; an answer of an item only when none of the whole is.

        Elements are each told: they are what the answers are made of.
        """
        given = {name: place for name, place in subjects if isinstance(name, str)}
        if all(place is not None for place in given.values()):
            return list(given)
        elements = {element.id for element in self.law.state.rulebook.elements}
        return [name for name, place in given.items() if place is None or name in elements]

    def _proviso(self, question: OpenQuestion) -> str | None:
        if not question.kept_back:
            return None
        if question.after:
            return " ; ".join(f"« {fact.label} » est connu" for fact in question.after)
        relevant = question.fact.relevant_if
        return None if relevant is None else self.wording.condition(relevant)

    def _effect(
        self, fact: Fact, value: Value, then: Mapping[Answer, tuple[str, ...]]
    ) -> EffetDeReponse:
        return {
            "valeur": value,
            "valeur_libelle": fact.said(value),
            "reponses": {
                name: list(possible) for (name, place), possible in then.items() if place is None
            },
        }

    def _additions(self, subjects: Iterable[Subject], findings: Findings) -> list[ObjetDeQuestion]:
        """Conditions and ceilings; what is said of several items is said once."""
        found: dict[tuple[str, str, str], ObjetDeQuestion] = {}
        for name, place in subjects:
            if not isinstance(name, Addition):
                continue
            kind, text = self._said(name, place, findings)
            rule = self.law.rules[name.rule]
            entry = found.setdefault(
                (kind, text, rule.id),
                {"genre": kind, "texte": text, "regle": rule.id, "groupe": rule.scope,
                 "elements": []},
            )  # fmt: skip
            if place is not None:
                entry["elements"].append(place[1])
        return list(found.values())

    def _said(self, addition: Addition, place: Place, findings: Findings) -> tuple[_Kind, str]:
        rule = self.law.rules[addition.rule]
        if addition.effect is None:
            return "plafond", "" if rule.ceiling is None else self.wording.ceiling(rule.ceiling)
        effect = rule.effects[addition.effect]
        readings = [findings.scenario]
        if place is not None:
            readings.insert(0, findings.items[place[0]][place[1]])
        kind: _Kind = "formalite" if effect.kind == "formalite" else "condition"
        return kind, self.wording.fill(effect.text, *readings)


def _shown(
    question: OpenQuestion,
) -> Sequence[tuple[Value, Mapping[Answer, tuple[str, ...]]]]:
    """Effects of values that can be named: a number's cells cannot."""
    return question.effects if question.fact.kind.each_apart else ()


def purpose(question: Question, book: Rulebook) -> str:
    """What a question, as ``QuestionWriter.data`` writes it, is asked for, in words."""
    named = [book.conclusions[name].label for name in question["pour"]]
    named += [
        f"plafond ({one['texte']})" if one["genre"] == "plafond" else f"« {one['texte']} »"
        for one in question["aussi_pour"]
        if not question["pour"]
    ]
    more = len(question["aussi_pour"]) if question["pour"] else 0
    if more:
        named.append(
            "une condition ou un plafond" if more == 1 else f"{more} conditions ou plafonds"
        )
    return ", ".join(named)
