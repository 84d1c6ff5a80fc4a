"""Reads ``rules/mots``: articles of names, the avis's own sentences, words explained."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FOLDER = "mots"
NAMES_FILE, SENTENCES_FILE, TERMS_FILE = (
    f"{FOLDER}/{name}.yaml" for name in ("noms", "phrases", "glossaire")
)
#: The sentences that an avis needs, with the words that each may hold.
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "appui": ("rang",),
    "relues_aucune": ("total",),
    "relues": ("relues", "total"),
    "conditions_une": (),
    "conditions": ("nombre",),
    "questions_une": (),
    "questions": ("nombre",),
    "questions_aucune": (),
    "levier": ("reponse",),
    "levier_incertain": ("reponse",),
    "autre_action": (),
    "doutes_un": (),
    "doutes": ("nombre",),
    "doute_de_table": ("explication",),
    "palier_decide": ("texte",),
    "palier_apres": ("texte",),
    "palier_suivant": ("palier",),
    "fin": (),
}
_ARTICLES = ("la", "le", "l'", "les")
_HOLE = re.compile(r"\{([^{}]*)\}")
_VOWELS = "aàâeéèêëiîïoôuùûyœæ"
_CONTRACTED = {"à le ": "au ", "à les ": "aux ", "de le ": "du ", "de les ": "des "}


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the field, what it means in plain words, and where that comes from.

    ``forms`` are the ways it is written, the one of the glossary first.
    """

    id: str
    forms: tuple[str, ...]
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What ``rules/mots`` holds."""

    #: The article of a name, by its first word in small letters.
    articles: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()

    def named(self, name: str) -> str:
        """A name of a public body as a sentence says it.

        >>> book = Wordbook({"commune": "la", "ca": "la", "syndicat": "le"})
        >>> [book.named(name) for name in ("Commune de Figeac", "CA du Bassin", "Figeac")]
        ['la commune de Figeac', 'la CA du Bassin', 'Figeac']
        """
        first, _, rest = name.strip().partition(" ")
        article = self.articles.get(first.lower())
        if article is None:
            return name.strip()
        said = first if first.isupper() else first[:1].lower() + first[1:]
        return (
            f"{article}{'' if article.endswith(chr(39)) else ' '}{said}{' ' if rest else ''}{rest}"
        )

    def after(self, preposition: str, name: str) -> str:
        """A name after "à" or "de", contracted.

        >>> Wordbook({"syndicat": "le"}).after("de", "Syndicat des eaux")
        'du syndicat des eaux'
        >>> Wordbook().after("de", "Angoulême")
        "d'Angoulême"
        """
        said = self.named(name)
        whole = f"{preposition} {said}"
        for open_form, contracted in _CONTRACTED.items():
            if whole.startswith(open_form):
                return contracted + whole.removeprefix(open_form)
        if preposition == "de" and said[:1].lower() in _VOWELS:
            return f"d'{said}"
        return whole

    def say(self, ident: str, **words: object) -> str:
        """A sentence of the avis.  Raises ``KeyError`` when the rulebook has none of that name."""
        # In one pass: what somebody typed is never read as a sentence to fill.
        return _HOLE.sub(lambda hole: str(words[hole[1]]), self.sentences[ident])

    def missing(self) -> list[str]:
        """The sentences that an avis needs and that are not there."""
        return [ident for ident in SENTENCES if ident not in self.sentences]


def load_wordbook(root: Path, reader: Reader) -> Wordbook:
    """What ``rules/mots`` declares; a file that is not there declares nothing.

    Mistakes go to ``reader``.
    """
    return Wordbook(
        MappingProxyType(_articles(root, reader)),
        MappingProxyType(_sentences(root, reader)),
        tuple(_terms(root, reader)),
    )


def _file(root: Path, name: str, reader: Reader) -> dict[str, Node]:
    path = root / name
    if not path.is_file():
        return {}
    return reader.mapping(read_yaml(read_text(path, name), name), name)


def _articles(root: Path, reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    entries = _file(root, NAMES_FILE, reader)
    for article, node in entries.items():
        if article not in _ARTICLES:
            reader.report(
                node,
                f"« {article} » n'est pas un article ({', '.join(_ARTICLES)}).",
                suggest(article, _ARTICLES),
            )
            continue
        for word in reader.texts(entries, article, NAMES_FILE):
            if word.raw in found:
                reader.report(word, f"« {word.raw} » prend déjà l'article « {found[word.raw]} ».")
            found[word.raw.lower()] = article
    return found


def _sentences(root: Path, reader: Reader) -> dict[str, str]:
    entries = _file(root, SENTENCES_FILE, reader)
    found: dict[str, str] = {}
    for ident, node in entries.items():
        what = f"Phrase « {ident} »"
        if ident not in SENTENCES:
            reader.report(
                node, f"{what} : l'avis n'en dit pas de ce nom.", suggest(ident, SENTENCES)
            )
            continue
        found[ident] = reader.required_text(entries, ident, what, node)
        for hole in _HOLE.findall(found[ident]):
            if hole not in SENTENCES[ident]:
                allowed = ", ".join(SENTENCES[ident]) or "aucun mot"
                reader.report(
                    node,
                    f"{what} : « {{{hole}}} » n'y est pas remplacé (possible : {allowed}).",
                    suggest(hole, SENTENCES[ident]),
                )
    return found


def _terms(root: Path, reader: Reader) -> list[Term]:
    found: list[Term] = []
    taken: dict[str, str] = {}
    for ident, node in _file(root, TERMS_FILE, reader).items():
        what = f"Mot « {ident} »"
        entries = reader.mapping(node, what, {"formes", "sens", "source"})
        forms = [form.raw.strip() for form in reader.texts(entries, "formes", what)]
        if not forms:
            reader.report(node, f"{what} : « formes » dit comment il s'écrit.")
        for form in forms:
            if form.lower() in taken:
                reader.report(
                    node, f"{what} : « {form} » est déjà une forme de « {taken[form.lower()]} »."
                )
            taken[form.lower()] = ident
        meaning = reader.required_text(entries, "sens", what, node)
        source = reader.required_text(entries, "source", what, node)
        found.append(Term(ident, tuple(forms), meaning, source))
    return found
