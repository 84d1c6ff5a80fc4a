"""The shape of what the API answers, for its description; an avis's is in ``advice.models``."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from coopdec_rules.advice.model_parts import FactType, Periode, Source


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Erreur(_Model):
    """Une erreur, à sa place."""

    pointeur: str = Field(description="Pointeur JSON (RFC 6901) ; vide : le document entier.")
    message: str
    trouve: str | None
    attendu: str | None
    suggestion: str | None


class Probleme(_Model):
    """Une erreur de l'API (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    erreurs: list[Erreur]


class RecueilServi(_Model):
    version: str
    empreinte: str


class Sante(_Model):
    """Le service répond, et avec ce recueil."""

    statut: str
    recueil: RecueilServi


class Fait(_Model):
    """Un fait qu'un scénario peut donner."""

    fait: str
    pointeur: str = Field(description="Où l'écrire ; dans un groupe répété, premier élément.")
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


class GroupeDeFaits(_Model):
    groupe: str
    titre: str
    aide: str | None
    pointeur: str
    repete: bool
    cle: str | None = Field(description="Fait dont chaque valeur n'apparaît qu'une fois.")
    faits: list[Fait]


class Vocabulaire(_Model):
    """Les faits qu'un scénario peut donner, et le schéma JSON d'un scénario."""

    recueil: RecueilServi
    groupes: list[GroupeDeFaits]
    schema_du_scenario: dict[str, Any]


class RegleEnListe(_Model):
    regle: str
    version: str
    normes: list[str]
    source: str
    rang: str
    en_vigueur: Periode
    theme: str | None
    table: str | None
    fichier: str
    ligne: int


class Comptes(_Model):
    regles: int
    lignes_de_tables: int
    faits: int
    conclusions: int
    sources: int
    normes: int
    etats_du_droit: int


class RecueilDecrit(_Model):
    """Le recueil de règles, en entier ou tel qu'il est en vigueur un jour donné."""

    version: str
    empreinte: str
    comptes: Comptes
    frontieres: list[str] = Field(description="Jours où le droit du recueil change.")
    normes: dict[str, str]
    date: str | None
    regles: list[RegleEnListe]


class ConditionEcrite(_Model):
    texte: str = Field(description="La condition, en mots.")
    ecrite: str = Field(description="La condition, telle que le recueil l'écrit.")


class EffetDeRegle(_Model):
    genre: str
    texte: str
    qui: str | None
    quand: str | None
    accompli_si: str | None
    element: str | None


class PlafondDeRegle(_Model):
    limite: str
    montant: str
    budget: str


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


class Regle(_Model):
    """Une règle, dans toutes ses versions, de la plus ancienne à la plus récente."""

    regle: str
    versions: list[VersionDeRegle]


class CasEnListe(_Model):
    cas: str
    titre: str
    origine: str
    source: str
    montre: str


class Cas(CasEnListe):
    """Un cas d'étude : son scénario et ce que l'avis doit en dire."""

    note: str | None
    fichier: str
    scenario: dict[str, Any]
    attendu: dict[str, Any]


class ListeDeCas(_Model):
    cas: list[CasEnListe]
