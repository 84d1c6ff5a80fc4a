"""Families of scenarios and periods in plain French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from coopdec_rules.advice.wording import Wording
from coopdec_rules.reasoning.answers import NOTHING
from coopdec_rules.reasoning.impact.families import Box, CellId
from coopdec_rules.reasoning.impact.impact import Family, Span
from coopdec_rules.reasoning.impact.joint import Context
from coopdec_rules.reasoning.impact.shared import Shared, owner
from coopdec_rules.reasoning.impact.witness import OPEN
from coopdec_rules.reasoning.places import Place
from coopdec_rules.reasoning.variables import Variable, Variables
from coopdec_rules.rulebook.formula import Lit
from coopdec_rules.rulebook.words import period

#: Shown for an answer that no rule, or rules that disagree, give.
NO_ANSWER = "sans réponse (défaut du recueil)"
#: A list of more values than this is told by what it leaves out, when that is shorter.
_LONG = 4


class ImpactWords:
    """Words for what two rulebooks share."""

    def __init__(self, shared: Shared) -> None:
        self.shared = shared
        self._wording = Wording(shared.book)
        fact = shared.book.facts["date"]
        self._first = fact.minimum
        self._last = fact.maximum

    def period(self, span: Span) -> str:
        """Days of a period; an end of the calendar is not told."""
        start, end = span
        first = (isinstance(self._first, dt.date) and start <= self._first) or start.year <= 1800
        last = (isinstance(self._last, dt.date) and end >= self._last) or end.year >= 2200
        return period(None if first else start, None if last else end, always="à toute date")

    def periods(self, spans: Iterable[Span]) -> str:
        return " ; ".join(self.period(span) for span in spans)

    def value(self, conclusion: str, value: str) -> str:
        """A value of an answer."""
        if value == NOTHING:
            return NO_ANSWER
        if value == OPEN:
            return "indéterminée, faute de faits"
        for book in (self.shared.new, self.shared.old):
            found = book.conclusions.get(conclusion)
            if found is not None and value in found.values:
                return found.values[value]
        return value

    def conclusion(self, name: str) -> str:
        for book in (self.shared.new, self.shared.old):
            if name in book.conclusions:
                return book.conclusions[name].label
        return name

    def family(self, family: Family) -> list[str]:
        """What the scenarios of a family have in common, one line each."""
        return self.box(family.box, family.variables, family.items > 1)

    def box(self, box: Box, variables: Variables, several: bool) -> list[str]:
        lines = []
        for (place, index), allowed in box.facts.items():
            text = self._fact(variables.all[index], allowed)
            lines.append(_placed(text, place, several))
        for context, holds in box.contexts.items():
            lines.append(_placed(self._context(context, holds), context.place, several))
        return lines

    def _fact(self, variable: Variable, allowed: frozenset[CellId]) -> str:
        fact = self.shared.book.facts[variable.facts[0]]
        side = owner(fact.id)
        note = f" (fait du seul {side} recueil)" if side else ""
        if len(variable.facts) == 1 and fact.kind.each_apart:
            every = [cell.values[0] for cell in variable.cells]
            kept = [fact.said(v) for v in every if v in allowed]
            left = [fact.said(v) for v in every if v not in allowed]
            if len(kept) > _LONG and len(left) < len(kept):
                return f"{fact.label}{note} : tout sauf {_listed(left)}"
            return f"{fact.label}{note} : {_listed(kept)}"
        return self._compared(variable, allowed) + note

    def _compared(self, variable: Variable, allowed: frozenset[CellId]) -> str:
        """Numbers, dates and texts, by the comparisons that tell them apart."""
        kept = [cell.holds for cell in variable.cells if cell.holds in allowed]
        left = [cell.holds for cell in variable.cells if cell.holds not in allowed]
        said: list[str] = []
        for atom in variable.atoms:
            for positive in (True, False):
                if all((atom in holds) == positive for holds in kept):
                    excluded = [holds for holds in left if (atom in holds) != positive]
                    if excluded:
                        said.append(self._wording.condition(Lit(atom, positive)))
                        left = [holds for holds in left if holds not in excluded]
        if not left:
            return " et ".join(said)
        ways = [
            " et ".join(
                self._wording.condition(Lit(atom, atom in holds)) for atom in variable.atoms
            )
            for holds in kept
        ]
        return " ou bien ".join(f"({way})" for way in ways)

    def _context(self, context: Context, holds: bool) -> str:
        name = self.conclusion(context.conclusion)
        value = self.value(context.conclusion, context.value)
        flag = self.shared.new.conclusions[context.conclusion].type == "drapeau"
        if not context.whole:
            said = name if flag else f"{name} : {value}"
            if holds:
                return f"« {said} » est déjà conclu par des règles inchangées"
            return f"aucune règle inchangée ne conclut « {said} »"
        if flag:
            return f"{name} : {'oui' if holds else 'non'}"
        return f"{name} : {value}" if holds else f"{name} : autre que {value}"


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} ou {texts[-1]}"


def _placed(text: str, place: Place, several: bool) -> str:
    return f"{place[0]} {place[1] + 1} — {text}" if several and place is not None else text
