"""The nation: what the page shows is what the rulebook answers today, and says what it supposes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.nation import KINDS, count_nation, write_nation
from coopdec_rules.errors import RulebookError
from coopdec_rules.panorama.nation import load_nation
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.typical import FILE, load_typical
from coopdec_rules.rulebook.yamlmarks import Reader
from coopdec_rules.territories import load_directory

#: Two small départements, one of them overseas: asked again whenever the suite runs.
SAMPLE = ("90", "976")


def test_what_is_kept_is_what_would_be_answered(advisor: Advisor, tmp_path: Path) -> None:
    """When it fails: ``python -m scripts.nation``."""
    nation = load_nation()
    territories = [t for t in load_directory().territories if t.department.code in SAMPLE]
    found = count_nation(advisor, territories, nation.day, tmp_path)
    assert found == [one for one in nation.tallies if one.department in SAMPLE]
    actions = {action.id for action in advisor.rulebook.typical.actions}
    assert {one.action for one in found} == actions
    assert len(actions) == 10


def test_every_territory_is_counted_once_for_each_action() -> None:
    nation = load_nation()
    territories = load_directory().territories
    for kind, wanted in zip(
        KINDS,
        (
            sum(t.nature == "commune" for t in territories),
            sum(t.nature != "commune" for t in territories),
        ),
        strict=True,
    ):
        counts: dict[str, int] = {}
        for one in nation.tallies:
            if one.kind == kind:
                counts[one.action] = counts.get(one.action, 0) + one.count
        assert set(counts.values()) == {wanted}


def test_no_one_is_said_to_run_a_service(advisor: Advisor) -> None:
    """A 1 % is never authorised by what the page supposes: who runs the service stays to check."""
    typical = advisor.rulebook.typical
    paid = {action.id for action in typical.actions if action.one_percent}
    assert len(paid) == 5
    assert all("contribution.service_exerce" not in action.facts for action in typical.actions)
    powers = {one.power for one in load_nation().tallies if one.action in paid}
    assert powers <= {"sous_conditions", "indeterminee", "interdite"}


def test_the_page_tells_what_is_supposed_and_whose_map_it_is(
    client: TestClient, advisor: Advisor
) -> None:
    text = " ".join(client.get("/panorama", headers={"accept": "text/html"}).text.split())
    typical = advisor.rulebook.typical
    for told in (typical.said, typical.held, typical.unknown):
        assert told.replace("'", "’").partition(" :")[0].partition(" ;")[0] in text
    for credited in ("Victor Cazanave", "CC BY 4.0", "BANATIC", "Lozère (48)"):
        assert credited in text


def test_the_table_of_the_nation_states_what_the_directory_knows(
    advisor: Advisor, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    directory = load_directory()
    place = directory.by_code("48095")
    assert place is not None
    path = tmp_path / "lignes.parquet"
    assert write_nation(path, advisor.rulebook, [place], dt.date(2026, 6, 1)) == 10
    row = pq.read_table(path).to_pylist()[0]
    assert (row["id"], row["departement"]) == ("48095:un-pour-cent-eau", "48")
    assert row["acteur.groupement.nom"] == place.grouping.name if place.grouping else False
    assert "action.contributions.1.service_exerce" not in row


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("contribution.budget: eau", "contribution.budget: lait", "lait"),
        ("volet.domaine: ecoles", "volet.domaines: ecoles", "volet.domaines"),
        ("    court: école", "    bref: école", "bref"),
    ],
)
def test_a_mistake_in_an_action_is_told_at_its_line(
    advisor: Advisor, rules_root: Path, tmp_path: Path, before: str, after: str, told: str
) -> None:
    text = (rules_root / FILE).read_text(encoding="utf-8")
    assert before in text
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(text.replace(before, after, 1), encoding="utf-8")
    reader = Reader()
    facts: dict[str, Fact] = dict(advisor.rulebook.facts)
    load_typical(tmp_path, reader, facts)
    with pytest.raises(RulebookError) as caught:
        reader.raise_if_any()
    line = text[: text.index(before)].count("\n") + 1
    assert any(d.line == line and told in d.message for d in caught.value.diagnostics)
