"""What the page of the reasoning shows beside the avis itself: the figures."""

from __future__ import annotations

from dataclasses import dataclass

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.web.avis.reasoning_view import Figure, figures
from coopdec_rules.web.avis.view import AvisWords
from coopdec_rules.web.service import Service

#: Rules of one state that a page writes: the others are in the JSON.
MOST_REASONS = 300


@dataclass(frozen=True, slots=True)
class DetailView:
    figures: list[Figure]
    most_reasons: int = MOST_REASONS


def detail_view(service: Service, advice: Advice) -> DetailView:
    """The reasoning of an avis, drawn and in words."""
    return DetailView(figures(service, AvisWords(service.book), advice))
