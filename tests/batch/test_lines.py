"""Scenarios one a line: answered as the table that holds them, each on its own."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

import orjson
import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import to_json
from coopdec_rules.batch.lines import LineAdvisor
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.errors import ScenarioError
from coopdec_rules.workshop.cases import load_cases

TODAY = dt.date(2026, 11, 26)
CHOICES = ("habilitation", "maitrise_ouvrage", "detenteur", "conditions", "plafonds", "doutes")
COMMUNE = {"acteur": {"nature": "commune"}}
HEAD = ("ligne", "id")


@pytest.fixture(scope="module")
def documents(cases_root: Path) -> list[dict[str, Any]]:
    """Scenarios of worked cases, at few dates: each compiles its law."""
    cases = [case for case in load_cases(cases_root) if "impossible" not in case.expected]
    drawn = random.Random(7).sample(cases, 24)
    days = ("2006-02-01", "2026-03-01")
    return [
        {"id": case.id, **json.loads(to_json(case.scenario)), "date": days[n % 2]}
        for n, case in enumerate(drawn)
    ]


def answered(advisor: Advisor, *documents: Any, **asked: Any) -> list[dict[str, Any]]:
    lines = LineAdvisor(advisor, TODAY, **{"choices": CHOICES, "reasoning": False, **asked})
    texts = [one if isinstance(one, bytes) else orjson.dumps(one) for one in documents]
    return [json.loads(line.written()) for line in lines.answer(list(enumerate(texts, 1)))]


def test_lines_are_answered_as_the_table_that_holds_them(
    advisor: Advisor, documents: list[dict[str, Any]], tmp_path: Path
) -> None:
    source, target = tmp_path / "s.jsonl", tmp_path / "a.jsonl"
    source.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in documents))
    request = Request(
        source, target, tmp_path / "r.jsonl", choices=CHOICES, reasoning=False, day=TODAY, batch=64
    )
    BatchAdvisor(advisor).run(request)
    table = {row["id"]: row for row in map(json.loads, target.read_text().splitlines())}
    lines = answered(advisor, *documents)
    assert [line["ligne"] for line in lines] == list(range(1, len(documents) + 1))
    good = [line for line in lines if "erreurs" not in line]
    assert len(good) > 15
    assert {line["id"] for line in good} == set(table)
    for line in good:
        row = table[line["id"]]
        for name, value in line.items():
            if name not in HEAD:
                told = sorted(row[name]) if isinstance(value, list) else row[name]
                value = sorted(value) if isinstance(value, list) else value
                assert value == (float(told) if isinstance(value, float) else told), name


def test_a_line_does_not_depend_on_those_beside_it(
    advisor: Advisor, documents: list[dict[str, Any]]
) -> None:
    together = answered(advisor, *documents[:8], reasoning=True)
    alone = [answered(advisor, one, reasoning=True)[0] for one in documents[:8]]
    assert [{**line, "ligne": 1} for line in together] == alone
    # A number where a text is meant is refused, whatever its neighbour writes.
    text, number = ({"acteur": {"nature": "commune", "code": code}} for code in ("01004", 1004))
    good, bad = answered(advisor, text, number)
    assert "erreurs" not in good
    assert bad["erreurs"][0]["colonne"] == "acteur.code"
    assert bad["erreurs"][0]["suggestion"] == "01004"


@pytest.mark.parametrize(
    ("line", "column", "said"),
    [
        (b"{", None, "JSON illisible"),
        (b"[1]", None, "objet"),
        (b'{"acteur": {"nature": "commune"}, "date": "x", "date": "y"}', None, "répétée"),
        ({"acteur": {"nature": "comune"}}, "acteur.nature", "n'existe pas"),
        ({"acteur": {}}, "acteur.nature", "obligatoire"),
        ({"acteur": "commune"}, "acteur", "objet"),
        ({**COMMUNE, "id": []}, "id", "identifiant"),
        ({**COMMUNE, "scenario": 3}, "scenario", "objet"),
        ({**COMMUNE, "actoin": {}}, "actoin", "n'existe pas"),
        ({"acteur": {"nature": "commune", "population": []}}, "acteur.population", "illisible"),
        ({"acteur": {"nature": "commune", "population": -1}}, "acteur.population", "limites"),
        (
            b'{"acteur": {"nature": "commune", "population": 1%030d}}' % 0,
            "acteur.population",
            "limites",
        ),
        ({**COMMUNE, "action": {"volets": [{}, 3]}}, "action.volets.2", "objet"),
        ({**COMMUNE, "action.volets.domaine": "eau"}, "action.volets.domaine", "n'existe pas"),
        ({"acteur": {"nature": "metropole"}, "date": "2006-02-01"}, None, "ne vont pas ensemble"),
    ],
)
def test_a_bad_line_says_where_and_why_and_stops_no_other(
    advisor: Advisor, line: object, column: str | None, said: str
) -> None:
    before, bad, after = answered(advisor, COMMUNE, line, COMMUNE)
    assert before["ligne"] == 1
    assert {**before, "ligne": 3} == after
    assert "erreurs" not in after
    (fault, *_) = bad["erreurs"]
    assert fault["colonne"] == column
    assert said in fault["message"]
    assert set(bad) == {*HEAD, "erreurs"}


def test_what_a_line_accepts_the_avis_accepts(
    advisor: Advisor, documents: list[dict[str, Any]]
) -> None:
    """Cut at random, a scenario is refused by both or by neither, but for looser writings."""
    rng = random.Random(3)
    for document in documents:
        cut = damaged(document, rng)
        (line,) = answered(advisor, cut, choices=("habilitation",))
        scenario = {key: value for key, value in cut.items() if key != "id"}
        try:
            advisor.advise(scenario, TODAY, reasoning=False)
        except ScenarioError:
            assert "erreurs" in line, cut
        else:
            assert "erreurs" not in line, (cut, line)


def damaged(document: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A scenario with one of its parts replaced by something else."""
    made = json.loads(json.dumps(document))
    place = made
    while True:
        key = rng.choice([name for name in place if name != "id"])
        if isinstance(place[key], dict) and place[key] and rng.random() < 0.8:
            place = place[key]
            continue
        place[key] = rng.choice([None, [], {}, "x", 3, [{}], {"y": 1}])
        return dict(made)


def test_a_blank_line_counts_and_is_not_answered(advisor: Advisor) -> None:
    first, third = answered(advisor, COMMUNE, b"  ", COMMUNE)
    assert (first["ligne"], third["ligne"]) == (1, 3)


def test_answers_in_words_and_questions(advisor: Advisor) -> None:
    (line,) = answered(advisor, COMMUNE, choices=("article", "questions"), words=True)
    assert line["regime"].startswith("loi du 7 juillet 2014")
    assert "action.operation" in line["questions"]
