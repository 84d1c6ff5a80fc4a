"""Reads how an avis shows a conclusion: its heading, its place, the sentence of each value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.display import (
    PLACES,
    SPOKEN,
    TONED,
    TONES,
    WORDS,
    Display,
    Place,
    Said,
    Tone,
)
from coopdec_rules.rulebook.yamlmarks import Node, Reader

VALUE_KEYS = {"libelle", "mot", "phrase", "ton", "titre_taches", "titre_pistes"}
#: An element is declared by its own key.
_SHOWN = tuple(place for place in PLACES if place != "element")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: Name of a conclusion's state while nothing settles it, unless the rulebook gives another.
UNKNOWN = "indéterminé"


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is written: its name and, where it has them, its sentence and its tone."""

    label: str
    node: Node
    sentence: str = ""
    tone: str = ""
    tasks: str = ""
    ways: str = ""
    word: str = ""


def read_values(reader: Reader, node: Node | None, what: str) -> dict[str, Value]:
    """The values of a conclusion or of a list: each a name, or a block of keys."""
    if node is None:
        return {}
    return {
        code: _value(reader, code, child, f"{what}, valeur « {code} »")
        for code, child in reader.mapping(node, what).items()
    }


def _value(reader: Reader, code: str, node: Node, what: str) -> Value:
    if not isinstance(node.value, dict):
        return Value(node.raw or code, node)
    entries = reader.mapping(node, what, VALUE_KEYS)
    return Value(
        reader.text(entries, "libelle", what) or code,
        node,
        reader.text(entries, "phrase", what),
        _tone(reader, entries, what),
        reader.text(entries, "titre_taches", what),
        reader.text(entries, "titre_pistes", what),
        reader.text(entries, "mot", what),
    )


def _tone(reader: Reader, entries: dict[str, Node], what: str) -> str:
    tone = reader.text(entries, "ton", what)
    if tone and tone not in TONES:
        reader.report(
            entries["ton"],
            f"{what} : « ton » vaut l'un de {', '.join(TONES)}, pas « {tone} ».",
            suggest(tone, TONES),
        )
        return TONES[0]
    return tone


def read_display(
    reader: Reader,
    ident: str,
    entries: dict[str, Node],
    node: Node,
    values: Mapping[str, Value],
    scopes: Mapping[str, str | None],
) -> Display | None:
    """How a conclusion is shown; ``None`` when it only serves other rules.

    ``scopes`` are the facts and conclusions that a sentence may name, with their repeated group.
    """
    what = f"Conclusion « {ident} »"
    place = _place(reader, entries, what)
    if place is None:
        for key in ("titre", "question", "rang", "avec", "suppose_l_action", "apres_la_reponse"):
            if key in entries:
                reader.report(
                    entries[key],
                    f"{what} : « {key} » ne sert que si l'avis la montre ; ajouter « place » "
                    f"({', '.join(_SHOWN)}) ou « element: oui ».",
                )
        return None
    said = _sentences(reader, entries, what, values, place)
    unknown, label = _unknown(reader, entries, what, node, said, values, place)
    under = reader.text(entries, "avec", what)
    if place == "note" and not under:
        reader.report(node, f"{what} : une note dit sous quelle conclusion elle vient (« avec »).")
    heading = reader.text(entries, "titre", what)
    if not (heading or under or place == "entete"):
        reader.required_text(entries, "titre", what, node)
    if place == "tableau" and scopes[ident] is None:
        reader.report(
            node,
            f"{what} : « place: tableau » est pour ce qui se dit de chaque élément d'un groupe.",
        )
    if place == "element":
        reader.required_text(entries, "question", what, node)
    for entry in (*said.values(), unknown):
        _check_words(reader, what, node, entry.sentence, scopes[ident], scopes)
    return Display(
        place=place,
        heading=heading,
        rank=_rank(reader, entries, what),
        question=reader.text(entries, "question", what),
        said=said,
        unknown=unknown,
        unknown_label=label,
        under=under,
        supposes_action=reader.flag(entries, "suppose_l_action", what),
        later=reader.flag(entries, "apres_la_reponse", what),
    )


