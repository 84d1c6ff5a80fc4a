"""The engine of a rulebook: its rules compiled once, each state of the law made on first use."""

from __future__ import annotations

import datetime as dt
import threading
from types import TracebackType

from cachetools import LRUCache

from coopdec_rules.engine.book import CompiledBook
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.evaluation import Evaluation
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.rulebook import LawState, Rulebook

#: Compiled states of the law kept ready: half a megabyte each, made again in 20 ms.
KEPT_STATES = 200


class _Laws(LRUCache[tuple[str, str], CompiledLaw]):
    """The states last used; the one that leaves takes its index along."""

    def popitem(self) -> tuple[tuple[str, str], CompiledLaw]:
        key, law = super().popitem()
        law.state.let_go()
        return key, law


class Engine:
    """Evaluates scenarios against a rulebook, keeping the ``most`` states of its law last used.

    Safe to share between threads.
    """

    def __init__(self, rulebook: Rulebook, most: int = KEPT_STATES) -> None:
        self.rulebook = rulebook
        self._laws = _Laws(most)
        self._book: CompiledBook | None = None
        self._lock = threading.Lock()

    @property
    def compiled(self) -> int:
        """How many states of the law are compiled and kept."""
        return len(self._laws)

    def law(self, day: dt.date) -> CompiledLaw:
        """The compiled state of the law on ``day``; compiled on first use."""
        return self.compile(self.rulebook.at(day))

    def compile(self, state: LawState) -> CompiledLaw:
        """The compiled form of a state of the law.

        Raises ``EngineError`` when a rule is beyond the matcher's limits.
        """
        with self._lock:
            found = self._laws.get(state.key)
            if found is None:
                if self._book is None:
                    self._book = CompiledBook(self.rulebook)
                found = self._laws[state.key] = CompiledLaw(state, self._book)
        return found

    def evaluation(self, day: dt.date) -> Evaluation:
        """A run on the law of ``day``; may evaluate several readings of one scenario."""
        return Evaluation(self.law(day))

    def evaluate(self, day: dt.date, base: FactBase) -> Findings:
        """Findings for one scenario at one date."""
        return self.evaluation(day).run(base)

    def close(self) -> None:
        """Free every compiled law; the engine must not be used again."""
        with self._lock:
            if self._book is not None:
                self._book.close()
            self._laws.clear()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
