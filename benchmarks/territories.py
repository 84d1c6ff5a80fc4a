"""Searching the territories against a plain scan of the same names, and reading their files.

The queries are what people type: beginnings, whole names, last words, one wrong letter, codes and
postcodes, of communes, communities and syndicats.
"""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Sequence
from importlib.resources import files

from benchmarks.figures import Figures
from coopdec_rules.garbage import paused
from coopdec_rules.territories import Territory
from coopdec_rules.territories.data_file import decode, uncompress
from coopdec_rules.territories.directory import Directory
from coopdec_rules.territories.remarks import Remarks
from coopdec_rules.territories.text import words

COUNT = 2000
LIMIT = 10


def main(figures: Figures) -> None:
    """Measure reading, then searching."""
    folder = files("coopdec_rules.territories") / "data"
    data = [(folder / name).read_bytes() for name in ("territoires.tsv.gz", "banatic.tsv.gz")]
    unpack = _seconds(
        lambda: [[line.split("\t") for line in uncompress(d).split("\n")] for d in data]
    )

    def load() -> Directory:
        with paused():
            return Directory(decode(uncompress(data[0])), Remarks())

    def ready() -> Directory:
        directory = load()
        directory.prepare()  # makes the indexes, of the syndicats too
        return directory

    codes, whole = _seconds(load), _seconds(ready)
    tracemalloc.start()
    directory = ready()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    figures.add(
        "territoires.lecture",
        "territoires, lecture / lecture des deux fichiers seule",
        codes / unpack,
        detail=f"{codes * 1000:.0f} ms",
    )
    figures.add(
        "territoires.tout",
        "territoires, lecture avec index, syndicats et compétences",
        whole * 1000,
        "ms",
        400,
        f"hors des premières pages ; {whole / unpack:.1f} fois la lecture seule",
    )
    figures.add("territoires.memoire", "territoires, mémoire tenue", held / 2**20, "Mo")
    everyone = (*directory.territories, *directory.others)
    names = ["".join(words(t.name)) for t in everyone]

    def scan(query: str) -> list[Territory]:
        key = "".join(words(query))
        found = (t for name, t in zip(names, everyone, strict=True) if key in name)
        return [t for _, t in zip(range(LIMIT), found, strict=False)]

    times: tuple[list[float], list[float]] = ([], [])
    for query in _queries(everyone):
        times[0].append(_seconds(lambda q=query: scan(q), 1) * 1000)
        times[1].append(_seconds(lambda q=query: directory.search(q, LIMIT), 1) * 1000)
    (base, base95), (mine, mine95) = (
        (statistics.median(side), statistics.quantiles(side, n=20)[18]) for side in times
    )
    title = "territoires, recherche / parcours simple"
    figures.add(
        "territoires.p50", f"{title}, p50", mine / base, detail=f"{mine:.3f} ms (à atteindre : 1)"
    )
    figures.add(
        "territoires.p95",
        f"{title}, p95",
        mine95 / base95,
        detail=f"{mine95:.2f} ms (à atteindre : 10), au pire {max(times[1]):.1f} ms",
    )


def _queries(territories: Sequence[Territory]) -> list[str]:
    pick = random.Random(2006)
    found = []
    for number, territory in enumerate(pick.sample(territories, COUNT)):
        name = territory.name
        place = pick.randrange(len(name))
        found.append(
            (
                name[: place + 1],
                name,
                name.replace("-", " ").split()[-1],
                name[:place] + pick.choice("aeioubcd") + name[place + 1 :],
                (*territory.postcodes, territory.code)[0],
                territory.code,
            )[number % 6]
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
    main(Figures({}))
