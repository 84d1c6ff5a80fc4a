"""Reads ``conclusions.yaml`` and ``listes.yaml``: what rules establish, and how an avis says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.displayed import Value, read_display, read_values
from coopdec_rules.rulebook.model import Conclusion
from coopdec_rules.rulebook.yamlmarks import Node, Reader

_DISPLAY_KEYS = {
    "place", "element", "titre", "question", "rang", "avec", "inconnu", "phrase", "phrases", "ton",
    "libelles", "suppose_l_action", "apres_la_reponse",
}  # fmt: skip
_CONCLUSION_KEYS = {
    "type",
    "libelle",
    "valeurs",
    "aide",
    "du_pire_au_meilleur",
    "pire_de",
    "sans_dire",
} | _DISPLAY_KEYS
_LIST_KEYS = {"valeurs", "du_pire_au_meilleur", "inconnu"}
_TYPES = ("choix", "drapeau")


@dataclass(frozen=True, slots=True)
class _List:
    """Values that several conclusions share."""

    entries: Mapping[str, Node]
    values: Mapping[str, Value]
    order: tuple[str, ...]


def load_conclusions(
    reader: Reader,
    nodes: Iterable[Node],
    lists: Node | None,
    facts: Mapping[str, str | None],
    repeated: Iterable[str],
) -> dict[str, Conclusion]:
    """Conclusions by identifier; mistakes go to ``reader``.

    ``facts`` are the known facts with their repeated group, ``repeated`` those groups: a conclusion
    whose name begins with one is reached for each of its items.
    """
    groups = set(repeated)
    shared = _load_lists(reader, lists)
    entries = [pair for node in nodes for pair in reader.mapping(node, "Conclusions").items()]
    scopes = dict(facts)
    for ident, _ in entries:
        prefix = ident.split(".")[0]
        scopes.setdefault(ident, prefix if prefix in groups else None)
    found: dict[str, Conclusion] = {}
    used: set[str] = set()
    for ident, node in entries:
        if ident in facts:
            reader.report(node, f"Conclusion « {ident} » : ce nom est déjà celui d'un fait.")
            continue
        conclusion = _conclusion(reader, ident, node, shared, scopes, used)
        if conclusion is not None:
            found[ident] = conclusion
    for name in shared.keys() - used:
        place = lists.value[name] if lists is not None and isinstance(lists.value, dict) else None
        if place is not None:
            reader.report(place, f"Liste « {name} » : aucune conclusion ne la nomme.")
    _check_headings(reader, found)
    return found


def _load_lists(reader: Reader, node: Node | None) -> dict[str, _List]:
    if node is None:
        return {}
    found = {}
    for name, child in reader.mapping(node, "Listes de valeurs").items():
        what = f"Liste « {name} »"
        entries = reader.mapping(child, what, _LIST_KEYS)
        values = read_values(reader, entries.get("valeurs"), what)
        if not values:
            reader.report(child, f"{what} : une liste énumère ses « valeurs ».")
        found[name] = _List(entries, values, _order(reader, entries, what, values))
    return found


def _conclusion(
    reader: Reader,
    ident: str,
    node: Node,
    shared: Mapping[str, _List],
    scopes: Mapping[str, str | None],
    used: set[str],
) -> Conclusion | None:
    what = f"Conclusion « {ident} »"
    entries = reader.mapping(node, what, _CONCLUSION_KEYS)
    kind = reader.required_text(entries, "type", what, node)
    if kind not in _TYPES:
        if kind:
            reader.report(
                entries["type"],
                f"{what} : le type est « choix » ou « drapeau ».",
                suggest(kind, _TYPES),
            )
        return None
    values: Mapping[str, Value]
    order: tuple[str, ...] = ()
    if kind == "drapeau":
        values = {"oui": Value("oui", node)}
    else:
        common = _shared(reader, entries, what, shared)
        if common is not None:
            used.add(entries["valeurs"].raw)
            values, order = _renamed(reader, entries, what, common.values), common.order
            entries = {**common.entries, **entries}
        else:
            values = read_values(reader, entries.get("valeurs"), what)
            if not values and (
                "valeurs" not in entries or isinstance(entries["valeurs"].value, dict)
            ):
                reader.report(node, f"{what} : un choix doit énumérer ses « valeurs ».")
        order = _order(reader, entries, what, values) if values else order
    return Conclusion(
        id=ident,
        type="drapeau" if kind == "drapeau" else "choix",
        label=reader.required_text(entries, "libelle", what, node),
        values={code: value.label for code, value in values.items()},
        scope=scopes[ident],
        file=node.file,
        line=node.line,
        order=order,
        display=read_display(reader, ident, entries, node, values, scopes),
        worst_of=tuple(part.raw for part in reader.texts(entries, "pire_de", what)),
        unsaid=reader.named(entries, "sans_dire", what, values, "valeurs"),
    )


def _renamed(
    reader: Reader, entries: Mapping[str, Node], what: str, values: Mapping[str, Value]
) -> Mapping[str, Value]:
    """The values of a list, those that ``libelles`` names called otherwise here."""
    if "libelles" not in entries:
        return values
    names = reader.mapping(entries["libelles"], f"{what}, libelles", set(values))
    return {
        code: replace(value, label=names[code].raw) if code in names else value
        for code, value in values.items()
    }


def _shared(
    reader: Reader, entries: Mapping[str, Node], what: str, shared: Mapping[str, _List]
) -> _List | None:
    """The list that ``valeurs`` names; ``None`` when it writes its values itself."""
    node = entries.get("valeurs")
    if node is None or not isinstance(node.value, str):
        return None
    if node.raw not in shared:
        reader.report(
            node,
            f"{what} : la liste « {node.raw} » n'est pas dans listes.yaml.",
            suggest(node.raw, shared),
        )
        return _List({}, {}, ())
    return shared[node.raw]


def _order(
    reader: Reader, entries: dict[str, Node], what: str, values: Mapping[str, Value]
) -> tuple[str, ...]:
    """Values from the least to the most favourable: all of them, once each."""
    nodes: Sequence[Node] = reader.texts(entries, "du_pire_au_meilleur", what)
    if not nodes:
        return ()
    order = tuple(node.raw for node in nodes)
    if sorted(order) != sorted(values):
        reader.report(
            entries["du_pire_au_meilleur"],
            f"{what} : « du_pire_au_meilleur » doit citer une fois chaque valeur "
            f"({', '.join(values)}).",
        )
        return ()
    return order


def _check_headings(reader: Reader, found: Mapping[str, Conclusion]) -> None:
    """``avec`` names a conclusion shown at the same place, with a heading of its own."""
    for conclusion in found.values():
        under = conclusion.display.under if conclusion.display else ""
        if not under:
            continue
        other = found.get(under)
        if other is None or other.display is None or other.display.under:
            reader.report(
                (conclusion.file, conclusion.line),
                f"Conclusion « {conclusion.id} » : « avec » nomme « {under} », qui n'est pas une "
                "conclusion montrée sous son propre titre.",
                suggest(under, [name for name, c in found.items() if c.display]),
            )
