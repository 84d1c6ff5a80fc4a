"""The one definition of an avis.

``build_avis`` makes it; the API's description is drawn from it; the page, the PDF, the terminal and
the worked cases read it.  Keys are those of the JSON.  Nothing is validated when an avis is given:
mypy checks whoever builds or reads one, and a test checks that every worked case's avis is exactly
of this shape.  Why typed dictionaries: docs/decisions.  Codes that the rulebook chooses (answers,
domains, budgets…) are plain text, marked with what they are the values of (``codes``): the law is
not repeated in Python.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from coopdec_rules.advice.codes import (
    BasisCode,
    Owner,
    PartDomain,
    PartHolder,
    PartOwner,
    PartPower,
    PossibleOwner,
    PossiblePartOwner,
    PossiblePartPower,
    PossiblePower,
    PossibleTierAfter,
    PossibleTierNow,
    Power,
    RankCode,
    ReadingCode,
    RegimeCode,
    TierAfter,
    TierNow,
)
from coopdec_rules.advice.model_parts import (
    Avertissement,
    Condition,
    Divergence,
    Effet,
    ElementDePalier,
    Etablie,
    Levier,
    Motif,
    Pair,
    PalierSuivant,
    Plafond,
    Presume,
    Question,
    Raison,
    RaisonSuffisante,
    closed,
)
from coopdec_rules.rulebook.display import Place, Tone
from coopdec_rules.rulebook.types.base import NAME


@closed
class MaitriseOuvrage(TypedDict):
    """Qui est maître d'ouvrage de l'action."""

    titulaire: Owner
    possibles: Annotated[
        list[PossibleOwner], Field(description="Réponses encore possibles, si indéterminée.")
    ]


@closed
class Palier(TypedDict):
    """Palier d'engagement, aujourd'hui et une fois l'action faite."""

    actuel: TierNow
    actuel_possibles: list[PossibleTierNow]
    apres_action: TierAfter
    apres_action_possibles: list[PossibleTierAfter]
    element: Annotated[ElementDePalier | None, Field(description="Ce qui décide du palier actuel.")]
    element_apres: Annotated[
        ElementDePalier | None, Field(description="Ce qui décide du palier suivant.")
    ]
    par_analogie: Annotated[
        bool,
        Field(description="Le recueil ne donne les paliers que par analogie pour cet acteur."),
    ]
    place: Annotated[Pair | None, Field(description="L'acteur lui-même, si le panorama le nomme.")]
    pairs: Annotated[list[Pair], Field(description="Pairs réels, les plus proches d'abord.")]
    pour_suivant: Annotated[
        PalierSuivant | None,
        Field(description="Ce qui manque pour le palier suivant, si une voie y mène."),
    ]


@closed
class Volet(TypedDict):
    """Réponses propres à un volet de l'action."""

    rang: Annotated[int, Field(description="Place du volet dans le scénario, à partir de 0.")]
    intitule: str | None
    domaine: PartDomain | None
    domaine_libelle: str | None
    habilitation: PartPower
    habilitation_possibles: list[PossiblePartPower]
    maitre_ouvrage: PartOwner
    maitre_ouvrage_possibles: list[PossiblePartOwner]
    detenteur: Annotated[
        PartHolder | None, Field(description="Qui détient la compétence ; null : inconnu.")
    ]
    appui: Annotated[
        RankCode | None,
        Field(description="Rang de source sur lequel la réponse repose ; null : pas de réponse."),
    ]
    motifs: Annotated[list[str], Field(description="Règles appliquées à ce volet.")]


@closed
class Etabli(TypedDict):
    """Où en est une conclusion, et ce que le recueil en dit."""

    code: str
    titre: str
    groupe: Annotated[
        str | None, Field(description="Groupe répété dont elle se dit ; null : l'action.")
    ]
    rang: Annotated[int | None, Field(description="Place dans ce groupe, à partir de 0.")]
    valeur: Annotated[str | None, Field(description="null : rien ne l'établit encore.")]
    valeur_libelle: str
    possibles: Annotated[
        list[str], Field(description="Valeurs encore possibles, si rien n'est établi.")
    ]
    phrase: str
    ton: Annotated[Tone, Field(json_schema_extra={NAME: "Ton"})]


@closed
class Reponse(Etabli):
    """Une conclusion que le recueil montre, et ce qu'il en dit."""

    place: Annotated[Place, Field(description="Où le recueil demande de la montrer.")]


