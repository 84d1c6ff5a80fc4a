"""Situations in the terminal: their list, and an interview that starts from one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.course import MOST, Useful, stated_at
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.advice.stating import stated
from coopdec_rules.cli.common import fail, out, rulebook
from coopdec_rules.cli.interview import (
    SKIP,
    STOP,
    read_line,
    read_value,
    required,
    show_choices,
)
from coopdec_rules.errors import ScenarioError, suggest
from coopdec_rules.reasoning.reasoner import FactAt
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.situations import Situation


def situations_command() -> None:
    """Les situations d'où partir : « coopdec avis --situation NOM --interroger »."""
    book = rulebook()
    width = max(map(len, book.situations), default=0)
    for situation in book.situations.values():
        out.print(Text(f"{situation.id:<{width}}  {situation.title}"), soft_wrap=True)
        out.print(Text(f"{'':<{width}}  {situation.help}", style="dim"), soft_wrap=True)


def situation_named(book: Rulebook, name: str) -> Situation:
    """A situation by its name; ends the command when there is none."""
    found = book.situations.get(name)
    if found is None:
        near = suggest(name, book.situations)
        hint = f" Vouliez-vous dire « {near} » ?" if near else ""
        fail(f"La situation « {name} » n'existe pas.{hint} Les voir : coopdec situations.")
    return found


def situation_interview(
    console: Console,
    advisor: Advisor,
    situation: Situation,
    document: Mapping[str, object],
    today: dt.date,
) -> dict[str, object]:
    """The scenario of a situation, with the answers to the few questions that matter to it.

    As on the pages: the situation's questions in its words, at most ``MOST``, none without effect;
    the avis tells the rest.
    """
    console.print(Text(situation.title, style="bold"))
    known = required(console, advisor, dict(document), today)
    console.print(f"{MOST} questions au plus ; « {SKIP} » : je ne sais pas ; "
                  f"« {STOP} » : s'arrêter là.\n", style="dim")  # fmt: skip
    seen: list[FactAt] = []
    while len(seen) < MOST:
        course = advisor.course(advisor.readable(known, today), situation, seen)
        if not course.questions:
            break
        asked = course.questions[0]
        seen.append(asked.at)
        _ask(console, situation, asked)
        while True:
            said = read_line(console)
            if said is None or said.lower() == STOP:
                return known
            if said in ("", SKIP):
                break
            try:
                value = read_value(console, asked.fact, said, today)
                trial = answered(advisor, situation, known, asked.at, value, today)
            except ScenarioError as error:
                for problem in error.problems:
                    console.print(f"  {problem.message} {problem.expected or ''}", style="red")
                continue
            known = trial
            break
    return known


def _ask(console: Console, situation: Situation, asked: Useful) -> None:
    fact = asked.fact
    question = situation.words.get(fact.id, fact.question)
    console.print(Text(question, style="bold"), soft_wrap=True)
    if fact.help:
        console.print(Text(fact.help, style="dim"), soft_wrap=True)
    show_choices(console, fact)
    aims = [e.display.question for e in asked.elements if e.display is not None]
    if aims:
        console.print(Text(f"(pour savoir : {' '.join(aims)})", style="dim"), soft_wrap=True)


def answered(
    advisor: Advisor,
    situation: Situation,
    known: Mapping[str, object],
    at: FactAt,
    value: object,
    today: dt.date,
) -> dict[str, object]:
    """The scenario with an answer and what that answer also says, unless something else was said.

    Raises ``ScenarioError`` as ``Advisor.read`` does.
    """
    (name, item), facts = at, advisor.rulebook.facts
    found = stated(known, pointer_of(facts[name], item), value)
    scenario = advisor.read(found, today)
    copy = situation.copies.get(name)
    besides = copy.values.get(str(value)) if copy else None
    if copy is None or besides is None:
        return found
    target = facts[copy.target]
    there = (item or 0) if target.scope else None
    if stated_at(scenario, (copy.target, there)):
        return found
    found = stated(found, pointer_of(target, there), besides)
    advisor.read(found, today)
    return found