def _place(reader: Reader, entries: dict[str, Node], what: str) -> Place | None:
    written = reader.text(entries, "place", what)
    if reader.flag(entries, "element", what):
        if written:
            reader.report(entries["place"], f"{what} : un élément n'a pas d'autre « place ».")
        return "element"
    for place in _SHOWN:
        if place == written:
            return place
    if written:
        reader.report(
            entries["place"],
            f"{what} : « place » vaut l'un de {', '.join(_SHOWN)}, pas « {written} ».",
            suggest(written, _SHOWN),
        )
    return None


def _rank(reader: Reader, entries: dict[str, Node], what: str) -> int:
    node = entries.get("rang")
    if node is None:
        return 0
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return node.value
    reader.report(node, f"{what} : « rang » attend un nombre entier, {node.kind()} est écrit.")
    return 0


def _sentences(
    reader: Reader, entries: dict[str, Node], what: str, values: Mapping[str, Value], place: Place
) -> dict[str, Said]:
    """The sentence and the tone of each value: its own, else those of the whole conclusion."""
    own: dict[str, Node] = {}
    if "phrases" in entries:
        own = reader.mapping(entries["phrases"], f"{what}, phrases", set(values))
    common, tone = reader.text(entries, "phrase", what), _tone(reader, entries, what)
    found = {}
    for code, value in values.items():
        sentence = own[code].raw.strip() if code in own else value.sentence or common
        chosen = value.tone or tone
        for key, text, places in (("phrase", sentence, SPOKEN), ("ton", chosen, TONED)):
            if not text and place in places:
                reader.report(
                    value.node,
                    f"{what} : l'avis la montre, et la valeur « {code} » n'a pas de « {key} ».",
                )
        found[code] = Said(
            sentence, _known(chosen or "neutre"), value.tasks, value.ways, value.word
        )
    return found


def _unknown(
    reader: Reader,
    entries: dict[str, Node],
    what: str,
    node: Node,
    said: Mapping[str, Said],
    values: Mapping[str, Value],
    place: Place,
) -> tuple[Said, str]:
    """What is said, and the name given, while no value is settled."""
    written = entries.get("inconnu")
    if written is None:
        if "oui" not in values or len(values) > 1:
            reader.report(
                node,
                f"{what} : « inconnu » manque (ce que l'avis dit tant qu'aucune valeur n'est "
                "établie : une phrase, ou l'une de ses valeurs).",
            )
        return Said("", "inconnu"), UNKNOWN
    if not isinstance(written.value, dict):
        if written.raw in said:
            return said[written.raw], values[written.raw].label
        reader.report(
            written,
            f"{what} : « inconnu » est un bloc (libelle, phrase, ton) ou l'une de ses valeurs "
            f"({', '.join(values)}).",
            suggest(written.raw, values),
        )
        return Said("", "inconnu"), UNKNOWN
    value = _value(reader, UNKNOWN, written, f"{what}, inconnu")
    if place == "element" and not value.sentence:
        reader.report(written, f"{what} : « inconnu » n'a pas de « phrase ».")
    tone = _known(value.tone or "inconnu")
    return Said(value.sentence, tone, value.tasks, value.ways, value.word), value.label


def _known(tone: str) -> Tone:
    return next((known for known in TONES if known == tone), "inconnu")


def _check_words(
    reader: Reader,
    what: str,
    node: Node,
    sentence: str,
    scope: str | None,
    scopes: Mapping[str, str | None],
) -> None:
    """Report each ``{name}`` that means nothing where the sentence is said."""
    for name in _PLACEHOLDER.findall(sentence):
        if name in WORDS:
            continue
        if name not in scopes:
            reader.report(
                node,
                f"{what} : « {{{name}}} » ne renvoie à aucun fait, aucune conclusion, ni à l'un "
                f"des mots {', '.join(WORDS)}.",
                suggest(name, (*scopes, *WORDS)),
            )
        elif scopes[name] not in (None, scope):
            reader.report(
                node,
                f"{what} : « {{{name}}} » se dit de chaque {scopes[name]}, et la phrase n'en "
                "désigne aucun.",
            )
