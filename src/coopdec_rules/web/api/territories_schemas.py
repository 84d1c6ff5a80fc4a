"""The shape of what the API answers on territories, for its description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.codes import NatureCode, PartDomain, StatusCode
from coopdec_rules.advice.model_parts import closed
from coopdec_rules.territories.model import Found


@closed
class Ressort(TypedDict):
    """Un département ou une région."""

    code: str
    nom: str


@closed
class GroupementDeCommune(TypedDict):
    code: Annotated[str, Field(description="Numéro SIREN.")]
    nom: str
    nature: NatureCode | None
    statut_particulier: StatusCode | None


@closed
class Territoire(TypedDict):
    """Une commune ou un groupement, dans le découpage du millésime ou la base nationale."""

    code: Annotated[
        str, Field(description="Code INSEE d'une commune, numéro SIREN d'un groupement.")
    ]
    nom: str
    libelle: Annotated[
        str, Field(description="Le nom et le département, qui distingue les homonymes.")
    ]
    nature: Annotated[
        NatureCode | None,
        Field(
            description="Code du vocabulaire (acteur.nature), ou nul. À lire avec "
            "statut_particulier : les métropoles de Lyon, du Grand Paris et d'Aix-Marseille-"
            "Provence, les établissements publics territoriaux et les pôles sont rangés sous une "
            "nature qui n'est pas tout à fait la leur."
        ),
    ]
    nature_libelle: str
    statut_particulier: Annotated[
        StatusCode | None,
        Field(
            description="Code du vocabulaire (acteur.statut_particulier) ; nul quand les données "
            "ne le disent pas."
        ),
    ]
    population: Annotated[
        int,
        Field(
            description="Population municipale ; d'un syndicat, celle que dit la base nationale."
        ),
    ]
    departement: Annotated[
        Ressort,
        Field(
            description="D'un groupement : celui où vit la plus grande part de ses habitants ; "
            "d'un syndicat : celui que dit la base nationale."
        ),
    ]
    region: Ressort
    groupement: Annotated[
        GroupementDeCommune | None,
        Field(
            description="Groupement à fiscalité propre d'une commune. Nul n'exclut pas un syndicat."
        ),
    ]
    etablissement_territorial: Annotated[
        GroupementDeCommune | None,
        Field(description="D'une commune du Grand Paris hors de Paris."),
    ]
    codes_postaux: Annotated[list[str], Field(description="D'une commune.")]
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
        str,
        Field(
            description="Comment il a été trouvé, du plus sûr au moins sûr.",
            json_schema_extra={"enum": [found.value for found in Found]},
        ),
    ]
    precision: Annotated[
        str | None,
        Field(
            description="Ce qu'il faut savoir de la façon dont il a été trouvé : code qui est "
            "aussi un code postal, arrondissement, ancienne commune."
        ),
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
class DomaineDeCompetence(TypedDict):
    domaine: PartDomain
    etendue: Literal["tout", "partie"]


@closed
class CompetenceCitee(TypedDict):
    """Une compétence que la base nationale cite pour un groupement."""

    code: Annotated[str, Field(description="Dans la nomenclature citée, et elle seule.")]
    libelle: str
    domaines: Annotated[
        list[DomaineDeCompetence],
        Field(description="Vide quand elle ne se range dans aucun domaine."),
    ]
    reserve: Annotated[
        str | None, Field(description="Pourquoi cette citation ne prouve rien ; nul sinon.")
    ]


@closed
class DomaineCite(TypedDict):
    """Ce que la base dit d'un domaine. Un domaine absent de la liste ne prouve rien."""

    domaine: PartDomain
    dit: Annotated[
        Literal["presente", "citee_sans_preuve"],
        Field(description="presente : présumée exercée, au moins en partie."),
    ]
    etendue: Annotated[
        Literal["tout", "partie"] | None,
        Field(description="Ce que les codes couvrent du domaine ; nul quand rien n'est prouvé."),
    ]
    codes: list[str]


@closed
class Competences(TypedDict):
    """Ce que la base nationale sur l'intercommunalité dit des compétences d'un groupement.

    Elle ne dit jamais non : une compétence absente peut être exercée.
    """

    nomenclature: Annotated[
        str, Field(description="2021 ou 2025 : les numéros des deux se contredisent.")
    ]
    millesime: Annotated[str, Field(description="État de la base.")]
    source: str
    mention: Annotated[str, Field(description="À montrer avec ce qui en est tiré.")]
    sans_donnees: Annotated[
        str | None, Field(description="Pourquoi rien n'est connu de ce groupement ; nul sinon.")
    ]
    domaines: list[DomaineCite]
    citees: list[CompetenceCitee]


@closed
class TerritoireDecrit(_Millesime):
    """Un territoire et, pour un groupement, ses communes, de la plus à la moins peuplée.

    Les communes d'un syndicat ne sont pas dans les données.
    """

    territoire: Territoire
    lecture_du_code: Annotated[
        str | None,
        Field(description="Avertit que le code demandé est aussi un code postal ; nul sinon."),
    ]
    communes: list[CommuneMembre]
    competences: Competences
