"""Fills the texts of models: known values, numbered blanks, never a default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from coopdec_rules.documents import words
from coopdec_rules.documents.blocks import Blank, Line, Run, Text, words_of
from coopdec_rules.documents.library import Word
from coopdec_rules.documents.lists import AVIS_WORDS, Lists
from coopdec_rules.documents.situation import Known, Situation
from coopdec_rules.documents.template import Hole, Literal, Ref, Template
from coopdec_rules.documents.typography import set_text
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.articles import SIGN, Article
from coopdec_rules.rulebook.formula import V
from coopdec_rules.rulebook.model import Fact


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is read: on the scenario, an item of a group, or an entry of a list."""

    reading: Reading
    item: int | None = None
    group: str | None = None
    entry: Mapping[str, str] | None = None


class Filler:
    """Fills texts for one document, numbering its blanks as they come."""

    def __init__(self, situation: Situation, lists: Lists, apart: bool = False) -> None:
        """``apart``: nothing is left to fill in, what is not known is three dots."""
        self.situation, self.lists, self.apart = situation, lists, apart
        self.extra: dict[str, str] = {}
        self.blanks: list[Blank] = []
        self.scenario = Place(situation.advice.findings.scenario)

    def lines(self, template: Template, place: Place | None = None) -> list[Line]:
        """The paragraphs of a text."""
        here = place or self.scenario
        return [
            tuple(run for piece in line for run in self._runs(piece, here))
            for line in template.lines
        ]

    def plain(self, template: Template, place: Place | None = None) -> str:
        """A text in one line, for a title or a mark."""
        return " ".join(words_of(line) for line in self.lines(template, place))

    def word(self, name: str) -> str:
        """A word of the models as plain text; "" when no case holds."""
        found = self._word(self.situation.library.words[name], self.scenario)
        return words_of(found) if found is not None else ""

    def blank(self, hint: str, presumed: str = "") -> Run:
        """The next blank of the document."""
        if self.apart:
            return Text("…")
        made = Blank(len(self.blanks) + 1, set_text(hint), presumed)
        self.blanks.append(made)
        return made

    def _runs(self, piece: Literal | Ref | Hole, place: Place) -> Line:
        match piece:
            case Literal(text):
                return (Text(set_text(text)),)
            case Hole(hint):
                return (self.blank(hint),)
            case Ref():
                return self._ref(piece, place)

    def _ref(self, ref: Ref, place: Place) -> Line:
        name = ref.name
        if name in self.extra:
            return (Text(self.extra[name]),)
        if name in self.lists.words:
            return (Text(self.lists.words[name]),)
        if name in AVIS_WORDS:
            return (self.blank(ref.hint or name.rpartition(".")[2]),)
        if place.entry is not None and place.group and name.startswith(f"{place.group}."):
            return (Text(place.entry[name.removeprefix(f"{place.group}.")]),)
        if name.startswith(SIGN):
            return self._article(self.situation.library.articles[name.removeprefix(SIGN)])
        if name in self.situation.library.words:
            found = self._word(self.situation.library.words[name], place)
            if found is None:
                return (self.blank(ref.hint or name.replace("_", " ")),)
            return _capital(found) if ref.filter == "majuscule" else found
        return self._value(ref, place)

    def _word(self, word: Word, place: Place) -> Line | None:
        for test, template in word.cases:
            if self.situation.truth(test) == V:
                lines = self.lines(template, place)
                return tuple(run for line in lines for run in line)
        return None

    def _article(self, article: Article) -> Line:
        for period, ref in article.versions:
            if period.contains(self.situation.day):
                return (Text(set_text(str(ref))),)
        return (self.blank(f"article « {article.name} » : son numéro à cette date"),)

    # -- values --------------------------------------------------------------------------------

    def _value(self, ref: Ref, place: Place) -> Line:
        situation = self.situation
        fact = situation.book.facts.get(ref.name)
        if fact is None:
            return self._known(situation.conclusion(ref.name, place.reading), ref)
        if ref.filter in ("total", "lettres"):
            return self._amount(fact, ref, place)
        if fact.scope is None or fact.scope == place.group:
            item = place.item if fact.scope else None
            return self._known(situation.fact(fact, item, self._reading(fact, place)), ref)
        return self._every(fact, ref)

    def _reading(self, fact: Fact, place: Place) -> Reading:
        return place.reading if fact.scope else self.scenario.reading

    def _every(self, fact: Fact, ref: Ref) -> Line:
        """The values of all items, joined; one blank when some are not known."""
        found = [
            self.situation.fact(fact, item, reading)
            for item, reading in self.situation.items(str(fact.scope))
        ]
        texts = list(dict.fromkeys(k.text for k in found if k.text is not None))
        runs: list[Run] = []
        if texts:
            runs.append(Text(_joined([self._written(text, ref) for text in texts])))
        missing = [k for k in found if k.text is None]
        if missing or not found:
            if runs:
                runs.append(Text(" et "))
            unknown = missing[0] if missing else Known(None, fact.label)
            runs.append(self.blank(ref.hint or unknown.hint, unknown.presumed))
        return tuple(runs)

    def _amount(self, fact: Fact, ref: Ref, place: Place) -> Line:
        situation = self.situation
        if ref.filter == "total" or (fact.scope and fact.scope != place.group):
            amounts = [
                situation.amount(fact, item, reading)
                for item, reading in situation.items(str(fact.scope))
            ]
        else:
            reading = self._reading(fact, place)
            amounts = [situation.amount(fact, place.item if fact.scope else None, reading)]
        if not amounts or None in amounts:
            suffix = " en lettres" if ref.filter == "lettres" else ""
            return (self.blank(ref.hint or f"{fact.label}{suffix}"),)
        total = sum((a for a in amounts if a is not None), Decimal(0))
        write: Callable[[Decimal], str] = (
            words.euros_in_letters if ref.filter == "lettres" else words.euros
        )
        return (Text(set_text(write(total))),)

    def _known(self, known: Known, ref: Ref) -> Line:
        if known.text is None:
            return (self.blank(ref.hint or known.hint, known.presumed),)
        return (Text(self._written(known.text, ref)),)

    def _written(self, text: str, ref: Ref) -> str:
        match ref.filter:
            case "de":
                return words.of(text)
            case "majuscule":
                return words.capital(text)
            case "article":
                return words.with_article(text)
            case "commune":
                return words.town(text)
            case "groupement":
                nature = self.situation.fact(
                    self.situation.book.facts["acteur.nature"], None, self.scenario.reading
                )
                return set_text(words.grouping(text, nature.text or ""))
        return text


def _joined(texts: list[str]) -> str:
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} et {texts[-1]}"


def _capital(line: Line) -> Line:
    if line and isinstance(line[0], Text):
        return (Text(words.capital(line[0].text)), *line[1:])
    return line
