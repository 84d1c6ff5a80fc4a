"""Names as they are compared: without case, accents, hyphens, apostrophes or abbreviations."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss"})
_WORD = re.compile("[a-z0-9]+")
_PARENTHESES = re.compile(r"\([^)]*\)")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
#: Words that link others; two names that differ only by them are alike.
_LINKS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur")
)

CC, CA, CU, METROPOLE = (
    "communaute_communes",
    "communaute_agglomeration",
    "communaute_urbaine",
    "metropole",
)
ANY_GROUPING = frozenset((CC, CA, CU, METROPOLE))
#: How people write the nature before (or after) the name of a grouping; longest first.
_BEFORE: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = tuple(
    (tuple(words.split()), frozenset(natures))
    for words, natures in (
        ("communaute de communes", [CC]),
        ("communaute des communes", [CC]),
        ("communaute d agglomeration", [CA]),
        ("communaute d agglo", [CA]),
        ("communaute agglomeration", [CA]),
        ("communaute urbaine", [CU]),
        ("com com", [CC]),
        ("comcom", [CC]),
        ("cc", [CC]),
        ("ca", [CA]),
        ("cu", [CU]),
        ("agglomeration", [CA]),
        ("agglo", [CA]),
        ("metropole", [METROPOLE]),
        ("eurometropole", [METROPOLE]),
        ("communaute", ANY_GROUPING),
    )
)
# « Le Mans Métropole » is a communauté urbaine: after a name, a word promises no nature.
_AFTER = frozenset(("metropole", "agglomeration", "agglo", "communaute"))


def plain(text: str) -> str:
    """Lower case, without accents or ligatures; what is neither letter nor digit stays."""
    text = text.lower().translate(_LIGATURES)
    if text.isascii():
        return text
    split = unicodedata.normalize("NFKD", text)
    return "".join(c for c in split if not unicodedata.combining(c))


def words(text: str, expand: bool = True) -> tuple[str, ...]:
    """The words of a text, « st » and « ste » written out.

    >>> words("L'Haÿ-les-Roses"), words("St Étienne")
    (('l', 'hay', 'les', 'roses'), ('saint', 'etienne'))
    """
    found = _WORD.findall(plain(text))
    return tuple(_SHORT.get(word, word) for word in found) if expand else tuple(found)


def core(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words that count: without those that only link others, unless nothing is left.

    >>> core(("le", "mans"))
    ('mans',)
    """
    return tuple(word for word in name if word not in _LINKS) or name


def grouping_core(name: str) -> tuple[str, ...]:
    """The words that count in a grouping's name, without its nature and what is in parentheses.

    >>> grouping_core("CC du Pays de l'Arbresle (CCPA)")
    ('pays', 'arbresle')
    """
    found = words(_PARENTHESES.sub(" ", name))
    return core(split_nature(found)[1]) or core(found)


def split_nature(query: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The natures that the words announce (none: any territory), and the other words.

    A single word is always a name: « ca » may be the beginning of Cannes.

    >>> split_nature(("cc", "pays", "d", "uzes"))[1]
    ('pays', 'd', 'uzes')
    """
    for before, natures in _BEFORE:
        if query[: len(before)] == before and len(query) > 1:
            return natures, query[len(before) :]
    if len(query) > 1 and query[-1] in _AFTER:
        return ANY_GROUPING, query[:-1]
    return frozenset(), query
