"""A tiny valid rulebook, written as files, to change one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent, indent

import pytest

from coopdec_rules.errors import Diagnostic, RulebookError
from coopdec_rules.rulebook.loader import load_rulebook

SCENARIO = "vocabulaire/00-scenario.yaml"
ACTOR = "vocabulaire/10-acteur.yaml"
PART = "vocabulaire/30-volet.yaml"
BUDGET = "vocabulaire/40-ligne.yaml"
CONCLUSIONS = "vocabulaire/conclusions.yaml"
SOURCES = "sources.yaml"
NORMS = "normes.yaml"
RANKS = "rangs.yaml"
LAW = "textes/10-loi.md"
TABLE_TEXT = "textes/20-table.md"
TABLE = "tables/seuils.csv"
TRIAL = "textes/90-essai.md"

_RANKS = """\
loi: {libelle: loi}
reglement: {libelle: règlement, des_sa_date: oui}
jurisprudence: {libelle: jurisprudence}
circulaire: {libelle: circulaire, faible: une circulaire}
etude: {libelle: étude, faible: une étude}
methode: {libelle: méthode, methode: oui}
"""
_FILES = {
    SCENARIO: """\
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
        """,
    ACTOR: """\
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
            valeurs: {commune: commune, region: région, syndicat: syndicat}
          actif: {libelle: actif, type: booleen, question: Actif ?}
          population: {libelle: population, type: nombre, question: Combien ?, minimum: 0}
          depenses: {libelle: dépenses, type: montant, question: Combien ?}
          recettes: {libelle: recettes, type: montant, question: Combien ?}
          creation: {libelle: création, type: date, question: Quand ?}
          chef_lieu:
            libelle: chef-lieu
            type: booleen
            question: Chef-lieu ?
            pertinent_si: acteur.nature = commune
        """,
    PART: """\
        groupe: volet
        chemin: action.volets
        titre: Volets
        ordre: 30
        repete: true
        faits:
          domaine:
            libelle: domaine
            type: choix
            question: Quel domaine ?
            valeurs: {eau: eau, dechets: déchets}
          urgent: {libelle: urgent, type: booleen, question: Urgent ?}
        """,
    BUDGET: """\
        groupe: ligne
        chemin: action.lignes
        titre: Lignes
        ordre: 40
        repete: true
        cle: budget
        faits:
          budget:
            libelle: budget
            type: choix
            question: Quel budget ?
            presume: general
            valeurs: {general: général, eau: eau}
          montant: {libelle: montant, type: montant, question: Combien ?}
          ressources: {libelle: ressources, type: montant, question: Combien ?}
        """,
    CONCLUSIONS: """\
        reponse:
          type: choix
          libelle: réponse
          valeurs: {permis: permis, refus: refus, seuil: seuil}
        alerte:
          type: drapeau
          libelle: alerte
        taille:
          type: choix
          libelle: taille
          valeurs: {petite: petite, grande: grande}
        volet.reponse:
          type: choix
          libelle: réponse du volet
          valeurs: {permis: permis, refus: refus}
        """,
    SOURCES: """\
        loi-a:
          titre: Loi A
          rang: loi
          date: 2000-01-01
          confiance: texte
        etude-b:
          titre: Étude B
          rang: etude
          confiance: secondaire
        """,
    NORMS: """\
        N-01: Première norme
        N-02: Seconde norme
        """,
    LAW: """\
        # Loi A

        ## Réponses

        ```yaml regle
        regle: permis-commune
        norme: N-01
        source: loi-a § art. 1
        rang: loi
        en_vigueur: {du: 2000-01-01}
        si: acteur.nature = commune
        conclut: {reponse: permis}
        explication: Une commune peut agir.
        ```

        ```yaml regle
        regle: refus-autres
        norme: [N-01, N-02]
        source: [loi-a § art. 2, etude-b]
        rang: loi
        en_vigueur: {du: 2000-01-01}
        si: acteur.nature hors [commune]
        conclut: {reponse: refus}
        explication: Les autres non.
        ```

        ## Volets

        ```yaml regle
        regle: volet-eau
        norme: N-02
        source: loi-a § art. 3
        rang: loi
        en_vigueur: toujours
        si:
          - volet.domaine = eau
          - reponse = permis
        conclut: {volet.reponse: permis}
        explication: L'eau est permise.
        ```

        ```yaml regle
        regle: alerte-urgence
        norme: N-02
        source: loi-a § art. 4
        rang: loi
        en_vigueur: toujours
        si: "au moins un volet : volet.urgent"
        conclut: {alerte: oui}
        explication: Un volet est urgent.
        ```
        """,
    TABLE_TEXT: """\
        # Tailles

        ```yaml table
        table: tailles
        fichier: tables/seuils.csv
        norme: N-02
        source: loi-a
        rang: loi
        colonnes:
          nature: "acteur.nature = {}"
          seuil: "acteur.population >= {}"
        conclut: {categorie: taille}
        a_defaut: {taille: petite}
        explication: "Selon la table : {objet}."
        explication_a_defaut: Aucune ligne ne s'applique.
        ```
        """,
    TABLE: """\
        nature,seuil,categorie,du,au,source,objet,confiance,note
        commune,1000,grande,2000-01-01,2009-12-31,art. 5,mille habitants,texte,
        commune,1000,petite,2010-01-01,,art. 5,mille habitants,texte,
        region,50000,grande,2000-01-01,,art. 6,cinquante mille,secondaire,à relire
        """,
    "VERSION": "1.2.3\n",
}

_RULE = {
    "regle": "essai",
    "norme": "N-01",
    "source": "loi-a § art. 9",
    "rang": "loi",
    "en_vigueur": "{du: 2000-01-01}",
    "si": "acteur.actif",
    "conclut": "{alerte: oui}",
    "explication": "Un essai.",
}


def tiny_files() -> dict[str, str]:
    """Text of every file of the tiny rulebook, by path."""
    return {name: dedent(text) for name, text in _FILES.items()}


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files under ``root`` and return it; a rulebook without ranks gets the usual ones."""
    usual = {RANKS: _RANKS} if SOURCES in files else {}
    for name, text in {**usual, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def rule(**changes: str | None) -> str:
    """One rule block; ``None`` leaves a key out, a list or several lines go below the key."""
    lines = ["```yaml regle"]
    for key, value in {**_RULE, **changes}.items():
        if value is None:
            continue
        block = "\n" in value or value.startswith("- ")
        lines.append(f"{key}:\n{indent(value, '  ')}" if block else f"{key}: {value}")
    return "\n".join([*lines, "```", ""])


def trial(root: Path, *blocks: str, **changes: str | None) -> Path:
    """The tiny rulebook and one more text, made of ``blocks`` or of one changed rule."""
    text = "\n".join(["# Essai", "", *(blocks or (rule(**changes),))])
    return write(root, {**tiny_files(), TRIAL: text})


def changed(root: Path, file: str, old: str, new: str) -> Path:
    """The tiny rulebook where ``old``, found once in ``file``, is written ``new``."""
    files = tiny_files()
    assert files[file].count(old) == 1, f"« {old} » is not found once in {file}"
    files[file] = files[file].replace(old, new)
    return write(root, files)


def mistakes(root: Path) -> tuple[Diagnostic, ...]:
    """What the loader says of a rulebook that it must refuse."""
    with pytest.raises(RulebookError) as caught:
        load_rulebook(root)
    return caught.value.diagnostics


def line_of(root: Path, file: str, fragment: str) -> int:
    """Number of the only line of ``file`` where ``fragment`` is written."""
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, 1) if fragment in line]
    assert len(found) == 1, f"« {fragment} » is on lines {found} of {file}"
    return found[0]


def assert_mistake(
    root: Path, file: str, at: str | int, *fragments: str, suggestion: str | None = None
) -> None:
    """The loader reports exactly one mistake, on the line where ``at`` is written."""
    found = mistakes(root)
    assert len(found) == 1, "\n".join(str(d) for d in found)
    mistake = found[0]
    line = at if isinstance(at, int) else line_of(root, file, at)
    assert (mistake.file, mistake.line) == (file, line), str(mistake)
    for fragment in fragments:
        assert fragment in mistake.message, str(mistake)
    assert mistake.suggestion == suggestion, str(mistake)
