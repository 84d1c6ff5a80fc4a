"""What a run answered, counted: the answers, the commonest conditions, what was put aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from coopdec_rules.advice import answers
from coopdec_rules.batch.answering import Answered
from coopdec_rules.batch.sheet import UNKNOWN
from coopdec_rules.rulebook.rulebook import Rulebook

#: Conditions told.
_TOLD = 10
#: Where a text says the fact of a scenario.
_HOLE = re.compile(r"\{([^{}]+)\}")


@dataclass
class Summary:
    """Counts over all the batches of a run."""

    answered: int = 0
    refused: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    conditions: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, found: Answered) -> None:
        """Count a batch."""
        self.answered += int(found.good.sum())
        self.refused += int((~found.good).sum())
        codes, values = found.conclusions[answers.POWER, None]
        here = codes[found.good]
        for code, count in zip(*np.unique(here, return_counts=True), strict=True):
            name = answers.UNDETERMINED if code == UNKNOWN else values[int(code)]
            self.answers[name] += int(count)
        for task, mask in found.tasks.items():
            self.conditions[task] += int((mask & found.good).sum())

    def written(self) -> dict[str, Any]:
        """The counts, as JSON keeps them."""
        return {
            "answered": self.answered,
            "refused": self.refused,
            "answers": dict(self.answers),
            "conditions": [[*task, count] for task, count in self.conditions.items()],
        }

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Summary:
        """Counts that ``written`` gave."""
        conditions = Counter({(rule, place): n for rule, place, n in written["conditions"]})
        return cls(written["answered"], written["refused"], Counter(written["answers"]), conditions)

    def lines(self, book: Rulebook) -> Iterator[str]:
        """The summary, in French."""
        yield f"{_counted(self.answered, 'scénario répondu', 'scénarios répondus')}"
        if self.refused:
            yield f"{_counted(self.refused, 'scénario écarté', 'scénarios écartés')}"
        labels = book.conclusions[answers.POWER].values
        for name, count in self.answers.most_common():
            yield f"  {labels.get(name, name)} : {_share(count, self.answered)}"
        told = [
            (text, count)
            for (rule, place), count in self.conditions.most_common(_TOLD)
            if count and (text := condition(book, rule, place))
        ]
        if told:
            yield "Conditions les plus fréquentes :"
        for text, count in told:
            yield f"  {_share(count, self.answered)} : {text}"


def condition(book: Rulebook, rule: str, place: int) -> str:
    """What a condition asks of any row, in the last words of its rule; a fact is named."""
    versions = [one.effects for one in book.rules if one.id == rule and len(one.effects) > place]
    return _HOLE.sub(
        lambda hole: f"[{book.facts[hole[1]].label if hole[1] in book.facts else '…'}]",
        str(versions[-1][place].text) if versions else "",
    )


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count < 2 else many}".replace(",", " ")


def _share(count: int, whole: int) -> str:
    share = 100 * count / whole if whole else 0
    return f"{count:,} ({share:.1f} %)".replace(",", " ").replace(".", ",")
