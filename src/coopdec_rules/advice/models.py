"""The shape of an avis, for whoever reads it from outside (API clients, OpenAPI).

These models describe what ``build_avis`` returns; nothing is validated when an avis is given, a
test checks that every worked case's avis matches them exactly.  Codes that the rulebook chooses
(answers, domains, budgets…) are plain text here: the law is not repeated in Python.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

EffectState = Literal["a_remplir", "remplie", "inconnue", "eventuelle"]
ReasonState = Literal["appliquee", "ecartee", "indeterminee", "non_remplie"]
ConditionState = Literal["remplie", "non_remplie", "inconnue"]
FactType = Literal["booleen", "choix", "nombre", "montant", "date", "texte"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MaitriseOuvrage(_Model):
    """Qui est maître d'ouvrage de l'action."""

    titulaire: str
    possibles: list[str] = Field(description="Réponses encore possibles, si indéterminée.")


class Palier(_Model):
    """Palier d'engagement, aujourd'hui et une fois l'action faite."""

    actuel: str
    actuel_possibles: list[str]
    apres_action: str
    apres_action_possibles: list[str]


class Volet(_Model):
    """Réponses propres à un volet de l'action."""

    rang: int = Field(description="Place du volet dans le scénario, à partir de 0.")
    intitule: str | None
    domaine: str | None
    domaine_libelle: str | None
    habilitation: str
    habilitation_possibles: list[str]
    maitre_ouvrage: str
    maitre_ouvrage_possibles: list[str]
    detenteur: str | None = Field(description="Qui détient la compétence ; null : inconnu.")
    appui: str | None = Field(
        description="Rang de source sur lequel la réponse repose ; null : pas de réponse."
    )
    motifs: list[str] = Field(description="Règles appliquées à ce volet.")


class Effet(_Model):
    """Ce qu'une règle ajoute à l'avis."""

    texte: str
    regle: str | None = Field(description="La règle ; null : un défaut du recueil lui-même.")
    rang: str = Field(description="Rang de la source.")
    source: str
    groupe: str | None = Field(description="Groupe répété dont parle l'effet ; null : l'action.")
    elements: list[int] = Field(description="Places dans ce groupe, à partir de 0.")


class Condition(Effet):
    """Ce que quelqu'un doit faire."""

    qui: str | None
    quand: str | None
    etat: EffectState


class Plafond(_Model):
    """Plafond en euros d'un budget, arrondi au centime inférieur."""

    budget: str | bool | int | float | None
    budget_libelle: str | None
    plafond: float | None = Field(description="null : une donnée manque pour le calculer.")
    montant: float | None
    depassement: float | None
    regle: str
    element: int | None


class Source(_Model):
    titre: str
    reperage: str
    rang: str
    date: str
    confiance: str


class Periode(_Model):
    du: str | None
    au: str | None


class ConditionLue(_Model):
    texte: str
    etat: ConditionState


class Motif(_Model):
    """Une règle qui s'applique, est écartée, reste en suspens ou n'est pas remplie."""

    regle: str
    normes: list[str]
    rang: str
    sources: list[Source]
    en_vigueur: Periode
    conclut: dict[str, str]
    confiance: str
    doute: str | None
    relue: bool = Field(description="Relue par un juriste.")
    fichier: str
    ligne: int
    etat: ReasonState
    groupe: str | None
    element: int | None
    ecartee_par: list[str]
    explication: str
    conditions: list[ConditionLue]


class Raison(_Model):
    regle: str
    texte: str
    source: str
    rang: str


class Divergence(_Model):
    """Là où le droit et la lecture de l'étude de 2006 ne répondent pas de même."""

    objet: str
    libelle: str
    element: int | None
    droit: str | None
    etude_2006: str | None
    dit_le_droit: list[Raison]
    dit_l_etude: list[Raison]


class Presume(_Model):
    """Un fait non donné, présumé, et lu par une règle."""

    fait: str
    libelle: str
    valeur: bool | int | float | str
    valeur_libelle: str
    pointeur: str


class Question(_Model):
    """Un fait inconnu dont une réponse dépend."""

    fait: str
    question: str
    aide: str | None
    type: FactType
    valeurs: dict[str, str]
    pointeur: str = Field(description="Pointeur JSON du fait dans le scénario.")
    element: int | None
    pour: list[str] = Field(description="Réponses qui en dépendent.")


class Libelle(_Model):
    code: str | None
    libelle: str | None


class Relues(_Model):
    relues: int
    total: int


class Recueil(_Model):
    version: str
    empreinte: str
    regles_relues: Relues


class Resume(_Model):
    """Les trois réponses, chacune en une phrase."""

    habilitation: str
    maitrise_ouvrage: str
    palier: str


class Avis(_Model):
    """Un avis : les trois réponses, ce qu'il reste à faire, et pourquoi."""

    habilitation: str
    habilitation_possibles: list[str]
    appui: str | None = Field(
        description="Rang de source sur lequel l'habilitation repose ; null : pas de réponse."
    )
    maitrise_ouvrage: MaitriseOuvrage
    palier: Palier
    volets: list[Volet]
    conditions: list[Condition]
    formalites: list[Condition]
    modalites: list[Effet]
    conseils: list[Effet]
    pistes: list[Effet]
    avertissements: list[Effet]
    plafonds: list[Plafond]
    motifs: list[Motif]
    divergences: list[Divergence]
    presumes: list[Presume]
    questions: list[Question]
    fondement: Libelle
    regime: Libelle
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
    lecture: str
    recueil: Recueil
    resume: Resume
