"""Reviews of the rules by lawyers: what they signed, and whether it is still what the rule says.

A review bears the hash of the rule as reviewed (``meaning``).  A rule that changes after it *voids*
the review by itself; nothing is erased, the review is shown as void.  Reviews are no part of the
law: they do not enter the rulebook's fingerprint, and no answer depends on them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from coopdec_rules.rulebook.model import Rule

Verdict = Literal["conforme", "reserve", "non_conforme"]
State = Literal["non_relue", "relue", "relue_avec_reserve", "non_conforme", "a_relire"]

#: From the best to the worst, which prevails when two roles differ.
VERDICTS: Final[tuple[Verdict, ...]] = ("conforme", "reserve", "non_conforme")
_STATE_OF: Final[dict[Verdict, State]] = {
    "conforme": "relue",
    "reserve": "relue_avec_reserve",
    "non_conforme": "non_conforme",
}
STATES: Final[tuple[State, ...]] = (
    "non_relue", "relue", "relue_avec_reserve", "non_conforme", "a_relire",
)  # fmt: skip
#: A rule that a lawyer checked and accepted, be it with a reservation.
ACCEPTED: Final[frozenset[State]] = frozenset({"relue", "relue_avec_reserve"})
#: Reviews of which whoever reads an answer must be warned.
WARNED: Final[frozenset[State]] = frozenset({"relue_avec_reserve", "non_conforme"})


@dataclass(frozen=True, slots=True)
class Review:
    """One review: ``role`` (a function, never a name) said ``verdict`` on ``date``.

    ``version`` is the first day of force of the reviewed version, or ``origine``; ``fingerprint``
    the hash of the rule as reviewed; ``current`` tells whether the rule still says the same.
    """

    rule: str
    version: str
    role: str
    date: dt.date
    verdict: Verdict
    note: str
    fingerprint: str
    current: bool
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class _Standing:
    state: State
    deciding: Review | None
    reviews: tuple[Review, ...]


_NEVER = _Standing("non_relue", None, ())


@dataclass(frozen=True, eq=False)
class Reviews:
    """Every review of a rulebook, by rule.  States are settled once, when they are read."""

    all: tuple[Review, ...] = ()
    _standings: Mapping[str, _Standing] = field(default_factory=dict, repr=False)

    def of(self, rule: Rule) -> tuple[Review, ...]:
        """Reviews of this version of the rule, oldest first, void ones included."""
        return self._standings.get(rule.key, _NEVER).reviews

    def state(self, rule: Rule) -> State:
        """What is known of this version of the rule.

        Of each role, the last review that still holds counts; the most severe of them decides.
        ``a_relire``: it was reviewed, and has changed since.
        """
        return self._standings.get(rule.key, _NEVER).state

    def deciding(self, rule: Rule) -> Review | None:
        """The review that gives the state; for ``a_relire``, the last one before the change."""
        return self._standings.get(rule.key, _NEVER).deciding


def version_of(rule: Rule) -> str:
    """How a review names a version of a rule: its first day of force, or ``origine``."""
    return rule.period.start.isoformat() if rule.period.start else "origine"


def settle(found: Iterable[Review], rules: Iterable[Rule]) -> Reviews:
    """The reviews of a rulebook, each judged current or void against ``rules``."""
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.id, []).append(rule)
    by_rule: dict[str, list[Review]] = {}
    for review in found:
        by_rule.setdefault(review.rule, []).append(review)
    standings: dict[str, _Standing] = {}
    for ident, reviews in by_rule.items():
        # The merge of two branches may leave lines out of order.
        reviews.sort(key=lambda r: (r.date, r.line))
        known = {version_of(rule) for rule in versions[ident]}
        for rule in versions[ident]:
            # A review of a version whose first day has moved speaks of all that is left.
            own = [r for r in reviews if r.version == version_of(rule) or r.version not in known]
            if own:
                standings[rule.key] = _standing(own)
    every = tuple(r for reviews in by_rule.values() for r in reviews)
    return Reviews(every, MappingProxyType(standings))


def _standing(reviews: list[Review]) -> _Standing:
    last = {review.role: review for review in reviews if review.current}
    if not last:
        return _Standing("a_relire", reviews[-1], tuple(reviews))
    deciding = max(last.values(), key=lambda r: (VERDICTS.index(r.verdict), r.date, r.line))
    return _Standing(_STATE_OF[deciding.verdict], deciding, tuple(reviews))
