"""One question of the form as its template shows it, with the mistake found in its answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.advice.scenario import Presumed
from coopdec_rules.advice.wording import Wording
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.catalogue import relevance
from coopdec_rules.web.guide.interest import LegalBasis

UNKNOWN = "je ne sais pas"
#: A list of more choices than this opens, instead of being spread out.
_SPREAD = 7
#: A list of more than this is typed in, by name, the browser offering what begins so.
_TYPED = 60
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
#: What browsers may fill in by themselves.
_AUTOCOMPLETE = {answers.ACTOR_NAME: "organization"}


@dataclass(frozen=True, slots=True)
class FieldView:
    """``widget`` is ``boutons`` (radio buttons), ``liste``, ``saisie`` (typed, with names offered)
    or ``texte``.

    ``by_base``: the sentence on what the national base lets presume, or nothing.
    """

    id: str
    name: str
    question: str
    hints: tuple[str, ...]
    required: bool
    field: str
    short: bool
    widget: str
    options: tuple[tuple[str, str], ...]
    value: str
    error: str | None
    by_law: tuple[LegalBasis, ...] = ()
    autocomplete: str | None = None
    by_base: str = ""

    @property
    def described_by(self) -> str:
        """Identifiers of the texts that describe the field."""
        found = [f"{self.id}-aide"] if self.hints else []
        found += [f"{self.id}-loi"] if self.by_law else []
        found += [f"{self.id}-base"] if self.by_base else []
        return " ".join([*found, *([f"{self.id}-erreur"] if self.error else [])])


class FieldPresenter:
    """Shows questions of one vocabulary."""

    def __init__(self, book: Rulebook, wording: Wording) -> None:
        self.book = book
        self._hints = {fact.id: _hints(fact) for fact in book.facts.values()}
        self._when = {fact.id: relevance(fact, wording) for fact in book.facts.values()}

    def field(
        self,
        fact: Fact,
        name: str,
        value: str,
        problem: Problem | None = None,
        by_law: Sequence[LegalBasis] = (),
        doubtful: bool = False,
        presumed: Presumed | None = None,
    ) -> FieldView:
        """The question about a fact; ``doubtful``: whether it has an object is not known.

        ``presumed``: what the national base lets presume of it.
        """
        options = self._options(fact, presumed, value)
        widget = _widget(options)
        if widget == "saisie":
            value = dict(options).get(value, value) if value else ""
            options = tuple((label, label) for code, label in options if code)
        elif options and value and value not in dict(options):
            options = (*options, (value, value))  # shown as sent, with its mistake
        hints = self._hints[fact.id]
        when = self._when[fact.id]
        if doubtful and when is not None:
            hints = (*hints, f"Ne sert que si : {when}.")
        return FieldView(
            id=field_id(name),
            name=name,
            question=fact.question,
            hints=hints,
            required=fact.required,
            field=fact.kind.field,
            short=not fact.kind.free_text,
            widget=widget,
            options=options,
            value=value,
            error=None if problem is None else mistake_text(problem),
            by_law=tuple(by_law),
            by_base="" if presumed is None else presumed.origin,
            autocomplete=_AUTOCOMPLETE.get(fact.id),
        )

    def answer(self, fact: Fact, value: str) -> str:
        """An answer as the summary shows it."""
        return dict(self._options(fact, shown=value)).get(value, value)

    @staticmethod
    def _options(
        fact: Fact, presumed: Presumed | None = None, shown: str = ""
    ) -> tuple[tuple[str, str], ...]:
        """The answers offered; a doubt that is presumed anyway, only when it is ``shown``."""
        doubt = fact.presumed if fact.presumed_doubt else None
        known = tuple(
            (code, label)
            for code, label in fact.kind.options(fact).items()
            if code != doubt or code == shown
        )
        if not known:
            return ()
        if fact.required:
            return (("", "à choisir"), *known)
        unknown = UNKNOWN
        value = fact.presumed if presumed is None else presumed.value
        if value is not None:
            unknown += f" (l'avis retiendra : {fact.said(value)})"
        return (*known, ("", unknown))


def field_id(pointer: str) -> str:
    """Identifier, on the page, of the field at a pointer."""
    return "f" + pointer.replace("/", "-")


def mistake_text(problem: Problem) -> str:
    """The mistake in words; lists of codes, of no use to someone choosing in a list, left out."""
    text = problem.message
    told = "crivez" in text  # the message says itself how to write it
    if problem.expected and not told and not problem.expected.startswith("l'une des valeurs"):
        expected = _ISO.sub(r"\3/\2/\1", problem.expected.replace("AAAA-MM-JJ", "JJ/MM/AAAA"))
        text += f" Attendu : {expected}."
    if problem.suggestion:
        text += f" Vouliez-vous dire « {problem.suggestion} » ?"
    return text


def _widget(options: Sequence[object]) -> str:
    if not options:
        return "texte"
    if len(options) > _TYPED:
        return "saisie"
    return "boutons" if len(options) <= _SPREAD else "liste"


def _hints(fact: Fact) -> tuple[str, ...]:
    hints = []
    if fact.help:
        hints.append(fact.help)
    if fact.kind.hint:
        example = _ISO.sub(r"\3/\2/\1", fact.example)
        known = fact.kind.read(fact.example, fact) if fact.kind.field == "montant" else None
        example = example if known is None else fact.said(known)
        hints.append(fact.kind.hint + (f" Exemple : {example}." if example else ""))
    elif fact.example and not fact.values:
        hints.append(f"Exemple : {fact.example}.")
    return tuple(hints)
