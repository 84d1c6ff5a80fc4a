"""What an avis needs of a rulebook, in one place, checked before any avis is given.

Any other conclusion, value, group or norm may be added, renamed or removed without Python: how a
conclusion is shown, and the sentence and tone of each value, are the rulebook's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coopdec_rules.advice import answers
from coopdec_rules.errors import Diagnostic, RulebookError, suggest
from coopdec_rules.rulebook.display import Place
from coopdec_rules.rulebook.model import ConclusionType
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.wordbook import SENTENCES_FILE

_CONCLUSIONS = "vocabulaire/conclusions.yaml"
_FACTS = "vocabulaire"


@dataclass(frozen=True, slots=True)
class NeededConclusion:
    """A conclusion that the code names: its type, its group, where the avis shows it."""

    id: str
    place: Place
    scope: str | None = None
    type: ConclusionType = "choix"
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class NeededFact:
    """A fact that the code names, with its group and the values that it compares."""

    id: str
    scope: str | None = None
    values: tuple[str, ...] = ()


CONCLUSIONS = (
    NeededConclusion(answers.POWER, "tete", ordered=True),
    NeededConclusion(answers.OWNER, "tete"),
    NeededConclusion(answers.TIER_NOW, "tete", ordered=True),
    NeededConclusion(answers.TIER_AFTER, "tete"),
    NeededConclusion(answers.TIER_ANALOGY, "note", type="drapeau"),
    NeededConclusion(answers.LEGAL_BASIS, "entete"),
    NeededConclusion(answers.REGIME, "entete"),
    NeededConclusion(answers.PART_POWER, "tableau", answers.PART),
    NeededConclusion(answers.PART_OWNER, "tableau", answers.PART),
    NeededConclusion(answers.PART_HOLDER, "tableau", answers.PART),
)
FACTS = (
    NeededFact(answers.READING, values=(answers.LAW, answers.STUDY)),
    NeededFact(answers.ACTOR_NAME),
    NeededFact(answers.ACTOR_NATURE),
    NeededFact(answers.PARTNER_COUNTRY, answers.PARTNER),
    NeededFact(answers.PART_DOMAIN, answers.PART),
    NeededFact(answers.PART_TITLE, answers.PART),
)


def check_contract(book: Rulebook) -> None:
    """Raise ``RulebookError`` with everything that an avis needs and the rulebook does not have."""
    found = list(_breaches(book))
    if found:
        raise RulebookError(found)


def _breaches(book: Rulebook) -> Iterator[Diagnostic]:
    for needed in CONCLUSIONS:
        yield from _conclusion(book, needed)
    for fact in FACTS:
        yield from _fact(book, fact)
    for ident in book.wordbook.missing():
        yield Diagnostic(SENTENCES_FILE, 0, f"La phrase « {ident} » manque ; l'avis la dit.")
    for group in book.groups.values():
        if group.repeated and not (group.singular and group.plural):
            yield Diagnostic(
                _FACTS,
                0,
                f"Groupe « {group.id} » : « nom » et « pluriel » manquent ; l'avis dit ainsi "
                "chacun de ses éléments.",
            )


def _conclusion(book: Rulebook, needed: NeededConclusion) -> Iterator[Diagnostic]:
    what = f"Conclusion « {needed.id} »"
    found = book.conclusions.get(needed.id)
    if found is None:
        yield Diagnostic(
            _CONCLUSIONS,
            0,
            f"{what} : l'avis en a besoin, et elle n'est pas déclarée.",
            suggest(needed.id, book.conclusions),
        )
        return
    place = found.display.place if found.display else None
    for wrong, message in (
        (found.type != needed.type, f"l'avis attend un {needed.type}"),
        (found.scope != needed.scope, f"l'avis l'attend {_of(needed.scope)}"),
        (place != needed.place, f"l'avis la montre : écrire « place: {needed.place} »"),
        (
            needed.ordered and not found.order,
            "l'avis lit son ordre : « du_pire_au_meilleur » manque",
        ),
    ):
        if wrong:
            yield Diagnostic(found.file, found.line, f"{what} : {message}.")


def _fact(book: Rulebook, needed: NeededFact) -> Iterator[Diagnostic]:
    what = f"Fait « {needed.id} »"
    found = book.facts.get(needed.id)
    if found is None:
        yield Diagnostic(
            _FACTS,
            0,
            f"{what} : l'avis en a besoin, et il n'est pas déclaré.",
            suggest(needed.id, book.facts),
        )
        return
    if found.scope != needed.scope:
        yield Diagnostic(found.file, found.line, f"{what} : l'avis l'attend {_of(needed.scope)}.")
    for value in needed.values:
        if value not in found.values:
            yield Diagnostic(
                found.file,
                found.line,
                f"{what} : l'avis a besoin de sa valeur « {value} ».",
                suggest(value, found.values),
            )


def _of(scope: str | None) -> str:
    return f"de chaque {scope}" if scope else "de tout le scénario"
