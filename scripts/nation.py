"""Counts the nation for the page ``/panorama``: ``python -m scripts.nation [--date AAAA-MM-JJ]``.

Asks every commune and community the typical actions (as ``coopdec lot --national``) and keeps, by
département, how many have each answer and each holder, with the day and the rulebook's version.
Run it again when the law, the base or the actions change: a test asks one département again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from contextlib import closing
from pathlib import Path

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.today import today
from coopdec_rules.batch.nation import count_nation
from coopdec_rules.panorama.nation import FILE, Nation, written
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.territories import load_directory

TARGET = Path(__file__).resolve().parent.parent / "src/coopdec_rules/panorama" / FILE


def main() -> None:
    """Count, and write the file of the page."""
    parser = argparse.ArgumentParser(prog="python -m scripts.nation", description=__doc__)
    parser.add_argument("--date", type=dt.date.fromisoformat, default=None)
    day = parser.parse_args().date or today()
    directory = load_directory()
    with closing(Advisor(load_rulebook(rules_folder()))) as adviser:
        with tempfile.TemporaryDirectory() as folder:
            tallies = count_nation(adviser, directory.territories, day, Path(folder))
        book = adviser.rulebook
        nation = Nation(day, book.version, book.fingerprint, directory.vintage, tuple(tallies))
    TARGET.write_text(written(nation), encoding="utf-8")
    print(f"{sum(one.count for one in nation.tallies)} réponses comptées dans {TARGET.name}")


if __name__ == "__main__":
    main()
