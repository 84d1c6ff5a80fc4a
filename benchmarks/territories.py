"""Searching the territories against a plain scan of the same names, and reading their file.

The queries are what people type: beginnings, whole names, last words, one wrong letter, codes.
"""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from importlib.resources import files

from coopdec_rules.territories import Territory
from coopdec_rules.territories.data_file import decode, uncompress
from coopdec_rules.territories.directory import Directory
from coopdec_rules.territories.remarks import Remarks
from coopdec_rules.territories.text import words

COUNT = 2000
LIMIT = 10


def main() -> None:
    """Measure and print."""
    data = (files("coopdec_rules.territories") / "data" / "territoires.tsv.gz").read_bytes()
    unpack = _seconds(lambda: [line.split("\t") for line in uncompress(data).split("\n")])

    def load() -> Directory:
        directory = Directory(decode(uncompress(data)), Remarks())
        directory.search("a")  # makes the index
        return directory

    whole = _seconds(load)
    tracemalloc.start()
    directory = load()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(
        f"territoires, chargement et index / lecture du fichier seul : {whole / unpack:.1f} — "
        f"{whole * 1000:.0f} ms (à atteindre : moins de 1000), {held / 1e6:.0f} Mo"
    )
    names = ["".join(words(t.name)) for t in directory.territories]

    def scan(query: str) -> list[Territory]:
        key = "".join(words(query))
        found = (t for name, t in zip(names, directory.territories, strict=True) if key in name)
        return [t for _, t in zip(range(LIMIT), found, strict=False)]

    times: tuple[list[float], list[float]] = ([], [])
    for query in _queries(directory):
        times[0].append(_seconds(lambda q=query: scan(q), 1) * 1000)
        times[1].append(_seconds(lambda q=query: directory.search(q, LIMIT), 1) * 1000)
    (base, base95), (mine, mine95) = (
        (statistics.median(side), statistics.quantiles(side, n=20)[18]) for side in times
    )
    print(
        f"territoires, recherche / parcours simple : p50 {mine / base:.3f}, p95 "
        f"{mine95 / base95:.3f} — p50 {mine:.3f} ms (à atteindre : 5), p95 {mine95:.2f} ms"
    )


def _queries(directory: Directory) -> list[str]:
    pick = random.Random(2006)
    found = []
    for number, territory in enumerate(pick.sample(directory.territories, COUNT)):
        name = territory.name
        place = pick.randrange(len(name))
        found.append(
            (
                name[: place + 1],
                name,
                name.replace("-", " ").split()[-1],
                name[:place] + pick.choice("aeioubcd") + name[place + 1 :],
                territory.code,
            )[number % 5]
        )
    return found


def _seconds(call: Callable[[], object], rounds: int = 3) -> float:
    """The median duration of some calls."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
