"""Reads ``rules/vocabulaire/``: the facts a scenario may state and the conclusions rules reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.base_cases import read_base_cases
from coopdec_rules.rulebook.conclusions import load_conclusions
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import WHO_CHANGES, Conclusion, Fact, Group
from coopdec_rules.rulebook.types import KINDS, Bound, FactType, Value
from coopdec_rules.rulebook.value_lists import ValueLists
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

CONCLUSIONS_FILE = "conclusions.yaml"
LISTS_FILE = "listes.yaml"
THEMES_FILE = "themes.yaml"
GROUP_KEYS = {
    "groupe", "chemin", "titre", "ordre", "repete", "cle", "aide", "faits", "theme",
    "nom", "pluriel", "feminin", "designe_par",
}  # fmt: skip
FACT_KEYS = {
    "libelle", "type", "question", "aide", "valeurs", "requis", "presume", "pertinent_si",
    "minimum", "maximum", "modifiable_par", "exemple", "faire", "rare", "autre_action",
    "selon_la_loi", "presume_par_la_base", "suppose", "presume_un_doute",
}  # fmt: skip


class Vocabulary:
    """Groups, facts and conclusions by identifier, in reading order."""

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.facts: dict[str, Fact] = {}
        self.conclusions: dict[str, Conclusion] = {}
        #: ``pertinent_si`` sentences, bound once every fact is known.
        self.relevance: dict[str, list[Node]] = {}
        #: What ``themes.yaml`` holds, the theme each group names, and the conclusions that facts
        #: name; read once every group and conclusion is known.
        self.themes: Node | None = None
        self.theme_of: dict[str, Node] = {}
        self.by_law: list[tuple[str, Node]] = []
        #: The facts that the question of another speaks of, read once every fact is known.
        self.supposed: list[tuple[str, Node]] = []
        #: ``presume_par_la_base`` of each fact, read once every conclusion is known.
        self.by_base: list[tuple[str, Node]] = []


def load_vocabulary(root: Path, reader: Reader) -> Vocabulary:
    """Read every file of the vocabulary; mistakes go to ``reader``."""
    vocabulary = Vocabulary()
    value_lists = ValueLists(root, reader)
    folder = root / "vocabulaire"
    files = sorted(folder.glob("*.yaml"))
    if not files:
        reader.report(("vocabulaire", 0), "Aucun fichier de vocabulaire (*.yaml) n'est trouvé.")
    loaded: list[tuple[int, dict[str, Node], Node]] = []
    conclusions: list[Node] = []
    lists: Node | None = None
    for path in files:
        name = path.relative_to(root).as_posix()
        node = read_yaml(read_text(path, name), name)
        if path.name == CONCLUSIONS_FILE:
            conclusions.append(node)
            continue
        if path.name == LISTS_FILE:
            lists = node
            continue
        if path.name == THEMES_FILE:
            vocabulary.themes = node
            continue
        entries = reader.mapping(node, "Groupe de faits", GROUP_KEYS)
        order = entries.get("ordre")
        rank = order.value if order and isinstance(order.value, int) else 99
        loaded.append((rank, entries, node))
    for rank, entries, node in sorted(loaded, key=lambda item: (item[0], item[2].file)):
        _load_group(vocabulary, reader, value_lists, entries, node, rank)
    places = {
        entries["groupe"].raw: entries.get("chemin", node)
        for _, entries, node in loaded
        if "groupe" in entries
    }
    _check_lists(vocabulary, reader, places)
    _check_supposed(vocabulary, reader)
    _check_names(vocabulary, reader, [entries for _, entries, _ in loaded])
    scopes = {fact.id: fact.scope for fact in vocabulary.facts.values()}
    repeated = {group.id for group in vocabulary.groups.values() if group.repeated}
    vocabulary.conclusions.update(load_conclusions(reader, conclusions, lists, scopes, repeated))
    for ident, cases in read_base_cases(vocabulary, reader):
        vocabulary.facts[ident] = replace(vocabulary.facts[ident], by_base=tuple(cases))
    return vocabulary


def _check_names(vocabulary: Vocabulary, reader: Reader, loaded: Iterable[dict[str, Node]]) -> None:
    """Report each fact of ``designe_par`` that its group has not."""
    for entries in loaded:
        for key in reader.texts(entries, "designe_par", "Groupe de faits"):
            name = f"{entries['groupe'].raw}.{key.raw}"
            if name not in vocabulary.facts:
                reader.report(
                    key,
                    f"« designe_par » : le fait « {name} » n'existe pas.",
                    suggest(name, vocabulary.facts),
                )


def _load_group(
    vocabulary: Vocabulary,
    reader: Reader,
    lists: ValueLists,
    entries: dict[str, Node],
    node: Node,
    order: int,
) -> None:
    ident = reader.required_text(entries, "groupe", "Groupe de faits", node)
    path = reader.text(entries, "chemin", f"Groupe « {ident} »")
    group = Group(
        id=ident,
        path=tuple(p for p in path.split(".") if p),
        title=reader.required_text(entries, "titre", f"Groupe « {ident} »", node),
        repeated=reader.flag(entries, "repete", f"Groupe « {ident} »"),
        unique_key=reader.text(entries, "cle", f"Groupe « {ident} »") or None,
        order=order,
        help=reader.text(entries, "aide", f"Groupe « {ident} »"),
        theme=reader.text(entries, "theme", f"Groupe « {ident} »") or ident,
        singular=reader.text(entries, "nom", f"Groupe « {ident} »"),
        plural=reader.text(entries, "pluriel", f"Groupe « {ident} »"),
        feminine=reader.flag(entries, "feminin", f"Groupe « {ident} »"),
        named_by=tuple(
            f"{ident}.{key.raw}"
            for key in reader.texts(entries, "designe_par", f"Groupe « {ident} »")
        ),
    )
    if "theme" in entries:
        vocabulary.theme_of[ident] = entries["theme"]
    if ident in vocabulary.groups:
        reader.report(node, f"Le groupe « {ident} » est déjà déclaré ailleurs.")
    vocabulary.groups[ident] = group
    prefix = "" if ident == "scenario" else f"{ident}."
    for key, child in (
        reader.mapping(entries["faits"], f"Groupe « {ident} »").items()
        if ("faits" in entries)
        else ()
    ):
        fact = _fact(reader, lists, group, prefix + key, key, child, vocabulary)
        if fact is not None:
            _check_place(vocabulary, reader, fact, child)
            vocabulary.facts[fact.id] = fact
    if group.unique_key and prefix + group.unique_key not in vocabulary.facts:
        reader.report(entries["cle"], f"« cle » nomme « {group.unique_key} », qui n'existe pas.")


def _check_place(vocabulary: Vocabulary, reader: Reader, fact: Fact, node: Node) -> None:
    """A scenario cannot hold both a value and an object at the same place."""
    for other in vocabulary.facts.values():
        if other.scope == fact.scope and _overlap(other.path, fact.path):
            reader.report(
                node,
                f"Fait « {fact.id} » : il se place au même endroit que « {other.id} » "
                "dans un scénario.",
            )


def _check_lists(vocabulary: Vocabulary, reader: Reader, places: Mapping[str, Node]) -> None:
    """A scenario cannot hold both a list and anything else at the same place."""
    for group in vocabulary.groups.values():
        if not group.repeated:
            continue
        if not group.path:
            reader.report(
                places[group.id], f"Groupe « {group.id} » : un groupe répété a un « chemin »."
            )
            continue
        for other in vocabulary.groups.values():
            taken = (
                [other.path]
                if other.repeated
                else [fact.path for fact in vocabulary.facts.values() if fact.group.id == other.id]
            )
            if other.id != group.id and any(_overlap(path, group.path) for path in taken):
                reader.report(
                    places[group.id],
                    f"Groupe « {group.id} » : sa liste se place au même endroit que "
                    f"« {other.id} » dans un scénario.",
                )


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    first, second = sorted((one, other), key=len)
    return first == second[: len(first)]


def _fact(
    reader: Reader,
    lists: ValueLists,
    group: Group,
    ident: str,
    key: str,
    node: Node,
    vocabulary: Vocabulary,
) -> Fact | None:
    what = f"Fait « {ident} »"
    entries = reader.mapping(node, what, FACT_KEYS)
    kind = reader.required_text(entries, "type", what, node)
    if kind not in KINDS:
        if kind:
            reader.report(
                entries["type"],
                f"{what} : le type « {kind} » n'existe pas (types : {', '.join(KINDS)}).",
                suggest(kind, KINDS),
            )
        return None
    of = KINDS[kind]
    values: dict[str, str] = {}
    if "valeurs" in entries:
        if not of.listed:
            reader.report(entries["valeurs"], f"{what} : seul un choix a des valeurs.")
        listed = lists.values(entries["valeurs"], what)
        for name, label in listed.items():
            values[name] = label.raw or name
        if of.listed and not listed and isinstance(entries["valeurs"].value, dict):
            reader.report(node, f"{what} : un choix doit énumérer ses « valeurs ».")
    elif of.listed:
        reader.report(node, f"{what} : un choix doit énumérer ses « valeurs ».")
    changer = reader.text(entries, "modifiable_par", what)
    if changer and changer not in WHO_CHANGES:
        reader.report(
            entries["modifiable_par"],
            f"{what} : « {changer} » ne peut pas changer un fait (possibles : "
            f"{', '.join(WHO_CHANGES)}).",
            suggest(changer, WHO_CHANGES),
        )
    if "presume_par_la_base" in entries:
        vocabulary.by_base.append((ident, entries["presume_par_la_base"]))
    if "pertinent_si" in entries:
        vocabulary.relevance[ident] = reader.texts(entries, "pertinent_si", what)
    low = _bound(reader, entries, "minimum", what, of)
    high = _bound(reader, entries, "maximum", what, of)
    if low is not None and high is not None and high < low:  # type: ignore[operator]
        reader.report(entries["maximum"], f"{what} : le maximum est sous le minimum.")
    return Fact(
        id=ident,
        group=group,
        key=tuple(key.split(".")),
        type=kind,
        label=reader.required_text(entries, "libelle", what, node),
        question=reader.required_text(entries, "question", what, node),
        help=reader.text(entries, "aide", what),
        values=values,
        required=reader.flag(entries, "requis", what),
        presumed=_presumed(reader, entries, what, of, values),
        minimum=low,
        maximum=high,
        changed_by=changer,
        example=reader.text(entries, "exemple", what),
        rare=reader.flag(entries, "rare", what),
        presumed_doubt=reader.flag(entries, "presume_un_doute", what),
        identity=reader.flag(entries, "autre_action", what),
        supposes=_supposes(reader, entries, what, ident, vocabulary),
        by_law=_by_law(reader, entries, what, ident, vocabulary),
        to_do=_to_do(reader, entries, what, of, values),
        file=node.file,
        line=node.line,
    )


def _supposes(
    reader: Reader, entries: dict[str, Node], what: str, ident: str, vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Facts that a question speaks of; whether they exist is checked once all are known."""
    nodes = reader.texts(entries, "suppose", what)
    vocabulary.supposed.extend((ident, node) for node in nodes)
    return tuple(node.raw for node in nodes)


