"""Turns decision tables (CSV rows) into rules: each row becomes one rule with its own source."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.binding import BindingError
from coopdec_rules.rulebook.context import (
    Context,
    bind_sentence,
    check_placeholders,
    scope_of,
)
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.formula import And, Formula
from coopdec_rules.rulebook.grammar import ConditionSyntaxError
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.model import CONFIDENCES, Condition, Period, Rule, SourceRef
from coopdec_rules.rulebook.rules import confidence, norms, rank
from coopdec_rules.rulebook.sources import source_refs
from coopdec_rules.rulebook.yamlmarks import Node, read_yaml

TABLE_KEYS = {
    "table", "fichier", "norme", "source", "rang", "si", "colonnes", "conclut", "a_defaut",
    "confiance", "facultatives",
    "explication", "explication_a_defaut",
}  # fmt: skip
_ROW_COLUMNS = ("du", "au", "source", "objet", "confiance", "note")


@dataclass(frozen=True, slots=True)
class _Table:
    id: str
    norms: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    rank: str
    common: tuple[Condition, ...]
    columns: dict[str, Node]
    #: Columns whose cells may be empty: the row then says nothing of them.
    optional: frozenset[str]
    results: dict[str, str]
    explanation: str
    file: str


def build_table(context: Context, block: Block, root: Path) -> None:
    """Read one ``yaml table`` block and the CSV file it names; add a rule for each row."""
    reader = context.reader
    node = read_yaml(block.text, block.file, block.line)
    entries = reader.mapping(node, "Table", TABLE_KEYS)
    ident = reader.required_text(entries, "table", "Table", node)
    what = f"Table « {ident} »"
    name = reader.required_text(entries, "fichier", what, node)
    path = root / name
    if not name or not path.is_file():
        reader.report(entries.get("fichier", node), f"{what} : le fichier « {name} » manque.")
        return
    refs = source_refs(reader, entries, what, node, dict(context.sources))
    missing = [key for key in ("colonnes", "conclut") if key not in entries]
    for key in missing:
        reader.report(node, f"{what} : la clé « {key} » manque.")
    if missing:
        return
    columns = reader.mapping(entries["colonnes"], what)
    results = {
        column: child.raw for column, child in reader.mapping(entries["conclut"], what).items()
    }
    for column, target in results.items():
        if target not in context.binder.conclusions:
            reader.report(
                entries["conclut"],
                f"{what} : « {target} » (colonne {column}) n'est pas une conclusion.",
                suggest(target, context.binder.conclusions),
            )
            return
    common = []
    for sentence in reader.texts(entries, "si", what):
        formula = bind_sentence(context, sentence, what)
        if formula is not None:
            common.append(Condition(context.binder.text_of(formula), formula))
    table = _Table(
        id=ident,
        norms=norms(context, entries, what, node),
        sources=refs,
        rank=rank(context, entries, what, node, refs),
        common=tuple(common),
        columns=columns,
        optional=reader.named(entries, "facultatives", what, columns, "colonnes"),
        results=results,
        explanation=reader.required_text(entries, "explication", what, node),
        file=name,
    )
    for key in ("explication", "explication_a_defaut"):
        if key in entries:
            known = ("objet",) if key == "explication" else ()
            check_placeholders(context, entries[key], what, entries[key].raw, known)
    default = entries.get("a_defaut")
    if default is not None:
        _default_rule(context, table, default, block, entries)
    _rows(context, table, path, default is not None)


def _rows(context: Context, table: _Table, path: Path, has_default: bool) -> None:
    rows = csv.DictReader(read_text(path, table.file).splitlines())
    expected = {*table.columns, *table.results, *_ROW_COLUMNS}
    names = list(rows.fieldnames or ())
    if twice := sorted({name for name in names if names.count(name) > 1}):
        context.reader.report((table.file, 1), f"Colonnes répétées : {', '.join(twice)}.")
        return
    found = set(names)
    if missing := sorted(expected - found):
        context.reader.report((table.file, 1), f"Colonnes manquantes : {', '.join(missing)}.")
        return
    if extra := sorted(found - expected):
        context.reader.report((table.file, 1), f"Colonnes inconnues : {', '.join(extra)}.")
    seen: dict[str, list[tuple[Period, int]]] = {}
    for row in rows:
        line = rows.line_num
        rule = _row(context, table, row, line, has_default)
        if rule is None:
            continue
        for period, other in seen.setdefault(rule.id, []):
            if period.overlaps(rule.period):
                context.reader.report(
                    (table.file, line),
                    f"La période ({rule.period}) chevauche celle de la ligne {other} ({period}) "
                    "pour la même entrée.",
                )
        seen[rule.id].append((rule.period, line))
        context.rules.append(rule)


def _row(
    context: Context, table: _Table, row: dict[str, str], line: int, has_default: bool
) -> Rule | None:
    reader, place = context.reader, (table.file, line)
    if None in row or None in row.values():
        reader.report(place, "La ligne n'a pas le même nombre de cases que l'en-tête.")
        return None
    bounds: dict[str, dt.date | None] = {}
    for key in ("du", "au"):
        try:
            bounds[key] = dt.date.fromisoformat(row[key]) if row[key] else None
        except ValueError:
            reader.report(place, f"« {row[key]} » (colonne {key}) n'est pas une date AAAA-MM-JJ.")
            return None
    if bounds["du"] and bounds["au"] and bounds["au"] < bounds["du"]:
        reader.report(place, f"La période finit ({bounds['au']}) avant de commencer.")
        return None
    parts: list[Formula] = [c.formula for c in table.common]
    conditions = list(table.common)
    for column, template in table.columns.items():
        if not row[column]:
            if column in table.optional:
                continue
            reader.report(
                place,
                f"Colonne {column} : la case est vide, et la ligne vaudrait pour tous les cas. "
                "L'écrire, ou nommer la colonne dans « facultatives ».",
            )
            return None
        try:
            formula = context.binder.condition(template.raw.replace("{}", row[column]))
        except (BindingError, ConditionSyntaxError) as error:
            hint = error.suggestion if isinstance(error, BindingError) else None
            reader.report(place, f"Colonne {column}, « {row[column]} » : {error}.", hint)
            return None
        parts.append(formula)
        conditions.append(Condition(context.binder.text_of(formula), formula))
    concludes = []
    for column, target in table.results.items():
        values = context.binder.conclusions[target].values
        if row[column] not in values:
            reader.report(
                place,
                f"Colonne {column} : « {row[column]} » n'est pas une valeur de « {target} » "
                f"({', '.join(values)}).",
                suggest(row[column], values),
            )
            return None
        concludes.append((target, row[column]))
    if row["confiance"] not in CONFIDENCES:
        reader.report(
            place,
            f"Colonne confiance : « {row['confiance']} » n'existe pas ({', '.join(CONFIDENCES)}).",
            suggest(row["confiance"], CONFIDENCES),
        )
    if not row["source"]:
        reader.report(place, "La source de la ligne manque.")
    before = len(reader.diagnostics)
    scope = scope_of(context, place, f"Table « {table.id} »", And(tuple(parts)), concludes)
    if len(reader.diagnostics) > before:
        return None
    ident = ":".join([table.id, *(row[c] for c in table.columns if row[c])])
    period = Period(bounds["du"], bounds["au"])
    return Rule(
        id=ident,
        key=f"{ident}@{row['du'] or 'origine'}",
        norms=table.norms,
        sources=tuple(SourceRef(ref.source, row["source"]) for ref in table.sources),
        rank=table.rank,
        period=period,
        conditions=tuple(conditions),
        formula=And(tuple(parts)),
        concludes=tuple(concludes),
        sets_aside=(f"{table.id}:a-defaut",) if has_default else (),
        effects=(),
        explanation=table.explanation.replace("{objet}", row["objet"]),
        confidence=row["confiance"],
        doubt=row["note"] if row["confiance"] != "texte" else "",
        scope=scope,
        file=table.file,
        line=line,
        table=table.id,
        note=row["note"],
    )


def _default_rule(
    context: Context, table: _Table, default: Node, block: Block, entries: dict[str, Node]
) -> None:
    """The answer when no row applies; every row sets it aside."""
    concludes = []
    for target, child in context.reader.mapping(default, f"Table « {table.id} »").items():
        conclusion = context.binder.conclusions.get(target)
        if conclusion is None or child.raw not in conclusion.values:
            context.reader.report(
                child, f"Table « {table.id} » : « {target}: {child.raw} » n'est pas une conclusion."
            )
            return
        concludes.append((target, child.raw))
    what = f"Table « {table.id} »"
    formula = And(tuple(c.formula for c in table.common))
    ident = f"{table.id}:a-defaut"
    context.rules.append(
        Rule(
            id=ident,
            key=f"{ident}@origine",
            norms=table.norms,
            sources=table.sources,
            rank=table.rank,
            period=Period(None, None),
            conditions=table.common,
            formula=formula,
            concludes=tuple(concludes),
            sets_aside=(),
            effects=(),
            explanation=context.reader.required_text(
                entries, "explication_a_defaut", what, default
            ),
            confidence=confidence(context.reader, entries, what, table.sources),
            doubt="",
            scope=scope_of(context, default, what, formula, concludes),
            file=block.file,
            line=block.line,
            table=table.id,
        )
    )
