"""The shape of what the API answers on territories, for its description."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Ressort(_Model):
    """Un département ou une région."""

    code: str
    nom: str


class GroupementDeCommune(_Model):
    code: str = Field(description="Numéro SIREN.")
    nom: str
    nature: str | None


class Territoire(_Model):
    """Une commune ou un groupement à fiscalité propre, dans le découpage du millésime."""

    code: str = Field(description="Code INSEE d'une commune, numéro SIREN d'un groupement.")
    nom: str
    libelle: str = Field(description="Le nom et le département, qui distingue les homonymes.")
    nature: str | None = Field(
        description="Code du vocabulaire (acteur.nature) ; nul pour la Métropole de Lyon, "
        "collectivité à statut particulier."
    )
    nature_libelle: str
    population: int = Field(description="Population municipale.")
    departement: Ressort = Field(
        description="D'un groupement : celui où vit la plus grande part de ses habitants."
    )
    region: Ressort
    groupement: GroupementDeCommune | None = Field(
        description="Groupement à fiscalité propre d'une commune. Nul n'exclut pas un syndicat."
    )
    remarques: list[str] = Field(description="Ce qu'il faut savoir avant de s'en servir.")
    scenario: dict[str, Any] = Field(
        description="Les faits sur l'acteur, à joindre à un scénario. Ce qui manque reste inconnu."
    )


class TerritoireTrouve(Territoire):
    trouve_par: str = Field(
        description="code, ancien_code, nom, nom_abrege, debut, mots ou approchant."
    )


class _Millesime(_Model):
    millesime: str = Field(description="Année du découpage.")
    mention: str = Field(description="À montrer avec ce qui est prérempli.")


class Territoires(_Millesime):
    """Les territoires trouvés, du plus au moins ressemblant, puis du plus au moins peuplé."""

    recherche: str
    territoires: list[TerritoireTrouve]


class CommuneMembre(_Model):
    code: str
    nom: str
    population: int


class TerritoireDecrit(_Millesime):
    """Un territoire et, pour un groupement, ses communes, de la plus à la moins peuplée."""

    territoire: Territoire
    communes: list[CommuneMembre]
