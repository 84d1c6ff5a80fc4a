"""A decision table as one reads it: what the law gives to whom, row by row, on one day or two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from coopdec_rules.advice.sentences import Sentences
from coopdec_rules.rulebook.formula import Lit, literals
from coopdec_rules.rulebook.model import Among, IsTrue, Rule
from coopdec_rules.rulebook.rulebook import LawState, Rulebook
from coopdec_rules.web.recueil.days import Days

SEPARATOR = ":"
DEFAULT = "a-defaut"


@dataclass(slots=True)
class TableCell:
    """What a row of the table concludes on each day; ``mark`` when the days differ."""

    values: list[tuple[str, ...]] = field(default_factory=list)
    rules: list[Rule | None] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        return len(self.values) > 1 and self.values[0] != self.values[1]


@dataclass(frozen=True, slots=True)
class Grid:
    """``columns`` are natures, ``rows`` domains with one cell for each nature."""

    id: str
    heads: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[TableCell, ...]], ...]
    default: Rule | None
    file: str


def table_ids(book: Rulebook) -> list[str]:
    """Every decision table of the rulebook."""
    return list(dict.fromkeys(rule.table for rule in book.rules if rule.table))


def grid(days: Days, sentences: Sentences, table: str) -> Grid:
    """The table on the days asked; columns and rows that are empty on all of them are left out."""
    book = days.book
    laws = [state for _, state in days.states]
    rows = [r for r in book.rules if r.table == table and not is_default(r)]
    heads = dict.fromkeys(name for r in rows for name, _ in r.concludes)
    found: dict[str, dict[str, TableCell]] = {}
    columns: dict[str, None] = {}
    present = {rule.key for law in laws for rule in law.rules}
    for rule in rows:
        if rule.key not in present:
            continue
        *names, domain = _names(book, rule)
        column = " — ".join(names)
        columns[column] = None
        found.setdefault(domain, {})[column] = TableCell()
    for law in laws:
        _fill(book, sentences, law, table, found)
    order = [domain for domain in _domains(book, rows) if domain in found]
    return Grid(
        id=table,
        heads=tuple(sentences.label(name) for name in heads),
        columns=tuple(columns),
        rows=tuple(
            (domain, tuple(found[domain].get(column, _nothing(laws)) for column in columns))
            for domain in order
        ),
        default=next((r for r in book.rules if r.table == table and is_default(r)), None),
        file=rows[0].file if rows else "",
    )


def _fill(
    book: Rulebook,
    sentences: Sentences,
    law: LawState,
    table: str,
    found: dict[str, dict[str, TableCell]],
) -> None:
    told = set()
    for rule in law.rules:
        if rule.table != table or is_default(rule):
            continue
        *names, domain = _names(book, rule)
        cell = found[domain][" — ".join(names)]
        cell.values.append(tuple(sentences.value(name, value) for name, value in rule.concludes))
        cell.rules.append(rule)
        told.add(id(cell))
    for cells in found.values():
        for cell in cells.values():
            if id(cell) not in told:
                cell.values.append(())
                cell.rules.append(None)


def _nothing(laws: Iterable[LawState]) -> TableCell:
    count = len(list(laws))
    return TableCell([()] * count, [None] * count)


def is_default(rule: Rule) -> bool:
    """Whether the rule speaks when no row of its table does."""
    return rule.id.endswith(f"{SEPARATOR}{DEFAULT}")


def _domains(book: Rulebook, rows: Iterable[Rule]) -> list[str]:
    """Names of the last column, in the order in which the vocabulary lists its values."""
    codes = {rule.id.split(SEPARATOR)[-1]: _names(book, rule)[-1] for rule in rows}
    known = [code for fact in book.facts.values() for code in fact.values if code in codes]
    return list(dict.fromkeys(codes[code] for code in (*known, *codes)))


def _names(book: Rulebook, rule: Rule) -> list[str]:
    """What each filled column of a row is called, in the order of the columns."""
    codes = rule.id.split(SEPARATOR)[1:]
    conditions = rule.conditions[len(rule.conditions) - len(codes) :]
    return [
        _name(book, code, list(literals(condition.formula)))
        for code, condition in zip(codes, conditions, strict=True)
    ]


def _name(book: Rulebook, code: str, found: list[Lit]) -> str:
    for literal in found:
        kind = book.atoms[literal.atom].kind
        if isinstance(kind, Among) and kind.values == frozenset({code}):
            return book.facts[kind.fact].values.get(code, code)
    for literal in found:
        kind = book.atoms[literal.atom].kind
        if isinstance(kind, IsTrue):
            return f"{book.facts[kind.fact].label} : {code}"
    return code
