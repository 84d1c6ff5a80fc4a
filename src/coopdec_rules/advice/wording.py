"""Values and conditions in plain French."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coopdec_rules.advice import answers
from coopdec_rules.engine.facts import Facts
from coopdec_rules.engine.findings import Reading
from coopdec_rules.rulebook.binding import show
from coopdec_rules.rulebook.display import ACTOR_WORDS
from coopdec_rules.rulebook.formula import And, Formula, Lit, sentence
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    Ceiling,
    Compare,
    Concluded,
    Const,
    Expr,
    Fact,
    FactRef,
    IsTrue,
    Percent,
    Quantified,
    Shift,
)
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import capital, number

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_QUOTED_OR_BARE = re.compile(r"«\s?\{([^{}]*)\}\s?»|\{([^{}]*)\}")
#: What stays true when a comparison is not: the other side of the order.
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
#: Who acts, when nothing at all is said of it, and outside any scenario.
_AUTHORITY = "collectivité"
#: A sentence that begins with who acts takes its capital once the name is there.
_ACTS = tuple(f"{{{word}}}" for word in ACTOR_WORDS)
#: Written where a text speaks of something that is not known.
NOT_GIVEN = "(non précisé)"
#: Written, after a noun, instead of a name in guillemets that is not known.
AT_ISSUE = "en cause"


def actor_name(book: Rulebook, facts: Facts) -> str:
    """Who acts: the name that the scenario gives, else what kind of authority it is."""
    nature = book.facts.get(answers.ACTOR_NATURE)
    code = facts.get(answers.ACTOR_NATURE)
    kind = nature.said(code) if nature is not None and code is not None else ""
    return str(facts.get(answers.ACTOR_NAME) or kind or _AUTHORITY)


def actor_words(book: Rulebook, name: str) -> dict[str, str]:
    """Who acts, as sentences name it: alone, after "à", after "de" (``display.ACTOR_WORDS``)."""
    words = book.wordbook
    forms = (words.named(name), words.after("à", name), words.after("de", name))
    return dict(zip(ACTOR_WORDS, forms, strict=True))


class Wording:
    """Puts a rulebook's atoms and templates into words."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._authority = actor_words(rulebook, _AUTHORITY)
        # Those that only properties compare are read aloud too; they come last.
        self._atoms = [self._atom(atom) for atom in rulebook.all_atoms]

    def fill(self, template: str, *readings: Reading) -> str:
        """The template, each ``{name}`` replaced by its value in the first reading having it.

        A name in guillemets whose value is not known becomes ``AT_ISSUE``: a sentence must not
        speak of the domain « (non précisé) » as if there were one.
        """
        if "{" not in template:
            return template

        # In one pass: what somebody typed is never read as a template.
        def value(match: re.Match[str]) -> str:
            quoted, bare = match.groups()
            if quoted is None:
                return self.value_of(bare, readings)
            known = self._known(quoted, readings)
            return AT_ISSUE if known is None else f"« {known} »"

        text = _QUOTED_OR_BARE.sub(value, template)
        return capital(text) if template.startswith(_ACTS) else text

    def plain(self, template: str) -> str:
        """The template for reading outside any scenario: each ``{name}`` becomes its label."""
        book = self.rulebook

        def label_of(match: re.Match[str]) -> str:
            name = match.group(1)
            if name in ACTOR_WORDS:
                return self._authority[name]
            known = book.facts.get(name) or book.conclusions.get(name)
            return f"[{known.label}]" if known is not None else match.group(0)

        text = _PLACEHOLDER.sub(label_of, template)
        return capital(text) if template.startswith(_ACTS) else text

    def value_of(self, name: str, readings: Sequence[Reading]) -> str:
        """Label of a fact's or conclusion's value, or ``NOT_GIVEN``."""
        known = self._known(name, readings)
        return NOT_GIVEN if known is None else known

    def _known(self, name: str, readings: Sequence[Reading]) -> str | None:
        if name in ACTOR_WORDS:
            # The scenario is the last reading; what is said of an item is read on it too.
            return actor_words(self.rulebook, actor_name(self.rulebook, readings[-1].facts))[name]
        fact = self.rulebook.facts.get(name)
        for reading in readings:
            if fact is not None and name in reading.facts:
                return fact.said(reading.facts[name])
            settled = reading.conclusions.get(name)
            if settled is not None and settled.value is not None:
                return self.rulebook.conclusions[name].values.get(settled.value, settled.value)
        return None

    def condition(self, formula: Formula) -> str:
        """A condition in plain words."""
        return sentence(formula, self._said)

    def _said(self, literal: Lit) -> str:
        return self._atoms[literal.atom][0 if literal.positive else 1]

    def _atom(self, atom: Atom) -> tuple[str, str]:
        kind = atom.kind
        book = self.rulebook
        match kind:
            case IsTrue(fact):
                name = book.facts[fact].label
                return f"{name} : oui", f"{name} : non"
            case Among(fact, values):
                known = book.facts[fact].values
                order = list(known)
                ranked = sorted(values, key=lambda v: order.index(str(v)) if v in known else 0)
                labels = [known.get(str(v), str(v)) for v in ranked]
                return self._choices(book.facts[fact].label, labels)
            case Concluded(name, values):
                conclusion = book.conclusions[name]
                if conclusion.type == "drapeau":
                    return f"{conclusion.label} : oui", f"{conclusion.label} : non"
                labels = [text for key, text in conclusion.values.items() if key in values]
                return self._choices(conclusion.label, labels)
            case Compare(fact, op, right):
                compared = book.facts[fact]
                words = compared.kind.order
                name, value = compared.label, self.expression(right, compared)
                opposite = words[_OPPOSITE[op]] if op in _OPPOSITE else "autre que"
                return f"{name} {words[op]} {value}", f"{name} {opposite} {value}"
            case Quantified(quantifier, group, formula):
                inner = self._inner(formula)
                noun = book.groups[group].noun
                if quantifier == "un":
                    return f"{noun.at_least_one} — {inner}", f"{noun.none} — {inner}"
                return f"{noun.every} — {inner}", f"pas {noun.every} — {inner}"

    def _inner(self, formula: Formula) -> str:
        if isinstance(formula, Lit):
            return self._atom(self.rulebook.all_atoms[formula.atom])[0 if formula.positive else 1]
        word = " et " if isinstance(formula, And) else " ou "
        return word.join(self._inner(p) for p in formula.parts)

    def _choices(self, name: str, labels: Sequence[str]) -> tuple[str, str]:
        if len(labels) == 1:
            return f"{name} : {labels[0]}", f"{name} : autre que « {labels[0]} »"
        listed = ", ".join(labels)
        return f"{name}, parmi : {listed}", f"{name}, en dehors de : {listed}"

    def ceiling(self, ceiling: Ceiling) -> str:
        """What a ceiling is worth, in words."""
        return self.expression(ceiling.limit, self.rulebook.facts[ceiling.amount])

    def expression(self, expr: Expr, compared: Fact) -> str:
        """The right-hand side of a comparison, or a ceiling, in words.

        ``compared`` is the fact at the left: what is written there is of its type.
        """
        match expr:
            case Const(value):
                return compared.said(value)
            case FactRef(fact):
                return self.rulebook.facts[fact].label
            case Percent(rate, fact):
                return f"{number(rate)} % de : {self.rulebook.facts[fact].label}"
            case Shift(base, _, _, _):
                start = self.expression(base, compared)
                return show(expr).replace(show(base), start, 1)
