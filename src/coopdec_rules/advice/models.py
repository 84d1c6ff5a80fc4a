"""The shape of an avis, for whoever reads it from outside (API clients, OpenAPI).

These models describe what ``build_avis`` returns; nothing is validated when an avis is given, a
test checks that every worked case's avis matches them exactly.  Codes that the rulebook chooses
(answers, domains, budgets…) are plain text here: the law is not repeated in Python.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from coopdec_rules.rulebook.display import Tone

EffectState = Literal["a_remplir", "remplie", "inconnue", "eventuelle"]
ReasonState = Literal["appliquee", "ecartee", "indeterminee", "non_remplie"]
ReviewState = Literal["non_relue", "relue", "relue_avec_reserve", "non_conforme", "a_relire"]
PeerReason = Literal["meme_pays", "meme_domaine", "meme_aire", "meme_palier", "palier_suivant"]
ConditionState = Literal["remplie", "non_remplie", "inconnue"]
FactType = Literal["booleen", "choix", "nombre", "montant", "date", "texte"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MaitriseOuvrage(_Model):
    """Qui est maître d'ouvrage de l'action."""

    titulaire: str
    possibles: list[str] = Field(description="Réponses encore possibles, si indéterminée.")


class ElementDePalier(_Model):
    """La règle appliquée qui donne le palier."""

    regle: str
    texte: str
    source: str
    rang: str


class Pair(_Model):
    """Une communauté de l'étude de 2006 ou une ville de l'enquête, telle que le panorama la dit."""

    nom: str
    document: Literal["etude_2006", "enquete_2006"]
    palier: str | None = Field(description="Groupe publié ; null : non dit (toutes les villes).")
    palier_libelle: str | None
    zones: list[str] = Field(description="Où elle agit, selon le document.")
    dit: str = Field(description="Ce que le document en dit, résumé.")
    provenance: str
    raisons: list[PeerReason] = Field(description="Pourquoi c'est un pair, de près en loin.")
    ancre: str = Field(description="Sa place sur la page du panorama.")


class Palier(_Model):
    """Palier d'engagement, aujourd'hui et une fois l'action faite."""

    actuel: str
    actuel_possibles: list[str]
    apres_action: str
    apres_action_possibles: list[str]
    element: ElementDePalier | None = Field(description="Ce qui décide du palier actuel.")
    element_apres: ElementDePalier | None = Field(description="Ce qui décide du palier suivant.")
    par_analogie: bool = Field(
        description="L'étude a construit les paliers pour les communautés d'agglomération ; pour "
        "tout autre acteur, ils sont donnés par analogie."
    )
    place: Pair | None = Field(description="L'acteur lui-même, si le panorama le nomme.")
    pairs: list[Pair] = Field(description="Pairs réels, les plus proches d'abord.")
    pour_suivant: PalierSuivant | None = Field(
        description="Ce qui manque pour le palier suivant, si une voie y mène."
    )


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


class Relecture(_Model):
    """Ce qu'un juriste a dit de la règle."""

    etat: ReviewState = Field(
        description="« a_relire » : la règle a changé depuis sa relecture, qui ne vaut plus."
    )
    role: str | None = Field(description="Fonction de qui a relu ; null : personne.")
    date: str | None
    note: str | None


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
    relue: bool = Field(description="Relue et acceptée par un juriste, avec ou sans réserve.")
    relecture: Relecture
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


class EffetDeReponse(_Model):
    """Ce qu'une valeur d'un fait inconnu laisserait possible."""

    valeur: bool | int | float | str
    valeur_libelle: str
    reponses: dict[str, list[str]]


class Etablie(_Model):
    """Une réponse que toutes les suites possibles donnent, bien que des faits manquent."""

    pour: str
    element: int | None
    valeur: str


class FaitSuffisant(_Model):
    """Un des faits qui, ensemble, suffisent à une réponse."""

    fait: str
    libelle: str
    valeur: bool | int | float | str
    valeur_libelle: str
    pointeur: str
    element: int | None
    presume: bool


class RaisonSuffisante(_Model):
    """Un ensemble minimal de faits qui, à cette date, décident seuls d'une réponse."""

    pour: str
    element: int | None
    valeur: str
    faits: list[FaitSuffisant]


class Changement(_Model):
    """Un fait à changer, dit comme une chose à faire, et par qui."""

    fait: str
    libelle: str
    pointeur: str
    element: int | None
    de: bool | int | float | str | None
    de_libelle: str | None
    vers: bool | int | float | str
    vers_libelle: str
    faire: str
    qui: str
    qui_libelle: str


class Renoncement(_Model):
    """Un volet ou un budget dont se passer."""

    groupe: str
    element: int
    faire: str


class RegleTouchee(_Model):
    """Une règle qui cesse de s'appliquer, ou s'applique désormais."""

    regle: str
    explication: str
    source: str
    rang: str


class Levier(_Model):
    """Les changements les plus proches qui donnent une meilleure réponse."""

    changements: list[Changement]
    sans: Renoncement | None
    habilitation: str
    habilitation_libelle: str
    certain: bool = Field(description="Faux : des faits encore inconnus peuvent l'empêcher.")
    leve: list[RegleTouchee]
    applique: list[RegleTouchee]


class PalierSuivant(_Model):
    """Ce qui manque pour le palier suivant ; chaque voie y suffit."""

    palier: str
    libelle: str
    voies: list[list[Changement]]


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
    apport: float | None = Field(
        description="Part du doute que la réponse lève en moyenne, de 0 à 1 ; null : non calculée."
    )
    effets: list[EffetDeReponse] = Field(
        description="Ce que chaque valeur laisserait possible ; vide : non calculé."
    )


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


class Element(_Model):
    """Un élément que l'action doit avoir pour être régulière, et où il en est."""

    code: str
    titre: str
    question: str
    groupe: str | None = Field(description="Groupe répété dont il se dit ; null : l'action.")
    rang: int | None = Field(description="Place dans ce groupe, à partir de 0.")
    valeur: str | None = Field(description="null : rien ne l'établit encore.")
    valeur_libelle: str
    possibles: list[str] = Field(description="Valeurs encore possibles, si rien n'est établi.")
    phrase: str
    ton: Tone
    motifs: list[Raison] = Field(description="Règles appliquées qui le disent.")
    conditions: list[Condition] = Field(description="Ce qu'il demande, parmi les conditions.")
    formalites: list[Condition]


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
    elements: list[Element] = Field(
        description="Les éléments que le recueil demande un à un, dans son ordre."
    )
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
    raisonnement: bool = Field(
        description="Toutes les suites possibles ont été examinées ; sinon « etablies », "
        "« raisons » et « leviers » sont vides et les questions peuvent être trop nombreuses."
    )
    etablies: list[Etablie]
    raisons: list[RaisonSuffisante]
    leviers: list[Levier]
    fondement: Libelle
    regime: Libelle
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
    lecture: str
    recueil: Recueil
    resume: Resume


class EtatDeReponse(_Model):
    """Une réponse : sa valeur si elle est acquise, sinon celles qui restent possibles."""

    valeur: str | None
    possibles: list[str]


class Interrogation(_Model):
    """Les questions qui peuvent encore changer une réponse, la plus utile d'abord."""

    reponses: dict[str, EtatDeReponse]
    etablies: list[Etablie]
    questions: list[Question]
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]


class Pistes(_Model):
    """Ce qui donnerait une meilleure réponse."""

    habilitation: str
    pistes: list[Effet]
    leviers: list[Levier]
    pour_palier_suivant: PalierSuivant | None
    droit_au: Annotated[str, Field(json_schema_extra={"format": "date"})]
