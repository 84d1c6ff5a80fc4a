"""Writes ``docs/mutations.md``: small mistakes put into the rules, and what catches each of them.

Run ``python -m scripts.mutations``; it is no part of the tests, which try a sample.  With days
(``python -m scripts.mutations 2006-02-01 2024-06-01``), only the rules in force on one of them are
tried, by the law of these days: minutes where every date takes hours.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from coopdec_rules.reasoning.proofs.mutations import Caught, Mutant, caught, mutants
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import cases_folder, rules_folder
from coopdec_rules.workshop.cases import load_cases
from coopdec_rules.workshop.mutated_cases import CaseMutations

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mutations.md"
#: The day of a case that gives none; none of the project's cases depends on it.
TODAY = dt.date(2026, 1, 1)
CHANGES = {
    "otee": "rule or row dropped",
    "niee": "conditions negated",
    "condition": "one condition removed",
}
HEAD = """# Mutation check

Written by `python -m scripts.mutations`. Each rule and each row of a table is dropped, negated, or
rid of one condition (one line or one comparison; one column of a row), one at a time. A mistake is
*caught* when the proofs find a gap or a contradiction (a), a declared property fails (b), or a
worked case fails (c); one may be caught by several. It is *equivalent* when it is proved, over
every possible scenario, to change no answer: the rule applies in the same scenarios, or in more of
them but where what it concludes is concluded already.
"""


def main() -> None:
    """Try every mutant, or those of the days given, and write the page."""
    days = [dt.date.fromisoformat(word) for word in sys.argv[1:]]
    book = load_rulebook(rules_folder())
    in_force = {rule.key for day in days for rule in book.at(day).rules}
    tried = [m for m in mutants(book) if not days or m.rule.key in in_force]
    cases = CaseMutations(book, load_cases(cases_folder()), TODAY)
    failing = {mutant: name for mutant in tried if (name := cases.failing(mutant))}
    found = caught(book, tried, lambda line: print(line, file=sys.stderr), days or None)
    PAGE.write_text(page(tried, found, failing, days), encoding="utf-8")


def page(
    tried: list[Mutant], found: Caught, failing: dict[Mutant, str], days: list[dt.date]
) -> str:
    """The page."""
    when = "At every date."
    if days:
        said = ", ".join(map(str, days))
        when = f"Rules in force on one of these days, tried on these days: {said}."
    equivalent = (found.idle | found.same) - failing.keys()
    real = [mutant for mutant in tried if mutant not in equivalent]
    lines = [
        HEAD,
        when,
        "",
        "| | mutants | equivalent | caught | (a) proofs | (b) properties | (c) cases |",
    ]
    lines.append("|---|---|---|---|---|---|---|")

    def row(title: str, keep: Callable[[Mutant], bool]) -> None:
        total = [m for m in tried if keep(m)]
        here = [m for m in real if keep(m)]
        seen = [m for m in here if _caught(m, found, failing)]
        if not here:
            return
        cells = [
            len(total), len(total) - len(here), _share(len(seen), len(here)),
            _share(sum(m in found.proofs for m in here), len(here)),
            _share(sum(m in found.properties for m in here), len(here)),
            _share(sum(m in failing for m in here), len(here)),
        ]  # fmt: skip
        lines.append(f"| {title} | " + " | ".join(map(str, cells)) + " |")

    for change, title in CHANGES.items():
        row(f"{title}, texts", lambda m, c=change: m.change == c and not m.rule.table)
        row(f"{title}, tables", lambda m, c=change: m.change == c and bool(m.rule.table))
    row("**all**", lambda m: True)
    survivors = [m for m in real if not _caught(m, found, failing)]
    lines += ["", f"## Survivors ({len(survivors)})", ""]
    for why, group in _why(survivors).items():
        lines += [f"{why}:", "", *(f"- `{m.name}`" for m in group), ""]
    never = Counter(found.properties.values())
    lines += ["## Equivalent mutants", ""]
    lines += [
        f"{len(found.idle - failing.keys())} apply their rule in exactly the same scenarios: the "
        "condition only repeats, for the reader, what the vocabulary or another condition implies "
        "(`coopdec recueil prouver --tout` lists them). "
        f"{len(found.same - failing.keys())} apply it in more scenarios, where it concludes "
        "nothing new.",
        "",
        f"{len(never)} of the declared properties were the first to catch some mutant.",
        "",
    ]
    return "\n".join(lines)


def _caught(mutant: Mutant, found: Caught, failing: dict[Mutant, str]) -> bool:
    return mutant in found.proofs or mutant in found.properties or mutant in failing


def _why(survivors: Iterable[Mutant]) -> dict[str, list[Mutant]]:
    found: dict[str, list[Mutant]] = {}
    for mutant in survivors:
        if not mutant.rule.concludes:
            why = "They change advice, warnings or formalities only, and no case has the facts"
        elif mutant.rule.table:
            why = "Rows of a table: no property or case tells them apart"
        else:
            why = "They may change an answer, or the reasons given for it"
        found.setdefault(why, []).append(mutant)
    return found


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)"


if __name__ == "__main__":
    main()
