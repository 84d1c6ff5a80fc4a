"""The shape of a receipt, and of what its replay tells.  Keys are those of the JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.model_parts import Euros, Valeur, closed
from coopdec_rules.advice.models import RecueilServi

FORMAT = "recu-d-avis/1"
SignatureState = Literal["absente", "valable", "fausse", "autre_cle", "sans_cle"]
RuleState = Literal["ajoutee", "retiree", "modifiee"]


@closed
class ReponseDuRecu(TypedDict):
    """Une réponse ou un élément de l'avis ; « valeur » null : rien ne l'établissait."""

    code: str
    groupe: str | None
    rang: int | None
    valeur: str | None
    possibles: list[str]


@closed
class TacheDuRecu(TypedDict):
    """Une condition ou une formalité."""

    genre: Literal["condition", "formalite"]
    texte: str
    regle: str | None
    etat: str
    groupe: str | None
    elements: list[int]


@closed
class PlafondDuRecu(TypedDict):
    regle: str
    element: int | None
    plafond: Euros | None
    depassement: Euros | None


@closed
class ReglesDuRecu(TypedDict):
    """Les règles appliquées à l'action, ou à un élément d'un groupe répété."""

    groupe: str | None
    element: int | None
    appliquees: Annotated[
        dict[str, str], Field(description="Par règle, l'empreinte de ce qu'elle disait.")
    ]


@closed
class PresumeDuRecu(TypedDict):
    pointeur: str
    valeur: Valeur
    origine: str | None


@closed
class Signature(TypedDict):
    """La marque de l'hôte sur l'empreinte du reçu et le jour de sa délivrance."""

    methode: Literal["HMAC-SHA-256"]
    cle: Annotated[str, Field(description="Ce qui reconnaît la clé, sans la dire.")]
    delivre_le: Annotated[str, Field(json_schema_extra={"format": "date"})]
    marque: str


@closed
class Recu(TypedDict):
    """Ce qui a été demandé et répondu, pour le rejouer plus tard."""

    format: Annotated[str, Field(json_schema_extra={"enum": [FORMAT]})]
    scenario: Annotated[dict[str, object], Field(description="Tel qu'il a été demandé.")]
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
    raisonnement: bool
    logiciel: str
    recueil: RecueilServi
    reponses: list[ReponseDuRecu]
    a_faire: list[TacheDuRecu]
    plafonds: list[PlafondDuRecu]
    regles: list[ReglesDuRecu]
    presumes: list[PresumeDuRecu]
    empreinte: Annotated[
        str,
        Field(description="SHA-256 de tout ce qui précède, en JSON aux clés triées, sans blanc."),
    ]
    signature: Signature | None


@closed
class RegleEnCause(TypedDict):
    """Une règle qui n'est pas la même dans les deux recueils, et dont la réponse dépend.

    ``avant`` et ``apres`` disent les parties qui ont changé ; null : elle n'y est pas.
    """

    regle: str
    etat: RuleState
    aspects: list[str]
    avant: dict[str, str | list[str]] | None
    apres: dict[str, str | list[str]] | None
    explication: str
    source: str
    fichier: str
    ligne: int


@closed
class FaitEnCause(TypedDict):
    """Un fait que les deux recueils ne lisent pas de même."""

    fait: str
    libelle: str
    avant: str | None
    apres: str | None
    origine: Annotated[
        str | None, Field(description="Ce qui le fait présumer, quand il n'est pas donné.")
    ]


@closed
class Causes(TypedDict):
    """Ce qui fait qu'une réponse n'est plus la même.

    ``chemin`` : les règles inchangées qui se sont appliquées autrement, de la réponse à la cause.
    ``suivies`` : les causes ont été suivies de règle en règle ; sinon ce sont toutes les règles
    changées dont la réponse dépend.
    """

    suivies: bool
    regles: list[RegleEnCause]
    faits: list[FaitEnCause]
    chemin: list[str]


@closed
class ReponseChangee(TypedDict):
    code: str
    titre: str
    groupe: str | None
    rang: int | None
    avant: str | None
    avant_libelle: str
    apres: str | None
    apres_libelle: str
    causes: Annotated[
        Causes | None, Field(description="null : le recueil du reçu ne peut pas être relu.")
    ]


@closed
class Taches(TypedDict):
    """Ce qu'il y a à faire et qui ne l'était pas, ou qui ne l'est plus."""

    ajoutees: list[TacheDuRecu]
    retirees: list[TacheDuRecu]


@closed
class ReglesAppliquees(TypedDict):
    """Comment l'application des règles diffère."""

    desormais: list[str]
    plus: list[str]
    autre_texte: Annotated[
        list[str], Field(description="Appliquées des deux côtés ; leur texte a changé.")
    ]


@closed
class Comparaison(TypedDict):
    """Un reçu et le même scénario relu."""

    recueil: RecueilServi
    logiciel: str
    identique: bool
    changements: list[ReponseChangee]
    a_faire: Taches
    plafonds_changent: bool
    presumes_changent: bool
    regles: ReglesAppliquees


@closed
class Verification(TypedDict):
    """Ce que dit la vérification d'un reçu."""

    intact: bool
    empreinte: str
    signature: SignatureState
    delivre_le: str | None
    droit_au: str
    recueil_du_recu: RecueilServi
    relu: Annotated[
        Comparaison | None,
        Field(description="Relu avec le recueil du reçu ; null : il ne peut pas l'être."),
    ]
    illisible: Annotated[
        str | None, Field(description="Pourquoi le recueil du reçu ne peut pas être relu.")
    ]
    aujourd_hui: Annotated[
        Comparaison | None,
        Field(description="Relu avec le recueil servi ; null : le reçu n'est pas intact."),
    ]
    refuse: Annotated[
        str | None,
        Field(description="Pourquoi le recueil servi ne lit plus ce scénario ; null : il le lit."),
    ]
