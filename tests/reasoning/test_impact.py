"""What a change of the rulebook changes, against brute force and against the engine."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopdec_rules.reasoning.impact.impact import Impact, compare
from coopdec_rules.reasoning.impact.joint import shapes
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.impact_report import COMPARED, impact_report
from tests.reasoning.brute import check, check_several
from tests.rulebook.tiny import ACTOR, LAW, PART, TABLE, TRIAL, rule, tiny_files, write

from ..effort import often

ANSWERS = ("reponse", "alerte", "taille", "volet.reponse")
GROUPS = ("ligne", "volet")
TODAY = dt.date(2026, 1, 1)

#: Changes of the tiny rulebook: file, what is written, what is written instead.
EDITS = {
    "une valeur de plus": (LAW, "si: acteur.nature = commune", "si: acteur.nature hors [region]"),
    "une valeur de moins": (LAW, "acteur.nature hors [commune]", "acteur.nature = region"),
    "autre conclusion": (LAW, "conclut: {reponse: refus}", "conclut: {reponse: seuil}"),
    "condition retirée": (LAW, "  - reponse = permis\n", ""),
    "condition ajoutée": (
        LAW, "  - volet.domaine = eau\n", "  - volet.domaine = eau\n  - date >= 2003-05-01\n",
    ),
    "fait du volet": (LAW, "  - reponse = permis\n", "  - reponse = permis\n  - volet.urgent\n"),
    "autre quantificateur": (
        LAW, '"au moins un volet : volet.urgent"', '"tous les volets : volet.urgent"',
    ),
    "seuil": (TABLE, "commune,1000,petite", "commune,2000,grande"),
    "dates": (TABLE, "grande,2000-01-01,2009-12-31", "grande,2000-01-01,2007-12-31"),
    "sans objet": (
        ACTOR, "pertinent_si: acteur.nature = commune", "pertinent_si: acteur.nature = region",
    ),
    "valeur d'un fait": (
        PART, "{eau: eau, dechets: déchets}", "{eau: eau, dechets: déchets, air: air}",
    ),
}  # fmt: skip
#: The same law, written otherwise.
EQUIVALENT = [
    ("si: acteur.nature = commune", "si: non acteur.nature hors [commune]"),
    ("si: acteur.nature = commune", 'si: "non (non acteur.nature = commune)"'),
    ("si: acteur.nature = commune", "si: acteur.nature hors [syndicat, region]"),
    (
        "si: acteur.nature = commune",
        "si:\n  - acteur.nature = commune\n  - acteur.nature hors [region]",
    ),
    (
        "  - volet.domaine = eau\n  - reponse = permis\n",
        "  - reponse = permis\n  - volet.domaine = eau\n",
    ),
    ('"au moins un volet : volet.urgent"', '"non (aucun volet : volet.urgent)"'),
]  # fmt: skip
#: A rule that sets another aside, and reads a fact of its own.
EXCEPTION = rule(
    regle="exception",
    si="- acteur.nature = commune\n- acteur.chef_lieu",
    conclut="{reponse: seuil}",
    ecarte="permis-commune",
)


def book(root: Path, *names: str, extra: str = "") -> Rulebook:
    """The tiny rulebook with some changes."""
    files = tiny_files()
    for name in names:
        file, old, new = EDITS[name]
        if files[file].count(old) == 1:
            files[file] = files[file].replace(old, new)
    if extra:
        files[TRIAL] = f"# Essai\n\n{extra}"
    shutil.rmtree(root, ignore_errors=True)
    return load_rulebook(write(root, files))


def verified(impact: Impact) -> list[dict[str, object]]:
    """Families of the report, each witness being read again by the engine."""
    report = impact_report(impact, ("a", "b"), (), TODAY)
    entries = [*report["familles"], *report["application"]]
    assert all(entry["verifie"] for entry in entries), entries
    return report["familles"]


def test_a_copy_changes_nothing(tmp_path: Path) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b"), ANSWERS)
    assert not impact.changes
    assert not impact.families
    assert not impact.applied
    assert not impact.examined


@pytest.mark.parametrize(("old", "new"), EQUIVALENT)
def test_the_same_law_written_otherwise_changes_no_answer(
    tmp_path: Path, old: str, new: str
) -> None:
    files = tiny_files()
    assert files[LAW].count(old) == 1
    files[LAW] = files[LAW].replace(old, new)
    impact = compare(book(tmp_path / "a"), load_rulebook(write(tmp_path / "b", files)), ANSWERS)
    assert impact.families == []
    assert impact.applied == []
    assert impact.unfinished == {}


@pytest.mark.parametrize(
    "name", [name for name in EDITS if name not in ("valeur d'un fait", "sans objet")]
)
def test_each_change_is_found(tmp_path: Path, name: str) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b", name), ANSWERS)
    assert impact.families, name
    assert verified(impact)
    days = [start for start, _ in impact.examined]
    assert check(impact, days, shapes(GROUPS)[0]) or name == "autre quantificateur"


@given(
    st.sets(st.sampled_from(sorted(EDITS)), max_size=3),
    st.sets(st.sampled_from(sorted(EDITS)), max_size=3),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=25)
def test_any_two_rulebooks_against_brute_force(
    old: set[str], new: set[str], before: bool, after: bool
) -> None:
    with TemporaryDirectory() as folder:
        impact = compare(
            book(Path(folder, "a"), *sorted(old), extra=EXCEPTION if before else ""),
            book(Path(folder, "b"), *sorted(new), extra=EXCEPTION if after else ""),
            ANSWERS,
        )
    verified(impact)
    # The last day of a moment is answered as its first.
    days = [day for span in impact.examined[:6] for day in span]
    check(impact, days, shapes(GROUPS)[0])
    check_several(impact, days[::2], shapes(GROUPS)[1], drawn=400)


def test_only_several_items_may_show_a_change(tmp_path: Path) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b", "autre quantificateur"), ANSWERS)
    assert {(f.items, f.transition.before, f.transition.after) for f in impact.families} == {
        (2, "oui", "non")
    }
    (family,) = impact.families  # the two orders of the two items are told once
    urgent = impact.shared.book.facts["volet.urgent"].id
    index = family.variables.index_of[urgent]
    assert family.box.facts == {
        (("volet", 0), index): frozenset({True}),
        (("volet", 1), index): frozenset({False}),
    } or family.box.facts == {
        (("volet", 0), index): frozenset({False}),
        (("volet", 1), index): frozenset({True}),
    }


def test_a_gap_is_an_answer_that_is_lost_not_another_one(tmp_path: Path) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b", "une valeur de moins"), ANSWERS)
    lost = {f.transition.answer[0]: f.transition for f in impact.families}
    assert (lost["reponse"].before, lost["reponse"].after) == ("refus", "")
    assert "nouveau" in impact.faulty


def test_families_are_minimal_and_last_as_long_as_the_rule(tmp_path: Path) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b", "autre conclusion"), ANSWERS)
    families = [f for f in impact.families if f.transition.answer[0] == "reponse"]
    (family,) = families
    nature = family.variables.index_of["acteur.nature"]
    assert family.box.facts == {(None, nature): frozenset({"region", "syndicat"})}
    assert not family.box.contexts
    assert [span[0] for span in family.spans] == [dt.date(2000, 1, 1)]


def test_a_value_that_only_one_knows_is_told_not_compared(tmp_path: Path) -> None:
    impact = compare(book(tmp_path / "a"), book(tmp_path / "b", "valeur d'un fait"), ANSWERS)
    assert impact.families == []
    assert [(c.kind, c.name, c.after) for c in impact.vocabulary] == [
        ("valeurs", "volet.domaine", "air, dechets, eau")
    ]


def test_a_fact_that_only_one_knows_is_free_there(tmp_path: Path) -> None:
    files = tiny_files()
    files[PART] += "  nouveau: {libelle: nouveau, type: booleen, question: Nouveau ?}\n"
    files[LAW] = files[LAW].replace(
        "  - reponse = permis\n", "  - reponse = permis\n  - volet.nouveau\n"
    )
    impact = compare(book(tmp_path / "a"), load_rulebook(write(tmp_path / "b", files)), ANSWERS)
    families = verified(impact)
    assert [(f["avant"], f["apres"]) for f in families] == [("permis", None)]
    assert families[0]["scenario"] != families[0]["scenario_ancien"]
    assert "nouveau (fait du seul nouveau recueil) : non" in families[0]["faits"]
    check(impact, [start for start, _ in impact.examined], shapes(GROUPS)[0])


def test_a_presumption_that_changes_is_never_called_nothing(tmp_path: Path) -> None:
    files = tiny_files()
    files[PART] = files[PART].replace("question: Urgent ?", "question: Urgent ?, presume: non")
    impact = compare(book(tmp_path / "a"), load_rulebook(write(tmp_path / "b", files)), ANSWERS)
    assert impact.presumptions_change
    assert not impact.families


def test_words_alone_change_no_answer_but_are_told(tmp_path: Path) -> None:
    files = tiny_files()
    files[LAW] = files[LAW].replace("Les autres non.", "Les autres ne le peuvent pas.")
    impact = compare(book(tmp_path / "a"), load_rulebook(write(tmp_path / "b", files)), ANSWERS)
    assert [(c.rule.id, c.aspects, c.logic) for c in impact.rules] == [
        ("refus-autres", ("explication",), False)
    ]
    assert not impact.examined


def test_the_same_comparison_twice_is_told_in_the_same_words(tmp_path: Path) -> None:
    names = ["fait du volet", "seuil", "dates", "autre conclusion"]
    reports = [
        impact_report(
            compare(book(tmp_path / "a"), book(tmp_path / "b", *names), ANSWERS),
            ("a", "b"),
            (),
            TODAY,
        )
        for _ in range(2)
    ]
    assert reports[0] == reports[1]
    assert reports[0]["familles"]


@pytest.mark.parametrize(("asked", "felt"), [(("fondement",), True), (COMPARED, False)])
def test_the_real_rulebook_against_random_scenarios(
    rulebook: Rulebook,
    rules_root: Path,
    tmp_path: Path,
    asked: tuple[str, ...],
    felt: bool,
) -> None:
    """A mistake in one version of a rule: it changes the legal basis, and no other answer."""
    folder = tmp_path / "b"
    shutil.copytree(rules_root, folder)
    text = folder / "textes" / "1992-02-06-loi-atr.md"
    written = text.read_text(encoding="utf-8")
    old, new = "{fondement: l_1114_1}", "{fondement: l_1112_1}"
    where = written.index(old, written.index("regle: fondement-l1114-1\n"))
    text.write_text(written[:where] + new + written[where + len(old) :], encoding="utf-8")
    impact = compare(rulebook, load_rulebook(folder), (*asked, "element.organe"))
    assert impact.rules
    assert bool(impact.families) == felt
    verified(impact)
    days = [start for start, _ in impact.examined][:2]
    seen = check(
        impact, days, shapes(("contribution", "partenaire", "volet"))[0], drawn=often(1000)
    )
    assert bool(seen) == felt