@closed
class Element(Etabli):
    """Un élément que l'action doit avoir pour être régulière, et où il en est."""

    question: str
    motifs: Annotated[list[Raison], Field(description="Règles appliquées qui le disent.")]
    conditions: Annotated[
        list[Condition], Field(description="Ce qu'il demande, parmi les conditions.")
    ]
    formalites: list[Condition]


@closed
class Fondement(TypedDict):
    """L'article qui porte le pouvoir d'agir."""

    code: BasisCode | None
    libelle: str | None


@closed
class Regime(TypedDict):
    """Le régime applicable ce jour-là."""

    code: RegimeCode | None
    libelle: str | None


@closed
class Relues(TypedDict):
    relues: int
    total: int


@closed
class Recueil(TypedDict):
    version: str
    empreinte: str
    regles_relues: Relues


@closed
class Resume(TypedDict):
    """Les trois réponses, chacune en une phrase ou deux."""

    habilitation: str
    maitrise_ouvrage: str
    palier: str


@closed
class Avis(TypedDict):
    """Un avis : les trois réponses, ce qu'il reste à faire, et pourquoi."""

    habilitation: Power
    habilitation_possibles: list[PossiblePower]
    appui: Annotated[
        RankCode | None,
        Field(
            description="Rang de source sur lequel l'habilitation repose ; null : pas de réponse."
        ),
    ]
    maitrise_ouvrage: MaitriseOuvrage
    palier: Palier
    volets: list[Volet]
    reponses: Annotated[
        list[Reponse],
        Field(description="Ce que le recueil montre, dans son ordre, avec sa phrase et son ton."),
    ]
    elements: Annotated[
        list[Element],
        Field(description="Les éléments que le recueil demande un à un, dans son ordre."),
    ]
    conditions: list[Condition]
    formalites: list[Condition]
    modalites: list[Effet]
    conseils: list[Effet]
    pistes: list[Effet]
    avertissements: list[Avertissement]
    plafonds: list[Plafond]
    motifs: list[Motif]
    divergences: list[Divergence]
    presumes: list[Presume]
    questions: list[Question]
    raisonnement: Annotated[
        bool,
        Field(
            description="Toutes les suites possibles ont été examinées ; sinon « etablies », "
            "« raisons » et « leviers » sont vides et les questions peuvent être trop nombreuses."
        ),
    ]
    etablies: list[Etablie]
    raisons: list[RaisonSuffisante]
    leviers: list[Levier]
    fondement: Fondement
    regime: Regime
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
    lecture: ReadingCode
    recueil: Recueil
    resume: Resume


@closed
class RecueilServi(TypedDict):
    """Le recueil dont un avis est tiré."""

    version: str
    empreinte: str


@closed
class PremiereQuestion(TypedDict):
    """La question dont la réponse apprendrait le plus."""

    pointeur: str
    question: str


@closed
class AvisCourt(TypedDict):
    """Les réponses d'un avis, et combien il reste à savoir et à faire ; rien de ses motifs."""

    habilitation: Power
    habilitation_possibles: list[PossiblePower]
    maitrise_ouvrage: MaitriseOuvrage
    palier: TierNow
    resume: Resume
    a_faire: Annotated[
        int, Field(description="Les conditions et les formalités qui ne sont pas remplies.")
    ]
    avertissements: Annotated[int, Field(description="Combien d'avertissements porte l'avis.")]
    questions: Annotated[int, Field(description="Combien de questions restent ouvertes.")]
    premiere_question: PremiereQuestion | None
    raisonnement: bool
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
    lecture: ReadingCode
    recueil: RecueilServi


@closed
class EtatDeReponse(TypedDict):
    """Une réponse : sa valeur si elle est acquise, sinon celles qui restent possibles."""

    valeur: str | None
    possibles: list[str]


@closed
class Interrogation(TypedDict):
    """Les questions qui peuvent encore changer l'avis, la plus utile d'abord."""

    reponses: dict[str, EtatDeReponse]
    raisonnement: Annotated[
        bool,
        Field(
            description="Toutes les suites possibles ont été examinées ; sinon les questions "
            "peuvent être trop nombreuses."
        ),
    ]
    etablies: list[Etablie]
    questions: list[Question]
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]


@closed
class Pistes(TypedDict):
    """Ce qui donnerait une meilleure réponse."""

    habilitation: Power
    raisonnement: Annotated[
        bool,
        Field(
            description="Toutes les suites possibles ont été examinées ; sinon les leviers ne sont "
            "pas cherchés."
        ),
    ]
    pistes: list[Effet]
    leviers: list[Levier]
    pour_palier_suivant: PalierSuivant | None
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
