"""Terms in years, months and days, as French law counts them, and shares to the last decimal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.rulebook.loader import load_rulebook

from ..rulebook import tiny

DAY = dt.timedelta(days=1)
CASES = [
    # from 29 February
    ("2004-02-29", "+ 1 an", "2005-02-28"),
    ("2004-02-29", "+ 4 ans", "2008-02-29"),
    ("2000-02-29", "+ 100 ans", "2100-02-28"),
    ("2004-02-29", "- 1 an", "2003-02-28"),
    ("2004-02-29", "+ 12 mois", "2005-02-28"),
    ("2004-02-29", "+ 1 an + 1 jour", "2005-03-01"),
    # to 29 February
    ("2003-02-28", "+ 1 an", "2004-02-28"),
    ("2004-01-31", "+ 1 mois", "2004-02-29"),
    ("2005-01-31", "+ 1 mois", "2005-02-28"),
    ("2004-02-28", "+ 1 jour", "2004-02-29"),
    ("2005-02-28", "+ 1 jour", "2005-03-01"),
    ("2004-03-31", "- 1 mois", "2004-02-29"),
    # ends of months
    ("2001-03-31", "+ 1 mois", "2001-04-30"),
    ("2001-04-30", "+ 1 mois", "2001-05-30"),
    ("2001-05-31", "- 3 mois", "2001-02-28"),
    ("2001-10-31", "+ 13 mois", "2002-11-30"),
    # ends of years
    ("2001-12-31", "+ 1 jour", "2002-01-01"),
    ("2001-12-31", "+ 2 mois", "2002-02-28"),
    ("2001-01-15", "- 1 mois", "2000-12-15"),
    ("2001-01-01", "- 1 jour", "2000-12-31"),
    ("2001-12-15", "+ 24 mois", "2003-12-15"),
    # several moves: years and months together, then days
    ("2004-08-18", "+ 1 an + 6 mois", "2006-02-18"),
    ("2001-01-31", "+ 1 mois + 1 jour", "2001-03-01"),
    ("2001-01-31", "+ 1 mois - 1 jour", "2001-02-27"),
    ("2001-03-01", "+ 0 jours", "2001-03-01"),
    # both ends of what a scenario may hold
    ("1900-01-01", "- 10 ans", "1890-01-01"),
    ("2100-12-31", "+ 2 ans", "2102-12-31"),
]


@pytest.mark.parametrize(("start", "moves", "end"), CASES)
def test_term(tmp_path: Path, start: str, moves: str, end: str) -> None:
    """The day itself and its neighbours stand where they should, from a fact or a constant."""
    expected = dt.date.fromisoformat(end)
    root = tiny.trial(
        tmp_path,
        tiny.rule(regle="fait-avant", si=f"acteur.creation < date {moves}"),
        tiny.rule(regle="fait-egal", si=f"acteur.creation = date {moves}"),
        tiny.rule(regle="fait-apres", si=f"acteur.creation > date {moves}"),
        tiny.rule(regle="ecrit-avant", si=f"acteur.creation < {start} {moves}"),
        tiny.rule(regle="ecrit-egal", si=f"acteur.creation = {start} {moves}"),
        tiny.rule(regle="ecrit-apres", si=f"acteur.creation > {start} {moves}"),
    )
    law_day = dt.date(2020, 1, 1)
    with Engine(load_rulebook(root)) as engine:
        ids = [r.id for r in engine.law(law_day).rules]
        for day, wanted in (
            (expected - DAY, "avant"),
            (expected, "egal"),
            (expected + DAY, "apres"),
        ):
            facts = {"date": dt.date.fromisoformat(start), "acteur.creation": day}
            raw = engine.evaluate(law_day, FactBase(facts)).scenario.raw
            held = {ids[i] for i, v in raw.items() if v == "v" and "-" in ids[i]}
            assert {f"fait-{wanted}", f"ecrit-{wanted}"} == held & {
                f"{side}-{where}"
                for side in ("fait", "ecrit")
                for where in ("avant", "egal", "apres")
            }


@pytest.mark.parametrize(
    ("moves", "before"), [("+ 9000 ans", True), ("- 3000 ans", False), ("- 999999 jours", False)]
)
def test_term_beyond_the_calendar(tmp_path: Path, moves: str, before: bool) -> None:
    root = tiny.trial(tmp_path, si=f"acteur.creation < date {moves}")
    day = dt.date(2020, 1, 1)
    with Engine(load_rulebook(root)) as engine:
        base = FactBase(
            {"date": day, "acteur.creation": day}, {"volet": ({"volet.urgent": False},)}
        )
        value = engine.evaluate(day, base).scenario.conclusions["alerte"].value
    assert value == ("oui" if before else "non")


@pytest.mark.parametrize(
    ("amount", "base", "over"),
    [
        ("100.00", "10000.00", False),
        ("100.01", "10000.00", True),
        ("100.00", "9999.99", True),
        ("0.01", "0.99", True),
        ("0.01", "1.00", False),
        ("0.00", "0.00", False),
        ("9999999999.99", "999999999998.99", True),
        ("9999999999.99", "999999999999.00", False),
    ],
)
def test_share_is_not_rounded(tmp_path: Path, amount: str, base: str, over: bool) -> None:
    root = tiny.trial(tmp_path, si="acteur.depenses > 1 % de acteur.recettes")
    day = dt.date(2020, 1, 1)
    facts = {"acteur.depenses": Decimal(amount), "acteur.recettes": Decimal(base)}
    with Engine(load_rulebook(root)) as engine:
        findings = engine.evaluate(day, FactBase(facts, {"volet": ({"volet.urgent": False},)}))
    assert findings.scenario.conclusions["alerte"].value == ("oui" if over else "non")


def test_states_beyond_those_kept_leave_and_are_made_again(tmp_path: Path) -> None:
    days = [dt.date(2001 + number, 1, 1) for number in range(4)]
    root = tiny.trial(
        tmp_path,
        *(
            tiny.rule(
                regle=f"an-{day.year}",
                si="acteur.depenses > 1",
                en_vigueur=f"{{du: {day.isoformat()}}}",
            )
            for day in days
        ),
    )
    facts = {"acteur.depenses": Decimal(2)}
    with Engine(load_rulebook(root), most=2) as engine:
        before = [engine.evaluate(day, FactBase(facts)).scenario.raw for day in days]
        first, last = (engine.rulebook.at(day) for day in (days[0], days[-1]))
        assert "index" not in vars(first)
        assert "index" in vars(last)
        law = engine.law(days[-1])
        assert engine.law(days[-1]) is law
        assert [engine.evaluate(day, FactBase(facts)).scenario.raw for day in days] == before
        assert engine.law(days[-1]) is not law
