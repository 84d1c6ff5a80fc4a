"""A law of the future is one new file: no Python, and no answer changes before its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from textwrap import dedent

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.loader import load_rulebook

from . import tiny

#: A threshold as a law sets it, then as a later one amends it.
THRESHOLD = dedent(
    """\
    # Loi de 2000 : le seuil

    ```yaml regle
    regle: seuil-atteint
    norme: N-01
    source: loi-a § art. 7
    rang: loi
    en_vigueur: {du: 2000-01-01}
    si: acteur.population >= 10 000
    conclut: {alerte: oui}
    explication: La population atteint le seuil.
    ```
    """
)
AMENDMENT = dedent(
    """\
    # Loi fictive du 3 mars 2030 : un seuil plus bas

    ```yaml regle
    regle: seuil-de-2000-abroge
    norme: N-01
    source: loi-a § art. 7 modifié
    rang: loi
    en_vigueur: {du: 2030-03-03}
    si: acteur.population < 20 000
    ecarte: seuil-atteint
    explication: Le seuil de la loi de 2000 est remplacé.
    ```

    ```yaml regle
    regle: seuil-de-2030
    norme: N-01
    source: loi-a § art. 7 modifié
    rang: loi
    en_vigueur: {du: 2030-03-03}
    si: acteur.population >= 20 000
    conclut: {alerte: oui}
    explication: La population atteint le nouveau seuil.
    ```
    """
)
EVE, DAY = dt.date(2030, 3, 2), dt.date(2030, 3, 3)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    """Engines before and after the file is added; nothing else changes."""
    root = tmp_path_factory.mktemp("rules")
    tiny.write(root, {**tiny.tiny_files(), "textes/2000-01-01-seuil.md": THRESHOLD})
    before = load_rulebook(root)
    tiny.write(root, {"textes/2030-03-03-seuil.md": AMENDMENT})
    after = load_rulebook(root)
    assert before.fingerprint != after.fingerprint
    assert set(after.boundaries) - set(before.boundaries) == {DAY}
    with Engine(before) as first, Engine(after) as second:
        yield first, second


def alert(engine: Engine, day: dt.date, population: int | None) -> str | None:
    facts = {} if population is None else {"acteur.population": population}
    base = FactBase({"acteur.nature": "region", **facts}, {"volet": ({"volet.urgent": False},)})
    return engine.evaluate(day, base).scenario.conclusions["alerte"].value


@pytest.mark.parametrize("population", [0, 9_999, 10_000, 15_000, 19_999, 20_000, 50_000, None])
@pytest.mark.parametrize("day", [dt.date(2000, 1, 1), dt.date(2029, 12, 31), EVE])
def test_nothing_changes_before_its_day(
    engines: tuple[Engine, Engine], day: dt.date, population: int | None
) -> None:
    old, new = engines
    assert alert(old, day, population) == alert(new, day, population)


@pytest.mark.parametrize("day", [DAY, dt.date(2050, 1, 1)])
@pytest.mark.parametrize(
    ("population", "old_answer", "new_answer"),
    [
        (9_999, "non", "non"),
        (10_000, "oui", "non"),
        (19_999, "oui", "non"),
        (20_000, "oui", "oui"),
        (None, None, None),
    ],
)
def test_the_threshold_changes_from_its_day(
    engines: tuple[Engine, Engine],
    day: dt.date,
    population: int | None,
    old_answer: str | None,
    new_answer: str | None,
) -> None:
    old, new = engines
    assert alert(old, day, population) == old_answer
    assert alert(new, day, population) == new_answer


def test_answers_that_it_does_not_touch(engines: tuple[Engine, Engine]) -> None:
    base = FactBase({"acteur.nature": "commune"}, {})
    answers = {
        engine.evaluate(day, base).scenario.conclusions["reponse"].value
        for engine in engines
        for day in (EVE, DAY)
    }
    assert answers == {"permis"}
