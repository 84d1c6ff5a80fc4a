"""What a worked case expects of its avis, and each difference with what it got."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, get_args

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Plafond, ReasonState, closed
from coopdec_rules.advice.models import Avis, Element

Code = str | None


@closed
class ExpectedPart(TypedDict, total=False):
    """What is expected of one volet."""

    habilitation: str
    maitre_ouvrage: str
    detenteur: Code


@closed
class ExpectedCeiling(TypedDict, total=False):
    """What is expected of the ceiling of one budget, in euros."""

    plafond: Decimal
    montant: Decimal
    depassement: Decimal


@closed
class ExpectedTier(TypedDict, total=False):
    """What is expected of the tier."""

    actuel: str
    apres_action: str


@closed
class Expected(TypedDict, total=False):
    """The ``attendu`` of a case.  Lists of rules, questions and divergences are not exhaustive."""

    habilitation: str
    #: One of these answers, when the source settles no more.
    habilitation_parmi: list[str]
    habilitation_possibles: list[str]
    habilitation_possibles_au_moins: list[str]
    maitrise_ouvrage: str
    palier: ExpectedTier
    fondement: Code
    regime: Code
    volets: list[ExpectedPart]
    #: Value of each element; of an element said of each item, one value for each.
    elements: dict[str, Code | list[Code]]
    regles: list[str]
    regles_ecartees: list[str]
    regles_absentes: list[str]
    plafonds: dict[str, ExpectedCeiling]
    divergences: list[str]
    questions: list[str]
    impossible: str


KEYS: Final = tuple(Expected.__annotations__)
_EXPECTED = TypeAdapter(Expected)
_STATES: Final[tuple[ReasonState, ...]] = get_args(ReasonState)


def read_expected(document: object) -> tuple[Expected, list[str]]:
    """What a case expects, and what is wrong with how it is written, place by place."""
    try:
        expected = _EXPECTED.validate_python(document)
    except ValidationError as error:
        return {}, [_mistake(problem["loc"], problem["input"]) for problem in error.errors()]
    if "elements" in expected:
        expected["elements"] = {_element(n): v for n, v in expected["elements"].items()}
    return expected, []


def _element(name: str) -> str:
    """The conclusion that a case calls by its short name: ``organe`` for ``element.organe``."""
    return name if "." in name else f"element.{name}"


def _mistake(place: tuple[int | str, ...], found: object) -> str:
    where = "/".join(["attendu", *(str(key) for key in place)])
    return f"{where} : « {str(found)[:80]} » ne s'écrit pas ainsi."


def conclusions(expected: Expected) -> Iterator[tuple[str, tuple[str, int] | None, Code]]:
    """The values of conclusions that a case expects, each with the item it is said of."""
    for name, value in (
        (answers.POWER, expected.get("habilitation")),
        (answers.OWNER, expected.get("maitrise_ouvrage")),
        (answers.LEGAL_BASIS, expected.get("fondement")),
        (answers.REGIME, expected.get("regime")),
        (answers.TIER_NOW, expected.get("palier", {}).get("actuel")),
        (answers.TIER_AFTER, expected.get("palier", {}).get("apres_action")),
    ):
        yield name, None, value
    for number, part in enumerate(expected.get("volets", ())):
        place = (answers.PART, number)
        yield answers.PART_POWER, place, part.get("habilitation")
        yield answers.PART_OWNER, place, part.get("maitre_ouvrage")
        yield answers.PART_HOLDER, place, part.get("detenteur")
    for name, values in expected.get("elements", {}).items():
        if not isinstance(values, list):
            yield name, None, values
            continue
        for number, value in enumerate(values):
            yield name, (name.split(".")[0], number), value


#: What reasoning over every completion may tell otherwise than the engine does.
_EXACT = frozenset(
    ("habilitation_possibles", "habilitation_possibles_au_moins", "divergences", "questions")
)


def open_ended(expected: Expected) -> bool:
    """Whether a case expects more than answers that have a value."""
    said: list[Code | list[Code]] = [*expected.get("elements", {}).values()]
    for part in expected.get("volets", ()):
        said.extend(dict(part).values())  # type: ignore[arg-type]
    unsettled = any(None in (one if isinstance(one, list) else [one]) for one in said)
    return unsettled or not _EXACT.isdisjoint(expected)


def compare(avis: Avis, expected: Expected) -> Iterator[str]:
    """Each difference between an avis and what was expected of it."""
    yield from _compare_answers(avis, expected)
    yield from _compare_parts(avis, expected)
    yield from _compare_elements(avis, expected)
    yield from _compare_rules(avis, expected)
    yield from _compare_ceilings(avis["plafonds"], expected)
    yield from _compare_rest(avis, expected)


def _compare_answers(avis: Avis, expected: Expected) -> Iterator[str]:
    tier = expected.get("palier", {})
    for name, wanted, got in (
        ("habilitation", expected.get("habilitation"), avis["habilitation"]),
        (
            "maitrise_ouvrage",
            expected.get("maitrise_ouvrage"),
            avis["maitrise_ouvrage"]["titulaire"],
        ),
        ("palier.actuel", tier.get("actuel"), avis["palier"]["actuel"]),
        ("palier.apres_action", tier.get("apres_action"), avis["palier"]["apres_action"]),
    ):
        if wanted is not None and wanted != got:
            yield f"{name} : {got}, attendu {wanted}"
    if "fondement" in expected and expected["fondement"] != avis["fondement"]["code"]:
        yield f"fondement : {avis['fondement']['code']}, attendu {expected['fondement']}"
    if "regime" in expected and expected["regime"] != avis["regime"]["code"]:
        yield f"regime : {avis['regime']['code']}, attendu {expected['regime']}"
    allowed = expected.get("habilitation_parmi")
    if allowed and avis["habilitation"] not in allowed:
        yield f"habilitation : {avis['habilitation']}, attendu l'une de {', '.join(allowed)}"
    possible = avis["habilitation_possibles"]
    if "habilitation_possibles" in expected:
        values = sorted(expected["habilitation_possibles"])
        if values != sorted(possible):
            yield f"habilitation_possibles : {sorted(possible)}, attendu {values}"
    # What the engine leaves open may be wider than what can happen, never narrower.
    missing = set(expected.get("habilitation_possibles_au_moins", ())) - set(possible)
    if missing:
        yield f"habilitation_possibles : {', '.join(sorted(missing))} devrait rester possible"


def _compare_parts(avis: Avis, expected: Expected) -> Iterator[str]:
    parts = expected.get("volets")
    if parts is None:
        return
    if len(parts) != len(avis["volets"]):
        yield f"volets : {len(avis['volets'])}, attendu {len(parts)}"
        return
    for index, (wanted, got) in enumerate(zip(parts, avis["volets"], strict=True)):
        for name, value, found in (
            ("habilitation", wanted.get("habilitation"), got["habilitation"]),
            ("maitre_ouvrage", wanted.get("maitre_ouvrage"), got["maitre_ouvrage"]),
            ("detenteur", wanted.get("detenteur"), got["detenteur"]),
        ):
            if name in wanted and found != value:
                yield f"volets/{index}/{name} : {found}, attendu {value}"


def _compare_elements(avis: Avis, expected: Expected) -> Iterator[str]:
    found: dict[str, list[Element]] = {}
    for element in avis["elements"]:
        found.setdefault(element["code"], []).append(element)
    for name, wanted in expected.get("elements", {}).items():
        if name not in found:
            yield f"elements/{name} : le recueil ne déclare pas cet élément"
            continue
        values = wanted if isinstance(wanted, list) else [wanted]
        got = [element["valeur"] for element in found[name]]
        if values != got:
            yield f"elements/{name} : {_listed(got)}, attendu {_listed(values)}"


def _listed(values: Iterable[Code]) -> str:
    return ", ".join(value or "indéterminé" for value in values)


def _compare_rules(avis: Avis, expected: Expected) -> Iterator[str]:
    states: dict[ReasonState, set[str]] = {state: set() for state in _STATES}
    for reason in avis["motifs"]:
        states[reason["etat"]].add(reason["regle"])
    for rule in expected.get("regles", ()):
        if rule not in states["appliquee"]:
            yield f"la règle « {rule} » devrait s'appliquer"
    for rule in expected.get("regles_ecartees", ()):
        if rule not in states["ecartee"]:
            yield f"la règle « {rule} » devrait être écartée"
    for rule in expected.get("regles_absentes", ()):
        if rule in states["appliquee"]:
            yield f"la règle « {rule} » ne devrait pas s'appliquer"


def _compare_ceilings(ceilings: Iterable[Plafond], expected: Expected) -> Iterator[str]:
    got = {str(ceiling["budget"]): ceiling for ceiling in ceilings}
    for budget, wanted in expected.get("plafonds", {}).items():
        found = got.get(budget)
        for name, value, amount in (
            ("plafond", wanted.get("plafond"), found and found["plafond"]),
            ("montant", wanted.get("montant"), found and found["montant"]),
            ("depassement", wanted.get("depassement"), found and found["depassement"]),
        ):
            if value is not None and value != amount:
                yield f"plafonds/{budget}/{name} : {amount}, attendu {value}"


def _compare_rest(avis: Avis, expected: Expected) -> Iterator[str]:
    objects = {divergence["objet"] for divergence in avis["divergences"]}
    for name in expected.get("divergences", ()):
        if name not in objects:
            yield f"une divergence sur « {name} » est attendue (trouvé : {sorted(objects)})"
    asked = {question["fait"] for question in avis["questions"]}
    for name in expected.get("questions", ()):
        if name not in asked:
            yield f"la question « {name} » devrait être posée (posées : {sorted(asked)})"
