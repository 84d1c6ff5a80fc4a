"""The Python API as its user writes it, and the notebook that shows it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

import coopdec_rules as cd
from coopdec_rules import public
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from scripts.carnet import NOTEBOOK, SOURCE, notebook
from tests.advice.small import small

DAY = dt.date(2026, 11, 26)
SCENARIO = {
    "date": "2026-11-25",
    "acteur": {"nature": "commune", "groupement": {"nature": "communaute_agglomeration"}},
    "action": {"operation": "projet", "objet": "cooperation", "volets": [{"domaine": "dechets"}]},
    "acte": {"forme": "convention"},
    "partenaire": [{"nature": "collectivite_territoriale", "pays": "SN"}],
}


@pytest.fixture(scope="module")
def counsel(advisor: Advisor) -> cd.Counsel:
    return cd.Counsel(advisor)


def test_everything_named_is_there_and_told() -> None:
    for name in cd.__all__:
        assert getattr(cd, name).__doc__, name
        assert name in dir(cd)
    with pytest.raises(AttributeError, match="nothing_such"):
        cd.nothing_such  # noqa: B018


def test_importing_the_package_loads_nothing() -> None:
    code = (
        "import sys, coopdec_rules as cd; cd.__all__; "
        "sys.exit(any(n.startswith(('coopdec_rules.', 'pyarrow', 'numpy')) for n in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0


def test_an_avis_is_that_of_the_advisor(counsel: cd.Counsel, advisor: Advisor) -> None:
    found = counsel.avis(SCENARIO, DAY)
    assert to_json(found) == to_json(advisor.advise(SCENARIO, DAY).avis)
    assert found["recueil"]["empreinte"] == counsel.fingerprint
    undated = {key: value for key, value in SCENARIO.items() if key != "date"}
    assert counsel.avis(undated, DAY)["droit_au"] == "2026-11-26"
    assert not counsel.avis(SCENARIO, reasoning=False)["raisonnement"]


def test_mistakes_of_a_scenario_have_their_place(counsel: cd.Counsel) -> None:
    for ask in (counsel.avis, counsel.explain):
        with pytest.raises(cd.ScenarioError) as found:
            ask({"acteur": {"nature": "royaume"}})
        assert found.value.problems[0].pointer == "/acteur/nature"
        assert isinstance(found.value, cd.CoopdecError)


def test_an_answer_is_explained_from_its_facts(counsel: cd.Counsel) -> None:
    found = counsel.explain(SCENARIO, "volet.detenteur")
    assert (found.value, found.possible, found.questions) == ("groupement", (), ())
    rules = {reason.rule for reason in found.reasons if reason.kind == "regle"}
    assert "competences:communaute_agglomeration:dechets" in rules
    assert all(reason.source for reason in found.reasons if reason.kind == "regle")
    assert any(reason.presumed for reason in found.reasons)
    assert found.reasons[-1].kind == "reponse"
    assert "[transfert-obligatoire]" in str(found)


def test_an_open_answer_says_what_it_waits_for(counsel: cd.Counsel) -> None:
    found = counsel.explain({"acteur": {"nature": "commune"}}, today=DAY)
    assert found.value is None or found.value == "indeterminee"
    assert len(found.possible) > 1
    assert found.questions
    assert "à demander" in str(found)


def test_what_cannot_be_explained_is_told(counsel: cd.Counsel) -> None:
    with pytest.raises(KeyError, match="Vouliez-vous dire « habilitation »"):
        counsel.explain(SCENARIO, "habilitations")
    with pytest.raises(IndexError):
        counsel.explain(SCENARIO, "volet.detenteur", 3)


def test_a_list_of_scenarios_is_answered_as_each_alone(counsel: cd.Counsel) -> None:
    other = {**SCENARIO, "acteur": {"nature": "communaute_agglomeration"}}
    rows = [{"id": "a", **SCENARIO}, {"id": "b", "acteur": {"nature": "royaume"}},
            {"id": "c", **other}]  # fmt: skip
    found = counsel.lot(rows, ["habilitation", "detenteur"], today=DAY)
    assert isinstance(found.answers, pa.Table)
    assert found.answers["id"].to_pylist() == ["a", "c"]
    alone = [counsel.avis(s)["habilitation"] for s in (SCENARIO, other)]
    assert found.answers["habilitation"].to_pylist() == alone
    assert sum(found.counts.values()) == 2
    assert found.rejects.to_pylist()[0]["colonne"] == "acteur.nature"


def test_a_table_may_be_arrow_or_a_file(counsel: cd.Counsel, tmp_path: Path) -> None:
    columns = {"date": ["2026-11-25"], "acteur.nature": ["commune"], "nom": ["Figeac"]}
    file = tmp_path / "table.csv"
    file.write_text("date;acteur.nature;nom\n2026-11-25;commune;Figeac\n", encoding="utf-8")

    class Table:
        """What only speaks Arrow's C interface."""

        def __arrow_c_stream__(self, schema: object = None) -> object:
            return pa.table(columns).__arrow_c_stream__(schema)

    answers = [
        counsel.lot(table, ["habilitation"], keep=["nom"], reasoning=False).answers.to_pylist()
        for table in (pa.table(columns), Table(), file, str(file))
    ]
    assert all(rows == answers[0] for rows in answers)
    assert answers[0][0]["nom"] == "Figeac"


