"""``coopdec lot`` at scale: a million rows, OpenFisca on the same formulas, equality, memory."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zen

from benchmarks.agreement import answered, difference
from benchmarks.figures import ROOT, Figures
from benchmarks.openfisca_export import OpenFiscaExport, asked
from benchmarks.rows import TODAY, RowMaker
from benchmarks.scenarios import items, scenarios
from benchmarks.zen_export import ZenExport
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.batch.block import Block, BlockReader, blocks
from coopdec_rules.batch.columns import Vocabulary
from coopdec_rules.batch.files import BATCH, read_table
from coopdec_rules.batch.masks import flags
from coopdec_rules.batch.parsing import TableReader

#: What the bench makes and keeps from one run to the next; git ignores it.
KEPT = ROOT / ".bench"
SIZES = (1_000, 10_000, 100_000, 1_000_000)
#: Seconds for the largest; times faster than OpenFisca.
GOAL, RATIO_GOAL = 12, 5
SAMPLE, REASONED_SAMPLE = 10_000, 300
BAD = 200_000
_ROUNDS = 7
_OPENFISCA = ROOT / "benchmarks" / "openfisca"


def main(figures: Figures, adviser: Advisor) -> None:
    """Measure everything that ``docs/lots.md`` tells."""
    KEPT.mkdir(exist_ok=True)
    table = _table(adviser)
    _scaling(figures, table)
    _refused(figures, table)
    against_others(figures, adviser, table)
    _agreement(figures, adviser)


def _table(adviser: Advisor) -> Path:
    """The table of the largest size, made once for each rulebook."""
    path = KEPT / f"lignes-{adviser.rulebook.fingerprint[:12]}-{SIZES[-1]}.parquet"
    if not path.is_file():
        new = path.with_name("en-cours.parquet")
        summary = RowMaker(adviser).write(new, SIZES[-1])
        print(*summary.lines(adviser.rulebook), sep="\n")
        new.replace(path)
    return path


def _scaling(figures: Figures, table: Path) -> None:
    """Time and memory by number of rows, each in a process of its own."""
    for size in SIZES:
        part = table if size == SIZES[-1] else _first(table, size)
        found = _run(part)
        if size == SIZES[-1]:
            answers = ", ".join(f"{name} {count}" for name, count in found["answers"].items())
            print(f"Réponses : {answers}")
        goal = GOAL if size == SIZES[-1] else None
        figures.add(
            f"lot.{size}.duree",
            f"lot, {size} lignes de Parquet à Parquet",
            found["seconds"],
            "s",
            goal,
            f"{found['cpu']:.2f} s de processeur, {found['seconds'] / size * 1e6:.1f} µs la ligne,"
            f" recueil chargé en {found['load']:.1f} s",
        )
        figures.add(
            f"lot.{size}.memoire", f"lot, {size} lignes, mémoire au plus", found["megabytes"], "Mo"
        )


def _refused(figures: Figures, table: Path) -> None:
    """Rows that are all wrong, each in its own way."""
    rows = pq.read_table(table, columns=["id", "date", "acteur.nature"]).slice(0, BAD)
    wrong = pa.array([f"commun {n}" for n in range(rows.num_rows)])
    path = KEPT / "fautives.parquet"
    pq.write_table(rows.set_column(2, "acteur.nature", wrong), path)
    found = _run(path)
    if found["refused"] != BAD:
        raise ValueError(f"{found['refused']} rows refused out of {BAD}")
    figures.add("lot.rejets.duree", f"lot, {BAD} lignes toutes fautives", found["seconds"], "s")
    figures.add("lot.rejets.memoire", "leur mémoire au plus", found["megabytes"], "Mo")


def _first(table: Path, size: int) -> Path:
    path = KEPT / f"lignes-{size}.parquet"
    rows = next(pq.ParquetFile(table).iter_batches(size)) if size <= BATCH else None
    whole = pa.Table.from_batches([rows]) if rows is not None else pq.read_table(table)
    pq.write_table(whole.slice(0, size), path, row_group_size=BATCH)
    return path


def _run(table: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.batch_run", table, KEPT / "avis.parquet"]
    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(found.stdout)
    return told


# -- against others --------------------------------------------------------------------------------


def against_others(figures: Figures, adviser: Advisor, table: Path) -> None:
    """The same formulas on the same rows: our reading, OpenFisca; then Zen and single avis."""
    block = _block(adviser, table)
    export = OpenFiscaExport(adviser.rulebook, block)
    document = export.document()
    formulas, inputs, results = (
        KEPT / name for name in ("formules.json", "entrees.npz", "resultats.npz")
    )
    formulas.write_text(json.dumps(document), encoding="utf-8")
    np.savez(inputs, **export.inputs)
    python = _openfisca()
    theirs = []
    mine: list[float] = []
    found: Mapping[tuple[object, ...], Any] = {}
    # In turn, so that both meet the same machine.
    for _ in range(3):
        for _ in range(_ROUNDS):
            start = time.process_time()
            reading = BlockReader(adviser.rulebook).read(block)
            told = dict(asked(reading, block.present))
            found = {name: flags(where, block.size) for name, where in told.items()}
            mine.append(time.process_time() - start)
        run = subprocess.run(
            [python, _OPENFISCA / "run.py", formulas, inputs, results],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        theirs.append(json.loads(run.stdout))
    figures.add(
        "lot.openfisca.ecarts",
        "écarts avec OpenFisca, ligne par ligne",
        _differing(export, found, results, block.size),
        goal=0,
        detail=f"{len(found)} réponses et conditions × {block.size} lignes",
    )
    best, other = min(mine), min(one["cpu"] for one in theirs)
    versions = ", ".join(f"{name} {is_}" for name, is_ in theirs[0]["versions"].items())
    figures.add(
        "lot.openfisca",
        "OpenFisca / lecture de la loi par lot, mêmes formules, processeur",
        other / best,
        "",
        RATIO_GOAL,
        f"{other / block.size * 1e6:.2f} µs la ligne contre {best / block.size * 1e6:.2f} ; "
        f"{len(document['variables'])} variables, {len(block.moment.state.rules)} règles "
        f"({versions})",
    )
    _singles(figures, adviser)


def _block(adviser: Advisor, table: Path) -> Block:
    """The first batch of the table, read."""
    vocabulary = Vocabulary(adviser.rulebook)
    rows = read_table(table, vocabulary.groups())
    columns = next(rows.batches)
    headings = vocabulary.headings(rows.names)
    parsed = TableReader(adviser.rulebook, vocabulary, TODAY).read(
        columns, headings, len(columns["id"])
    )
    return next(blocks(parsed.sheet, adviser.rulebook, adviser.reasoner.moments))


def _differing(
    export: OpenFiscaExport, found: Mapping[tuple[object, ...], Any], results: Path, size: int
) -> int:
    theirs = np.load(results)
    count = 0
    for name, node in export.outputs.items():
        if f"v{node}" in theirs:
            other = np.unpackbits(theirs[f"v{node}"], count=size).view(np.bool_)
        else:
            other = np.full(size, node == export.formulas.true)
        count += int((found[name] != other).sum())
    return count


def _openfisca() -> Path:
    """The interpreter of OpenFisca's own environment, made when it is missing or has changed."""
    folder = KEPT / "openfisca"
    wanted = (_OPENFISCA / "requirements.txt").read_text(encoding="utf-8")
    python, mark = folder / "bin" / "python", folder / "installe.txt"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "-qq", "-r", _OPENFISCA / "requirements.txt"]
        subprocess.run(command, check=True)
        mark.write_text(wanted, encoding="utf-8")
    return python


