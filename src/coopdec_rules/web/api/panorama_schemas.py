"""The shape of what the API answers on the panorama, for its description."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Colonne(_Model):
    """Une colonne d'une table."""

    nom: str
    type: Literal["texte", "entier", "choix", "code", "renvoi", "liste", "liste_renvoi"]
    cle: bool = Field(description="La colonne fait partie de ce qui distingue les lignes.")
    obligatoire: bool = Field(description="Sinon, une cellule vide veut dire « non dit ».")
    valeurs: list[str] = Field(
        description="Valeurs possibles, fait ou conclusion du vocabulaire, ou table.colonne visée."
    )
    description: str


class TableEnListe(_Model):
    """Une table du panorama, sans ses lignes."""

    table: str
    titre: str
    document: Literal["etude", "enquete", "les_deux"]
    date: str = Field(description="Date de ce que la table décrit.")
    lignes: int
    json_: str = Field(alias="json", description="Adresse des lignes en JSON.")
    csv: str = Field(description="Adresse des lignes en CSV.")


class PanoramaDecrit(_Model):
    """Les tables du panorama."""

    tables: list[TableEnListe]
    colonnes: dict[str, list[Colonne]] = Field(description="Colonnes de chaque table.")


class TableServie(_Model):
    """Les lignes d'une table, telles que le document les donne."""

    table: str
    titre: str
    document: Literal["etude", "enquete", "les_deux"]
    date: str
    lignes: list[dict[str, str | int | list[str] | None]]


class EcartExplique(_Model):
    """Une contradiction des documents."""

    ecart: str
    imprime: int | None = Field(description="null : contradiction sans chiffre.")
    recompte: int | None
    constat: str
    explication: str
    appui: Literal["texte", "hypothese", "aucun"] = Field(
        description="Ce qui porte l'explication : le texte, une hypothèse, ou rien."
    )
    passage: str


class ChiffreRecompte(_Model):
    """Un chiffre imprimé, et le même recompté sur les données."""

    id: str
    tableau: str
    libelle: str
    imprime: int
    recompte: int
    egal: bool


class Verifications(_Model):
    """Chaque tableau recompté, et les contradictions avec leur explication."""

    chiffres: list[ChiffreRecompte]
    ecarts: list[EcartExplique]
