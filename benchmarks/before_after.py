"""``python -m benchmarks.before_after <checkout>``: the same work there and here, as ratios.

Each checkout in turn, with the same rulebook.  Processor time, the least of the rounds.  Only what
both offer under the same name is measured, through the same calls.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 2
TODAY = dt.date(2006, 3, 1)
CASES = 120


def measure() -> dict[str, float]:
    """Seconds of each kind of work with the code that is imported."""
    from benchmarks.scenarios import scenarios
    from coopdec_rules.advice.advisor import Advisor
    from coopdec_rules.errors import ScenarioError
    from coopdec_rules.reasoning import reasoner
    from coopdec_rules.reasoning.proofs.run import prove
    from coopdec_rules.rulebook.loader import load_rulebook
    from coopdec_rules.rulebook.location import rules_folder

    book = load_rulebook(rules_folder())
    adviser = Advisor(book)
    documents = []
    for document in scenarios(book, 3 * CASES):
        # Every other answer left out: as people ask for help.
        partial = {k: v for n, (k, v) in enumerate(document.items()) if n % 2 == 0 or k == "acteur"}
        try:
            adviser.ways_out(partial, TODAY)
            adviser.questions(partial, TODAY)
        except ScenarioError:  # the rulebook declares it impossible, or needs what was left out
            continue
        documents.append(partial)
        if len(documents) == CASES:
            break
    read = [adviser.reader.read(document, TODAY).base for document in documents]
    batches: list[tuple[object, ...]] = []
    draw = reasoner.draw
    reasoner.draw = lambda *given: (batches.append(given), draw(*given))[1]  # type: ignore[assignment]
    for document in documents:
        adviser.questions(document, TODAY)
    reasoner.draw = draw
    work: dict[str, Callable[[], object]] = {
        "lots d'une demande": lambda: [draw(*given) for given in batches],  # type: ignore[arg-type]
        "questions": lambda: [adviser.questions(d, TODAY) for d in documents],
        "pistes et leviers": lambda: [adviser.ways_out(d, TODAY) for d in documents],
        "un scénario (moteur)": lambda: [adviser.engine.evaluate(TODAY, base) for base in read],
        "prouver un jour": lambda: prove(book, TODAY),
        "prouver à toutes les dates": lambda: prove(book),
    }
    print(book.fingerprint)
    return {name: min(_timed(call) for _ in range(_rounds(name))) for name, call in work.items()}


def _rounds(name: str) -> int:
    return 1 if name.endswith("dates") else 3


def _timed(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def _in(tree: Path) -> tuple[str, dict[str, float]]:
    """Fingerprint of the rulebook there, and seconds of each kind of work."""
    here = Path(__file__).resolve()
    paths = os.pathsep.join(map(str, (tree / "src", tree)))
    found = subprocess.run(
        [sys.executable, str(here), "--ici"],
        env={**os.environ, "PYTHONPATH": paths},
        cwd=tree,
        check=True,
        capture_output=True,
        text=True,
    )
    fingerprint, spent = found.stdout.splitlines()
    return fingerprint, json.loads(spent)


def main(other: Path) -> None:
    """Measure both checkouts in turn and print ratios: below 1, this one is faster."""
    here = Path(__file__).resolve().parent.parent
    turns = [(_in(here), _in(other)) for _ in range(ROUNDS)]
    if len({fingerprint for turn in turns for fingerprint, _ in turn}) > 1:
        raise SystemExit("Les deux copies n'ont pas le même recueil : rien ne se compare.")
    mine, theirs = ([turn[side][1] for turn in turns] for side in (0, 1))
    for name in mine[0]:
        now, before = (min(turn[name] for turn in side) for side in (mine, theirs))
        print(f"{name} : {now / before:.2f} — {now:.3f} s contre {before:.3f} s")


if __name__ == "__main__":
    if sys.argv[1] == "--ici":
        print(json.dumps(measure()))
    else:
        main(Path(sys.argv[1]).resolve())
