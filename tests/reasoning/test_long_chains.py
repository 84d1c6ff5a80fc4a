"""Rules, exceptions and facts that hang on each other in long chains are read like any others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.facts import FactBase
from coopdec_rules.errors import RulebookError
from coopdec_rules.reasoning import scenario
from coopdec_rules.reasoning.impact.impact import compare
from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.reasoning.reasoner import Reasoner
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from tests.reasoning.test_proofs import SOUND
from tests.rulebook import tiny

DAY = dt.date(2005, 6, 1)
LENGTH = 300
LAST = f"suite{LENGTH - 1}"


def chained(root: Path, *, first: str = "acteur.actif", more: str = "") -> Rulebook:
    """A choice that hangs on the last of ``LENGTH`` flags, each of which hangs on the one before.

    The last rule is also at the end of as many exceptions to exceptions, and the first condition
    reads a fact whose having an object hangs on as many others.  What comes last is written first.
    """
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    flags = [f"suite{n}" for n in range(LENGTH)]
    files[tiny.CONCLUSIONS] += "".join(f"{n}: {{type: drapeau, libelle: {n}}}\n" for n in flags)
    files[tiny.CONCLUSIONS] += "fin: {type: choix, libelle: fin, valeurs: {un: un, deux: deux}}\n"
    fact = "type: booleen, question: q"
    files["vocabulaire/70-x.yaml"] = "groupe: x\nchemin: x\ntitre: X\nfaits:\n" + "".join(
        f"  f{n}: {{libelle: f, {fact}{f', pertinent_si: x.f{n - 1}' if n else ''}}}\n"
        for n in reversed(range(LENGTH))
    )
    always = {"en_vigueur": "toujours"}
    rules = [
        tiny.rule(regle=f"r{n}", si=f"suite{n - 1}" if n else first,
                  conclut=f"{{suite{n}: oui}}", **always)
        for n in reversed(range(LENGTH))
    ]  # fmt: skip
    rules += [
        tiny.rule(regle=f"e{n}", si="acteur.nature = commune", conclut="{alerte: oui}",
                  ecarte=f"[{f'e{n + 1}' if n < LENGTH - 1 else 'fin-un'}]", **always)
        for n in reversed(range(LENGTH))
    ]  # fmt: skip
    rules.append(tiny.rule(regle="fin-un", si=LAST, conclut="{fin: un}", **always))
    rules.append(tiny.rule(regle="fin-deux", si=f"non {LAST}", conclut="{fin: deux}", **always))
    files[tiny.TRIAL] = "\n".join(["# Essai", "", *rules, more])
    return load_rulebook(tiny.write(root, files))


def known(**facts: bool | str) -> FactBase:
    return FactBase({name.replace("_", "."): value for name, value in facts.items()})


def test_engine_and_reading_follow_the_chain(tmp_path: Path) -> None:
    book = chained(tmp_path, first=f"x.f{LENGTH - 1}")
    law = book.at(DAY)
    yes = {f"x_f{n}": True for n in range(LENGTH)}
    with Engine(book) as engine:
        for facts, value in (
            # An even number of exceptions set each other aside: the last one does not apply.
            ({**yes, "acteur_nature": "commune"}, "un"),
            ({**yes, "acteur_nature": "region"}, "un"),
            ({**yes, "x_f0": False, "acteur_nature": "region"}, "deux"),
            ({**yes, "x_f7": False, "acteur_nature": "region"}, "deux"),
        ):
            base = known(**facts)
            assert engine.evaluate(DAY, base).scenario.conclusions["fin"].value == value
            assert scenario.read(law, base).state("fin", None).value[value]


def test_the_chain_is_proved_questioned_and_compared(tmp_path: Path) -> None:
    """What is asked of a chain, from the facts at its start."""
    book = chained(tmp_path / "before")
    assert [fault.kind for fault in prove(book, DAY).faults] == []
    here = Reasoner(book).at(DAY)
    with Engine(book) as engine:
        base = known(acteur_nature="region")
        situation, findings = here.situation(DAY, base), engine.evaluate(DAY, base)
        # Every fact of the scenario may be asked: the reasoner tells which one matters.
        may = {("fin", None): [(name, None) for name, f in book.facts.items() if f.scope is None]}
        found = here.examine(situation, findings, [("fin", None)], 3, may)
    assert [question.fact for question in found.questions] == ["acteur.actif"]
    more = tiny.rule(regle="veto", si=f"- {LAST}\n- acteur.nature = region",
                     ecarte="[fin-un]", conclut="{fin: deux}", en_vigueur="toujours")  # fmt: skip
    impact = compare(book, chained(tmp_path / "after", more=more), ["fin"])
    assert {(f.transition.before, f.transition.after) for f in impact.families} == {("un", "deux")}


def test_a_long_circle_is_told(tmp_path: Path) -> None:
    more = tiny.rule(regle="boucle", si=LAST, conclut="{suite0: oui}", en_vigueur="toujours")
    with pytest.raises(RulebookError) as caught:
        chained(tmp_path, more=more)
    assert "tournent en rond" in str(caught.value)
    assert "boucle" in str(caught.value)
