"""Batches of Arrow answered by any engine: a row in, a row out, as ``coopdec lot`` answers it."""

from __future__ import annotations

import datetime as dt
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch import transform
from coopdec_rules.batch.columns import HeadingsError
from coopdec_rules.batch.running import BatchAdvisor, Request
from coopdec_rules.batch.transform import ArrowTransform

DAY = dt.date(2026, 6, 1)
TABLE = pa.table(
    {
        "id": ["a", "b", "c", "d"],
        "acteur.nature": ["commune", "comune", "departement", None],
        "action.objet": ["cooperation", "cooperation", "humanitaire", "cooperation"],
        "action.volets.1.domaine": ["eau", "eau", None, "eau"],
    }
)


@pytest.fixture(autouse=True)
def _loaded(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session's advisor, instead of one loaded by this process."""
    adviser = BatchAdvisor(advisor)
    monkeypatch.setattr(transform, "_adviser", lambda: adviser)


def test_rows_are_answered_in_place_and_refused_in_place(advisor: Advisor, tmp_path: Path) -> None:
    # It travels to other machines, and its batches may have lost the names of their columns.
    answer: ArrowTransform = pickle.loads(
        pickle.dumps(ArrowTransform(TABLE.column_names, DAY, kept=["id"]))
    )
    plain = TABLE.rename_columns([f"c{n}" for n in range(TABLE.num_columns)])
    batches = list(answer(iter(plain.to_batches(max_chunksize=3))))
    found = pa.Table.from_batches(batches, answer.schema).to_pylist()
    assert [row["id"] for row in found] == ["a", "b", "c", "d"]
    assert [bool(row["rejet"]) for row in found] == [False, True, False, True]
    assert found[1]["rejet"].startswith("acteur.nature : ")
    assert found[1]["habilitation"] is None
    source = tmp_path / "lignes.parquet"
    pq.write_table(TABLE, source)
    request = Request(
        source, tmp_path / "avis.parquet", tmp_path / "rejets.parquet",
        kept=["id"], reasoning=False, day=DAY,
    )  # fmt: skip
    BatchAdvisor(advisor).run(request)
    for row in found:
        del row["rejet"]
    assert pq.read_table(request.target).to_pylist() == [found[0], found[2]]


def test_what_is_told_to_the_engine_is_what_comes_out() -> None:
    answer = ArrowTransform(TABLE.column_names, DAY, kept=["id"], choices=["conditions"])
    assert answer.ddl == (
        "`id` string, `conditions` array<string>, `conditions_nombre` int, `rejet` string"
    )
    assert not list(answer(iter([])))


def test_a_scenario_over_several_rows_is_refused_before_any_is_read() -> None:
    with pytest.raises(HeadingsError, match="numéroter les éléments"):
        _ = ArrowTransform(["id", "action.volets.domaine"], DAY, kept=["id"]).schema
