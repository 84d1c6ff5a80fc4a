"""Errors of the whole package: one base class, two branches, all of them readable by their user.

``RulebookError`` speaks to a lawyer editing ``rules/`` (file and line); ``ScenarioError`` speaks to
someone describing a case (JSON pointer).  Both carry *all* the problems found, not the first one,
and every problem says what was found, what was expected and, when one is near enough, what the
writer may have meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

#: Below this similarity (0 to 100) no suggestion is made: a wrong hint misleads more than none.
SUGGESTION_THRESHOLD = 72.0


def suggest(found: str, candidates: Iterable[str]) -> str | None:
    """Return the candidate nearest to ``found``, or ``None`` when none is near enough.

    >>> suggest("communute", ["commune", "region"])
    'commune'
    >>> suggest("xyz", ["commune", "region"]) is None
    True
    """
    if not found or len(found) > 200:
        return None
    best = process.extractOne(
        found,
        list(candidates),
        scorer=fuzz.ratio,
        processor=str.lower,
        score_cutoff=SUGGESTION_THRESHOLD,
    )
    return None if best is None else str(best[0])


class CoopdecError(Exception):
    """Base class of every error that this package raises on purpose."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in the rulebook: where it is, what was found, what was expected.

    ``file`` is relative to the rulebook folder; ``line`` counts from 1 (0: the whole file).
    """

    file: str
    line: int
    message: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" Vouliez-vous dire « {self.suggestion} » ?" if self.suggestion else ""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} : {self.message}{hint}"


class RulebookError(CoopdecError):
    """The rulebook cannot be loaded; ``diagnostics`` lists every mistake found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=lambda d: (d.file, d.line, d.message)))
        super().__init__("\n".join(str(d) for d in self.diagnostics))


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a scenario, at ``pointer`` (RFC 6901, "" for the whole document)."""

    pointer: str
    message: str
    found: str | None = None
    expected: str | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        parts = [f"{self.pointer} : {self.message}" if self.pointer else self.message]
        if self.found is not None:
            parts.append(f"Trouvé : {self.found}.")
        if self.expected is not None:
            parts.append(f"Attendu : {self.expected}.")
        if self.suggestion is not None:
            parts.append(f"Vouliez-vous dire « {self.suggestion} » ?")
        return " ".join(parts)


class ScenarioError(CoopdecError):
    """The scenario cannot be read; ``problems`` lists every mistake found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class EngineError(CoopdecError):
    """The inference engine did something it must never do; the answer is not given."""
