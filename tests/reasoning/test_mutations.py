"""The mutation check on the tiny rulebook and on a sample of the real one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.reasoning.proofs.mutations import Mutant, caught, mutants
from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.rulebook.rulebook import Rulebook, make_rulebook
from coopdec_rules.rulebook.strata import stratify
from coopdec_rules.workshop.cases import load_cases, run_case
from coopdec_rules.workshop.mutated_cases import CaseMutations
from tests.reasoning.test_proofs import book
from tests.rulebook import tiny

from ..effort import often

TODAY = dt.date(2026, 1, 1)
DAYS = (dt.date(2006, 2, 1), dt.date(2024, 6, 1))
PROPERTY = (
    "propriete: urgence-signalee\nsource: loi-a § art. 4\nen_vigueur: toujours\n"
    "si: volet.urgent\nalors: alerte\nexplication: Une urgence est toujours signalée."
)


def named(found: list[Mutant], rule: str, change: str, text: str = "") -> Mutant:
    (only,) = [m for m in found if (m.rule.id, m.change, m.text) == (rule, change, text)]
    return only


def with_mutant(book_: Rulebook, mutant: Mutant) -> Rulebook:
    """The rulebook in which the mistake is made."""
    rules = [
        dataclasses.replace(rule, formula=mutant.formula) if rule.key == mutant.rule.key else rule
        for rule in book_.rules
    ]
    return make_rulebook(
        version=book_.version, fingerprint=f"{book_.fingerprint} {mutant.name}",
        groups=book_.groups, facts=book_.facts, conclusions=book_.conclusions, ranks=book_.ranks,
        sources=book_.sources, norms=book_.norms, rules=rules, atoms=book_.atoms,
        strata=stratify(rules, book_.atoms), relevance_order=book_.relevance_order,
        themes=book_.themes, impossible=book_.impossible, properties=book_.properties,
        all_atoms=book_.all_atoms, wordbook=book_.wordbook, situations=book_.situations,
        presumptions=book_.presumptions,
    )  # fmt: skip


def test_what_each_mistake_does_is_told(tmp_path: Path) -> None:
    sound = book(tmp_path, properties=PROPERTY)
    tried = mutants(sound)
    found = caught(sound, tried)
    dropped = named(tried, "permis-commune", "otee")
    assert dropped in found.proofs
    assert dropped not in found.properties
    # A flag has a value without its rule: only a property tells.
    silent = named(tried, "alerte-urgence", "otee")
    assert silent not in found.proofs
    assert found.properties[silent] == "urgence-signalee"


def test_a_mistake_that_only_a_reader_could_tell_is_not_called_equivalent(tmp_path: Path) -> None:
    sound = book(tmp_path)
    tried = mutants(sound)
    found = caught(sound, tried)
    silent = named(tried, "alerte-urgence", "otee")
    assert silent not in found.proofs | found.properties.keys()
    assert silent not in found.idle | found.same


def test_a_condition_that_repeats_another_makes_an_equivalent_mutant(tmp_path: Path) -> None:
    sound = book(
        tmp_path,
        tiny.rule(si="- acteur.nature = commune\n- acteur.chef_lieu", conclut="{alerte: oui}"),
    )
    tried = mutants(sound)
    found = caught(sound, tried)
    assert named(tried, "essai", "condition", "acteur.nature = commune") in found.idle
    assert named(tried, "essai", "condition", "acteur.chef_lieu") not in found.idle


@pytest.fixture(scope="module")
def sample(rulebook: Rulebook) -> list[Mutant]:
    """Mutants of rules drawn once for all, not of tables."""
    found = [mutant for mutant in mutants(rulebook) if mutant.rule.table is None]
    return random.Random(7).sample(found, 12)


def test_most_mistakes_are_caught(rulebook: Rulebook, cases_root: Path) -> None:
    """A sample of the rules of two days; the whole, at every date, is in docs/mutations.md."""
    in_force = {rule.key for day in DAYS for rule in rulebook.at(day).rules}
    every = [mutant for mutant in mutants(rulebook) if mutant.rule.key in in_force]
    tried = random.Random(3).sample(every, often(60))
    cases = CaseMutations(rulebook, load_cases(cases_root), TODAY)
    seen = {mutant for mutant in tried if cases.failing(mutant)}
    rest = [mutant for mutant in tried if mutant not in seen]
    found = caught(rulebook, rest, days=DAYS)
    seen |= found.proofs | found.properties.keys()
    equivalent = (found.idle | found.same) - seen
    assert len(seen) >= 0.9 * (len(tried) - len(equivalent))


def test_cases_told_to_fail_do_fail_and_faults_told_are_found(
    rulebook: Rulebook, cases_root: Path, sample: list[Mutant]
) -> None:
    """The quick readings of the check agree with the advisor and with the proofs themselves."""
    cases = {case.id: case for case in load_cases(cases_root)}
    quick = CaseMutations(rulebook, cases.values(), TODAY)
    confirmed = 0
    for mutant in sample:
        name = quick.failing(mutant)
        if name is None or confirmed == 5:
            continue
        advisor = Advisor(with_mutant(rulebook, mutant))
        try:
            assert not run_case(advisor, cases[name], TODAY).passed, (mutant.name, name)
        finally:
            advisor.close()
        confirmed += 1
    assert confirmed


def test_a_mistake_that_the_check_sees_is_seen_by_the_proofs(rulebook: Rulebook) -> None:
    tried = mutants(rulebook)
    mutant = named(tried, "groupement-hors-competence", "otee")
    found = caught(rulebook, [mutant], days=DAYS[:1])
    assert mutant in found.proofs
    proofs = prove(with_mutant(rulebook, mutant), DAYS[0])
    assert not proofs.holds
