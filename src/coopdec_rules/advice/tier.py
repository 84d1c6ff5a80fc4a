"""What surrounds the tier of an avis: the element that decides, real peers, the actor's place.

Peers come from the panorama (``cases/panorama``): the communities of the 2006 study and the towns
of the survey.  An avis is never refused for want of them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from typing_extensions import TypedDict

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import ElementDePalier, Pair
from coopdec_rules.advice.wording import Wording
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings
from coopdec_rules.errors import RulebookError
from coopdec_rules.panorama.peers import TOWN, Directory, Place, shipped_directory
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.location import cases_folder
from coopdec_rules.rulebook.model import RAISED

_log = logging.getLogger(__name__)

#: How many peers an avis shows.
MAX_PEERS = 6


class TierContext(TypedDict):
    """Keys of ``palier`` that do not depend on reasoning."""

    element: ElementDePalier | None
    element_apres: ElementDePalier | None
    par_analogie: bool
    place: Pair | None
    pairs: list[Pair]


def tier_context(law: CompiledLaw, wording: Wording, findings: Findings) -> TierContext:
    """What surrounds the tier.

    ``element`` and ``element_apres`` are the applied rules that give the tier now and after the
    action (``None``: the tier is not settled); ``par_analogie`` says that the study did not build
    its tiers for this kind of actor; ``place`` is the actor in the panorama, ``pairs`` its peers.
    """
    main = findings.scenario
    facts = main.facts
    now = main.conclusions[answers.TIER_NOW].value
    after = main.conclusions[answers.TIER_AFTER].value
    context: TierContext = {
        "element": _deciding(law, wording, findings, answers.TIER_NOW),
        "element_apres": _deciding(law, wording, findings, answers.TIER_AFTER),
        "par_analogie": main.conclusions[answers.TIER_ANALOGY].value == RAISED,
        "place": None,
        "pairs": [],
    }
    directory = _directory(cases_folder())
    if directory is None:
        return context
    tiers = law.state.rulebook.conclusions[answers.TIER_NOW].values
    nature = _text(facts.get(answers.ACTOR_NATURE))
    own = directory.place_of(_text(facts.get(answers.ACTOR_NAME)), nature)
    domains = {str(r.facts.get(answers.PART_DOMAIN)) for r in findings.items[answers.PART]}
    found = directory.peers(
        tier=now,
        next_tier=after,
        domains=domains,
        country=next(
            (
                country
                for reading in findings.items[answers.PARTNER]
                if (
                    country := directory.country_of(
                        _text(reading.facts.get(answers.PARTNER_COUNTRY))
                    )
                )
            ),
            None,
        ),
        limit=MAX_PEERS,
        without=own.id if own else None,
        town=nature == TOWN,
    )
    context["place"] = None if own is None else _shown(own, tiers)
    context["pairs"] = [_shown(peer, tiers) for peer in found]
    return context


def _deciding(
    law: CompiledLaw, wording: Wording, findings: Findings, name: str
) -> ElementDePalier | None:
    """The applied rule that concludes ``name``: its explanation and its source."""
    main = findings.scenario
    value = main.conclusions[name].value
    for index, effect in main.effective.items():
        rule = law.rules[index]
        if effect == V and value is not None and dict(rule.concludes).get(name) == value:
            return {
                "regle": rule.id,
                "texte": wording.fill(rule.explanation, main),
                "source": wording.fill(str(rule.main_source), main),
                "rang": rule.rank,
            }
    return None


@lru_cache(maxsize=4)
def _directory(cases: Path) -> Directory | None:
    """The panorama among the worked cases; one that cannot be read is logged, once."""
    try:
        return shipped_directory(cases)
    except RulebookError as error:
        _log.warning("Avis are given without peers, the panorama cannot be read:\n%s", error)
        return None


def _shown(place: Place, tiers: Mapping[str, str]) -> Pair:
    return {
        "nom": place.name,
        "document": place.document,
        "palier": place.tier,
        "palier_libelle": None if place.tier is None else tiers.get(place.tier, place.tier),
        "zones": list(place.areas),
        "dit": place.told,
        "provenance": place.source,
        "raisons": list(place.reasons),
        "ancre": place.anchor,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