def _check_supposed(vocabulary: Vocabulary, reader: Reader) -> None:
    """``suppose`` names facts of the same item, or of the scenario, or any from it; no circle."""
    facts = vocabulary.facts
    for ident, node in vocabulary.supposed:
        other, own = facts.get(node.raw), facts.get(ident)
        what = f"Fait « {ident} », suppose"
        if other is None:
            near = suggest(node.raw, facts)
            reader.report(node, f"{what} : le fait « {node.raw} » n'existe pas.", near)
        elif own is not None and own.scope is not None and other.scope not in (None, own.scope):
            reader.report(node, f"{what} : « {node.raw} » est d'un autre groupe répété.")
        elif _leads(facts, node.raw, ident):
            reader.report(node, f"{what} : « {node.raw} » suppose lui-même « {ident} ».")


def _leads(facts: Mapping[str, Fact], start: str, end: str) -> bool:
    """Whether a fact supposes another, by way of others perhaps."""
    seen, todo = set[str](), [start]
    while todo:
        name = todo.pop()
        if name == end:
            return True
        if name in facts and name not in seen:
            seen.add(name)
            todo.extend(facts[name].supposes)
    return False


def _by_law(
    reader: Reader, entries: dict[str, Node], what: str, ident: str, vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Conclusions that a fact names; whether they exist is checked once all are known."""
    nodes = reader.texts(entries, "selon_la_loi", what)
    vocabulary.by_law.extend((ident, node) for node in nodes)
    return tuple(node.raw for node in nodes)


def _presumed(
    reader: Reader, entries: dict[str, Node], what: str, kind: FactType, values: dict[str, str]
) -> Value | None:
    node = entries.get("presume")
    if node is None:
        return None
    if kind.comparison == "oui_non":
        return reader.flag(entries, "presume", what)
    found = kind.presumable(node.raw, values)
    if found is None:
        reader.report(
            node,
            f"{what} : « {node.raw} » ne peut pas être présumé.",
            suggest(node.raw, values) if values else None,
        )
    return found


def _to_do(
    reader: Reader, entries: dict[str, Node], what: str, kind: FactType, values: dict[str, str]
) -> dict[str, str]:
    """What someone does to give the fact a value, by value; the key is empty for a number."""
    node = entries.get("faire")
    if node is None:
        return {}
    known = {"oui": "", "non": ""} if kind.comparison == "oui_non" else values
    if not (kind.listed or known):
        return {"": reader.text(entries, "faire", what)}
    phrases = {}
    for name, child in reader.mapping(node, f"{what}, faire").items():
        if name not in known:
            reader.report(
                child,
                f"{what} : « faire » nomme « {name} », qui n'est pas une de ses valeurs "
                f"({', '.join(known)}).",
                suggest(name, known),
            )
        elif not child.raw:
            reader.report(child, f"{what} : « faire » attend une phrase pour « {name} ».")
        phrases[name] = child.raw.strip()
    return phrases


def _bound(
    reader: Reader, entries: dict[str, Node], key: str, what: str, kind: FactType
) -> Bound | None:
    node = entries.get(key)
    if node is None:
        return None
    found = kind.bound(node.raw) if kind.bounded else None
    if found is None:
        wanted = kind.edge or f"une borne du type {kind.name}"
        reader.report(node, f"{what} : « {key} » attend {wanted}.")
    return found
