"""The form as its template shows it: groups, items, fields, and the mistakes at their field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from coopdec_rules.advice.scenario import MAX_ITEMS, pointer_of
from coopdec_rules.advice.wording import Wording, label
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.model import Fact, Group
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.catalogue import facts_of, groups_in_order, relevance
from coopdec_rules.web.form import FormState

_UNKNOWN = "je ne sais pas"
_YES_NO = (("oui", "oui"), ("non", "non"))
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FORMATS = {
    "nombre": "Un nombre entier.",
    "montant": "Un montant en euros.",
    "date": "Une date JJ/MM/AAAA.",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake and, when a field is wrong, where that field is on the page."""

    text: str
    id: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    id: str
    name: str
    question: str
    hints: tuple[str, ...]
    required: bool
    type: str
    options: tuple[tuple[str, str], ...]
    value: str
    error: str | None

    @property
    def described_by(self) -> str:
        """Identifiers of the texts that describe the field."""
        found = [f"{self.id}-aide"] if self.hints else []
        return " ".join([*found, *([f"{self.id}-erreur"] if self.error else [])])


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a group; a group that is not repeated has one, without a title."""

    id: str
    title: str | None
    fields: tuple[FieldView, ...]
    removal: str | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    id: str
    title: str
    help: str
    items: tuple[ItemView, ...]
    addition: str | None = None
    noun: str = ""
    next_id: str = ""


@dataclass(frozen=True, slots=True)
class FormView:
    groups: tuple[GroupView, ...]
    mistakes: tuple[Mistake, ...] = field(default=())


class FormPresenter:
    """Shows forms of one vocabulary."""

    def __init__(self, book: Rulebook, wording: Wording) -> None:
        self.book = book
        self._hints = {fact.id: _hints(fact, wording) for fact in book.facts.values()}

    def show(self, state: FormState, problems: Iterable[Problem] = ()) -> FormView:
        """The form with its values, and each mistake at its field when it has one."""
        by_pointer: dict[str, Problem] = {}
        listed = list(problems)
        for problem in listed:
            by_pointer.setdefault(problem.pointer, problem)
        groups = tuple(self._group(g, state, by_pointer) for g in groups_in_order(self.book))
        fields = {f.name: f for group in groups for item in group.items for f in item.fields}
        return FormView(groups, tuple(_mistake(p, fields.get(p.pointer)) for p in listed))

    def _group(self, group: Group, state: FormState, problems: Mapping[str, Problem]) -> GroupView:
        ident = f"groupe-{group.id}"
        facts = facts_of(self.book, group)
        if not group.repeated:
            fields = tuple(self._field(f, pointer_of(f, None), state, problems) for f in facts)
            return GroupView(ident, group.title, group.help, (ItemView(ident, None, fields),))
        noun = group.id.replace("_", " ")
        count = state.counts[group.id]
        items = tuple(
            ItemView(
                id=f"{ident}-{index + 1}",
                title=f"{noun[:1].upper()}{noun[1:]} {index + 1}",
                fields=tuple(self._field(f, pointer_of(f, index), state, problems) for f in facts),
                removal=f"{group.id}/{index}" if count > 1 else None,
            )
            for index in range(count)
        )
        return GroupView(
            ident,
            group.title,
            group.help,
            items,
            addition=group.id if count < MAX_ITEMS else None,
            noun=noun,
            next_id=f"{ident}-{count + 1}",
        )

    def _field(
        self, fact: Fact, name: str, state: FormState, problems: Mapping[str, Problem]
    ) -> FieldView:
        problem = problems.get(name)
        value = state.values.get(name, "")
        options: tuple[tuple[str, str], ...] = ()
        if fact.type in ("booleen", "choix"):
            known = _YES_NO if fact.type == "booleen" else tuple(fact.values.items())
            options = (("", "à choisir" if fact.required else _UNKNOWN), *known)
            if value and value not in dict(options):
                options = (*options, (value, value))  # shown as sent, with its mistake
        return FieldView(
            id=field_id(name),
            name=name,
            question=fact.question,
            hints=self._hints[fact.id],
            required=fact.required,
            type=fact.type,
            options=options,
            value=value,
            error=None if problem is None else _text(problem),
        )


def field_id(pointer: str) -> str:
    """Identifier, on the page, of the field at a pointer."""
    return "f" + pointer.replace("/", "-")


def _hints(fact: Fact, wording: Wording) -> tuple[str, ...]:
    hints = []
    if fact.help:
        hints.append(fact.help)
    if fact.type in _FORMATS:
        example = _ISO.sub(r"\3/\2/\1", fact.example)
        hints.append(_FORMATS[fact.type] + (f" Exemple : {example}." if example else ""))
    elif fact.example:
        hints.append(f"Exemple : {fact.example}.")
    when = relevance(fact, wording)
    if when is not None:
        hints.append(f"Ne sert que si : {when}.")
    if fact.presumed is not None:
        hints.append(f"Sans réponse : {label(fact.presumed, fact.values)}.")
    return tuple(hints)


def _mistake(problem: Problem, place: FieldView | None) -> Mistake:
    if place is not None:
        return Mistake(_text(problem), place.id, place.question)
    return Mistake(f"{problem.pointer or 'Formulaire'} : {_text(problem)}")


def _text(problem: Problem) -> str:
    """The mistake in words; lists of codes, of no use to someone choosing in a list, left out."""
    text = problem.message
    if problem.expected and not problem.expected.startswith("l'une des valeurs"):
        expected = _ISO.sub(r"\3/\2/\1", problem.expected.replace("AAAA-MM-JJ", "JJ/MM/AAAA"))
        text += f" Attendu : {expected}."
    if problem.suggestion:
        text += f" Vouliez-vous dire « {problem.suggestion} » ?"
    return text
