"""Each kind of fault is found, with a scenario that really shows it; a sound rulebook has none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.engine.engine import Engine
from coopdec_rules.reasoning.proofs import faults
from coopdec_rules.reasoning.proofs.faults import Fault
from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from tests.rulebook import tiny

DAY = dt.date(2005, 6, 1)
#: The tiny rulebook with an answer for every scenario: nothing to find in it.
SOUND = {
    tiny.CONCLUSIONS: """
reponse:
  type: choix
  libelle: réponse
  valeurs: {permis: permis, refus: refus}
alerte:
  type: drapeau
  libelle: alerte
volet.reponse:
  type: choix
  libelle: réponse du volet
  valeurs: {permis: permis, refus: refus}
  du_pire_au_meilleur: [refus, permis]
""",
    tiny.LAW: "\n".join(
        [
            "# Loi A",
            "",
            tiny.rule(regle="permis-commune", si="acteur.nature = commune",
                      conclut="{reponse: permis}", en_vigueur="toujours"),
            tiny.rule(regle="refus-autres", si="acteur.nature hors [commune]",
                      conclut="{reponse: refus}", en_vigueur="toujours"),
            tiny.rule(regle="volet-permis", si="- reponse = permis\n- volet.domaine = eau",
                      conclut="{volet.reponse: permis}", en_vigueur="toujours"),
            tiny.rule(regle="volet-refus",
                      si='- "l\'un de":\n    - reponse = refus\n    - volet.domaine = dechets',
                      conclut="{volet.reponse: refus}", en_vigueur="toujours"),
            tiny.rule(regle="alerte-urgence", si='"au moins un volet : volet.urgent"',
                      conclut="{alerte: oui}", en_vigueur="toujours"),
        ]
    ),
}  # fmt: skip


def book(root: Path, *extra: str, properties: str = "") -> Rulebook:
    """The sound rulebook, with more rules and properties."""
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    if extra:
        files[tiny.TRIAL] = "\n".join(["# Essai", "", *extra])
    if properties:
        files["proprietes/10-essai.md"] = f"# Essai\n\n```yaml propriete\n{properties}\n```\n"
    return load_rulebook(tiny.write(root, files))


def of(found: tuple[Fault, ...], kind: str) -> list[Fault]:
    return [fault for fault in found if fault.kind == kind]


def serious(book_: Rulebook) -> list[Fault]:
    return [fault for fault in prove(book_).faults if fault.serious]


def test_a_sound_rulebook_has_no_fault(tmp_path: Path) -> None:
    assert serious(book(tmp_path)) == []
    assert prove(book(tmp_path)).holds


def test_a_gap_has_a_scenario_that_the_engine_also_leaves_without_a_value(tmp_path: Path) -> None:
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    files[tiny.LAW] = files[tiny.LAW].replace("acteur.nature hors [commune]",
                                              "acteur.nature = region")  # fmt: skip
    found = load_rulebook(tiny.write(tmp_path, files))
    (gap,) = of(prove(found, DAY).faults, faults.GAP)[:1]
    assert gap.subject == "reponse"
    assert gap.witness is not None
    assert gap.witness["acteur"] == {"nature": "syndicat"}
    scenario = ScenarioReader(found).read(gap.witness, DAY)
    with Engine(found) as engine:
        assert engine.evaluate(scenario.day, scenario.base).scenario.conclusions["reponse"].gap


def test_a_contradiction_names_the_rules_that_meet(tmp_path: Path) -> None:
    found = book(tmp_path, tiny.rule(regle="refus-actif", si="acteur.actif",
                                     conclut="{reponse: refus}"))  # fmt: skip
    (conflict,) = of(prove(found, DAY).faults, faults.CONFLICT)
    assert {clause.rule.id for clause in conflict.clauses} == {"permis-commune", "refus-actif"}
    assert conflict.witness is not None
    assert conflict.witness["acteur"] == {"nature": "commune", "actif": True}
    scenario = ScenarioReader(found).read(conflict.witness, DAY)
    with Engine(found) as engine:
        findings = engine.evaluate(scenario.day, scenario.base)
    assert findings.scenario.conclusions["reponse"].conflict


def test_a_property_is_judged_where_the_conclusions_behind_it_have_one_value(
    tmp_path: Path,
) -> None:
    """What all items say together is exact only so far; no real scenario gives both answers."""
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    files[tiny.LAW] = (
        files[tiny.LAW]
        .replace("si: acteur.nature = commune", 'si: "tous les volets : volet.urgent"')
        .replace("si: acteur.nature hors [commune]", 'si: "au moins un volet : non volet.urgent"')
    )
    files["proprietes/10-essai.md"] = """# Essai