def _singles(figures: Figures, adviser: Advisor) -> None:
    """One scenario at a time: Zen on complete ones, avis on rows like those of the table."""
    documents = scenarios(adviser.rulebook, 100)
    export = ZenExport(adviser.engine.law(TODAY), items(adviser.rulebook))
    decision = zen.ZenEngine().create_decision(export.document())
    contexts = [export.context(adviser.reader.read(one, TODAY).base) for one in documents]
    times = _times([lambda c=c: decision.evaluate(c) for c in contexts])
    figures.add("lot.zen", "Zen, un scénario complet", statistics.median(times), "ms")
    rows = RowMaker(adviser, seed=11).documents(100)
    for reasoning, title in ((False, "avis seul"), (True, "avis seul, avec raisonnement")):
        times = _times([
            lambda d=d, r=reasoning: adviser.advise(d, TODAY, reasoning=r) for d in rows
        ])  # fmt: skip
        key = "lot.avis.raisonne" if reasoning else "lot.avis"
        figures.add(key, f"{title}, une ligne", statistics.median(times), "ms")


def _times(calls: Sequence[Callable[[], object]]) -> list[float]:
    """Milliseconds of processor of each call, the second time."""
    times = []
    for round_ in range(2):
        for call in calls:
            start = time.process_time()
            call()
            if round_:
                times.append((time.process_time() - start) * 1000)
    return times


def _agreement(figures: Figures, adviser: Advisor) -> None:
    """Rows answered together and one by one."""
    for size, reasoning in ((SAMPLE, False), (REASONED_SAMPLE, True)):
        documents = RowMaker(adviser, seed=13).documents(size)
        found = answered(adviser, documents, reasoning)
        differing = sum(
            any(difference(adviser, document, found, row, reasoning))
            for row, document in enumerate(documents)
        )
        key = "lot.egalite.raisonnee" if reasoning else "lot.egalite"
        title = "lignes qui diffèrent de leur avis seul"
        detail = f"{size} lignes" + (", avec raisonnement" if reasoning else "")
        figures.add(key, title, differing, goal=0, detail=detail)
