"""What ``rules/modeles`` declares: documents, their parts and clauses, words and gates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from coopdec_rules.documents.template import Template
from coopdec_rules.rulebook.articles import Article
from coopdec_rules.rulebook.formula import And, Formula
from coopdec_rules.rulebook.model import Atom, Condition, Period, SourceRef

#: How a part is laid out.
Form = Literal["titre", "objet", "paragraphes", "articles", "liste", "tableau", "signatures"]
#: What to do with a clause whose condition is not known.
InDoubt = Literal["garder", "omettre"]
#: Whether a kind of document may be made under an answer.
Opening = Literal["toujours", "si_doute"]

ALWAYS = And(())


@dataclass(frozen=True, slots=True)
class Test:
    """A condition of the models, over facts, conclusions and the date."""

    conditions: tuple[Condition, ...] = ()
    formula: Formula = ALWAYS
    #: The repeated group it is read on; ``None``: the scenario.
    scope: str | None = None

    @property
    def always(self) -> bool:
        return not self.conditions


@dataclass(frozen=True, slots=True)
class Cited:
    """What something rests on: texts, and articles whose number changed."""

    sources: tuple[SourceRef, ...]
    articles: tuple[Article, ...]

    def on(self, day: dt.date) -> tuple[SourceRef, ...]:
        """The texts, with the articles as they were numbered on a day."""
        found = (
            ref
            for article in self.articles
            for period, ref in article.versions
            if period.contains(day)
        )
        return (*self.sources, *found)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a part, with what it rests on.

    ``each``: repeated for each item of a group of the scenario, or of a list of the avis; ``but``:
    values of the first field of that list that are left out.  ``to_confirm``: own knowledge of
    whoever wrote the model, which a lawyer has to confirm.
    """

    id: str
    title: Template
    text: Template
    cells: tuple[Template, ...]
    test: Test
    each: str | None
    but: frozenset[str]
    #: Written only when this list of the avis has something left.
    when_list: str
    #: When it has its place, in the words of who fills the document in; "": its own condition.
    keep_if: str
    in_doubt: InDoubt
    period: Period
    cited: Cited
    rules: tuple[str, ...]
    #: Rules whose conditions the clause itself meets, or writes down.
    meets: tuple[str, ...]
    to_confirm: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Part:
    """Clauses set together.

    ``to_sign``: it only has a place in an act to adopt or sign, never in a draft or a
    reconstruction.  ``covers``: elements of validity that it sees to.
    """

    id: str
    title: Template
    form: Form
    columns: tuple[str, ...]
    clauses: tuple[Clause, ...]
    test: Test
    to_sign: bool
    covers: frozenset[str]
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Model:
    """A document that may be made from an avis.

    ``running``: what each of its sheets says at the top; ``draft_test``: when its draft is joined
    to a request; ``attaches``: kind of the documents whose draft is joined to it; ``replaces``: the
    documents that it does better when its own condition holds.
    """

    id: str
    title: str
    kind: str
    order: int
    use: str
    short: str
    running: Template
    test: Test
    draft_test: Test
    period: Period
    plan: tuple[Part, ...]
    attaches: str
    replaces: tuple[str, ...]
    cited: Cited
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Gate:
    """Under which answers documents of one kind may be made, and what is said when they may not.

    ``act``: such a document is to be adopted or signed.  ``keeps``: items of repeated groups that
    an act may speak of.  ``blocked``: whatever the answer, none is made when this holds, for the
    reason ``why_blocked``.
    """

    kind: str
    title: str
    act: bool
    openings: Mapping[str, Opening]
    refusals: Mapping[str, str]
    keeps: Mapping[str, Test]
    blocked: Test | None
    why_blocked: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Word:
    """Words that depend on the scenario: the first case that certainly holds gives them."""

    name: str
    cases: tuple[tuple[Test, Template], ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Library:
    """Every model, loaded and checked.  Immutable."""

    models: Mapping[str, Model]
    gates: Mapping[str, Gate]
    words: Mapping[str, Word]
    parts: Mapping[str, Part]
    articles: Mapping[str, Article]
    #: Rules whose application means that a point is settled by no text or decision.
    doubt_rules: frozenset[str]
    atoms: Sequence[Atom] = field(repr=False)
    #: Administrative court of each département, by its code, as a sentence names it ("de Pau").
    courts: Mapping[str, str]
    fingerprint: str = ""

    def ordered(self) -> list[Model]:
        """The models in the order in which they are shown."""
        return sorted(self.models.values(), key=lambda model: (model.order, model.id))
