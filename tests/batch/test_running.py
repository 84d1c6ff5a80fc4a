"""Whole files: every format in and out, rows put aside, work resumed, mistakes told."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.choices import ChoiceError, chosen
from coopdec_rules.batch.columns import HeadingsError, Vocabulary
from coopdec_rules.batch.files import FileProblem
from coopdec_rules.batch.parsing import TableReader
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.batch.summary import condition

DAY = dt.date(2026, 6, 1)
NAMES = ("id", "acteur.nature", "acteur.groupement.nature", "action.objet", "action.lieu",
         "action.volets.1.domaine", "date")  # fmt: skip
ROWS = (
    ("a", "commune", "aucun", "cooperation", "etranger", "eau", "2024-06-01"),
    ("b", "Commune", "aucun", "cooperation", "etranger", "", "01/03/2026"),
    ("c", "commun", "aucun", "cooperation", "etranger", "eau", "2024-06-01"),
    ("d", "commune", "aucun", "cooperation", "etranger", "eau", "mars 2006"),
)


@pytest.fixture(scope="module")
def adviser(advisor: Advisor) -> BatchAdvisor:
    return BatchAdvisor(advisor)


def _request(source: Path, end: str = ".csv", **more: object) -> Request:
    target = source.with_name(f"avis{end}")
    rejects = source.with_name(f"rejets{end}")
    return Request(source, target, rejects, day=DAY, reasoning=False, **more)  # type: ignore[arg-type]


def _csv(path: Path, names: Sequence[str], rows: Sequence[Sequence[str]], separator: str) -> Path:
    lines = [separator.join(row) for row in (names, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_a_row_with_a_mistake_does_not_stop_the_others(
    adviser: BatchAdvisor, tmp_path: Path
) -> None:
    request = _request(_csv(tmp_path / "t.csv", NAMES, ROWS, ";"))
    summary = adviser.run(request)
    assert (summary.answered, summary.refused) == (2, 2)
    assert [row["id"] for row in _read(request.target)] == ["a", "b"]
    refused = _read(request.rejects)
    assert {(row["ligne"], row["id"], row["colonne"]) for row in refused} == {
        ("4", "c", "acteur.nature"),
        ("5", "d", "date"),
    }
    assert next(row for row in refused if row["id"] == "c")["proposition"] == "commune"


def test_every_format_is_answered_alike(adviser: BatchAdvisor, tmp_path: Path) -> None:
    found: dict[str, list[tuple[str, str, str]]] = {}
    good = ROWS[:2]
    _csv(tmp_path / "a.csv", NAMES, good, ",")
    _csv(tmp_path / "b.tsv", NAMES, good, "\t")
    (tmp_path / "c.csv").write_bytes(
        "\n".join(";".join(row) for row in (NAMES, *good)).encode("cp1252")
    )
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(NAMES)
    for row in good:
        page.append(row)
    page.cell(2, 7).value = dt.datetime(2024, 6, 1)
    book.save(tmp_path / "d.xlsx")
    columns = {name: [row[n] or None for row in good] for n, name in enumerate(NAMES)}
    pq.write_table(pa.table(columns), tmp_path / "e.parquet")
    documents = [
        {"id": "a", "date": "2024-06-01", **_document("commune", "eau")},
        {"id": "b", "scenario": {"date": "2026-03-01", **_document("commune", None)}},
    ]
    (tmp_path / "f.jsonl").write_text("\n".join(json.dumps(d) for d in documents))
    for source in sorted(tmp_path.iterdir()):
        request = _request(source)
        adviser.run(request)
        found[source.name] = [
            (r["id"], r["regime"], r["element.competence"]) for r in _read(request.target)
        ]  # type: ignore[misc]
    assert len(found) == 6
    assert len({tuple(rows) for rows in found.values()}) == 1, found


def _document(nature: str, domain: str | None) -> Mapping[str, object]:
    return {
        "acteur": {"nature": nature, "groupement": {"nature": "aucun"}},
        "action": {
            "objet": "cooperation",
            "lieu": "etranger",
            "volets": [{"domaine": domain}],
        },
    }


@pytest.mark.parametrize("end", [".xlsx", ".parquet", ".jsonl", ".tsv"])
def test_every_format_is_written(adviser: BatchAdvisor, tmp_path: Path, end: str) -> None:
    request = _request(_csv(tmp_path / "t.csv", NAMES, ROWS[:2], ";"), end)
    adviser.run(request)
    assert request.target.stat().st_size > 0
    if end == ".parquet":
        assert pq.read_table(request.target).column("id").to_pylist() == ["a", "b"]
    if end == ".jsonl":
        lines = request.target.read_text().splitlines()
        assert [json.loads(line)["id"] for line in lines] == ["a", "b"]
    if end == ".xlsx":
        page = openpyxl.load_workbook(request.target)["Avis"]
        assert [row[0].value for row in page.iter_rows(min_row=2)] == ["a", "b"]


def test_rows_of_one_scenario_are_joined(adviser: BatchAdvisor, tmp_path: Path) -> None:
    names = ("id", "acteur.nature", "action.objet", "action.volets.domaine")
    rows = (
        ("x", "commune", "cooperation", "eau"),
        ("x", "", "", "dechets_menagers"),
        ("y", "commune", "cooperation", "eau"),
        ("y", "region", "", "eau"),
        ("z", "commune", "cooperation", "eau"),
    )
    source = _csv(tmp_path / "t.csv", names, rows, ";")
    for batch in (2, 100):  # a scenario may be cut by the end of a batch
        request = _request(source, batch=batch, choices=("detenteur",))
        summary = adviser.run(request)
        assert [row["id"] for row in _read(request.target)] == ["x", "z"]
        assert summary.refused == 1
        assert _read(request.rejects)[0]["colonne"] == "acteur.nature"
    apart = _csv(tmp_path / "u.csv", names, (rows[0], rows[2], rows[1]), ";")
    with pytest.raises(FileProblem, match="plus haut"):
        adviser.run(_request(apart))


def test_what_is_done_is_kept_and_resumed(adviser: BatchAdvisor, tmp_path: Path) -> None:
    rows = [(str(n), *ROWS[n % 2][1:]) for n in range(10)]
    request = _request(_csv(tmp_path / "t.csv", NAMES, rows, ";"), batch=3)

    def stop(done: int, of: int | None) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        adviser.run(request, told=stop)
    assert not request.target.exists()
    seen: list[int] = []
    summary = adviser.run(request, resume=True, told=lambda done, of: seen.append(done))
    assert summary.answered == 10
    assert [row["id"] for row in _read(request.target)] == [str(n) for n in range(10)]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["avis.csv", "t.csv"]
    with pytest.raises(FileProblem, match="Rien à reprendre"):
        adviser.run(request, resume=True)


def test_a_number_where_a_code_is_meant_is_caught(adviser: BatchAdvisor, tmp_path: Path) -> None:
    columns = {"acteur.nature": ["commune"], "acteur.code": [1004], "acteur.population": [1136.0]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    request = _request(tmp_path / "t.parquet")
    assert adviser.run(request).refused == 1
    (row,) = _read(request.rejects)
    assert (row["colonne"], row["proposition"]) == ("acteur.code", "01004")


def test_columns_that_cannot_be_read_are_told_at_once(adviser: BatchAdvisor) -> None:
    vocabulary = Vocabulary(adviser.book)
    names = ["acteur.natur", "action.volets.1.domaine", "action.volets.domaine", "note"]
    with pytest.raises(HeadingsError) as error:
        vocabulary.headings(names, kept=["absente"])
    told = "\n".join(error.value.problems)
    for word in ("acteur.nature", "note", "absente", "disent la même chose"):
        assert word in told
    fine = vocabulary.headings(["Type", "note"], {"Type": "acteur.nature"}, ["note"])
    assert fine.facts["Type"].fact.id == "acteur.nature"
    assert all(vocabulary.place(name) is not None for name in vocabulary.names())


def test_questions_and_ceilings_are_those_of_the_avis(
    adviser: BatchAdvisor, tmp_path: Path
) -> None:
    names = ("id", "acteur.nature", "action.objet", "action.lieu", "action.volets.1.domaine",
             "contributions.1.nature")  # fmt: skip
    known = [name for name in names if name == "id" or Vocabulary(adviser.book).place(name)]
    rows = [("a", "commune", "cooperation", "etranger", "eau", "argent")[: len(known)]]
    request = _request(
        _csv(tmp_path / "t.csv", known, rows, ";"), ".jsonl", choices=("questions", "plafonds")
    )
    adviser.run(request)
    told = json.loads(request.target.read_text())
    document = {
        "acteur": {"nature": "commune"},
        "action": {"objet": "cooperation", "lieu": "etranger", "volets": [{"domaine": "eau"}]},
    }
    avis = adviser.advisor.advise(document, DAY, reasoning=False).avis
    assert len(told["questions"]) == len(avis["questions"]) > 3


def test_answers_asked_for_exist() -> None:
    assert chosen("habilitation, elements") == ("habilitation", "elements")
    with pytest.raises(ChoiceError, match="elements"):
        chosen("element")


def test_a_wrong_value_is_told_in_its_batch_alone(adviser: BatchAdvisor, tmp_path: Path) -> None:
    """A Parquet file codes its texts once for many batches: some values are in none of a batch."""
    natures = ["commune", "commune", "comune", "commune", "comune"]
    table = pa.table({"id": list("abcde"), "acteur.nature": natures})
    pq.write_table(table, tmp_path / "t.parquet")
    request = _request(tmp_path / "t.parquet", ".parquet", batch=2)
    summary = adviser.run(request)
    assert (summary.answered, summary.refused) == (3, 2)
    refused = pq.read_table(request.rejects).to_pylist()
    assert [(row["ligne"], row["id"]) for row in refused if row["trouve"]] == [(4, "c"), (6, "e")]


def test_numbers_of_many_rows_are_read_as_one_by_one(adviser: BatchAdvisor, tmp_path: Path) -> None:
    """Beyond some values a column of numbers is read at once: same values, same refusals."""
    plain = [f"{n * 37}.{n % 100:02}" for n in range(200)]
    odd = ["5 000,50", "1136.0", "12.345", "-4", "4.000", "1e3", "1.000.000", "", "0012"]
    texts = [*plain, *odd]
    amounts = {"text": pa.array(texts, pa.string()), "double": pa.array(
        [*(float(text) for text in plain), 0.1, 12.345, -1.0, float("nan"), 1e15])}  # fmt: skip
    reader = TableReader(adviser.book, adviser.vocabulary, DAY)
    name = "action.contributions.1.montant"
    headings = adviser.vocabulary.headings([name])
    for array in amounts.values():
        whole = reader.read({name: array}, headings, len(array))
        column = whole.sheet.columns["contribution.montant", 0]
        mine = {int(row): reject.problem for reject in whole.rejects if reject.column == name
                for row in reject.rows}  # fmt: skip
        for row in range(len(array)):
            alone = reader.read({name: array.slice(row, 1)}, headings, 1)
            found = alone.sheet.columns["contribution.montant", 0].value(0)
            assert column.value(row) == found
            assert type(column.value(row)) is type(found)
            told = [reject.problem for reject in alone.rejects if reject.column == name]
            assert told == ([mine[row]] if row in mine else [])
    assert mine


def test_the_summary_names_what_each_row_would_say(adviser: BatchAdvisor) -> None:
    book = adviser.book
    told = [
        condition(book, rule.id, place)
        for rule in book.rules
        for place, effect in enumerate(rule.effects)
        if effect.kind == "condition"
    ]
    assert any("[domaine" in text.lower() for text in told)
    assert not [text for text in told if "{" in text or "[…]" in text]
