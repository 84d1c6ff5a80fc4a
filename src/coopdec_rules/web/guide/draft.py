"""A scenario being written: what the fields hold, what is wrong with it, and its address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.space import Space
from coopdec_rules.advice.today import today
from coopdec_rules.advice.values import clip
from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.web.avis.permalink import MAX_LINK, encode
from coopdec_rules.web.fields import FieldCodec, Fields

PATH = "/demande"
SUMMARY = "resume"


class Checker:
    """Finds the mistakes of scenarios: what cannot be read, and what cannot go together."""

    def __init__(self, advisor: Advisor) -> None:
        self.advisor = advisor
        self._space = Space(advisor.rulebook)

    def mistakes(self, document: dict[str, Any]) -> list[Problem]:
        """Every mistake of a scenario, placed; none: an avis can be given on it."""
        try:
            scenario = self.advisor.reader.read(document, today())
        except ScenarioError as error:
            return list(error.problems)
        prepared = self.advisor.engine.evaluation(scenario.day).prepare(scenario.base)
        return self._space.problems(scenario, prepared)


class Draft:
    """Texts as typed, the scenario they make, and its mistakes.

    ``extra`` are mistakes of the form itself (a field that does not exist), not of the scenario.
    """

    def __init__(
        self,
        codec: FieldCodec,
        checker: Checker,
        state: Fields,
        extra: Iterable[Problem] = (),
    ) -> None:
        self.state = state
        self.extra = tuple(extra)
        self.document: dict[str, Any] = codec.document(state)
        self.problems = (*self.extra, *checker.mistakes(self.document))
        self._codec = codec
        self.code = encode(self.document)

    @property
    def blank(self) -> bool:
        """Nothing is answered yet."""
        return not self.document

    @property
    def typed(self) -> tuple[Problem, ...]:
        """Mistakes in what was answered: not those of a required answer still to come."""
        return tuple(problem for problem in self.problems if not self._to_come(problem.pointer))

    def _to_come(self, pointer: str) -> bool:
        found = self._codec.place(pointer, self.state)
        required = found is not None and found[0].required
        return required and not self.state.values.get(pointer, "").strip()

    def address(self, step: str, anchor: str = "", **more: str) -> str | None:
        """Address of a step; ``None`` when the scenario is too long to travel in one."""
        pairs = {"etape": step, **more}
        if not self.blank:
            pairs["s"] = self.code
        found = f"{PATH}?{urlencode(pairs)}"
        return found + (f"#{anchor}" if anchor else "") if len(found) <= MAX_LINK else None


def shown(text: str) -> str:
    """A text received, made safe to show back."""
    return clip(text)
