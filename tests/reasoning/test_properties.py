"""Declared properties: every mistake in one is told at its line; those of the rulebook hold."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
import yaml

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.reasoning.moments import moments
from coopdec_rules.reasoning.proofs import faults
from coopdec_rules.reasoning.proofs.run import prove
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from tests.rulebook import tiny

FILE = "proprietes/10-essai.md"
_PROPERTY = {
    "propriete": "essai",
    "source": "loi-a § art. 9",
    "en_vigueur": "toujours",
    "si": "acteur.nature = commune",
    "alors": "reponse = permis",
    "explication": "Un essai.",
}
_MONOTONE = {
    "alors": None,
    "change": "{fait: acteur.actif, de: non, vers: oui}",
    "n_empire_jamais": "taille",
}


def written(root: Path, *, ordered: bool = False, **changes: str | None) -> Path:
    """The tiny rulebook with one property; ``ordered`` gives an order to ``taille``."""
    lines = ["# Essai", "", "```yaml propriete"]
    lines += [f"{k}: {v}" for k, v in {**_PROPERTY, **changes}.items() if v is not None]
    files = tiny.tiny_files()
    if ordered:
        files[tiny.CONCLUSIONS] = files[tiny.CONCLUSIONS].replace(
            "valeurs: {petite: petite, grande: grande}",
            "valeurs: {petite: petite, grande: grande}\n  du_pire_au_meilleur: [petite, grande]",
        )
    return tiny.write(root, {**files, FILE: "\n".join([*lines, "```", ""])})


MISTAKES: dict[str, tuple[dict[str, str | None], str, str, str | None]] = {
    "unknown key": ({"alor": "x"}, "alor: x", "la clé « alor » n'existe pas", "alors"),
    "no name": ({"propriete": None}, "source:", "la clé « propriete » manque", None),
    "bad name": ({"propriete": "Essai"}, "propriete:", "minuscules, chiffres", None),
    "no explanation": ({"explication": None}, "propriete:", "« explication » manque", None),
    "no source": ({"source": None}, "propriete:", "la source manque", None),
    "no period": ({"en_vigueur": None}, "propriete:", "« en_vigueur » manque", None),
    "unknown fact": (
        {"si": "acteur.natur = commune"}, "si:", "« acteur.natur » n'est ni", "acteur.nature",
    ),
    "unknown value": ({"alors": "reponse = permi"}, "alors:", "« permi » n'est pas", "permis"),
    "nothing to verify": ({"alors": None}, "propriete:", "écrire « alors », ou « change »", None),
    "two things to verify": (
        {**_MONOTONE, "alors": "reponse = permis"},
        "propriete:", "écrire « alors », ou « change »", None,
    ),
    "change alone": (
        {**_MONOTONE, "n_empire_jamais": None}, "propriete:", "vont ensemble", None,
    ),
    "two repeated groups": (
        {"alors": '["volet.urgent", "ligne.montant > 3"]'}, "propriete:", "deux groupes", None,
    ),
    "unknown changed fact": (
        {**_MONOTONE, "change": "{fait: acteur.actf, de: non, vers: oui}"},
        "change:", "le fait « acteur.actf » n'existe pas", "acteur.actif",
    ),
    "changed fact without values": (
        {**_MONOTONE, "change": "{fait: acteur.population, de: 3, vers: 4}"},
        "change:", "seuls les choix et les questions oui/non", None,
    ),
    "change to nothing": (
        {**_MONOTONE, "change": "{fait: acteur.actif, de: non}"},
        "change:", "« change » attend fait, de et vers", None,
    ),
    "unknown conclusion": (
        {**_MONOTONE, "n_empire_jamais": "tailles"},
        "n_empire_jamais:", "« tailles » n'est pas une conclusion", "taille",
    ),
    "conclusion without order": (
        {**_MONOTONE, "n_empire_jamais": "reponse"},
        "n_empire_jamais:", "n'a pas d'ordre", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(tmp_path: Path, name: str) -> None:
    changes, at, said, suggestion = MISTAKES[name]
    root = written(tmp_path, ordered=True, **changes)
    found = [d for d in tiny.mistakes(root) if said in d.message]
    assert found, "\n".join(str(d) for d in tiny.mistakes(root))
    assert (found[0].file, found[0].suggestion) == (FILE, suggestion)
    lines = (root / FILE).read_text(encoding="utf-8").splitlines()
    assert lines[found[0].line - 1].startswith(at)


def test_two_properties_of_one_name(tmp_path: Path) -> None:
    root = written(tmp_path)
    text = (root / FILE).read_text(encoding="utf-8")
    (root / FILE).write_text(text + text.replace("# Essai\n", ""), encoding="utf-8")
    assert any("« essai » est déjà déclaré" in d.message for d in tiny.mistakes(root))


def test_every_property_says_something_on_some_day(rulebook: Rulebook) -> None:
    """Its days are covered by a moment, and it has a source and a sentence."""
    days = [moment.day for moment in moments(rulebook)]
    for declared in rulebook.properties:
        assert any(declared.period.contains(day) for day in days), declared.id
        assert declared.sources, declared.id
        assert declared.explanation.endswith("."), declared.id


#: A rule of the real rulebook, a mistake in it, and the property that must see it.
BROKEN = [
    (
        "1975-specialite.md", "groupement-hors-competence",
        "{volet.point_competence: empeche, volet.etendue: aucune}",
        "{volet.point_competence: a_faire, volet.etendue: entiere}",
        "2006-02-01", "groupement-refuse-hors-transfert",
    ),
    (
        "1995-02-04-loi-etats.md", "convention-etat-interdite",
        "{partenaire.point_nature: empeche}", "{partenaire.point_nature: a_faire}",
        "1995-06-01", "etat-signataire-de-la-loi-de-1995",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("file", "rule", "old", "new", "day", "told"), BROKEN)
def test_a_mistake_in_the_law_is_seen_and_its_scenario_shows_it(
    rules_root: Path, tmp_path: Path, file: str, rule: str, old: str, new: str, day: str, told: str
) -> None:
    root = tmp_path / "rules"
    shutil.copytree(rules_root, root)
    path = root / "textes" / file
    text = path.read_text(encoding="utf-8")
    start = text.index(f"regle: {rule}\n")
    where = text.index(old, start)
    path.write_text(text[:where] + new + text[where + len(old) :], encoding="utf-8")
    shutil.rmtree(root / "relectures", ignore_errors=True)
    book = load_rulebook(root)
    found = prove(book, dt.date.fromisoformat(day), properties_only=True)
    fault = next(f for f in found.faults if f.subject == told)
    assert fault.kind == faults.PROPERTY
    assert fault.witness is not None
    document = yaml.safe_load(yaml.safe_dump(fault.witness, allow_unicode=True))
    advisor = Advisor(book)
    try:
        avis = advisor.advise(document).avis
    finally:
        advisor.close()
    # On the witness the broken rule applies, and says what it should not.
    reason = next(m for m in avis["motifs"] if m["regle"] == rule and m["etat"] == "appliquee")
    assert reason["conclut"] == yaml.safe_load(new)
