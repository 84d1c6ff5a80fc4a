"""What lawyers said of the rules an avis rests on: shown with each reason, warned of when bad."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from coopdec_rules.advice.model_parts import Avertissement, Relecture
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings, Reading
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.reviews import Review, Reviews, State
from coopdec_rules.rulebook.words import date

_SAID: Mapping[State, str] = {
    "relue_avec_reserve": "a été relue avec réserve",
    "non_conforme": "a été jugée non conforme au droit",
}


def review_of(reviews: Reviews, rule: Rule) -> Relecture:
    """The state of a rule's review, and the review that gives it."""
    deciding = reviews.deciding(rule)
    return {
        "etat": reviews.state(rule),
        "role": deciding.role if deciding else None,
        "date": deciding.date.isoformat() if deciding else None,
        "note": (deciding.note or None) if deciding else None,
    }


def review_warnings(
    law: CompiledLaw, warned: Set[int], findings: Findings, wording: Wording
) -> list[Avertissement]:
    """A warning for each rule of ``warned`` (by index) that applies, with the places where it does.

    The warning bears the rank and the source of the rule.
    """
    reviews = law.state.rulebook.reviews
    found: list[Avertissement] = []
    for index in sorted(warned):
        rule = law.rules[index]
        readings: Sequence[Reading] = (
            [findings.scenario] if rule.scope is None else findings.items[rule.scope]
        )
        places = [n for n, reading in enumerate(readings) if reading.effective.get(index) == V]
        deciding = reviews.deciding(rule)
        if not places or deciding is None:
            continue
        found.append(
            {
                "texte": _warning(reviews.state(rule), deciding),
                "regle": rule.id,
                "rang": rule.rank,
                "source": wording.fill(
                    str(rule.main_source), readings[places[0]], findings.scenario
                ),
                "groupe": rule.scope,
                "elements": [] if rule.scope is None else places,
                "portee": "reponse",
            }
        )
    return found


def _warning(state: State, review: Review) -> str:
    return (
        f"Une règle appliquée ici {_SAID[state]} ({review.role}, {date(review.date)}) : "
        f"{review.note}"
    )
