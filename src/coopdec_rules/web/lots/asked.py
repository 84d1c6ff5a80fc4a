"""What is asked of a table: the answers wanted, in words or codes, with or without reasoning."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.choices import ChoiceError, chosen
from coopdec_rules.web.problems import Refused

if TYPE_CHECKING:
    from coopdec_rules.batch.lines import LineAdvisor


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a table."""

    choices: Sequence[str]
    words: bool
    reasoning: bool
    day: dt.date

    def adviser(self, advisor: Advisor) -> Callable[[], LineAdvisor]:
        """Makes what answers lines; what reads tables is only loaded then."""

        def made() -> LineAdvisor:
            from coopdec_rules.batch.lines import LineAdvisor

            return LineAdvisor(advisor, self.day, self.choices, self.words, self.reasoning)

        return made


def choices_of(text: str | None) -> tuple[str, ...]:
    """The answers wanted, written with commas.  Raises ``Refused``."""
    try:
        return chosen(text)
    except ChoiceError as error:
        raise Refused("parametre", str(error)) from None