@pytest.mark.parametrize(
    ("table", "columns", "error"),
    [
        (12, None, TypeError),
        ("rien.csv", None, cd.CoopdecError),
        ("table.docx", None, cd.CoopdecError),
        (pa.table({"acteur.natur": ["x"]}), None, cd.CoopdecError),
        ([SCENARIO], ["habilitations"], cd.CoopdecError),
    ],
)
def test_a_table_that_cannot_be_answered_is_refused(
    counsel: cd.Counsel, table: object, columns: list[str] | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        counsel.lot(table, columns)


def test_another_rulebook_is_loaded_from_its_folder(tmp_path: Path) -> None:
    with cd.load(small(tmp_path)) as counsel:
        assert counsel.version == "1.0.0"
        assert counsel.avis({"acteur": {"nature": "commune"}})["maitrise_ouvrage"]
    with pytest.raises(cd.RulebookError):
        cd.load(tmp_path / "absent")


def test_the_own_rulebook_is_loaded_once(counsel: cd.Counsel, monkeypatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(public, "_own", [])
    monkeypatch.setattr(public, "load", lambda: made.append(0) or counsel)
    assert cd.avis(SCENARIO, reasoning=False) == counsel.avis(SCENARIO, reasoning=False)
    assert cd.explain(SCENARIO).value == counsel.explain(SCENARIO).value
    assert cd.lot([SCENARIO], ["habilitation"]).counts
    assert len(made) == 1


def test_places_of_a_departement() -> None:
    found = cd.places("46")
    assert {"commune", "communaute_communes"} <= {place.nature for place in found}
    figeac = next(place for place in found if place.name == "Figeac")
    assert figeac.actor["groupement"]["nature"] == "communaute_communes"
    with pytest.raises(KeyError, match="999"):
        cd.places("999")


def test_the_notebook_is_the_one_of_its_source_run_without_a_fault() -> None:
    run = json.loads(NOTEBOOK.read_text("utf-8"))
    asked = notebook(SOURCE.read_text("utf-8"))
    assert [(c["cell_type"], "".join(c["source"])) for c in run["cells"]] == [
        (cell.cell_type, cell.source) for cell in asked.cells
    ], "python -m scripts.carnet"
    outputs = [out for cell in run["cells"] for out in cell.get("outputs", ())]
    assert not [out for out in outputs if out["output_type"] == "error"]
    images = [out["data"]["image/png"] for out in outputs if "image/png" in out.get("data", {})]
    assert len(images) == 2
    assert all(len(image) < 100_000 for image in images)
