"""Search in the rulebook: accents and capitals ignored, every word at the beginning of one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from coopdec_rules.rulebook.model import Condition, Property
from coopdec_rules.web.recueil.cards import Cards
from coopdec_rules.web.recueil.texts import Declared, Text

_WORD = re.compile(r"[0-9a-z]+")
#: Words that say nothing of what is looked for.
_EMPTY = frozenset(
    {
        *("a", "au", "aux", "avec", "ce", "ces", "cette", "d", "dans", "de", "des", "dont", "du"),
        *("elle", "en", "est", "et", "il", "ils", "l", "la", "le", "les", "leur", "leurs", "ne"),
        *("ni", "on", "ou", "par", "pas", "pour", "qu", "que", "quel", "quelle", "qui", "s", "sa"),
        *("se", "ses", "si", "son", "sont", "sur", "un", "une", "y"),
    }
)
MAX_QUERY = 200
MAX_FOUND = 60
KINDS = (
    "regle", "passage", "fait", "conclusion", "norme", "source", "impossible", "propriete",
)  # fmt: skip


def fold(text: str) -> str:
    """The text without accents, capitals or ligatures.

    >>> fold("Œuvre déléguée")
    'oeuvre deleguee'
    """
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def words_of(text: str) -> list[str]:
    """Folded words of a text, in order."""
    return _WORD.findall(fold(text))


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found.  ``title`` counts more than ``text`` in the order of results."""

    kind: str
    id: str
    title: str
    extract: str
    names: frozenset[str]
    words: frozenset[str]
    #: What it is, when it is a declaration.
    declared: Declared | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """What was found; ``partial`` when nothing has every word and the best matches are shown."""

    asked: tuple[str, ...]
    entries: tuple[Entry, ...]
    partial: bool
    more: int


class Search:
    """An index of one rulebook, made once."""

    def __init__(self, cards: Cards, texts: Mapping[str, Text]) -> None:
        self.entries = [
            *_rules(cards), *_passages(texts), *_vocabulary(cards), *_declared(cards)
        ]  # fmt: skip

    def find(self, query: str, sunk: Callable[[Entry], bool] = lambda entry: False) -> Results:
        """Entries that hold every word asked, best first; else those that hold most of them.

        Those that ``sunk`` tells come last (rules that are not in force on the day).
        """
        asked = list(dict.fromkeys(words_of(query[:MAX_QUERY])))
        asked = [word for word in asked if word not in _EMPTY] or asked
        if not asked:
            return Results((), (), False, 0)
        scored = []
        for place, entry in enumerate(self.entries):
            hits, score = 0, 0
            for word in asked:
                found = _found(word, entry.names)
                if found:
                    hits, score = hits + 1, score + 2 + found
                elif _found(word, entry.words):
                    hits, score = hits + 1, score + 1
            if hits:
                order = (-hits, sunk(entry), -score, KINDS.index(entry.kind), place)
                scored.append((order, entry))
        scored.sort(key=lambda s: s[0])
        best = -scored[0][0][0] if scored else 0
        kept = [entry for order, entry in scored if -order[0] == best]
        return Results(
            tuple(asked), tuple(kept[:MAX_FOUND]), best < len(asked), max(0, len(kept) - MAX_FOUND)
        )


def _found(word: str, words: frozenset[str]) -> int:
    """2 when the word is there, 1 when one begins with it (three letters at least), else 0."""
    if word in words:
        return 2
    # An "s" more or less is the same word.
    stem = word[:-1] if len(word) > 3 and word.endswith("s") else word
    return int(len(stem) >= 3 and any(w.startswith(stem) for w in words))


def _rules(cards: Cards) -> Iterator[Entry]:
    book, say = cards.book, cards.sentences
    seen: set[str] = set()
    for rule in book.rules:
        if rule.id in seen:
            continue
        seen.add(rule.id)
        title = cards.wording.plain(rule.explanation)
        texts: list[str] = [rule.theme]
        for version in book.versions(rule.id):
            texts += [cards.wording.plain(version.explanation), version.doubt]
            texts += [str(part) for part in say.conditions(version)]
            texts += [
                cards.sentences.label(n) + " " + cards.sentences.value(n, v)
                for n, v in version.concludes
            ]
            texts += [effect.text for effect in version.effects]
            texts += [f"{ref.source.title} {ref.pinpoint}" for ref in version.sources]
            texts += [f"{norm} {book.norms.get(norm, '')}" for norm in version.norms]
        names = " ".join([rule.id, title])
        yield Entry("regle", rule.id, title, rule.theme, _set(names), _set(" ".join(texts)))


def _passages(texts: Mapping[str, Text]) -> Iterator[Entry]:
    for text in texts.values():
        for index, passage in enumerate(text.passages):
            inline = [token.content for token in passage.tokens if token.type == "inline"]
            if not inline:
                continue
            extract = " ".join(inline)
            short = extract if len(extract) <= 160 else extract[:160].rsplit(" ", 1)[0] + "…"
            ident = f"{text.id}#passage-{index + 1}"
            yield Entry("passage", ident, text.title, short, _set(text.title), _set(extract))


def _vocabulary(cards: Cards) -> Iterable[Entry]:
    book = cards.book
    for fact in book.facts.values():
        rest = " ".join([fact.question, fact.help, *fact.values.values()])
        yield Entry("fait", fact.id, fact.label, fact.question, _set(fact.label), _set(rest))
    for conclusion in book.conclusions.values():
        values = [] if conclusion.type == "drapeau" else list(conclusion.values.values())
        extract = " ; ".join(values)
        yield Entry(
            "conclusion",
            conclusion.id,
            conclusion.label,
            extract,
            _set(conclusion.label),
            _set(extract),
        )
    for ident, title in book.norms.items():
        yield Entry("norme", ident, f"{ident} {title}", "", _set(f"{ident} {title}"), frozenset())
    for source in book.sources.values():
        yield Entry(
            "source", source.id, source.title, source.note, _set(source.title), _set(source.note)
        )


def _declared(cards: Cards) -> Iterator[Entry]:
    book, say = cards.book, cards.sentences
    for kind, found in (("impossible", book.impossible), ("propriete", book.properties)):
        for declared in found:
            title = declared.explanation
            texts = [str(p) for p in say.clauses((*declared.conditions, *_then(declared)))]
            texts += [f"{ref.source.title} {ref.pinpoint}" for ref in declared.sources]
            names = _set(f"{declared.id} {title}")
            yield Entry(kind, declared.id, title, "", names, _set(" ".join(texts)), declared)


def _then(declared: Declared) -> tuple[Condition, ...]:
    return declared.then if isinstance(declared, Property) else ()


def _set(text: str) -> frozenset[str]:
    return frozenset(words_of(text))
