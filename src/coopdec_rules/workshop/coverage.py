"""How much of the rulebook the worked cases exercise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from coopdec_rules.advice.model_parts import Motif
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Outcome


@dataclass(frozen=True, slots=True)
class RuleUse:
    """In how many cases a rule applied, was decisive, was set aside, or set another aside."""

    applied: int = 0
    decisive: int = 0
    aside: int = 0
    sets_aside: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """Use of every rule, by identifier; table rows are kept apart from written rules."""

    rules: Mapping[str, RuleUse]
    rows: Mapping[str, RuleUse]
    norms: Mapping[str, bool]

    @staticmethod
    def _counted(uses: Iterable[RuleUse]) -> tuple[int, int]:
        uses = list(uses)
        return sum(1 for use in uses if use.decisive), len(uses)

    @property
    def rules_count(self) -> tuple[int, int]:
        """Decisive rules, and all rules."""
        return self._counted(self.rules.values())

    @property
    def rows_count(self) -> tuple[int, int]:
        """Decisive table rows, and all rows."""
        return self._counted(self.rows.values())

    @property
    def norms_count(self) -> tuple[int, int]:
        """Norms that a decisive rule carries, and all norms."""
        return sum(self.norms.values()), len(self.norms)


def coverage(rulebook: Rulebook, outcomes: Iterable[Outcome]) -> Coverage:
    """Coverage of the rulebook by cases that ran.

    A rule is *decisive* in a case when it applies and either it alone gives a conclusion its value,
    or it adds something to the avis (a condition, a warning, a ceiling…); an exception that sets a
    rule aside is decisive too.
    """
    counts: dict[str, dict[str, int]] = {
        rule.id: {"applied": 0, "decisive": 0, "aside": 0, "sets_aside": 0}
        for rule in rulebook.rules
    }
    adds = adding(rulebook)
    for outcome in outcomes:
        if outcome.avis is None:
            continue
        for name, found in uses(outcome.avis["motifs"], adds).items():
            for kind in found:
                counts[name][kind] += 1
    used = {name: RuleUse(**found) for name, found in counts.items()}
    rows = {r.id for r in rulebook.rules if r.table is not None}
    norms = dict.fromkeys(rulebook.norms, False)
    for rule in rulebook.rules:
        if used[rule.id].decisive:
            norms.update(dict.fromkeys(rule.norms, True))
    return Coverage(
        rules={n: u for n, u in used.items() if n not in rows},
        rows={n: u for n, u in used.items() if n in rows},
        norms=norms,
    )


def adding(rulebook: Rulebook) -> frozenset[str]:
    """Rules that add something to an avis: a condition, a warning, a ceiling…"""
    return frozenset(r.id for r in rulebook.rules if r.effects or r.ceiling)


def uses(reasons: Iterable[Motif], adds: Set[str]) -> dict[str, set[str]]:
    """What the rules of one avis did in it, by the names of ``RuleUse``; ``adds``: ``adding``."""
    claims: dict[tuple[str | None, int | None, str, str], list[str]] = {}
    found: dict[str, set[str]] = {}
    for reason in reasons:
        name = reason["regle"]
        if reason["etat"] == "appliquee":
            found.setdefault(name, set()).add("applied")
            if name in adds:
                found[name].add("decisive")
            for conclusion, value in reason["conclut"].items():
                place = (reason["groupe"], reason["element"], conclusion, value)
                claims.setdefault(place, []).append(name)
        elif reason["etat"] == "ecartee":
            found.setdefault(name, set()).add("aside")
            for other in reason["ecartee_par"]:
                found.setdefault(other, set()).update(("sets_aside", "decisive"))
    for names in claims.values():
        if len(names) == 1:
            found[names[0]].add("decisive")
    return found
