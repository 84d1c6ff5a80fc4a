"""Reads the bytes of a scenario document, JSON or YAML; refuses what is hostile or unreadable."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from decimal import Decimal
from typing import ClassVar

import orjson
import yaml

from coopdec_rules.advice.values import escape
from coopdec_rules.errors import Problem, ScenarioError

#: Largest document accepted, in bytes.
MAX_BYTES = 256 * 1024
_MAX_DEPTH = 20
_REPEATED = "Une clé est répétée."
_YAML = "« clé: valeur », retraits réguliers"
#: What YAML keeps for itself at the beginning of a value.
_RESERVED = "@`%"
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


#: What a bare word may be besides text: the core schema of YAML 1.2.  YAML 1.1 made a number in
#: base eight of the code 01004, and a "no" of Norway's.
_CORE = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "tag:yaml.org,2002:int": (r"[-+]?(?:0|[1-9][0-9]*)", list("-+0123456789")),
    "tag:yaml.org,2002:float": (
        r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]+)?",
        list("-+0123456789"),
    ),
}


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Reads numbers, booleans and nothing by the core schema; dates and the rest are text."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, (_pattern, _first) in _CORE.items():
    _Loader.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})$"), _first)


def parse_json(data: bytes) -> object:
    """Parse a JSON document.  Raises ``ScenarioError``; never another error."""
    _check_size(data)
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.strip():
        raise ScenarioError([Problem("", "Le document est vide.", None, "un scénario")])
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ScenarioError(
            [
                Problem(
                    "",
                    f"JSON illisible à la ligne {error.lineno}, colonne {error.colno}.",
                    None,
                    "un objet JSON écrit en UTF-8",
                )
            ]
        ) from None
    check_depth(document)
    twice = _twice(data)
    if twice is not None:
        raise ScenarioError([Problem(twice, _REPEATED, None, "une seule valeur pour chaque clé")])
    return document


class _Twice(dict[str, object]):
    """An object in which a key is written twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.key = Counter(key for key, _ in pairs).most_common(1)[0][0]


def _twice(data: bytes) -> str | None:
    """Pointer of a key written twice in a JSON document that can be read, if there is one."""

    def made(pairs: list[tuple[str, object]]) -> dict[str, object]:
        return _Twice(pairs) if len({key for key, _ in pairs}) < len(pairs) else dict(pairs)

    level: list[tuple[str, object]] = [("", json.loads(data, object_pairs_hook=made))]
    for pointer, value in level:
        if isinstance(value, _Twice):
            return f"{pointer}/{escape(value.key)}"
        if isinstance(value, dict):
            level += [(f"{pointer}/{escape(key)}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            level += [(f"{pointer}/{number}", inner) for number, inner in enumerate(value)]
    return None


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[object, object]:
    """A mapping in which no key is written twice: the last one must not silently win."""
    seen = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, _REPEATED, key.start_mark)
            seen.add(key.value)
    return dict(loader.construct_mapping(node, deep=True))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_yaml(data: bytes) -> object:
    """Parse a YAML document, JSON included.  Raises ``ScenarioError``; never another error."""
    _check_size(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(data, error.start) from None
    if not text.strip():
        raise ScenarioError([Problem("", "Le document est vide.", None, "un scénario")])
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            if isinstance(event, yaml.AliasEvent):
                raise ScenarioError(
                    [Problem("", "Les renvois YAML (« *nom ») ne sont pas admis.", None, None)]
                )
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                depth += 1
                if depth > _MAX_DEPTH:
                    raise _too_deep()
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                depth -= 1
        document = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(text, error) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise ScenarioError(
            [Problem("", "Le document est illisible.", None, "un scénario YAML ou JSON")]
        ) from None
    return document


def _unreadable(text: str, error: yaml.MarkedYAMLError) -> ScenarioError:
    """What is wrong with a YAML text, where, and what to write instead."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return ScenarioError([Problem("", "YAML illisible.", None, _YAML)])
    place = f"à la ligne {mark.line + 1}, colonne {mark.column + 1}"
    if error.problem == _REPEATED:
        return ScenarioError([Problem("", f"{_REPEATED[:-1]} {place}.", None, _YAML)])
    line = next(iter(text.splitlines()[mark.line : mark.line + 1]), "")
    there = line[mark.column : mark.column + 1]
    found, expected = None, _YAML
    if there == "\t":
        found, expected = "une tabulation", "des espaces"
    elif there and there in _RESERVED:
        found, expected = f"« {there} »", "un texte qui commence ainsi s'écrit entre guillemets"
    return ScenarioError([Problem("", f"YAML illisible {place}.", found, expected)])


def _not_utf8(data: bytes, start: int) -> ScenarioError:
    """Tells where a document stops being UTF-8; ``start`` counts bytes."""
    before = data[:start].decode("utf-8-sig")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return ScenarioError(
        [
            Problem(
                "",
                f"Le document n'est pas écrit en UTF-8 (ligne {line}, colonne {column}).",
                f"l'octet 0x{data[start]:02X}",
                "l'enregistrer en UTF-8 (et non en Windows-1252, « ANSI », ni en UTF-16)",
            )
        ]
    )


def scenario_of(document: object) -> object:
    """The scenario of a worked case's document; any other document is itself the scenario."""
    if isinstance(document, dict) and "cas" in document and "scenario" in document:
        return document["scenario"]
    return document


def check_depth(document: object) -> None:
    """Raise ``ScenarioError`` when the document is nested deeper than any scenario can be."""
    level = [document]
    for _ in range(_MAX_DEPTH):
        following: list[object] = []
        for value in level:
            if isinstance(value, dict):
                following.extend(value.values())
            elif isinstance(value, list):
                following.extend(value)
        if not following:
            return
        level = following
    raise _too_deep()


def _too_deep() -> ScenarioError:
    return ScenarioError(
        [Problem("", "Le document est trop imbriqué.", None, f"{_MAX_DEPTH} niveaux au plus")]
    )


def _check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise ScenarioError(
            [
                Problem(
                    "",
                    "Le document est trop grand.",
                    f"{len(data)} octets",
                    f"{MAX_BYTES} octets au plus",
                )
            ]
        )


def to_json(value: object, sort: bool = False, indent: bool = False) -> bytes:
    """JSON bytes of an avis; amounts are written as numbers with their cents.

    ``sort`` puts keys in order, ``indent`` writes one to a line.
    """
    option = (orjson.OPT_SORT_KEYS if sort else 0) | (orjson.OPT_INDENT_2 if indent else 0)
    return orjson.dumps(value, default=_plain, option=option)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"cannot write a {type(value).__name__} as JSON")
