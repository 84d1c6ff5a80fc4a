"""Competences as plain data, the same for the API and the command."""

from __future__ import annotations

from typing import Any

from coopdec_rules.territories.competences import Cited, Competences, Said, Word

_WHOLE = {True: "tout", False: "partie"}


def competences_document(found: Competences) -> dict[str, Any]:
    """What the national base says of a grouping, with its vintage and source."""
    return {
        "nomenclature": found.nomenclature,
        "millesime": found.vintage,
        "source": found.source,
        "mention": found.notice,
        "sans_donnees": found.unknown,
        "domaines": [_word(word) for word in found.domains()],
        "citees": [_cited(cited) for cited in found.cited],
    }


def _word(word: Word) -> dict[str, Any]:
    return {
        "domaine": word.domain,
        "dit": word.said.value,
        "etendue": _WHOLE[word.whole] if word.said is Said.PRESENT else None,
        "codes": [cited.competence.code for cited in word.cited],
    }


def _cited(cited: Cited) -> dict[str, Any]:
    return {
        "code": cited.competence.code,
        "libelle": cited.competence.label,
        "domaines": [
            {"domaine": extent.domain, "etendue": _WHOLE[extent.whole]}
            for extent in cited.competence.extents
        ],
        "reserve": cited.reservation,
    }
