"""An interview in the terminal: the most useful question first, until nothing can change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import yaml
from rich.console import Console
from rich.text import Text

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.model_parts import Question
from coopdec_rules.advice.models import Interrogation
from coopdec_rules.advice.questions import purpose
from coopdec_rules.advice.scenario import UNKNOWN, pointer_of
from coopdec_rules.advice.stating import stated
from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.paths import value_at
from coopdec_rules.rulebook.rulebook import Rulebook

#: Values that are shown, at most.
_LISTED = 60
#: What one types to leave a question open, and to end.
SKIP, STOP = "?", "fin"


def interview(
    console: Console, advisor: Advisor, document: Mapping[str, object], today: dt.date
) -> dict[str, object]:
    """Ask until the answers are settled, or the person stops; the document with what was said.

    Nothing that cannot change the avis is asked.  A question left open is not asked again.
    """
    known: dict[str, object] = dict(document)
    known = required(console, advisor, known, today)
    skipped: set[str] = set()
    console.print(f"Répondez par le numéro ou la valeur ; « {SKIP} » : je ne sais pas ; "
                  f"« {STOP} » : s'arrêter là.\n", style="dim")  # fmt: skip
    while True:
        if not _confirmed(console, advisor, known, today, skipped):
            return known
        asking = advisor.questions(known, today)
        left = [q for q in asking["questions"] if q["pointeur"] not in skipped]
        if not left:
            _end(console, asking, bool(skipped))
            return known
        question = left[0]
        fact = advisor.rulebook.facts[question["fait"]]
        _ask(console, advisor.rulebook, question, len(left))
        while True:
            said = read_line(console)
            if said is None or said.lower() == STOP:
                return known
            if said in ("", SKIP):
                skipped.add(question["pointeur"])
                break
            try:
                value = read_value(console, fact, said, today)
                trial = stated(known, question["pointeur"], value)
                advisor.questions(trial, today)
            except ScenarioError as error:
                for problem in error.problems:
                    console.print(f"  {problem.message} {problem.expected or ''}", style="red")
                continue
            known = trial
            break


def _confirmed(
    console: Console, advisor: Advisor, known: dict[str, object], today: dt.date, seen: set[str]
) -> bool:
    """Show what the national base lets presume, where something turns on it, to be corrected.

    ``known`` takes the corrections, ``seen`` what was shown.  Whether the interview goes on.
    """
    scenario = advisor.read(known, today)
    waiting = [p for p in scenario.presumed if p.origin and p.pointer not in seen]
    asked = advisor.standing(scenario).asked if waiting else frozenset()
    for presumed in waiting:
        if (presumed.fact.id, presumed.item) not in asked:
            continue
        seen.add(presumed.pointer)
        fact = presumed.fact
        _show(console, fact.question, presumed.origin, fact)
        value_kept = fact.said(presumed.value)
        kept = f"(Entrée : garder « {value_kept} », présumé ; « {SKIP} » : ne rien présumer)"
        console.print(Text(kept, style="dim"), soft_wrap=True)
        while said := read_line(console):
            if said.lower() == STOP:
                return False
            try:
                value = UNKNOWN if said == SKIP else read_value(console, fact, said, today)
            except ScenarioError as error:
                problem = error.problems[0]
                console.print(f"  {problem.message} {problem.expected or ''}", style="red")
                continue
            known.update(stated(known, presumed.pointer, value))
            break
        if said is None:
            return False
    return True


def document_text(document: Mapping[str, object]) -> str:
    """The scenario as a file that ``coopdec avis`` takes."""
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False)


def required(
    console: Console, advisor: Advisor, known: dict[str, object], today: dt.date
) -> dict[str, object]:
    """Ask first for what no scenario goes without."""
    for fact in advisor.rulebook.facts.values():
        if not fact.required or fact.scope is not None:
            continue
        here = value_at(known, fact.path)
        while here is None:
            _show(console, fact.question, fact.help, fact)
            said = read_line(console)
            if said is None or said.lower() == STOP:
                raise ScenarioError([])
            try:
                here = read_value(console, fact, said, today)
                known = stated(known, pointer_of(fact, None), here)
            except ScenarioError as error:
                console.print(f"  {error.problems[0].message}", style="red")
    return known


def _ask(console: Console, book: Rulebook, question: Question, left: int) -> None:
    item = question["element"]
    place = f" (n° {item + 1})" if item else ""
    console.print(Text(f"{question['question']}{place}", style="bold"), soft_wrap=True)
    if question["aide"]:
        console.print(Text(question["aide"], style="dim"), soft_wrap=True)
    fact = book.facts[question["fait"]]
    show_choices(console, fact)
    others = ""
    if left > 1:
        others = f" ; {left - 1} autre{'s' if left > 2 else ''} question{'s' if left > 2 else ''}"
    share = question["apport"]
    lifted = f" ; lève {round(share * 100)} % du doute en moyenne" if share else ""
    aim = f"(compte pour : {purpose(question, book)}{lifted}{others})"
    console.print(Text(aim, style="dim"), soft_wrap=True)


def _show(console: Console, question: str, help_: str, fact: Fact) -> None:
    console.print(Text(question, style="bold"), soft_wrap=True)
    if help_:
        console.print(Text(help_, style="dim"), soft_wrap=True)
    show_choices(console, fact)


def show_choices(console: Console, fact: Fact) -> None:
    """The values among which one chooses, numbered; a long list, as countries, is typed by name."""
    options = fact.kind.options(fact)
    if len(options) > _LISTED:
        console.print(f"  (le nom ou le code, parmi {len(options)})", style="dim")
        return
    for number, (code, name) in enumerate(options.items(), 1):
        console.print(Text(f"  {number}. {name}" + (f"  [{code}]" if code != name else "")))


def read_line(console: Console) -> str | None:
    """What the person types; ``None`` at the end of the input."""
    try:
        return console.input("> ").strip()
    except EOFError:
        return None


def read_value(console: Console, fact: Fact, said: str, today: dt.date) -> object:
    """What was typed, as a scenario writes it.  Raises ``ScenarioError`` when it is no value."""
    codes = list(fact.kind.options(fact))
    if said.isdigit() and 1 <= int(said) <= len(codes):
        return codes[int(said) - 1]
    parsed = fact.kind.parse(said, fact, today)
    if fact.kind.read(parsed, fact) is not None:
        if fact.kind.assumed(said):
            console.print(f"  Lu : {parsed}, le premier jour du mois.", style="dim")
        return parsed
    problem = Problem(
        pointer_of(fact, None),
        fact.kind.refusal(said, fact),
        said,
        fact.kind.expected(fact),
        fact.kind.near(said, fact),
    )
    raise ScenarioError([problem])


def _end(console: Console, asking: Interrogation, skipped: bool) -> None:
    open_ = [name for name, state in asking["reponses"].items() if state["valeur"] is None]
    if not open_:
        console.print("Les réponses sont acquises : plus aucun fait ne peut les changer.\n")
    elif skipped:
        console.print("Il ne reste que les questions laissées de côté.\n")
    else:
        console.print("Plus aucune question ne peut préciser les réponses.\n")
