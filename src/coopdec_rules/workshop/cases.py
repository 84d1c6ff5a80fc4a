"""Worked cases: a scenario, what its avis must say, and where that comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_yaml
from coopdec_rules.advice.models import Avis
from coopdec_rules.errors import Diagnostic, RulebookError, ScenarioError, suggest
from coopdec_rules.workshop.equivalences import FOLDER as EQUIVALENCES
from coopdec_rules.workshop.expected import KEYS, Expected, compare, open_ended, read_expected

ORIGINS = ("etude_2006", "enquete", "jurisprudence", "situation", "hypothese")
_KEYS = {"cas", "titre", "origine", "source", "montre", "note", "scenario", "attendu", "exemple"}
_REQUIRED = ("cas", "titre", "origine", "source", "montre", "scenario", "attendu")


@dataclass(frozen=True, slots=True)
class Case:
    """One worked case, as its file gives it."""

    id: str
    title: str
    origin: str
    source: str
    shows: str
    note: str
    scenario: Mapping[str, object]
    expected: Expected
    file: str
    #: Place among the examples that people start from; ``None``: not one of them.
    example: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running a case gave: the avis, and each difference with what was expected."""

    case: Case
    avis: Avis | None
    failures: tuple[str, ...] = field(default=())

    @property
    def passed(self) -> bool:
        return not self.failures


def load_cases(path: Path) -> list[Case]:
    """Cases of a file, or of every ``*.yaml`` under a folder, in path order.

    Raises ``RulebookError`` with every mistake found in their form.
    """
    listed = sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    files = [file for file in listed if file.parent.name != EQUIVALENCES]
    root = path if path.is_dir() else path.parent
    diagnostics: list[Diagnostic] = []
    cases: dict[str, Case] = {}
    for file in files:
        name = file.relative_to(root).as_posix()
        case = _load(file, name, diagnostics)
        if case is None:
            continue
        if case.id in cases:
            other = cases[case.id].file
            diagnostics.append(Diagnostic(name, 1, f"Le cas « {case.id} » existe déjà ({other})."))
        cases[case.id] = case
    _check_examples(cases.values(), diagnostics)
    if not files or not (cases or diagnostics):
        diagnostics.append(Diagnostic(str(path), 0, "Aucun cas (*.yaml) n'est trouvé."))
    if diagnostics:
        raise RulebookError(diagnostics)
    return list(cases.values())


def _load(file: Path, name: str, diagnostics: list[Diagnostic]) -> Case | None:
    try:
        document = parse_yaml(file.read_bytes())
    except OSError:
        diagnostics.append(Diagnostic(name, 0, "Le fichier ne peut pas être lu."))
        return None
    except ScenarioError as error:
        diagnostics.append(Diagnostic(name, 0, str(error)))
        return None
    if not isinstance(document, dict):
        diagnostics.append(Diagnostic(name, 1, "Un cas est un bloc de clés (cas, titre, …)."))
        return None
    before = len(diagnostics)
    for key in document:
        if key not in _KEYS:
            diagnostics.append(
                Diagnostic(name, 1, f"La clé « {key} » n'existe pas.", suggest(str(key), _KEYS))
            )
    diagnostics.extend(
        Diagnostic(name, 1, f"La clé « {key} » manque.") for key in _REQUIRED if key not in document
    )
    origin = document.get("origine")
    if origin is not None and origin not in ORIGINS:
        diagnostics.append(
            Diagnostic(
                name, 1, f"L'origine « {origin} » n'existe pas ({', '.join(ORIGINS)}).",
                suggest(str(origin), ORIGINS),
            )
        )  # fmt: skip
    place = document.get("exemple")
    if place is not None and (isinstance(place, bool) or not isinstance(place, int) or place < 1):
        diagnostics.append(
            Diagnostic(name, 1, "« exemple » est un rang (1, 2, 3…) parmi les exemples proposés.")
        )
    expected = document.get("attendu")
    if isinstance(expected, dict):
        diagnostics.extend(
            Diagnostic(
                name, 1, f"attendu : la clé « {key} » n'existe pas.", suggest(str(key), KEYS)
            )
            for key in expected
            if key not in KEYS
        )
    elif expected is not None:
        diagnostics.append(Diagnostic(name, 1, "« attendu » est un bloc de clés."))
    if len(diagnostics) > before:
        return None
    wanted, mistakes = read_expected(expected or {})
    if mistakes:
        diagnostics.extend(Diagnostic(name, 1, mistake) for mistake in mistakes)
        return None
    return Case(
        id=str(document["cas"]),
        title=str(document["titre"]),
        origin=str(origin),
        source=str(document["source"]),
        shows=str(document["montre"]),
        note=str(document.get("note", "")),
        scenario=document["scenario"],
        expected=wanted,
        file=name,
        example=place,
    )


def _check_examples(cases: Iterable[Case], diagnostics: list[Diagnostic]) -> None:
    seen: dict[int, Case] = {}
    for case in cases:
        if case.example is None:
            continue
        other = seen.setdefault(case.example, case)
        if other is not case:
            message = f"L'exemple de rang {case.example} existe déjà ({other.file})."
            diagnostics.append(Diagnostic(case.file, 1, message))


def run_case(advisor: Advisor, case: Case, today: dt.date | None = None) -> Outcome:
    """Run one case and compare.

    What the engine settles, reasoning over every completion leaves as it is: it is only asked for
    when the case expects more than settled answers, or something else than the engine gives.
    """
    try:
        if not open_ended(case.expected):
            avis = advisor.advise(case.scenario, today, reasoning=False).avis
            if "impossible" not in case.expected and not any(compare(avis, case.expected)):
                return Outcome(case, avis, ())
        avis = advisor.advise(case.scenario, today).avis
    except ScenarioError as error:
        return Outcome(case, None, tuple(_refused(advisor, case, error)))
    if "impossible" in case.expected:
        return Outcome(case, avis, ("le scénario devrait être refusé comme impossible",))
    return Outcome(case, avis, tuple(compare(avis, case.expected)))


def _refused(advisor: Advisor, case: Case, error: ScenarioError) -> Iterable[str]:
    """What is wrong with a refusal: nothing when the expected impossibility is its only reason."""
    name = case.expected.get("impossible")
    declared = next((i for i in advisor.rulebook.impossible if i.id == name), None)
    if name is not None and declared is None:
        yield f"le recueil ne déclare pas d'impossibilité « {name} »"
    for problem in error.problems:
        if declared is None or declared.explanation not in problem.message:
            yield f"scénario refusé : {problem}"


def run_cases(advisor: Advisor, cases: Iterable[Case]) -> list[Outcome]:
    """Run every case."""
    return [run_case(advisor, case) for case in cases]
