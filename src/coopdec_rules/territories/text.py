"""Names as they are compared: without case, accents, hyphens, apostrophes or abbreviations."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence


class _Plain(dict[int, str]):
    """What each character becomes: worked out once, the first time it is met."""

    def __missing__(self, code: int) -> str:
        split = unicodedata.normalize("NFKD", chr(code))
        found = self[code] = "".join(c for c in split if not unicodedata.combining(c))
        return found


_PLAIN = _Plain(str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss"}))
_NO_WORD = re.compile("[^a-z0-9\n]+")
_WORD = re.compile("[a-z0-9]+")
_PARENTHESES = re.compile(r"\([^)]*\)")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ABBREVIATED = re.compile(r"\b(?:st|ste|sts|stes)\b")
#: Words that link others; two names that differ only by them are alike.
LINKS = frozenset(
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
_BEFORE_BY_WORD: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
for _entry in _BEFORE:
    _BEFORE_BY_WORD[_entry[0][0]].append(_entry)
# « Le Mans Métropole » is a communauté urbaine: after a name, a word promises no nature.
_AFTER = frozenset(("metropole", "agglomeration", "agglo", "communaute"))


def plain(text: str) -> str:
    """Lower case, without accents or ligatures; what is neither letter nor digit stays."""
    text = text.lower()
    return text if text.isascii() else text.translate(_PLAIN)


def words(text: str, expand: bool = True) -> tuple[str, ...]:
    """The words of a text, « st » and « ste » written out.

    >>> words("L'Haÿ-les-Roses"), words("St Étienne")
    (('l', 'hay', 'les', 'roses'), ('saint', 'etienne'))
    """
    found = _WORD.findall(plain(text))
    return tuple(_SHORT.get(word, word) for word in found) if expand else tuple(found)


def words_of_all(texts: Iterable[str]) -> list[list[str]]:
    """The words of many texts at once, which is several times faster; texts are of one line.

    >>> words_of_all(["L'Haÿ-les-Roses", "St Étienne"])
    [['l', 'hay', 'les', 'roses'], ['saint', 'etienne']]
    """
    joined = "\n".join(texts)
    if not joined:
        return []
    whole = _NO_WORD.sub(" ", plain(joined))
    whole = _ABBREVIATED.sub(lambda found: _SHORT[found[0]], whole)
    return [line.split() for line in whole.split("\n")]


def core(name: Sequence[str]) -> tuple[str, ...]:
    """The words that count: without those that only link others, unless nothing is left.

    >>> core(("le", "mans"))
    ('mans',)
    """
    return tuple([word for word in name if word not in LINKS]) or tuple(name)


def grouping_cores(names: Iterable[str]) -> list[tuple[str, ...]]:
    """The words that count in groupings' names, without their nature and what is in parentheses.

    >>> grouping_cores(["CC du Pays de l'Arbresle (CCPA)"])
    [('pays', 'arbresle')]
    """
    found = words_of_all(_PARENTHESES.sub(" ", name) for name in names)
    return [core(split_nature(tuple(name))[1]) or core(name) for name in found]


def split_nature(query: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The natures that the words announce (none: any territory), and the other words.

    A single word is always a name: « ca » may be the beginning of Cannes.

    >>> split_nature(("cc", "pays", "d", "uzes"))[1]
    ('pays', 'd', 'uzes')
    """
    if len(query) < 2:
        return frozenset(), query
    for before, natures in _BEFORE_BY_WORD.get(query[0], ()):
        if query[: len(before)] == before:
            return natures, query[len(before) :]
    if query[-1] in _AFTER:
        return ANY_GROUPING, query[:-1]
    return frozenset(), query
