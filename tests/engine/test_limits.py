"""The limits of the matcher, and what is freed when an engine is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import durable_rules_engine as extension
import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import EngineError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook

from ..rulebook import tiny

DAY = dt.date(2005, 1, 1)
CALM = {"volet": ({"volet.urgent": False},)}


def many_facts(root: Path, count: int, rules: Iterable[str]) -> Rulebook:
    """The tiny rulebook with yes/no facts ``x.f0``, ``x.f1``… and these rules."""
    fact = "{libelle: f, type: booleen, question: q}"
    facts = "".join(f"  f{i}: {fact}\n" for i in range(count))
    files = {
        **tiny.tiny_files(),
        "vocabulaire/70-x.yaml": f"groupe: x\nchemin: x\ntitre: X\nfaits:\n{facts}",
        tiny.TRIAL: "\n".join(rules),
    }
    return load_rulebook(tiny.write(root, files))


def alternatives(*sizes: int) -> str:
    """Conditions with as many alternatives each, all on different facts."""
    lines, fact = [], 0
    for size in sizes:
        lines.append("- l'un de:")
        for _ in range(size):
            lines.append(f"    - x.f{fact}")
            fact += 1
    return "\n".join(lines)


def alert(engine: Engine, **facts: bool) -> str | None:
    known = {name.replace("_", "."): value for name, value in facts.items()}
    findings = engine.evaluate(DAY, FactBase(known, CALM))
    return findings.scenario.conclusions["alerte"].value


def test_sixty_branches(tmp_path: Path) -> None:
    book = many_facts(tmp_path, 12, [tiny.rule(si=alternatives(5, 4, 3))])
    with Engine(book) as engine:
        assert alert(engine) is None
        assert alert(engine, x_f0=True, x_f5=True, x_f9=True) == "oui"
        assert alert(engine, x_f0=True, x_f5=True, x_f9=False, x_f10=False, x_f11=False) == "non"


@pytest.mark.parametrize("sizes", [(61,), (8, 8), (4, 4, 4)])
def test_more_than_sixty_branches(tmp_path: Path, sizes: tuple[int, ...]) -> None:
    """The message says which rule, how many and what to do."""
    book = many_facts(tmp_path, sum(sizes), [tiny.rule(si=alternatives(*sizes))])
    product = 1
    for size in sizes:
        product *= size
    with Engine(book) as engine, pytest.raises(EngineError) as caught:
        engine.law(DAY)
    for said in (str(product), "60", "scinder", "essai"):
        assert said in str(caught.value)


def test_many_rules_of_many_branches(tmp_path: Path) -> None:
    """Together they are far above what one ruleset of the matcher may hold."""
    rules = [
        tiny.rule(regle=f"essai-{i}", si=f"- x.f{i}\n{alternatives(5, 4, 3)}")
        for i in range(12, 60)
    ]
    with Engine(many_facts(tmp_path, 60, rules)) as engine:
        for number in (12, 35, 59):
            held = {"x_f0": True, "x_f5": True, "x_f9": True, f"x_f{number}": True}
            assert alert(engine, **held) == "oui"
        assert alert(engine, x_f0=True, x_f5=True, **{f"x_f{i}": False for i in range(9, 60)}) == (
            "non"
        )


def test_more_than_250_properties(tmp_path: Path) -> None:
    """Facts of one fact set are spread over several rulesets."""
    count = 600
    rules = [
        tiny.rule(regle=f"essai-{i}", si=f"[x.f{i}, x.f{(i + 1) % count}]") for i in range(count)
    ]
    with Engine(many_facts(tmp_path, count, rules)) as engine:
        nothing = {f"x_f{i}": False for i in range(count)}
        assert alert(engine, **nothing) == "non"
        for i in (0, 124, 125, 249, 250, 251, 253, 254, 255, 599):
            held = {f"x_f{i}": True, f"x_f{(i + 1) % count}": True}
            assert alert(engine, **{**nothing, **held}) == "oui"
            assert alert(engine, **{**nothing, f"x_f{i}": True}) == "non"


def test_one_rule_of_250_facts(tmp_path: Path) -> None:
    conditions = "\n".join(f"- x.f{i}" for i in range(250))
    with Engine(many_facts(tmp_path, 250, [tiny.rule(si=conditions)])) as engine:
        every = {f"x_f{i}": True for i in range(250)}
        assert alert(engine, **every) == "oui"
        assert alert(engine, **{**every, "x_f249": False}) == "non"


def test_one_rule_of_too_many_facts(tmp_path: Path) -> None:
    """Refused when the law is compiled, with the rule's name, and not on each request."""
    conditions = "\n".join(f"- x.f{i}" for i in range(260))
    with (
        Engine(many_facts(tmp_path, 260, [tiny.rule(si=conditions)])) as engine,
        pytest.raises(EngineError, match="essai"),
    ):
        engine.law(DAY)


def test_closing_frees_every_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created: list[object] = []
    freed: list[object] = []
    create, delete = extension.create_ruleset, extension.delete_ruleset

    def counted_create(*args: object) -> object:
        handle = create(*args)
        created.append(handle)
        return handle

    def counted_delete(handle: object) -> object:
        freed.append(handle)
        return delete(handle)

    monkeypatch.setattr(extension, "create_ruleset", counted_create)
    monkeypatch.setattr(extension, "delete_ruleset", counted_delete)
    book = load_rulebook(tiny.write(tmp_path, tiny.tiny_files()))
    engine = Engine(book)
    for state in book.states():
        engine.compile(state)
    assert created
    assert not freed
    engine.close()
    assert sorted(map(str, freed)) == sorted(map(str, created))
    engine.close()
    assert len(freed) == len(created)


def test_two_engines_do_not_share_what_they_free(tmp_path: Path) -> None:
    book = load_rulebook(tiny.trial(tmp_path))
    with Engine(book) as first:
        with Engine(book) as second:
            assert alert(second, acteur_actif=True) == "oui"
        assert alert(first, acteur_actif=True) == "oui"
        assert alert(first, acteur_actif=False) == "non"


def test_a_state_is_compiled_once(tmp_path: Path) -> None:
    book = load_rulebook(tiny.write(tmp_path, tiny.tiny_files()))
    with Engine(book) as engine:
        assert engine.law(dt.date(2001, 1, 1)) is engine.law(dt.date(2009, 12, 31))
        assert engine.law(dt.date(2010, 1, 1)) is not engine.law(dt.date(2009, 12, 31))
