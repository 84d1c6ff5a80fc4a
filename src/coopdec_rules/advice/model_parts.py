"""The pieces of an avis: what is to be done, why, what is still asked, what would change it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, PlainSerializer, with_config
from typing_extensions import TypedDict

from coopdec_rules.advice.codes import FactType, PossibleTierNow, Power, RankCode
from coopdec_rules.panorama.peers import Document, Reason
from coopdec_rules.rulebook.model import Value

EffectState = Literal["a_remplir", "remplie", "inconnue", "eventuelle"]
WarningReach = Literal["reponse", "doute", "action", "detail"]
ReasonState = Literal["appliquee", "ecartee", "indeterminee", "non_remplie"]
ReviewState = Literal["non_relue", "relue", "relue_avec_reserve", "non_conforme", "a_relire"]
ConditionState = Literal["remplie", "non_remplie", "inconnue"]


def plain_value(value: Value) -> bool | int | float | str:
    """A value of a fact as JSON writes it: amounts as numbers, dates as AAAA-MM-JJ."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, dt.date) else value


#: An amount, written in JSON as a number of euros.
Euros = Annotated[Decimal, PlainSerializer(float, return_type=float)]
#: A known value of a fact: JSON writes amounts as numbers and dates as text.
Valeur = Annotated[Value, PlainSerializer(plain_value, return_type=bool | int | float | str)]
#: An avis holds the keys that are described, and no other.
closed = with_config(ConfigDict(extra="forbid"))


@closed
class ElementDePalier(TypedDict):
    """La règle appliquée qui donne le palier."""

    regle: str
    texte: str
    source: str
    rang: RankCode


@closed
class Pair(TypedDict):
    """Une communauté de l'étude de 2006 ou une ville de l'enquête, telle que le panorama la dit."""

    nom: str
    document: Document
    palier: Annotated[
        str | None, Field(description="Groupe publié ; null : non dit (toutes les villes).")
    ]
    palier_libelle: str | None
    zones: Annotated[list[str], Field(description="Où elle agit, selon le document.")]
    dit: Annotated[str, Field(description="Ce que le document en dit, résumé.")]
    provenance: str
    raisons: Annotated[list[Reason], Field(description="Pourquoi c'est un pair, de près en loin.")]
    ancre: Annotated[str, Field(description="Sa place sur la page du panorama.")]


@closed
class Effet(TypedDict):
    """Ce qu'une règle ajoute à l'avis."""

    texte: str
    regle: Annotated[
        str | None, Field(description="La règle ; null : un défaut du recueil lui-même.")
    ]
    rang: Annotated[RankCode, Field(description="Rang de la source.")]
    source: str
    groupe: Annotated[
        str | None, Field(description="Groupe répété dont parle l'effet ; null : l'action.")
    ]
    elements: Annotated[list[int], Field(description="Places dans ce groupe, à partir de 0.")]


@closed
class Avertissement(Effet):
    """Ce qu'il faut savoir de la réponse, ou de l'action."""

    portee: Annotated[
        WarningReach,
        Field(
            description="Ce qu'il touche : la réponse elle-même, un doute sur la lecture du droit, "
            "cette action, ou un détail qui n'y change rien."
        ),
    ]


@closed
class Condition(Effet):
    """Ce que quelqu'un doit faire."""

    qui: str | None
    quand: str | None
    etat: EffectState


@closed
class Plafond(TypedDict):
    """Plafond en euros d'un budget, arrondi au centime inférieur."""

    budget: Valeur | None
    budget_libelle: str | None
    plafond: Annotated[
        Euros | None, Field(description="null : une donnée manque pour le calculer.")
    ]
    montant: Euros | None
    depassement: Euros | None
    regle: str
    element: int | None


@closed
class Source(TypedDict):
    titre: str
    reperage: str
    rang: RankCode
    date: str
    confiance: str


@closed
class Periode(TypedDict):
    du: str | None
    au: str | None


@closed
class ConditionLue(TypedDict):
    texte: str
    etat: ConditionState


@closed
class Relecture(TypedDict):
    """Ce qu'un juriste a dit de la règle."""

    etat: Annotated[
        ReviewState,
        Field(
            description="« a_relire » : la règle a changé depuis sa relecture, qui ne vaut plus."
        ),
    ]
    role: Annotated[str | None, Field(description="Fonction de qui a relu ; null : personne.")]
    date: str | None
    note: str | None


@closed
class Motif(TypedDict):
    """Une règle qui s'applique, est écartée, reste en suspens ou n'est pas remplie."""

    regle: str
    normes: list[str]
    rang: RankCode
    sources: list[Source]
    en_vigueur: Periode
    conclut: dict[str, str]
    confiance: str
    doute: str | None
    relue: Annotated[
        bool, Field(description="Relue et acceptée par un juriste, avec ou sans réserve.")
    ]
    relecture: Relecture
    fichier: str
    ligne: int
    etat: ReasonState
    groupe: str | None
    element: int | None
    ecartee_par: list[str]
    peut_etre_ecartee_par: Annotated[
        list[str],
        Field(
            description="Règles encore en suspens qui l'écarteraient : une règle dont toutes les "
            "conditions sont remplies reste « indeterminee » tant qu'elles le sont."
        ),
    ]
    explication: str
    conditions: list[ConditionLue]


