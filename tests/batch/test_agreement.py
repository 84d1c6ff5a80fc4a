"""Many rows at once say of each row what one avis says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.agreement import TODAY, answered, difference
from benchmarks.rows import RowMaker
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.workshop.cases import load_cases


def test_rows_and_avis_agree_on_every_case(advisor: Advisor, cases_root: Any) -> None:
    documents = [case.scenario for case in load_cases(cases_root)]
    found = answered(advisor, documents)
    differing = {
        row: told
        for row, document in enumerate(documents)
        if (told := list(difference(advisor, document, found, row)))
    }
    assert differing == {}


def test_rows_are_reasoned_on_as_one_avis_is(advisor: Advisor, cases_root: Any) -> None:
    documents = [case.scenario for case in load_cases(cases_root)][::40]
    found = answered(advisor, documents, reasoning=True)
    differing = {
        row: told
        for row, document in enumerate(documents)
        if (told := list(difference(advisor, document, found, row, reasoning=True)))
    }
    assert differing == {}


def test_an_item_of_which_nothing_is_known_is_still_an_item(advisor: Advisor) -> None:
    """Written as an object or as a list, and followed by an empty one, as the avis reads it."""
    action = {"objet": "cooperation", "volets": [{"domaine": "eau"}]}
    start = {"date": "2024-06-01", "acteur": {"nature": "commune"}}
    documents: list[Mapping[str, Any]] = [
        {**start, "action": {**action, "volets": {"domaine": "eau"}}},
        {**start, "action": {**action, "volets": [{"domaine": "eau"}, {}]}},
        {**start, "action": {**action, "volets": [{"domaine": "eau"}, {"domaine": None}]}},
        {**start, "action": action, "partenaire": {"nature": "etat"}},
    ]
    found = answered(advisor, documents)
    for row, document in enumerate(documents):
        assert list(difference(advisor, document, found, row)) == []
    assert found.conclusions["volet.detenteur", ("volet", 1)][0][0] == -1
    assert len(advisor.advise(documents[1], TODAY, reasoning=False).findings.items["volet"]) == 2


def test_rows_and_avis_agree_on_scenarios_of_every_answer(advisor: Advisor) -> None:
    """Drawn as the bench draws its million: shapes and days are mixed in one table."""
    maker = RowMaker(advisor)
    documents = [*maker.documents(100), *maker.documents(8, None)]
    found = answered(advisor, documents)
    assert found.good.all()
    codes, values = found.conclusions["habilitation", None]
    assert {values[code] for code in codes} == set(
        advisor.rulebook.conclusions["habilitation"].values
    )
    differing = {
        row: told
        for row, document in enumerate(documents)
        if (told := list(difference(advisor, document, found, row)))
    }
    assert differing == {}
