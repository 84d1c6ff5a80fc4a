"""The administrative court that an act names."""

from __future__ import annotations

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.documents.room import Documents
from coopdec_rules.territories import load_directory

from .conftest import TODAY, advise, scenario
from .test_gates import text_of


def test_every_departement_of_the_directory_has_its_court(documents: Documents) -> None:
    directory = load_directory()
    for code in ("16015", "2A004", "67482", "97411", "98735", "75056"):
        commune = directory.by_code(code)
        assert commune is not None
        assert commune.department.code in documents.library.courts, code
    codes = {str(n).zfill(2) for n in range(1, 96)} - {"20"} | {"2A", "2B"}
    assert codes <= set(documents.library.courts)


def test_an_act_names_the_court_of_its_commune_and_a_blank_stands_for_an_unknown_one(
    documents: Documents, advisor: Advisor
) -> None:
    actor = {"nom": "Vienne", "code": "38544", "nature": "commune", "population": 30000}
    known = text_of(
        documents.make(advise(advisor, scenario(acteur=actor)), "deliberation-convention", TODAY)
    )
    assert "devant le tribunal administratif de Grenoble" in known
    unknown = scenario(acteur={"nom": "X", "nature": "commune", "population": 900})
    text = text_of(documents.make(advise(advisor, unknown), "deliberation-convention", TODAY))
    assert "devant le tribunal administratif [À" in text
