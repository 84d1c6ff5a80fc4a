"""The state of each conclusion of one scenario, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_rules.advice import answers
from coopdec_rules.engine.findings import Findings, Settled
from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.reasoner import Outlook

#: What is known of each answer once every completion was looked at.
Outlooks = Mapping[Answer, Outlook]


class States:
    """Values and possible values: the exact ones where reasoning gave them, else the engine's."""

    def __init__(self, findings: Findings, outlooks: Outlooks) -> None:
        self.findings = findings
        self._outlooks = outlooks
        #: Answers that every completion gives.
        self.established: dict[Answer, str] = {
            answer: outlook.value
            for answer, outlook in outlooks.items()
            if outlook.established and outlook.value is not None
        }

    def state(
        self, name: str, group: str | None = None, item: int | None = None
    ) -> tuple[str | None, tuple[str, ...]]:
        """The value of a conclusion if it is known, and the values still possible."""
        place = None if group is None or item is None else (group, item)
        outlook = self._outlooks.get((name, place))
        if outlook is not None:
            return outlook.value, tuple(outlook.possible)
        settled = self._settled(name, place)
        return settled.value, tuple(settled.possible)

    def answer(self, name: str, group: str | None = None, item: int | None = None) -> str:
        """The value of a conclusion, or the code of an answer that nothing settles."""
        return self.state(name, group, item)[0] or answers.UNDETERMINED

    def open(self, name: str, group: str | None = None, item: int | None = None) -> list[str]:
        """The values still possible of a conclusion that has none; empty when it has one."""
        value, possible = self.state(name, group, item)
        return [] if value is not None else list(possible)

    def _settled(self, name: str, place: tuple[str, int] | None) -> Settled:
        if place is None:
            return self.findings.scenario.conclusions[name]
        group, item = place
        return self.findings.items[group][item].conclusions[name]
