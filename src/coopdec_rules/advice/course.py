"""What to ask of someone who comes with a situation, in which order, and when to stop.

Asked are the situation's own questions, in its order, then the unknown facts that can still change
an answer, an element, a condition or a ceiling: those that can turn the main answer first.  What
the vocabulary presumes and the situation does not ask about is left to the avis, which tells it.
Nothing is asked that cannot change anything, nor once the action is refused whatever is answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from coopdec_rules.advice import answers
from coopdec_rules.advice.questions import Inquiry, OpenQuestion, inquire
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.advice.standing import without
from coopdec_rules.advice.states import States
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.bearing import Addition, Subject
from coopdec_rules.reasoning.reasoner import FactAt, MomentReasoner
from coopdec_rules.rulebook.model import Conclusion, Fact, Rule
from coopdec_rules.rulebook.situations import Situation

#: Questions asked, at most, of someone who comes with a situation: who and when are two more.
MOST = 7
#: Texts shown, at most, beside a question.
_TEXTS = 2


@dataclass(frozen=True, slots=True)
class Useful:
    """A question that matters: what it is asked for, and the rules that read its answer.

    ``elements``: the elements it can change; ``decides``: it can change the main answer;
    ``texts``: the rules, of the highest rank first, one for each source.
    """

    fact: Fact
    item: int | None
    elements: tuple[Conclusion, ...]
    decides: bool
    texts: tuple[Rule, ...]

    @property
    def at(self) -> FactAt:
        """The fact asked about, and its item."""
        return self.fact.id, self.item


@dataclass(frozen=True, slots=True)
class Course:
    """Where someone stands on the way to an avis.

    ``questions``: what is still worth asking, in order.  ``elements``: each element of validity
    with its value as things are presumed (``None``: not settled).  ``answer``: the main answer, as
    far as it is settled.  ``refused``: it is the worst one, whatever is answered.  ``findings``:
    the engine's, on the scenario as presumed.
    """

    questions: tuple[Useful, ...]
    elements: tuple[tuple[Conclusion, str | None], ...]
    answer: str | None
    refused: bool
    findings: Findings


def course(
    law: CompiledLaw,
    scenario: Scenario,
    reasoner: MomentReasoner | None,
    situation: Situation | None,
    seen: Collection[FactAt] = (),
) -> Course:
    """The course of a scenario; ``seen``: facts asked already, answered or not."""
    evaluation = Evaluation(law)
    findings = evaluation.run(scenario.base)
    own = tuple(_own(situation, findings)) if situation else ()
    released = {
        (p.fact.id, p.item)
        for p in scenario.presumed
        # What a source lets presume is shown in the avis, not asked.
        if p.fact.id in own and (p.fact.id, p.item) not in seen and not p.origin
    }
    base = without(scenario.base, released)
    open_findings = evaluation.run(base)
    found = inquire(law, open_findings, replace(scenario, base=base), reasoner)
    states = States(
        open_findings, {} if found.reasoned is None else found.reasoned.examination.outlook
    )
    main = law.state.rulebook.conclusions[answers.POWER]
    refused = states.state(answers.POWER)[0] == main.order[0]
    asked = [] if refused else _ordered(law, found, own, seen)
    if situation is not None:
        asked = _once(law, scenario, situation, asked, seen)
    return Course(
        tuple(_useful(law, found, question) for question in asked),
        tuple(
            (element, findings.scenario.conclusions[element.id].value)
            for element in law.state.rulebook.elements
            if element.scope is None
        ),
        findings.scenario.conclusions[answers.POWER].value,
        refused,
        findings,
    )


def _own(situation: Situation, findings: Findings) -> Iterator[str]:
    """The situation's own questions, but those that need a conclusion it has not reached."""
    reached = findings.scenario.conclusions
    for name in situation.questions:
        only = situation.only.get(name)
        if only is None or reached[only[0]].value == only[1]:
            yield name


def _ordered(
    law: CompiledLaw, found: Inquiry, own: Collection[str], seen: Collection[FactAt]
) -> list[OpenQuestion]:
    """What is asked now: the situation's own questions, then the rest, the decisive ones first."""
    now = [
        question
        for question in found.questions
        if not question.kept_back
        and question.at not in seen
        and any(not _later(law, subject) for subject in question.subjects)
    ]
    order = {name: place for place, name in enumerate(own)}
    return sorted(
        now,
        key=lambda q: (order.get(q.fact.id, len(order)), not _decides(q), q.item or 0),
    )


def _once(
    law: CompiledLaw,
    scenario: Scenario,
    situation: Situation,
    asked: list[OpenQuestion],
    seen: Collection[FactAt],
) -> list[OpenQuestion]:
    """The questions but those that another one answers besides: asked now, or left unanswered."""
    facts, now = law.state.rulebook.facts, {question.at for question in asked}
    gone = set()
    for name, copy in situation.copies.items():
        items = range(len(scenario.base.items[scope])) if (scope := facts[name].scope) else [None]
        for item in items:
            at = (name, item)
            if at in now or (at in seen and not stated_at(scenario, at)):
                gone.add((copy.target, item if facts[copy.target].scope else None))
    return [question for question in asked if question.at not in gone]


def stated_at(scenario: Scenario, at: FactAt) -> bool:
    """Whether a scenario states a fact itself: known, and not presumed."""
    name, item = at
    scope = scenario.base.items
    known = (
        any(name in (entries[item] if item < len(entries) else {}) for entries in scope.values())
        if item is not None
        else name in scenario.base.scenario
    )
    return known and all((p.fact.id, p.item) != at for p in scenario.presumed)


def _later(law: CompiledLaw, subject: Subject) -> bool:
    """Whether a subject is only asked about once the avis is given."""
    name, _ = subject
    if isinstance(name, Addition):
        return False
    display = law.state.rulebook.conclusions[name].display
    return display is not None and display.later


def _decides(question: OpenQuestion) -> bool:
    return any(name == answers.POWER for name, _ in question.subjects)


def _useful(law: CompiledLaw, found: Inquiry, question: OpenQuestion) -> Useful:
    names = [name for name, _ in question.subjects if isinstance(name, str)]
    elements = tuple(e for e in law.state.rulebook.elements if e.id in names)
    texts: dict[str, Rule] = {}
    for rule in sorted(
        _reading(law, found, question), key=lambda r: (_rank(law, r), bool(r.table))
    ):
        texts.setdefault(str(rule.main_source), rule)
    return Useful(
        question.fact,
        question.item,
        elements,
        _decides(question),
        tuple(texts.values())[:_TEXTS],
    )


def _reading(law: CompiledLaw, found: Inquiry, question: OpenQuestion) -> Iterator[Rule]:
    """The undecided rules of a text that read the fact, on the way to what it is asked for."""
    book = law.state.rulebook
    indexes = {
        index
        for subject in question.subjects
        if not _later(law, subject) and subject in found.waits
        for index, item in found.waits[subject].rules
        if item in (None, question.item) or question.item is None
    }
    for index in sorted(indexes):
        rule = law.rules[index]
        reads = any(question.fact.id in book.index.facts[atom] for atom in law.atoms_of[index])
        if reads and not book.ranks[rule.rank].method:
            yield rule


def _rank(law: CompiledLaw, rule: Rule) -> int:
    return list(law.state.rulebook.ranks).index(rule.rank)
