"""The avis names the article by its number at that date."""

from __future__ import annotations

import datetime as dt

import pytest

from coopdec_rules.advice.advisor import Advisor


@pytest.mark.parametrize(
    ("day", "number"),
    [
        ("1996-02-23", "loi n° 92-125 du 6 février 1992, art. 131"),
        ("1996-02-24", "L. 1112-1"),
        ("2003-08-01", "L. 1112-1"),
        ("2003-08-02", "L. 1114-1"),
        ("2004-07-30", "L. 1114-1"),
        ("2004-07-31", "L. 1115-1"),
        ("2007-02-06", "L. 1115-1"),
    ],
)
def test_number_of_the_article_in_basis_reasons_and_conditions(
    advisor: Advisor, day: str, number: str
) -> None:
    avis = advisor.advise(
        {
            "date": day,
            "acteur": {"nature": "communaute_communes"},
            "action": {
                "operation": "projet",
                "volets": [{"domaine": "tourisme", "transfert": "totale"}],
            },
            "acte": {"forme": "convention"},
            "partenaire": {"nature": "collectivite_territoriale"},
        },
        dt.date(2026, 1, 1),
    ).avis
    assert number.lower() in avis["fondement"]["libelle"].lower()
    reason = next(m for m in avis["motifs"] if m["regle"] == "competence-requise-1992")
    assert number in reason["sources"][0]["reperage"]
    todo = next(c for c in avis["conditions"] if c["regle"] == "convention-a-transmettre")
    assert number in todo["source"]
