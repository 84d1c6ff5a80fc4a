"""The shape of what the API answers on territories, for its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.model_parts import closed


@closed
class Ressort(TypedDict):
    """Un département ou une région."""

    code: str
    nom: str


@closed
class GroupementDeCommune(TypedDict):
    code: Annotated[str, Field(description="Numéro SIREN.")]
    nom: str
    nature: str | None


@closed
class Territoire(TypedDict):
    """Une commune ou un groupement à fiscalité propre, dans le découpage du millésime."""

    code: Annotated[
        str, Field(description="Code INSEE d'une commune, numéro SIREN d'un groupement.")
    ]
    nom: str
    libelle: Annotated[
        str, Field(description="Le nom et le département, qui distingue les homonymes.")
    ]
    nature: Annotated[
        str | None,
        Field(
            description="Code du vocabulaire (acteur.nature) ; nul pour la Métropole de Lyon, "
            "collectivité à statut particulier."
        ),
    ]
    nature_libelle: str
    population: Annotated[int, Field(description="Population municipale.")]
    departement: Annotated[
        Ressort,
        Field(description="D'un groupement : celui où vit la plus grande part de ses habitants."),
    ]
    region: Ressort
    groupement: Annotated[
        GroupementDeCommune | None,
        Field(
            description="Groupement à fiscalité propre d'une commune. Nul n'exclut pas un syndicat."
        ),
    ]
    remarques: Annotated[list[str], Field(description="Ce qu'il faut savoir avant de s'en servir.")]
    scenario: Annotated[
        Mapping[str, object],
        Field(
            description="Les faits sur l'acteur, à joindre à un scénario. Ce qui manque reste "
            "inconnu."
        ),
    ]


@closed
class TerritoireTrouve(Territoire):
    trouve_par: Annotated[
        str, Field(description="code, ancien_code, nom, nom_abrege, debut, mots ou approchant.")
    ]


@closed
class _Millesime(TypedDict):
    millesime: Annotated[str, Field(description="Année du découpage.")]
    mention: Annotated[str, Field(description="À montrer avec ce qui est prérempli.")]


@closed
class Territoires(_Millesime):
    """Les territoires trouvés, du plus au moins ressemblant, puis du plus au moins peuplé."""

    recherche: str
    territoires: list[TerritoireTrouve]


@closed
class CommuneMembre(TypedDict):
    code: str
    nom: str
    population: int


@closed
class TerritoireDecrit(_Millesime):
    """Un territoire et, pour un groupement, ses communes, de la plus à la moins peuplée."""

    territoire: Territoire
    communes: list[CommuneMembre]
