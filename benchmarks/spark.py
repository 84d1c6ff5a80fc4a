"""The example of ``docs/spark.md`` run for real on two local workers, against one process.

``python -m benchmarks.spark [--lignes N] [--json FICHIER]``.  pyspark is installed beside the
product (``.bench/spark``), never in its environment.  Without Java nothing is run and it is said;
where ``CI`` is true that is a failure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.figures import ROOT, Figures, about, told
from benchmarks.rows import TODAY, RowMaker
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder

KEPT = ROOT / ".bench"
#: What Spark adds to the product: the rest (NumPy, Arrow, python-dateutil) is the product's own.
PYSPARK = ("pyspark==4.3.0", "py4j==0.10.9.9", "pandas==3.1.1")
EXAMPLE = ROOT / "docs" / "exemples" / "lot_spark.py"
_NO_JAVA = (
    "Essai Spark sauté : Java n'est pas installé (Debian : apt-get install default-jre-headless)."
)
#: Parts of the table: Spark gives each to one worker at a time.
_PARTS = 4


def main() -> None:
    """Run both, compare them row by row, and print what each took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--lignes", type=int, default=20_000)
    parser.add_argument("--json", type=Path, metavar="FICHIER")
    given = parser.parse_args()
    if shutil.which("java") is None:
        print(_NO_JAVA)
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    KEPT.mkdir(exist_ok=True)
    library = _pyspark()
    book = load_rulebook(rules_folder())
    figures = Figures(about(book))
    print(*told(figures.about), sep="\n")
    whole = KEPT / "spark-entree.parquet"
    with closing(Advisor(book)) as adviser:
        RowMaker(adviser).write(whole, given.lignes)
    # The table as a folder of files, as a cluster has it; one row in it is wrong.
    folder = KEPT / "spark-entree"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    table = _with_a_mistake(pq.read_table(whole))
    step = -(-table.num_rows // _PARTS)
    for number in range(_PARTS):
        pq.write_table(table.slice(number * step, step), folder / f"{number}.parquet")
    pq.write_table(table, whole)

    single = KEPT / "spark-seul.parquet"
    start = time.perf_counter()
    _run([sys.executable, "-m", "coopdec_rules.cli", "lot", whole, "-o", single,
          "--sans-raisonnement"])  # fmt: skip
    alone = time.perf_counter() - start
    answers = KEPT / "spark-sortie"
    start = time.perf_counter()
    _run([sys.executable, EXAMPLE, folder, answers, "--date", TODAY.isoformat()], library)
    spread = time.perf_counter() - start

    differing = _differing(pq.read_table(single), pq.read_table(answers), table.num_rows)
    figures.add("spark.ecarts", "lignes que Spark répond autrement", differing, goal=0,
                detail=f"{table.num_rows} lignes")  # fmt: skip
    figures.add("spark.seul", "un seul processus, chargements compris", alone, "s")
    figures.add("spark.local2", f"{PYSPARK[0]} sur local[2], démarrages compris", spread, "s")
    if given.json:
        figures.write(given.json)
    sys.exit(1 if differing else 0)


def _pyspark() -> Path:
    """The folder of pyspark, installed when it is missing."""
    folder = KEPT / "spark"
    mark = folder / "installe.txt"
    wanted = " ".join(PYSPARK)
    if not mark.is_file() or mark.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps"]
        subprocess.run([*command, "--target", str(folder), *PYSPARK], check=True)
        mark.write_text(wanted, encoding="utf-8")
    return folder


def _with_a_mistake(table: pa.Table) -> pa.Table:
    names = table["acteur.nature"].to_pylist()
    names[0] = "comune"
    place = table.schema.get_field_index("acteur.nature")
    return table.set_column(place, "acteur.nature", pa.array(names, pa.string()))


def _run(command: list[object], library: Path | None = None) -> None:
    """Run with the code of this checkout, and pyspark when it is asked for."""
    paths = [ROOT / "src", *([library] if library else [])]
    given = {
        "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": "--master local[2] pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    # With a folder of its own, the example finds its pyspark and not another.
    given |= {"SPARK_HOME": str(library / "pyspark")} if library else {}
    done = subprocess.run(
        [str(part) for part in command], env={**os.environ, **given}, cwd=KEPT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[1]} failed:\n{done.stderr[-4000:]}")


def _differing(alone: pa.Table, spread: pa.Table, size: int) -> int:
    """Rows that are not answered alike; the one that is wrong is told in ``rejet``."""
    mine = {row["id"]: row for row in alone.to_pylist()}
    count = abs(spread.num_rows - size)
    for row in spread.to_pylist():
        why = row.pop("rejet")
        count += bool(why) if row["id"] in mine else not (why and "acteur.nature" in why)
        count += row["id"] in mine and row != mine[row["id"]]
    return count


if __name__ == "__main__":
    main()
