"""French names of the codes that an avis itself uses; those of the law come from the rulebook."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_rules.rulebook.model import Rule

NAMES: Mapping[str, Mapping[str, str]] = {
    "etat": {
        "a_remplir": "à faire",
        "remplie": "fait",
        "eventuelle": "peut-être",
        "inconnue": "à vérifier",
    },
    "condition": {"remplie": "remplie", "non_remplie": "non remplie", "inconnue": "inconnue"},
    "quand": {
        "sans_attendre": "sans attendre",
        "prealable": "avant le vote",
        "vote": "au vote",
        "execution": "aussitôt après le vote",
        "signature": "ensuite, à la signature",
        "envoi": "après la signature",
        "paiement": "avant de payer",
        "apres": "une fois l'action engagée",
    },
    "qui": {
        "acteur": "la collectivité",
        "groupement": "le groupement",
        "communes": "les communes",
        "partenaire": "le partenaire",
        "etat": "l'État",
    },
    "depend": {
        "groupement": "dépend du groupement",
        "communes": "dépend des communes membres",
        "partenaire": "dépend du partenaire",
        "etat": "dépend de l'État",
    },
    "confiance": {
        "texte": "lu dans le texte même",
        "secondaire": "lu dans un compte rendu fiable",
        "partielle": "lu dans un extrait seulement",
        "connaissance": "non vérifié à la source",
    },
    "relecture": {
        "non_relue": "non relue",
        "relue": "relue, conforme",
        "relue_avec_reserve": "relue avec réserve",
        "non_conforme": "jugée non conforme au droit",
        "a_relire": "à relire : elle a changé depuis sa relecture",
    },
    "verdict": {
        "conforme": "conforme",
        "reserve": "avec réserve",
        "non_conforme": "non conforme",
    },
    "motif": {
        "appliquee": "Règles appliquées",
        "ecartee": "Règles écartées par une autre",
        "indeterminee": "Règles en suspens, faute de renseignements",
        "non_remplie": "Règles dont les conditions ne sont pas remplies",
    },
}
#: A sign for a state, to stand next to its name.
MARKS: Mapping[str, str] = {
    "remplie": "✓",
    "non_remplie": "✗",
    "inconnue": "?",
    "a_remplir": "☐",
    "eventuelle": "?",
}


def name_of(kind: str, code: str) -> str:
    """French name of a code; the code itself when it has none."""
    return NAMES[kind].get(code, code)


def how_read(rule: Rule) -> str:
    """How the source of a table's row was read, to follow it; nothing for another rule.

    A text read, a summary and what nobody verified stand side by side in a table: a rule of a text
    says its doubts itself.
    """
    return f" ({name_of('confiance', rule.confidence)})" if rule.table else ""
