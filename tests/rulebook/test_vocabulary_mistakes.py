"""Every kind of mistake in the vocabulary: facts, groups and conclusions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from . import tiny


@dataclass(frozen=True)
class Mistake:
    """A replacement in one file, where it is looked for ("": nowhere), what is said."""

    file: str
    old: str
    new: str
    at: str
    said: str
    suggestion: str | None = None


ACTIVE = "actif: {libelle: actif, type: booleen, question: Actif ?}"
AMOUNT = "depenses: {libelle: dépenses, type: montant, question: Combien ?}"


def active(new: str, said: str, suggestion: str | None = None) -> Mistake:
    """The yes/no fact « actif », written otherwise."""
    return Mistake(tiny.ACTOR, ACTIVE, f"actif: {new}", "actif:", said, suggestion)


def amount(new: str, said: str, suggestion: str | None = None) -> Mistake:
    return Mistake(tiny.ACTOR, AMOUNT, f"depenses: {new}", "depenses:", said, suggestion)


MISTAKES = {
    # facts
    "without label": active("{type: booleen, question: A ?}", "la clé « libelle » manque"),
    "without question": active("{type: booleen, libelle: a}", "la clé « question » manque"),
    "without type": active("{question: A ?, libelle: a}", "la clé « type » manque"),
    "empty label": active('{libelle: "", type: booleen, question: A ?}', "« libelle » est vide"),
    "unknown type, near": active(
        "{libelle: a, type: boleen, question: A ?}",
        "Fait « acteur.actif » : le type « boleen » n'existe pas",
        "booleen",
    ),
    "unknown type, far": active(
        "{libelle: a, type: zzz, question: A ?}", "le type « zzz » n'existe pas"
    ),
    "unknown key, near": active(
        "{libelle: a, type: booleen, question: A ?, requi: oui}",
        "la clé « requi » n'existe pas",
        "requis",
    ),
    "unknown key, far": active(
        "{libelle: a, type: booleen, question: A ?, zzz: 1}", "la clé « zzz » n'existe pas"
    ),
    "fact that is a word": active("booleen", "un bloc de clés est attendu, « booleen » est écrit"),
    "choice without values": active(
        "{libelle: a, type: choix, question: A ?}", "un choix doit énumérer ses « valeurs »"
    ),
    "choice with no value": active(
        "{libelle: a, type: choix, question: A ?, valeurs: {}}",
        "un choix doit énumérer ses « valeurs »",
    ),
    "values of something else": active(
        "{libelle: a, type: booleen, question: A ?, valeurs: {b: c}}", "seul un choix a des valeurs"
    ),
    "required, neither yes nor no": active(
        "{libelle: a, type: booleen, question: A ?, requis: sans doute}",
        "« requis » attend oui ou non, « sans doute » est écrit",
    ),
    "presumed yes/no, neither yes nor no": active(
        "{libelle: a, type: booleen, question: A ?, presume: sans doute}",
        "« presume » attend oui ou non",
    ),
    "presumed choice, near": active(
        "{libelle: a, type: choix, question: A ?, valeurs: {commune: c}, presume: comune}",
        "« comune » ne peut pas être présumé",
        "commune",
    ),
    "presumed choice, far": active(
        "{libelle: a, type: choix, question: A ?, valeurs: {commune: c}, presume: zzz}",
        "« zzz » ne peut pas être présumé",
    ),
    "presumed amount": amount(
        "{libelle: a, type: montant, question: A ?, presume: 100}",
        "« 100 » ne peut pas être présumé",
    ),
    "changed by nobody known, near": active(
        "{libelle: a, type: booleen, question: A ?, modifiable_par: acteurs}",
        "« acteurs » ne peut pas changer un fait",
        "acteur",
    ),
    "changed by nobody known, far": active(
        "{libelle: a, type: booleen, question: A ?, modifiable_par: zzz}",
        "« zzz » ne peut pas changer un fait",
    ),
    "limit of a yes/no": active(
        "{libelle: a, type: booleen, question: A ?, minimum: 0}",
        "« minimum » attend une borne du type booleen",
    ),
    "limit that is no amount": amount(
        "{libelle: a, type: montant, question: A ?, maximum: beaucoup}",
        "« maximum » attend une borne du type montant",
    ),
    "limit that is no date": Mistake(
        tiny.ACTOR,
        "creation: {libelle: création, type: date, question: Quand ?}",
        "creation: {libelle: création, type: date, question: Quand ?, minimum: 1900}",
        "creation:",
        "« minimum » attend une date AAAA-MM-JJ",
    ),
    "a fact below another": Mistake(
        tiny.ACTOR,
        ACTIVE,
        f"{ACTIVE}\n  actif.detail: {{libelle: a, type: texte, question: A ?}}",
        "actif.detail:",
        "« acteur.actif »",
    ),
    # relevance
    "relevance unreadable": Mistake(
        tiny.ACTOR,
        "pertinent_si: acteur.nature = commune",
        "pertinent_si: acteur.nature = = commune",
        "pertinent_si:",
        "illisible",
    ),
    "relevance on an unknown fact": Mistake(
        tiny.ACTOR,
        "pertinent_si: acteur.nature = commune",
        "pertinent_si: acteur.natur = commune",
        "pertinent_si:",
        "« acteur.natur » n'est ni un fait",
        "acteur.nature",
    ),
    "relevance circular": Mistake(
        tiny.ACTOR,
        ACTIVE,
        "actif: {libelle: a, type: booleen, question: A ?, pertinent_si: acteur.retour}\n"
        "  retour: {libelle: b, type: booleen, question: B ?, pertinent_si: non acteur.actif}",
        "actif:",
        "« pertinent_si » tourne en rond : acteur.actif → acteur.retour → acteur.actif",
    ),
    "relevance that reads itself": active(
        "{libelle: a, type: booleen, question: A ?, pertinent_si: non acteur.actif}",
        "tourne en rond : acteur.actif → acteur.actif",
    ),
    "relevance circular by the right side": amount(
        "{libelle: a, type: montant, question: A ?, "
        "pertinent_si: acteur.recettes > acteur.depenses}",
        "tourne en rond : acteur.depenses → acteur.depenses",
    ),
    "relevance on a conclusion": Mistake(
        tiny.ACTOR,
        "pertinent_si: acteur.nature = commune",
        "pertinent_si: reponse = permis",
        "pertinent_si:",
        "« pertinent_si » ne lit que des faits",
    ),
    "relevance on another group": Mistake(
        tiny.BUDGET,
        "montant: {libelle: montant, type: montant, question: Combien ?}",
        "montant: {libelle: montant, type: montant, question: Combien ?, "
        "pertinent_si: volet.urgent}",
        "montant: {",
        "lit un autre groupe répété",
    ),
    "relevance of the scenario on an item": Mistake(
        tiny.ACTOR,
        "pertinent_si: acteur.nature = commune",
        "pertinent_si: volet.urgent",
        "pertinent_si:",
        "lit un autre groupe répété",
    ),
    "relevance on a quantifier": Mistake(
        tiny.ACTOR,
        "pertinent_si: acteur.nature = commune",
        'pertinent_si: "au moins un volet : volet.urgent"',
        "pertinent_si:",
        "lit un autre groupe répété",
    ),
    # groups
    "group without name": Mistake(
        tiny.PART, "groupe: volet\n", "", "chemin:", "la clé « groupe » manque"
    ),
    "group without title": Mistake(
        tiny.PART, "titre: Volets\n", "", "groupe: volet", "la clé « titre » manque"
    ),
    "group with an unknown key": Mistake(
        tiny.PART, "repete: true", "repetee: true", "repetee:", "« repetee »", "repete"
    ),
    "group declared twice": Mistake(
        tiny.PART, "groupe: volet\n", "groupe: acteur\n", "groupe: acteur", "déjà déclaré ailleurs"
    ),
    "repetition neither yes nor no": Mistake(
        tiny.PART, "repete: true", "repete: parfois", "repete:", "attend oui ou non"
    ),
    "facts as a list": Mistake(
        tiny.BUDGET,
        "faits:\n",
        "aide: a\nfaits: [a]\nordr:\n",
        "faits:",
        "un bloc de clés est attendu, une liste est écrit",
    ),
    "key of no fact": Mistake(
        tiny.BUDGET, "cle: budget", "cle: budgets", "cle:", "« budgets », qui n'existe pas"
    ),
    "date of the law missing": Mistake(
        tiny.SCENARIO,
        "  date: {libelle: date, type: date, question: Quand ?}\n",
        "",
        "",
        "Le fait « date » (date) manque",
    ),
    "date of the law of another type": Mistake(
        tiny.SCENARIO, "type: date", "type: texte", "", "Le fait « date » (date) manque"
    ),
    # conclusions
    "conclusion of an unknown type": Mistake(
        tiny.CONCLUSIONS,
        "type: drapeau",
        "type: drapeaux",
        "type: drapeaux",
        "« drapeau »",
        "drapeau",
    ),
    "conclusion without label": Mistake(
        tiny.CONCLUSIONS,
        "  libelle: alerte\n",
        "",
        "alerte:",
        "Conclusion « alerte » : la clé « libelle » manque",
    ),
    "conclusion without values": Mistake(
        tiny.CONCLUSIONS,
        "  valeurs: {petite: petite, grande: grande}\n",
        "",
        "taille:",
        "un choix doit énumérer ses « valeurs »",
    ),
    "conclusion with an unknown key": Mistake(
        tiny.CONCLUSIONS,
        "libelle: alerte",
        "libelle: alerte\n  aides: rien",
        "aides:",
        "la clé « aides » n'existe pas",
        "aide",
    ),
    "conclusion named as a fact": Mistake(
        tiny.CONCLUSIONS,
        "alerte:\n",
        "acteur.actif:\n",
        "acteur.actif:",
        "ce nom est déjà celui d'un fait",
    ),
    "conclusion that no rule concludes": Mistake(
        tiny.CONCLUSIONS,
        "taille:\n",
        "perdue: {type: drapeau, libelle: perdue}\ntaille:\n",
        "perdue:",
        "Aucune règle ne conclut « perdue »",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_placed_and_explained(tmp_path: Path, mistake: Mistake) -> None:
    root = tiny.changed(tmp_path, mistake.file, mistake.old, mistake.new)
    found = [d for d in tiny.mistakes(root) if mistake.said in d.message]
    assert len(found) == 1, "\n".join(str(d) for d in tiny.mistakes(root))
    if not mistake.at:
        assert (found[0].file, found[0].line) == ("vocabulaire", 0)
    else:
        assert found[0].file == mistake.file
        assert found[0].line == tiny.line_of(root, mistake.file, mistake.at)
    assert found[0].suggestion == mistake.suggestion


def test_no_vocabulary(tmp_path: Path) -> None:
    files = {k: v for k, v in tiny.tiny_files().items() if not k.startswith("vocabulaire/")}
    found = tiny.mistakes(tiny.write(tmp_path, files))
    assert "Aucun fichier de vocabulaire" in found[0].message