```yaml propriete
propriete: jamais-les-deux
source: loi-a § art. 9
en_vigueur: toujours
si: volet.reponse = permis
alors: volet.reponse ≠ refus
explication: Un volet permis n'est pas refusé.
```
"""
    found = load_rulebook(tiny.write(tmp_path, files))
    assert prove(found, DAY).faults == ()


def test_faults_last_as_long_as_the_rules_that_make_them(tmp_path: Path) -> None:
    found = book(tmp_path, tiny.rule(regle="refus-actif", si="acteur.actif",
                                     conclut="{reponse: refus}",
                                     en_vigueur="{du: 2001-01-01, au: 2002-12-31}"))  # fmt: skip
    (conflict,) = of(prove(found).faults, faults.CONFLICT)
    assert conflict.periods == ((dt.date(2001, 1, 1), dt.date(2002, 12, 31)),)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (
            faults.UNREACHABLE,
            tiny.rule(si="- acteur.nature = commune\n- acteur.nature = region"),
        ),
        (
            faults.REDUNDANT,
            tiny.rule(si="- acteur.nature = commune\n- acteur.actif",
                      conclut="{reponse: permis}"),
        ),
        (
            faults.CONSTANT,
            tiny.rule(si="- reponse parmi [permis, refus]\n- acteur.actif"),
        ),
        (
            faults.IDLE_EXCEPTION,
            tiny.rule(si="- acteur.actif\n- reponse = permis", ecarte="refus-autres"),
        ),
    ],
)  # fmt: skip
def test_a_rule_that_does_nothing_is_told(tmp_path: Path, kind: str, rule: str) -> None:
    if kind == faults.IDLE_EXCEPTION:
        rule = rule.replace("reponse = permis", "acteur.nature = commune")
    told = [fault for fault in serious(book(tmp_path, rule)) if fault.kind == kind]
    assert [fault.clauses[0].rule.id for fault in told] == ["essai"]


def test_what_looks_at_all_items_is_proved_whatever_their_number(tmp_path: Path) -> None:
    """Two items are needed to see it; the proof does not stop at one."""
    clash = tiny.rule(
        regle="deux-domaines",
        si='- acteur.nature = commune\n- "au moins un volet : volet.domaine = eau"\n'
        '- "au moins un volet : volet.domaine = dechets"',
        conclut="{reponse: refus}",
    )
    (conflict,) = of(prove(book(tmp_path, clash), DAY).faults, faults.CONFLICT)
    assert conflict.witness is not None
    domains = {item["domaine"] for item in conflict.witness["action"]["volets"]}
    assert domains == {"eau", "dechets"}


def test_a_property_that_fails_shows_why(tmp_path: Path) -> None:
    found = book(
        tmp_path,
        properties="propriete: region-jamais-refusee\nsource: loi-a § art. 1\n"
        "en_vigueur: toujours\nsi: acteur.nature = region\nalors: reponse = permis\n"
        "explication: Une région peut agir.",
    )
    (fault,) = serious(found)
    assert (fault.kind, fault.subject) == (faults.PROPERTY, "region-jamais-refusee")
    assert fault.witness is not None
    assert fault.witness["acteur"] == {"nature": "region"}
    assert [clause.rule.id for clause in fault.clauses] == ["refus-autres"]


def test_a_change_that_makes_the_answer_worse_is_found(tmp_path: Path) -> None:
    text = (
        "propriete: jamais-pire\nsource: loi-a § art. 1\nen_vigueur: toujours\n"
        "change: {{fait: volet.domaine, de: {0}, vers: {1}}}\nn_empire_jamais: volet.reponse\n"
        "explication: Changer de domaine ne nuit pas."
    )
    (fault,) = serious(book(tmp_path / "a", properties=text.format("eau", "dechets")))
    assert fault.subject == "jamais-pire"
    assert fault.witness is not None
    assert fault.witness["action"]["volets"][0]["domaine"] == "eau"
    assert serious(book(tmp_path / "b", properties=text.format("dechets", "eau"))) == []


def test_impossible_combinations_deny_nothing(tmp_path: Path) -> None:
    files = {**tiny.tiny_files(), **SOUND}
    del files[tiny.TABLE_TEXT], files[tiny.TABLE]
    files[tiny.LAW] = files[tiny.LAW].replace("acteur.nature hors [commune]",
                                              "acteur.nature = region")  # fmt: skip
    files["espace/10.md"] = (
        "# Essai\n\n```yaml impossible\nimpossible: pas-de-syndicat\nsource: loi-a § art. 1\n"
        "en_vigueur: toujours\nsi: acteur.nature = syndicat\nexplication: Il n'y en a pas.\n```\n"
    )
    found = load_rulebook(tiny.write(tmp_path, files))
    assert of(prove(found).faults, faults.GAP) == []


@pytest.mark.parametrize("day", ["1990-01-01", "2006-02-01", "2010-01-01", "2026-01-01"])
def test_the_rulebook_holds(rulebook: Rulebook, day: str) -> None:
    """One day of each regime; ``coopdec recueil prouver`` goes through all of them."""
    proofs = prove(rulebook, dt.date.fromisoformat(day))
    assert [(f.kind, f.subject) for f in proofs.faults if f.serious] == []


def test_a_property_that_no_scenario_meets_is_told(tmp_path: Path) -> None:
    found = book(
        tmp_path,
        properties="propriete: muette\nsource: loi-a § art. 1\nen_vigueur: toujours\n"
        "si: [acteur.nature = region, acteur.chef_lieu]\nalors: reponse = permis\n"
        "explication: Une région chef-lieu peut agir.",
    )
    assert [(f.kind, f.subject) for f in serious(found)] == [(faults.VACUOUS, "muette")]
