"""A small rulebook that advises: every conclusion an avis needs, and two elements of validity."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.wordbook import SENTENCES_FILE
from tests.rulebook.tiny import write

CONCLUSIONS = "vocabulaire/conclusions.yaml"
LISTS = "vocabulaire/listes.yaml"
LAW = "textes/10-loi.md"

_SCENARIO = """\
    groupe: scenario
    chemin: ""
    titre: La date
    ordre: 0
    faits:
      date: {libelle: date, type: date, question: Quand ?}
      lecture:
        libelle: lecture
        type: choix
        question: Quelle lecture ?
        presume: droit
        valeurs: {droit: le droit, etude_2006: l'étude}
    """
_ACTOR = """\
    groupe: acteur
    chemin: acteur
    titre: Qui ?
    ordre: 10
    faits:
      nom: {libelle: nom, type: texte, question: Quel nom ?}
      nature:
        libelle: nature
        type: choix
        question: Quelle nature ?
        requis: true
        valeurs: {commune: commune, region: région}
      delibere: {libelle: délibération prise, type: booleen, question: L'assemblée a-t-elle voté ?}
    """
_PARTNER = """\
    groupe: partenaire
    chemin: partenaire
    titre: Avec qui ?
    ordre: 20
    repete: true
    nom: partenaire
    pluriel: partenaires
    faits:
      pays: {libelle: pays, type: texte, question: Quel pays ?}
    """
_PART = """\
    groupe: volet
    chemin: action.volets
    titre: Volets
    ordre: 30
    repete: true
    nom: volet
    pluriel: volets
    faits:
      intitule: {libelle: intitulé, type: texte, question: Quel intitulé ?}
      domaine:
        libelle: domaine
        type: choix
        question: Quel domaine ?
        valeurs: {eau: eau, defense: défense, culture: culture}
    """
_LISTS = """\
    etat_d_element:
      valeurs:
        rempli: {libelle: rempli, phrase: C'est acquis., ton: favorable}
        a_faire: {libelle: à faire, phrase: "C'est à {acteur} de le faire.", ton: reserve}
        empeche: {libelle: empêché, phrase: Rien ne peut y remédier., ton: defavorable}
        sans_objet: {libelle: sans objet, phrase: La question ne se pose pas., ton: neutre}
      du_pire_au_meilleur: [empeche, a_faire, rempli, sans_objet]
      inconnu: {libelle: à vérifier, phrase: On ne peut pas encore le dire.}
    pouvoir:
      valeurs:
        autorisee: {libelle: autorisée, phrase: "Oui : {acteur} le peut au {jour}.", ton: favorable}
        interdite: {libelle: interdite, phrase: "Non : {acteur} ne le peut pas.", ton: defavorable}
        indeterminee: {libelle: indéterminée, phrase: "À voir : {questions}.", ton: inconnu}
      inconnu: indeterminee
      du_pire_au_meilleur: [interdite, indeterminee, autorisee]
    palier:
      valeurs: {un: 1. Un, deux: 2. Deux}
      du_pire_au_meilleur: [un, deux]
    """
_CONCLUSIONS = """\
    organe:
      type: choix
      libelle: organe compétent
      valeurs: etat_d_element
      element: oui
      titre: L'organe qui décide
      question: L'organe compétent a-t-il décidé ?
      rang: 20
    volet.competence:
      type: choix
      libelle: compétence
      valeurs: etat_d_element
      phrases: {empeche: "« {volet.domaine} » n'est pas une affaire locale."}
      element: oui
      titre: La compétence
      question: L'acteur a-t-il la compétence ?
      rang: 10
    habilitation:
      type: choix
      libelle: habilitation
      valeurs: pouvoir
      place: tete
      titre: L'action est-elle permise ?
      rang: 1
    maitrise_ouvrage:
      type: choix
      libelle: maîtrise d'ouvrage
      valeurs: {acteur: l'acteur, personne: personne, indeterminee: à désigner}
      place: tete
      titre: Qui en est maître d'ouvrage ?
      rang: 2
      phrase: "Maître d'ouvrage : {valeur}."
      ton: neutre
      inconnu: indeterminee
    palier.actuel:
      type: choix
      libelle: palier actuel
      valeurs: palier
      place: tete
      titre: À quel palier ?
      rang: 3
      phrase: "Palier actuel : {valeur}."
      ton: neutre
      inconnu: {phrase: Palier inconnu.}
    palier.apres_action:
      type: choix
      libelle: palier après l'action
      valeurs: palier
      place: tete
      avec: palier.actuel
      rang: 4
      suppose_l_action: oui
      phrase: "Une fois l'action faite : {valeur}."
      ton: neutre
      inconnu: {ton: inconnu}
    palier.par_analogie:
      type: drapeau
      libelle: paliers par analogie
      place: note
      avec: palier.actuel
      phrase: Ces paliers sont donnés par analogie.
      ton: neutre
    fondement:
      type: choix
      libelle: fondement
      valeurs: {loi: loi A, aucun: aucun}
      place: entete
      inconnu: {libelle: non établi}
    regime:
      type: choix
      libelle: régime
      valeurs: {general: général, autre: autre}
      place: entete
      inconnu: {libelle: non établi}
    volet.habilitation:
      type: choix
      libelle: habilitation du volet
      valeurs: pouvoir
      place: tableau
      titre: Habilitation
    volet.maitre_ouvrage:
      type: choix
      libelle: maître d'ouvrage du volet
      valeurs: {acteur: l'acteur, personne: personne, indeterminee: à désigner}
      place: tableau
      titre: Maître d'ouvrage
      ton: neutre
      inconnu: indeterminee
    volet.detenteur:
      type: choix
      libelle: détenteur
      valeurs: {acteur: l'acteur, etat: l'État}
      place: tableau
      titre: Compétence détenue par
      ton: neutre
      inconnu: {libelle: inconnu, ton: neutre}
    """


def rule(name: str, conditions: str, concludes: str, *more: str) -> str:
    """One rule of the small rulebook."""
    lines = (
        "```yaml regle", f"regle: {name}", "norme: N-01", f"source: loi-a § art. {name}",
        "rang: loi", "en_vigueur: toujours", f"si: {conditions}", f"conclut: {{{concludes}}}",
        f"explication: Explication de {name}.", *more, "```", "",
    )  # fmt: skip
    return "\n".join(lines)


_RULES = (
    rule("vote", "acteur.delibere", "organe: rempli"),
    rule(
        "vote-a-faire",
        "non acteur.delibere",
        "organe: a_faire",
        "condition: {texte: Délibérer., qui: acteur, quand: prealable, faite_si: acteur.delibere}",
        "formalite:",
        "  - {texte: Publier la délibération., qui: acteur, quand: apres}",
        "  - {texte: Nommer un référent du volet., element: volet.competence}",
    ),
    rule("eau-et-culture", "volet.domaine parmi [eau, culture]", "volet.competence: rempli"),
    rule(
        "defense",
        "volet.domaine = defense",
        "volet.competence: empeche",
        "formalite: {texte: Saisir le préfet., element: organe}",
    ),
    rule("volet-permis", "volet.competence = rempli", "volet.habilitation: autorisee"),
    rule("volet-interdit", "volet.competence = empeche", "volet.habilitation: interdite"),
    rule("volet-acteur", "toujours", "volet.maitre_ouvrage: acteur, volet.detenteur: acteur"),
    rule("permis", "'tous les volets : volet.habilitation = autorisee'", "habilitation: autorisee"),
    rule(
        "interdit",
        "'au moins un volet : volet.habilitation = interdite'",
        "habilitation: interdite",
    ),
    rule("maitre", "toujours", "maitrise_ouvrage: acteur, fondement: loi, regime: general"),
    rule("paliers", "toujours", "palier.actuel: un, palier.apres_action: deux"),
    rule("analogie", "acteur.nature = region", "palier.par_analogie: oui"),
)


def small_files() -> dict[str, str]:
    """Text of every file of the small rulebook, by path."""
    return {
        "vocabulaire/00-scenario.yaml": dedent(_SCENARIO),
        "vocabulaire/10-acteur.yaml": dedent(_ACTOR),
        "vocabulaire/20-partenaire.yaml": dedent(_PARTNER),
        "vocabulaire/30-volet.yaml": dedent(_PART),
        LISTS: dedent(_LISTS),
        CONCLUSIONS: dedent(_CONCLUSIONS),
        "sources.yaml": "loi-a: {titre: Loi A, rang: loi, date: 2000-01-01, confiance: texte}\n",
        "normes.yaml": "N-01: Une norme\n",
        LAW: "# Loi A\n\n" + "\n".join(_RULES),
        "VERSION": "1.0.0\n",
        SENTENCES_FILE: (rules_folder() / SENTENCES_FILE).read_text("utf-8"),
    }


def small(root: Path, *changes: tuple[str, str, str]) -> Path:
    """The small rulebook written under ``root``; each change is a file, a text and its new text."""
    files = small_files()
    for file, old, new in changes:
        assert files[file].count(old) == 1, f"« {old} » is not found once in {file}"
        files[file] = files[file].replace(old, new)
    return write(root, files)
