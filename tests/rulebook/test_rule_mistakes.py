"""Every kind of mistake in a rule: file, line, message, and a suggestion when one is due."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from . import tiny


@dataclass(frozen=True)
class Mistake:
    """Keys of the trial rule, the place where the mistake is looked for, and what is said."""

    changes: dict[str, str | None]
    at: str
    said: str
    suggestion: str | None = None


def condition(sentence: str, said: str, suggestion: str | None = None) -> Mistake:
    """A mistake in the only condition of the rule."""
    return Mistake({"si": f'"{sentence}"'}, "si:", said, suggestion)


def ceiling(
    at: str,
    said: str,
    suggestion: str | None = None,
    si: str = "toujours",
    **changes: str | None,
) -> Mistake:
    """A mistake in the ceiling of a rule that does nothing else; ``None`` leaves a key out."""
    parts = {
        "limite": "1 % ligne.ressources",
        "montant": "ligne.montant",
        "budget": "ligne.budget",
        **changes,
    }
    text = "\n" + "\n".join(f"{k}: {v}" for k, v in parts.items() if v is not None)
    return Mistake({"conclut": None, "si": si, "plafond": text}, at, said, suggestion)


MISTAKES = {
    # keys and identifiers
    "unknown key, near": Mistake(
        {"explicaton": "Un essai.", "explication": "Un essai."},
        "explicaton:",
        "la clé « explicaton » n'existe pas",
        "explication",
    ),
    "unknown key, far": Mistake({"zzz": "1"}, "zzz:", "la clé « zzz » n'existe pas"),
    "bad identifier": Mistake({"regle": "Mon_Essai"}, "regle: Mon_Essai", "minuscules, chiffres"),
    "missing identifier": Mistake({"regle": None}, "norme: N-01", "la clé « regle » manque"),
    "missing explanation": Mistake(
        {"explication": None}, "regle: essai", "la clé « explication » manque"
    ),
    "empty explanation": Mistake({"explication": '""'}, "explication:", "« explication » est vide"),
    "explanation that is a list": Mistake(
        {"explication": "[a, b]"}, "explication:", "« explication » attend un texte"
    ),
    # names in conditions
    "unknown fact, near": condition(
        "acteur.natur = commune", "« acteur.natur » n'est ni un fait", "acteur.nature"
    ),
    "unknown fact, far": condition("xyz.abc = commune", "« xyz.abc » n'est ni un fait"),
    "unknown value, near": condition(
        "acteur.nature = comune", "« comune » n'est pas une valeur de « acteur.nature »", "commune"
    ),
    "unknown value, far": condition(
        "acteur.nature = zzzzz", "(valeurs : commune, region, syndicat)"
    ),
    "unknown value in a list": condition(
        "acteur.nature parmi [commune, regoin]", "« regoin » n'est pas une valeur", "region"
    ),
    "unknown value of a conclusion": condition(
        "reponse = permit", "« permit » n'est pas une valeur de « reponse »", "permis"
    ),
    "near a conclusion": condition("repons = permis", "n'est ni un fait", "reponse"),
    # types
    "yes/no compared to a word": condition(
        "acteur.actif = commune", "« acteur.actif » est une question oui/non"
    ),
    "yes/no compared to a number": condition("acteur.actif > 3", "question oui/non"),
    "yes/no in a list": condition("acteur.actif parmi [oui, non]", "question oui/non"),
    "choice alone": condition("acteur.nature", "« acteur.nature » n'est pas une question oui/non"),
    "choice ordered": condition("acteur.nature > commune", "« acteur.nature » n'a pas d'ordre"),
    "choice compared to a number": condition("acteur.nature = 3", "se compare à un mot"),
    "choice compared to a date": condition("acteur.nature = 2000-01-01", "se compare à un mot"),
    "text ordered": condition("acteur.nom < abc", "n'a pas d'ordre"),
    "amount against a date": condition(
        "acteur.depenses > 2000-01-01", "« acteur.depenses » se compare à un montant en euros"
    ),
    "amount against a date fact": condition(
        "acteur.depenses > acteur.creation",
        "« acteur.depenses » (montant) ne se compare pas à « acteur.creation » (date)",
    ),
    "number against a share": condition(
        "acteur.population > 1 % de acteur.depenses", "se compare à un nombre"
    ),
    "amount in a list": condition("acteur.depenses parmi [1, 2]", "se compare avec =, <"),
    "date against a number": condition("acteur.creation > 3", "se compare à une date"),
    "date against a word": condition(
        "acteur.creation > acteur.creatio", "n'est ni un fait", "acteur.creation"
    ),
    "decimal for a count": condition(
        "acteur.population > 1,5", "« acteur.population » compte des unités entières"
    ),
    # « [1,5] » is the decimal 1.5 and not the list of 1 and 5.
    "decimal for a count in a list": condition(
        "acteur.population parmi [1,5]", "« acteur.population » compte des unités entières"
    ),
    "words for a count": condition("acteur.population parmi [un, deux]", "acteur.population"),
    "flag compared": condition("alerte = oui", "« alerte » est un constat oui/non"),
    "conclusion of several values alone": condition("reponse", "« reponse » a plusieurs valeurs"),
    "conclusion ordered": condition("reponse > permis", "« reponse » n'a pas d'ordre"),
    # syntax
    "unfinished": condition("acteur.nature =", "s'arrête avant la fin"),
    "unreadable": condition("acteur.nature = = commune", "illisible"),
    "English word": condition("acteur.actif and acteur.chef_lieu", "« and » n'est pas attendu"),
    "capital letters": condition("Acteur.nature = commune", "illisible"),
    "impossible date": condition("acteur.creation > 2001-02-29", "illisible"),
    "half a year": condition("acteur.creation > date + 1,5 ans", "unités entières"),
    "parenthesis left open": condition("(acteur.actif ou acteur.chef_lieu", "s'arrête avant"),
    "condition left empty": Mistake({"si": ""}, "si:", "une condition est attendue"),
    # quantifiers and scopes
    "unknown group, near": condition(
        "au moins un volets2 : volet.urgent", "n'est pas un groupe répété", "volet"
    ),
    "unknown group, far": condition(
        "au moins un acteur : acteur.actif", "(groupes : volet, ligne)"
    ),
    "quantifier speaking of another group": condition(
        "au moins un volet : ligne.budget = eau", "parler de volet.…"
    ),
    "quantifier speaking of the scenario": condition(
        "tous les volets : acteur.actif", "parler de volet.…"
    ),
    "two groups in one comparison": condition(
        "ligne.montant > volet.urgent", "ne se compare pas à"
    ),
    "two groups in one rule": Mistake(
        {"si": "- volet.urgent\n- ligne.budget = eau", "conclut": "{volet.reponse: refus}"},
        "regle: essai",
        "mêle deux groupes répétés (ligne, volet)",
    ),
    "reads an item, concludes on the scenario": Mistake(
        {"si": "volet.urgent"}, "regle: essai", "« au moins un volet : … »"
    ),
    "reads one group, concludes on another": Mistake(
        {"si": "ligne.budget = eau", "conclut": "{volet.reponse: refus}"},
        "regle: essai",
        "deux groupes répétés",
    ),
    "concludes on the scenario and on an item": Mistake(
        {"conclut": "{alerte: oui, volet.reponse: refus}"}, "regle: essai", "la scinder"
    ),
    # connectors
    "unknown connector, near": Mistake(
        {"si": "- l'un des:\n    - acteur.actif\n    - acteur.chef_lieu"},
        "l'un des:",
        "« l'un des » n'est pas un connecteur",
        "l'un de",
    ),
    "unknown connector, far": Mistake(
        {"si": "- xyz:\n    - acteur.actif"}, "xyz:", "« xyz » n'est pas un connecteur"
    ),
    "mistake inside a connector": Mistake(
        {"si": "- l'un de:\n    - acteur.actif\n    - acteur.actf"},
        "- acteur.actf",
        "« acteur.actf » n'est ni un fait",
        "acteur.actif",
    ),
    "list inside a list": Mistake(
        {"si": "- [acteur.actif]"}, "- [acteur.actif]", "une condition est attendue"
    ),
    "nothing under « l'un de »": Mistake({"si": "- l'un de: []"}, "l'un de:", "« l'un de »"),
    "nothing under « tous »": Mistake({"si": "- tous: []"}, "tous:", "« tous »"),
    "nothing under « aucun de »": Mistake({"si": "- aucun de: []"}, "aucun de:", "« aucun de »"),
    "no condition in the list": Mistake({"si": "[]"}, "si: []", "si"),
    # sources, norms, rank
    "missing source": Mistake(
        {"source": None}, "regle: essai", "aucune règle n'existe sans source"
    ),
    "unknown source, near": Mistake(
        {"source": "loi_a § art. 1"}, "source:", "« loi_a » n'est pas dans sources.yaml", "loi-a"
    ),
    "unknown source, far": Mistake({"source": "bible § 1"}, "source:", "« bible » n'est pas dans"),
    "no source in the list": Mistake({"source": "[]"}, "source: []", "source"),
    "no norm in the list": Mistake({"norme": "[]"}, "norme: []", "norme"),
    "missing norm": Mistake({"norme": None}, "regle: essai", "la clé « norme » manque"),
    "unknown norm, near": Mistake(
        {"norme": "[N-01, N-O2]"}, "norme:", "« N-O2 » n'est pas dans normes.yaml", "N-02"
    ),
    "unknown norm, far": Mistake({"norme": "Z"}, "norme:", "« Z » n'est pas dans normes.yaml"),
    "missing rank": Mistake({"rang": None}, "regle: essai", "la clé « rang » manque"),
    "unknown rank, near": Mistake(
        {"rang": "lois"}, "rang:", "le rang « lois » n'existe pas", "loi"
    ),
    "unknown rank, far": Mistake({"rang": "zzz"}, "rang:", "le rang « zzz » n'existe pas"),
    "rank of none of its sources": Mistake(
        {"rang": "etude"}, "rang:", "aucune de ses sources n'est de rang « etude » (ici : loi)"
    ),
    "bad confidence, near": Mistake(
        {"confiance": "textes"}, "confiance:", "la confiance « textes » n'existe pas", "texte"
    ),
    "bad confidence, far": Mistake({"confiance": "zzz"}, "confiance:", "n'existe pas"),
    # periods
    "missing period": Mistake({"en_vigueur": None}, "regle: essai", "« en_vigueur » manque"),
    "period that is a word": Mistake(
        {"en_vigueur": "demain"}, "en_vigueur:", "un bloc de clés est attendu"
    ),
    "date that does not exist": Mistake(
        {"en_vigueur": "{du: 2001-02-29}"}, "en_vigueur:", "attend une date AAAA-MM-JJ"
    ),
    "date in French order": Mistake(
        {"en_vigueur": "{du: 01/02/2001}"}, "en_vigueur:", "attend une date AAAA-MM-JJ"
    ),
    "date left empty": Mistake(
        {"en_vigueur": "\n  du:\n  au: 2001-01-01"}, "du:", "attend une date AAAA-MM-JJ"
    ),
    "misspelt bound": Mistake(
        {"en_vigueur": "{du: 2001-01-01, a: 2002-01-01}"},
        "en_vigueur:",
        "la clé « a » n'existe pas",
    ),
    "period that ends before it starts": Mistake(
        {"en_vigueur": "{du: 2001-01-02, au: 2001-01-01}"},
        "en_vigueur:",
        "finit (2001-01-01) avant de commencer (2001-01-02)",
    ),
    # conclusions
    "unknown conclusion, near": Mistake(
        {"conclut": "{repons: permis}"}, "conclut:", "n'est pas une conclusion", "reponse"
    ),
    "unknown conclusion, far": Mistake(
        {"conclut": "{zzz: permis}"}, "conclut:", "« zzz » n'est pas une conclusion"
    ),
    "unknown conclusion value, near": Mistake(
        {"conclut": "{reponse: permit}"}, "conclut:", "n'est pas une valeur", "permis"
    ),
    "unknown conclusion value, far": Mistake(
        {"conclut": "{reponse: zzz}"}, "conclut:", "(valeurs : permis, refus, seuil)"
    ),
    "flag concluded no": Mistake({"conclut": "{alerte: non}"}, "conclut:", "« non »"),
    "conclusions as a list": Mistake({"conclut": "[alerte]"}, "conclut:", "un bloc de clés"),
    "empty rule": Mistake({"conclut": None}, "regle: essai", "ne conclut rien, n'écarte rien"),
    "rule with empty conclusions": Mistake({"conclut": "{}"}, "regle: essai", "ne conclut rien"),
    # exceptions
    "sets aside an unknown rule, near": Mistake(
        {"ecarte": "permi-commune"}, "ecarte:", "écarte « permi-commune »", "permis-commune"
    ),
    "sets aside an unknown rule, far": Mistake(
        {"ecarte": "[refus-autres, zzz]"}, "ecarte:", "écarte « zzz », qui n'existe pas"
    ),
    "sets itself aside": Mistake({"ecarte": "essai"}, "ecarte:", "ne s'écarte pas elle-même"),
    "item sets the scenario aside": Mistake(
        {"si": "volet.urgent", "conclut": None, "ecarte": "refus-autres"},
        "regle: essai",
        "ne peut écarter « refus-autres »",
    ),
    "item of one group sets another group aside": Mistake(
        {"si": "ligne.budget = eau", "conclut": None, "ecarte": "volet-eau"},
        "regle: essai",
        "ne peut écarter « volet-eau »",
    ),
    # placeholders
    "unknown placeholder, near": Mistake(
        {"explication": '"Ici {acteur.natur}."'},
        "explication:",
        "« {acteur.natur} » ne renvoie à aucun fait",
        "acteur.nature",
    ),
    "unknown placeholder, far": Mistake(
        {"explication": '"Ici {zzz}."'}, "explication:", "« {zzz} » ne renvoie à aucun fait"
    ),
    "unknown placeholder in an effect": Mistake(
        {"conseil": '"Voir {acteur.nomm}."'}, "conseil:", "« {acteur.nomm} »", "acteur.nom"
    ),
    "unknown placeholder in the text of an effect": Mistake(
        {"condition": '\n  texte: "Voir {zzz}."\n  qui: acteur'}, "texte:", "« {zzz} »"
    ),
    # effects
    "who, near": Mistake(
        {"condition": "{texte: Faire., qui: acteurs}"},
        "condition:",
        "« qui » vaut l'un de acteur, groupement",
        "acteur",
    ),
    "who, far": Mistake({"condition": "{texte: Faire., qui: zzz}"}, "condition:", "pas « zzz »"),
    "when, near": Mistake(
        {"formalite": "{texte: Faire., quand: prealables}"},
        "formalite:",
        "« quand » vaut l'un de sans_attendre",
        "prealable",
    ),
    "when, far": Mistake({"formalite": "{texte: A, quand: hier}"}, "formalite:", "pas « hier »"),
    "effect without text": Mistake(
        {"condition": "{qui: acteur}"}, "condition:", "la clé « texte » manque"
    ),
    "effect left empty": Mistake({"conseil": ""}, "conseil:", "« conseil » est vide"),
    "effect with an unknown key": Mistake(
        {"condition": "{texte: A, quant: prealable}"}, "condition:", "la clé « quant »", "quand"
    ),
    "unknown fact in faite_si": Mistake(
        {"condition": "{texte: A, faite_si: acteur.actf}"},
        "condition:",
        "« acteur.actf » n'est ni un fait",
        "acteur.actif",
    ),
    "faite_si reads an item from the scenario": Mistake(
        {"condition": "{texte: A, faite_si: volet.urgent}"}, "condition:", "volet"
    ),
    # ceilings
    "ceiling without limit": ceiling("plafond:", "la clé « limite » manque", limite=None),
    "ceiling without amount": ceiling("plafond:", "la clé « montant » manque", montant=None),
    "ceiling on an unknown amount": ceiling(
        "plafond:",
        "« ligne.montan » n'est pas un fait de type montant",
        "ligne.montant",
        montant="ligne.montan",
    ),
    "ceiling on an amount of another type": ceiling(
        "plafond:", "« volet.urgent » n'est pas un fait de type montant", montant="volet.urgent"
    ),
    "ceiling on a budget that is no choice": ceiling(
        "plafond:", "« acteur.nom » n'est pas un fait de type choix", budget="acteur.nom"
    ),
    "ceiling limit on an unknown fact": ceiling(
        "limite:",
        "« ligne.ressource » n'est ni un fait",
        "ligne.ressources",
        limite="1 % ligne.ressource",
    ),
    "ceiling limit that is no amount": ceiling(
        "limite:", "n'est pas un montant", limite="acteur.creation"
    ),
    "ceiling limit unreadable": ceiling(
        "limite:", "n'est pas un montant lisible", limite="un pour cent"
    ),
    "ceiling with an unknown key": ceiling(
        "limit:", "la clé « limit » n'existe pas", "limite", limit="1"
    ),
    "ceiling on another group than the rule": ceiling(
        "regle: essai", "deux groupes répétés", si="volet.urgent"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_placed_and_explained(tmp_path: Path, mistake: Mistake) -> None:
    root = tiny.trial(tmp_path, **mistake.changes)
    tiny.assert_mistake(root, tiny.TRIAL, mistake.at, mistake.said, suggestion=mistake.suggestion)
