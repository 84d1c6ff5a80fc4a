"""The hash that a review signs: what changes it, and what does not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.rulebook.formula import And
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.meaning import Meaning
from coopdec_rules.rulebook.model import Effect, Period, Rule
from coopdec_rules.rulebook.rulebook import Rulebook

from . import tiny

FULL = {
    "regle": "essai",
    "norme": "[N-01, N-02]",
    "source": "[loi-a § art. 9, etude-b]",
    "rang": "loi",
    "confiance": "secondaire",
    "en_vigueur": "{du: 2000-01-01, au: 2010-12-31}",
    "si": "- acteur.nature parmi [commune, region]\n- l'un de: [acteur.actif, acteur.chef_lieu]",
    "ecarte": "[permis-commune, refus-autres]",
    "conclut": "{alerte: oui}",
    "explication": "Un essai.",
    "condition": "{texte: Agir., qui: acteur, quand: prealable, faite_si: acteur.actif}",
    "conseil": "Lire la loi.",
    "doute": "À vérifier.",
}


def essai(root: Path, **changes: str | None) -> str:
    (rule,) = load_rulebook(tiny.trial(root, tiny.rule(**{**FULL, **changes}))).versions("essai")
    return rule.fingerprint


MEANT: dict[str, dict[str, str | None]] = {
    "first day": {"en_vigueur": "{du: 2000-01-02, au: 2010-12-31}"},
    "last day": {"en_vigueur": "{du: 2000-01-01}"},
    "value of a condition": {
        "si": "- acteur.nature parmi [commune, syndicat]\n"
        "- l'un de: [acteur.actif, acteur.chef_lieu]"
    },
    "one condition less": {"si": "acteur.nature parmi [commune, region]"},
    "another connector": {
        "si": "- acteur.nature parmi [commune, region]\n- tous: [acteur.actif, acteur.chef_lieu]"
    },
    "a negation": {
        "si": "- acteur.nature parmi [commune, region]\n"
        "- l'un de: [acteur.actif, non acteur.chef_lieu]"
    },
    "conclusion": {"conclut": "{taille: grande}"},
    "exceptions": {"ecarte": "permis-commune"},
    "pinpoint": {"source": "[loi-a § art. 10, etude-b]"},
    "one source less": {"source": "loi-a § art. 9"},
    "order of sources": {"source": "[etude-b, loi-a § art. 9]"},
    "norms": {"norme": "N-01"},
    "explanation": {"explication": "Un autre essai."},
    "text of an effect": {"conseil": "Relire la loi."},
    "kind of an effect": {"conseil": None, "piste": "Lire la loi."},
    "who acts": {
        "condition": "{texte: Agir., qui: etat, quand: prealable, faite_si: acteur.actif}"
    },
    "when": {"condition": "{texte: Agir., qui: acteur, quand: apres, faite_si: acteur.actif}"},
    "done if": {
        "condition": "{texte: Agir., qui: acteur, quand: prealable, faite_si: acteur.chef_lieu}"
    },
    "doubt": {"doute": "À vérifier au code."},
    "no doubt left": {"doute": None},
    "name": {"regle": "essai-2"},
}
SAME: dict[str, dict[str, str | None]] = {
    "confidence": {"confiance": "texte"},
    "order of norms": {"norme": "[N-02, N-01]"},
    "order of exceptions": {"ecarte": "- refus-autres\n- permis-commune"},
    "order of values": {
        "si": "- acteur.nature parmi [region, commune]\n- l'un de: [acteur.actif, acteur.chef_lieu]"
    },
    "order of conditions": {
        "si": "- l'un de: [acteur.chef_lieu, acteur.actif]\n- acteur.nature parmi [commune, region]"
    },
    "conditions in one sentence": {
        "si": "acteur.nature parmi [commune, region] et (acteur.actif ou acteur.chef_lieu)"
    },
    "quotes": {"explication": '"Un essai."', "doute": "'À vérifier.'"},
    "several lines": {"explication": "Un\n  essai."},
    "folded text": {"explication": ">\n  Un\n  essai.\n"},
}  # fmt: skip


@pytest.mark.parametrize("changes", MEANT.values(), ids=MEANT)
def test_what_a_rule_says_changes_its_hash(tmp_path: Path, changes: dict[str, str | None]) -> None:
    root = tiny.trial(tmp_path, tiny.rule(**{**FULL, **changes}))
    name = changes.get("regle") or "essai"
    (changed,) = load_rulebook(root).versions(name)
    assert essai(tmp_path) != changed.fingerprint


def test_its_rank_changes_its_hash(tmp_path: Path) -> None:
    """Of a rule that sets none aside: a study may not overrule a statute."""
    assert essai(tmp_path, ecarte=None) != essai(tmp_path, ecarte=None, rang="etude")


@pytest.mark.parametrize("changes", SAME.values(), ids=SAME)
def test_how_a_rule_is_written_does_not(tmp_path: Path, changes: dict[str, str | None]) -> None:
    assert essai(tmp_path, **changes) == essai(tmp_path)


@given(order=st.permutations(list(FULL)))
def test_order_of_keys_does_not(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    root = tmp_path_factory.mktemp("rules")
    before = essai(root)
    block = tiny.rule(**FULL)
    data = yaml.load(block.split("\n", 1)[1].rsplit("```", 1)[0], Loader=yaml.BaseLoader)
    shuffled = yaml.safe_dump({key: data[key] for key in order}, sort_keys=False)
    root = tiny.trial(root, "Prose.\n", f"## Ailleurs\n\n```yaml regle\n{_dates(shuffled)}```\n")
    (rule,) = load_rulebook(root).versions("essai")
    assert rule.fingerprint == before


def _dates(text: str) -> str:
    return re.sub(r"'(\d{4}-\d{2}-\d{2})'", r"\1", text)


def test_other_rules_do_not(tmp_path: Path) -> None:
    """Neither one that sets it aside, nor one that writes the same comparison another way."""
    before = essai(tmp_path)
    first = tiny.rule(regle="avant", si="acteur.nature parmi [region, commune]", ecarte="essai")
    book = load_rulebook(tiny.trial(tmp_path, first, tiny.rule(**FULL)))
    assert book.versions("essai")[0].fingerprint == before


SOURCES: dict[str, tuple[str, str, bool]] = {
    "title": ("titre: Loi A", "titre: Loi A bis", True),
    "date": ("date: 2000-01-01", "date: 2000-01-02", True),
    "confidence": ("confiance: texte", "confiance: partielle", False),
}


@pytest.mark.parametrize(("old", "new", "counts"), SOURCES.values(), ids=SOURCES)
def test_the_source_as_it_is_cited_counts(tmp_path: Path, old: str, new: str, counts: bool) -> None:
    before = load_rulebook(tiny.write(tmp_path / "a", tiny.tiny_files()))
    after = load_rulebook(tiny.changed(tmp_path / "b", tiny.SOURCES, old, new))
    one, other = (book.versions("permis-commune")[0] for book in (before, after))
    assert (one.fingerprint != other.fingerprint) is counts


ROWS: dict[str, tuple[Callable[[str], str], bool]] = {
    "last day": (lambda t: t.replace("2009-12-31", "2009-12-30"), True),
    "value": (lambda t: t.replace("commune,1000,grande", "commune,1000,petite"), True),
    "source": (lambda t: t.replace("2009-12-31,art. 5", "2009-12-31,art. 5 bis"), True),
    "what it is": (lambda t: t.replace("2009-12-31,art. 5,mille", "2009-12-31,art. 5,1 000"), True),
    "note": (lambda t: t.replace(",texte,\n", ",texte,une note\n", 1), True),
    "confidence": (lambda t: t.replace(",texte,", ",secondaire,", 1), False),
    "another row": (lambda t: t.replace("à relire", "relu"), False),
    "place": (lambda t: re.sub(r"(\n.*)(\n.*)\n$", r"\2\1\n", t), False),
}  # fmt: skip


@pytest.mark.parametrize(("change", "counts"), ROWS.values(), ids=ROWS)
def test_a_row_counts_by_itself(tmp_path: Path, change: Callable[[str], str], counts: bool) -> None:
    files = tiny.tiny_files()
    before = load_rulebook(tiny.write(tmp_path, files)).versions("tailles:commune:1000")[0]
    written = change(files[tiny.TABLE])
    assert written != files[tiny.TABLE]
    after = load_rulebook(tiny.write(tmp_path, {**files, tiny.TABLE: written}))
    found = after.versions("tailles:commune:1000")[0]
    assert (found.fingerprint != before.fingerprint) is counts


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('nature: "acteur.nature = {}"', 'nature: "acteur.nature ≠ {}"'),
        ("norme: N-02", "norme: N-01"),
        ('explication: "Selon la table', "explication: \"D'après la table"),
    ],
)
def test_the_declaration_of_its_table_counts_for_a_row(tmp_path: Path, old: str, new: str) -> None:
    before = load_rulebook(tiny.write(tmp_path / "a", tiny.tiny_files()))
    after = load_rulebook(tiny.changed(tmp_path / "b", tiny.TABLE_TEXT, old, new))
    rows = [book.versions("tailles:region:50000")[0].fingerprint for book in (before, after)]
    assert rows[0] != rows[1]


def test_every_real_rule_has_its_own_hash(rulebook: Rulebook) -> None:
    hashes = {rule.fingerprint for rule in rulebook.rules}
    assert len(hashes) == len(rulebook.rules)


#: What does not count: see the module.  Formula and table stand for conditions and doubt or note;
#: a family counts in the rules that set it aside.
FREE = {
    "key", "file", "line", "theme", "confidence", "fingerprint", "scope", "conditions", "table",
    "family",
}  # fmt: skip
COUNTS = {
    "id": "x", "norms": ("N-0",), "sources": (), "rank": "x", "formula": And(()),
    "period": Period(dt.date(1900, 1, 1), None), "concludes": (("x", "y"),),
    "sets_aside": ("x",), "effects": (Effect("conseil", "x"),), "explanation": "x", "doubt": "x",
    "ceiling": None, "note": "x",
}  # fmt: skip


@pytest.mark.parametrize("name", [f.name for f in dataclasses.fields(Rule)])
def test_every_field_of_a_rule_counts_or_is_named_here(rulebook: Rulebook, name: str) -> None:
    """A field added one day must be weighed."""
    assert (name in FREE) != (name in COUNTS)
    if name in COUNTS:
        rule = next(
            r
            for r in rulebook.rules
            if getattr(r, name) != COUNTS[name] and bool(r.table) == (name == "note")
        )
        changed = dataclasses.replace(rule, **{name: COUNTS[name]})
        meaning = Meaning(rulebook.atoms)
        assert meaning.of(rule) == rule.fingerprint != meaning.of(changed)
