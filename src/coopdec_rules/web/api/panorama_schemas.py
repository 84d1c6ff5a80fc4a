"""The shape of what the API answers on the panorama, for its description."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema
from typing_extensions import TypedDict

from coopdec_rules.advice.model_parts import closed


def _among(*codes: str) -> WithJsonSchema:
    """A text that is one of these codes, as the tables themselves are checked to hold."""
    return WithJsonSchema({"type": "string", "enum": [*codes]})


@closed
class Colonne(TypedDict):
    """Une colonne d'une table."""

    nom: str
    type: Annotated[
        str, _among("texte", "entier", "choix", "code", "renvoi", "liste", "liste_renvoi")
    ]
    cle: Annotated[
        bool, Field(description="La colonne fait partie de ce qui distingue les lignes.")
    ]
    obligatoire: Annotated[
        bool, Field(description="Sinon, une cellule vide veut dire « non dit ».")
    ]
    valeurs: Annotated[
        list[str],
        Field(
            description="Valeurs possibles, fait ou conclusion du vocabulaire, ou table.colonne "
            "visée."
        ),
    ]
    description: str


@closed
class TableEnListe(TypedDict):
    """Une table du panorama, sans ses lignes."""

    table: str
    titre: str
    document: Annotated[str, _among("etude", "enquete", "les_deux")]
    date: Annotated[str, Field(description="Date de ce que la table décrit.")]
    lignes: int
    json: Annotated[str, Field(description="Adresse des lignes en JSON.")]
    csv: Annotated[str, Field(description="Adresse des lignes en CSV.")]


@closed
class PanoramaDecrit(TypedDict):
    """Les tables du panorama."""

    tables: list[TableEnListe]
    colonnes: Annotated[dict[str, list[Colonne]], Field(description="Colonnes de chaque table.")]


@closed
class TableServie(TypedDict):
    """Les lignes d'une table, telles que le document les donne."""

    table: str
    titre: str
    document: Annotated[str, _among("etude", "enquete", "les_deux")]
    date: str
    lignes: list[dict[str, str | int | list[str] | None]]


@closed
class EcartExplique(TypedDict):
    """Une contradiction des documents."""

    ecart: str
    imprime: Annotated[int | None, Field(description="null : contradiction sans chiffre.")]
    recompte: int | None
    constat: str
    explication: str
    appui: Annotated[
        str,
        _among("texte", "hypothese", "aucun"),
        Field(description="Ce qui porte l'explication : le texte, une hypothèse, ou rien."),
    ]
    passage: str


@closed
class ChiffreRecompte(TypedDict):
    """Un chiffre imprimé, et le même recompté sur les données."""

    id: str
    tableau: str
    libelle: str
    imprime: int
    recompte: int
    egal: bool


@closed
class Verifications(TypedDict):
    """Chaque tableau recompté, et les contradictions avec leur explication."""

    chiffres: list[ChiffreRecompte]
    ecarts: list[EcartExplique]
