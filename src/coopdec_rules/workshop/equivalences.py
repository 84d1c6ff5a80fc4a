"""The same facts told in other words must give the same elements.

``cases/equivalences/*.yaml`` lists descriptions of one situation: what they share, and the words in
which each tells the rest.  They are data that whoever knows the field may add to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_yaml
from coopdec_rules.errors import Diagnostic, RulebookError, ScenarioError, suggest
from coopdec_rules.rulebook.soundness import FREE_TONES

FOLDER = "equivalences"
_KEYS = ("equivalence", "montre", "commun", "variantes")


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Descriptions of the same facts; ``file`` is where they are written."""

    id: str
    shows: str
    scenarios: tuple[Mapping[str, Any], ...]
    file: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An element to which two descriptions of the same facts give two values."""

    equivalence: str
    variant: int
    element: str
    first: str
    other: str

    def __str__(self) -> str:
        return (
            f"{self.equivalence} : {self.element} vaut « {self.first} » dans la première "
            f"description, « {self.other} » dans la {self.variant + 1}e"
        )


def load_equivalences(folder: Path) -> list[Equivalence]:
    """Every equivalence of the folder, in path order.

    Raises ``RulebookError`` with every mistake found in their form.
    """
    diagnostics: list[Diagnostic] = []
    found: dict[str, Equivalence] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            document = parse_yaml(file.read_bytes())
        except ScenarioError as error:
            diagnostics.append(Diagnostic(file.name, 0, str(error)))
            continue
        if not isinstance(document, list):
            diagnostics.append(Diagnostic(file.name, 1, "Une liste d'équivalences est attendue."))
            continue
        for rank, entry in enumerate(document, 1):
            one = _read(entry, rank, file.name, diagnostics)
            if one is None:
                continue
            if one.id in found:
                diagnostics.append(
                    Diagnostic(file.name, 1, f"L'équivalence « {one.id} » existe déjà.")
                )
            found[one.id] = one
    if diagnostics:
        raise RulebookError(diagnostics)
    return list(found.values())


def _read(entry: Any, rank: int, file: str, diagnostics: list[Diagnostic]) -> Equivalence | None:
    where = f"Équivalence {rank}"
    if not isinstance(entry, dict):
        diagnostics.append(Diagnostic(file, 1, f"{where} : un bloc de clés est attendu."))
        return None
    wrong = [key for key in entry if key not in _KEYS]
    missing = [key for key in _KEYS if key not in entry]
    for key in wrong:
        diagnostics.append(
            Diagnostic(file, 1, f"{where} : la clé « {key} » n'existe pas.", suggest(key, _KEYS))
        )
    for key in missing:
        diagnostics.append(Diagnostic(file, 1, f"{where} : la clé « {key} » manque."))
    variants = entry.get("variantes")
    if not missing and not (isinstance(variants, list) and len(variants) > 1):
        diagnostics.append(Diagnostic(file, 1, f"{where} : « variantes » en attend deux au moins."))
    if wrong or missing or not isinstance(variants, list) or len(variants) < 2:
        return None
    return Equivalence(
        str(entry["equivalence"]),
        str(entry["montre"]),
        tuple(_merged(entry["commun"], variant) for variant in variants),
        file,
    )


def _merged(common: Any, own: Any) -> Any:
    """The common part with what a variant adds; a list of the variant replaces the common one."""
    if isinstance(common, dict) and isinstance(own, dict):
        return {
            key: _merged(common.get(key), own[key]) if key in own else common[key]
            for key in (*common, *(k for k in own if k not in common))
        }
    return common if own is None else own


def disagreements(
    advisor: Advisor, equivalences: Sequence[Equivalence], today: dt.date
) -> Iterator[Disagreement]:
    """Every element, and the answer itself, that changes with the words.

    An element established in one telling and without object in the other asks the same of a
    council, nothing: a signature told as made after the vote, or not needed, for instance.
    Raises ``ScenarioError`` when a description cannot be read.
    """
    for equivalence in equivalences:
        first, *others = (_values(advisor, s, today) for s in equivalence.scenarios)
        for variant, other in enumerate(others, 1):
            for name, (value, free) in first.items():
                said, also_free = other[name]
                if said != value and not (free and also_free):
                    yield Disagreement(equivalence.id, variant, name, value, said)


def _values(
    advisor: Advisor, scenario: Mapping[str, Any], today: dt.date
) -> dict[str, tuple[str, bool]]:
    """The answer and every element: its value, and whether it lets the action go ahead."""
    avis = advisor.advise(scenario, today, reasoning=False).avis
    found = {
        str(e["code"]): (str(e["valeur"] or e["possibles"]), e["ton"] in FREE_TONES)
        for e in avis["elements"]
    }
    return {"habilitation": (str(avis["habilitation"]), False), **found}
