"""The shape of what the API answers about documents, steps and bodies."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.codes import Power
from coopdec_rules.advice.model_parts import closed
from coopdec_rules.documents.blocks import Mode
from coopdec_rules.documents.room import OfferState
from coopdec_rules.documents.steps import Bound, StepKind


@closed
class ModeleDecrit(TypedDict):
    """Un modèle de document du recueil."""

    document: str
    titre: str
    usage: str
    genre: str
    genre_libelle: str
    acte: Annotated[bool, Field(description="À adopter ou à signer, ou suppose un tel acte.")]
    en_vigueur: str


@closed
class Modeles(TypedDict):
    """Les modèles de documents."""

    empreinte: str
    documents: list[ModeleDecrit]


@closed
class DocumentPossible(TypedDict):
    """Un document que la situation appelle."""

    document: str
    titre: str
    usage: str
    genre: str
    acte: bool
    etat: Annotated[
        OfferState,
        Field(
            description="« refuse » : l'avis ne le permet pas ; « incertain » : il manque un "
            "renseignement."
        ),
    ]
    raison: Annotated[
        str | None, Field(description="Pourquoi il n'est pas fait ; null : il l'est.")
    ]
    mode: Annotated[
        Mode, Field(description="« reconstitution » : la date est passée, rien n'est à signer.")
    ]  # fmt: skip


@closed
class Contact(TypedDict):
    """Un organisme à qui écrire."""

    contact: str
    nom: str
    site: str
    quand: str
    verifie_le: str | None
    a_confirmer: str | None


@closed
class Etape(TypedDict):
    """Une étape du calendrier."""

    etape: str
    titre: str
    texte: str | None
    date: str | None
    quand: str
    borne: Bound
    genre: StepKind
    qui: str
    source: str
    contacts: list[str]
    si: Annotated[str | None, Field(description="Ce qui n'est pas su, et dont elle dépend.")]
    a_confirmer: str | None


@closed
class DocumentsPossibles(TypedDict):
    """Ce qu'un avis permet de préparer."""

    habilitation: Power
    droit_au: str
    documents: list[DocumentPossible]
    publication: Annotated[str, Field(description="Jour de publication retenu.")]
    transmission: Annotated[str, Field(description="Jour de transmission retenu.")]
    etapes: list[Etape]
    contacts: list[Contact]
    empreinte_des_modeles: str
