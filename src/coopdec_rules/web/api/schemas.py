"""The shape of what the API answers, for its description; an avis's is in ``advice.models``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.codes import FactType, RankCode
from coopdec_rules.advice.model_parts import Periode, Source, closed
from coopdec_rules.advice.models import RecueilServi


@closed
class Erreur(TypedDict):
    """Une erreur, à sa place."""

    pointeur: Annotated[
        str, Field(description="Pointeur JSON (RFC 6901) ; vide : le document entier.")
    ]
    message: str
    trouve: str | None
    attendu: str | None
    suggestion: str | None


@closed
class Probleme(TypedDict):
    """Une erreur de l'API (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    erreurs: list[Erreur]


@closed
class RecueilGarde(RecueilServi):
    """Un recueil qu'un avis peut demander."""

    publie_le: Annotated[
        str | None,
        Field(description="Jour de sa publication ; null : il n'est pas publié."),
    ]
    servi: Annotated[bool, Field(description="C'est celui qui répond quand rien n'est demandé.")]


@closed
class RecueilsGardes(TypedDict):
    """Les recueils gardés, le plus ancien d'abord."""

    recueils: list[RecueilGarde]


@closed
class Sante(TypedDict):
    """Le service répond, et avec ce recueil."""

    statut: Literal["ok"]
    recueil: RecueilServi


@closed
class Fait(TypedDict):
    """Un fait qu'un scénario peut donner."""

    fait: str
    pointeur: Annotated[
        str, Field(description="Où l'écrire ; dans un groupe répété, premier élément.")
    ]
    type: FactType
    libelle: str
    question: str
    aide: str | None
    valeurs: dict[str, str]
    obligatoire: bool
    presume: bool | int | float | str | None
    presume_libelle: str | None
    pertinent_si: str | None
    minimum: int | float | str | None
    maximum: int | float | str | None
    modifiable_par: str | None
    exemple: str | None


@closed
class GroupeDeFaits(TypedDict):
    groupe: str
    titre: str
    aide: str | None
    pointeur: str
    repete: bool
    cle: Annotated[str | None, Field(description="Fait dont chaque valeur n'apparaît qu'une fois.")]
    faits: list[Fait]


@closed
class Vocabulaire(TypedDict):
    """Les faits qu'un scénario peut donner, et le schéma JSON d'un scénario."""

    recueil: RecueilServi
    groupes: list[GroupeDeFaits]
    schema_du_scenario: Mapping[str, object]


@closed
class RegleEnListe(TypedDict):
    regle: str
    version: str
    normes: list[str]
    source: str
    rang: RankCode
    en_vigueur: Periode
    theme: str | None
    table: str | None
    fichier: str
    ligne: int


@closed
class Comptes(TypedDict):
    regles: int
    lignes_de_tables: int
    faits: int
    conclusions: int
    sources: int
    normes: int
    etats_du_droit: int


@closed
class RecueilDecrit(TypedDict):
    """Le recueil de règles, en entier ou tel qu'il est en vigueur un jour donné."""

    version: str
    empreinte: str
    comptes: Comptes
    frontieres: Annotated[list[str], Field(description="Jours où le droit du recueil change.")]
    normes: dict[str, str]
    date: str | None
    regles: list[RegleEnListe]


@closed
class ConditionEcrite(TypedDict):
    texte: Annotated[str, Field(description="La condition, en mots.")]
    ecrite: Annotated[str, Field(description="La condition, telle que le recueil l'écrit.")]


@closed
class EffetDeRegle(TypedDict):
    genre: str
    texte: str
    qui: str | None
    quand: str | None
    accompli_si: str | None
    element: str | None


@closed
class PlafondDeRegle(TypedDict):
    limite: str
    montant: str
    budget: str


@closed
class VersionDeRegle(RegleEnListe):
    """Une règle pendant une période."""

    conditions: list[ConditionEcrite]
    conclut: dict[str, str]
    ecarte: list[str]
    ecartee_par: list[str]
    explication: str
    effets: list[EffetDeRegle]
    plafond: PlafondDeRegle | None
    sources: list[Source]
    confiance: str
    doute: str | None
    groupe: str | None


@closed
class Regle(TypedDict):
    """Une règle, dans toutes ses versions, de la plus ancienne à la plus récente."""

    regle: str
    versions: list[VersionDeRegle]


@closed
class CasEnListe(TypedDict):
    cas: str
    titre: str
    origine: str
    source: str
    montre: str


@closed
class Cas(CasEnListe):
    """Un cas d'étude : son scénario et ce que l'avis doit en dire."""

    note: str | None
    fichier: str
    scenario: Mapping[str, object]
    attendu: Mapping[str, object]


@closed
class ListeDeCas(TypedDict):
    cas: list[CasEnListe]