@closed
class Raison(TypedDict):
    regle: str
    texte: str
    source: str
    rang: RankCode


@closed
class Divergence(TypedDict):
    """Là où le droit et la lecture de l'étude de 2006 ne répondent pas de même."""

    objet: str
    libelle: str
    element: int | None
    droit: str | None
    etude_2006: str | None
    dit_le_droit: list[Raison]
    dit_l_etude: list[Raison]


@closed
class Presume(TypedDict):
    """Un fait non donné, présumé, et lu par une règle.

    ``origine`` : d'où vient la présomption, quand ce n'est pas du recueil (base nationale).
    """

    fait: str
    libelle: str
    valeur: Valeur
    valeur_libelle: str
    pointeur: str
    origine: str | None


@closed
class EffetDeReponse(TypedDict):
    """Ce qu'une valeur d'un fait inconnu laisserait possible."""

    valeur: Valeur
    valeur_libelle: str
    reponses: dict[str, list[str]]


@closed
class Etablie(TypedDict):
    """Une réponse que toutes les suites possibles donnent, bien que des faits manquent."""

    pour: str
    element: int | None
    valeur: str


@closed
class FaitSuffisant(TypedDict):
    """Un des faits qui, ensemble, suffisent à une réponse."""

    fait: str
    libelle: str
    valeur: Valeur
    valeur_libelle: str
    pointeur: str
    element: int | None
    presume: bool


@closed
class RaisonSuffisante(TypedDict):
    """Un ensemble minimal de faits qui, à cette date, décident seuls d'une réponse."""

    pour: str
    element: int | None
    valeur: str
    faits: list[FaitSuffisant]


@closed
class Changement(TypedDict):
    """Un fait à changer, dit comme une chose à faire, et par qui."""

    fait: str
    libelle: str
    pointeur: str
    element: int | None
    de: Valeur | None
    de_libelle: str | None
    vers: Valeur
    vers_libelle: str
    faire: str
    qui: str
    qui_libelle: str


@closed
class Renoncement(TypedDict):
    """Un volet ou un budget dont se passer."""

    groupe: str
    element: int
    faire: str


@closed
class RegleTouchee(TypedDict):
    """Une règle qui cesse de s'appliquer, ou s'applique désormais."""

    regle: str
    explication: str
    source: str
    rang: RankCode


@closed
class Levier(TypedDict):
    """Les changements les plus proches qui donnent une meilleure réponse."""

    changements: list[Changement]
    sans: Renoncement | None
    habilitation: Power
    habilitation_libelle: str
    certain: Annotated[
        bool, Field(description="Faux : des faits encore inconnus peuvent l'empêcher.")
    ]
    autre_action: Annotated[
        bool, Field(description="Vrai : ce n'est plus l'action demandée, mais une autre.")
    ]
    leve: list[RegleTouchee]
    applique: list[RegleTouchee]


@closed
class PalierSuivant(TypedDict):
    """Ce qui manque pour le palier suivant ; chaque voie y suffit."""

    palier: PossibleTierNow
    libelle: str
    voies: list[list[Changement]]


@closed
class ObjetDeQuestion(TypedDict):
    """Une condition, une formalité ou un plafond qu'une réponse peut changer."""

    genre: Literal["condition", "formalite", "plafond"]
    texte: Annotated[str, Field(description="La condition ; pour un plafond, son calcul.")]
    regle: str
    groupe: str | None
    elements: Annotated[list[int], Field(description="Places dans ce groupe, à partir de 0.")]


@closed
class Question(TypedDict):
    """Un fait inconnu dont une réponse, une condition ou un plafond dépend."""

    fait: str
    question: str
    aide: str | None
    type: FactType
    valeurs: dict[str, str]
    pointeur: Annotated[str, Field(description="Pointeur JSON du fait dans le scénario.")]
    element: int | None
    pertinent_si: Annotated[
        str | None,
        Field(description="Ce qui lui donnerait un objet, à demander d'abord ; null : elle en a."),
    ]
    pour: Annotated[list[str], Field(description="Réponses qui en dépendent.")]
    aussi_pour: Annotated[
        list[ObjetDeQuestion], Field(description="Le reste de l'avis qui en dépend.")
    ]
    apport: Annotated[
        float | None,
        Field(
            description="Part du doute sur les réponses qu'elle lève en moyenne, de 0 à 1 ; "
            "null : non calculée."
        ),
    ]
    effets: Annotated[
        list[EffetDeReponse],
        Field(description="Ce que chaque valeur laisserait possible ; vide : non calculé."),
    ]
