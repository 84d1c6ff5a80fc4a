"""The conclusions that an avis answers with; what they mean is written in the rulebook."""

from __future__ import annotations

POWER = "habilitation"
OWNER = "maitrise_ouvrage"
TIER_NOW = "palier.actuel"
TIER_AFTER = "palier.apres_action"
#: The tiers of commitment, told once the rest is known.
TIERS = (TIER_NOW, TIER_AFTER)
#: Flag raised where the tiers were not built for that kind of actor.
TIER_ANALOGY = "palier.par_analogie"
LEGAL_BASIS = "fondement"
REGIME = "regime"
#: The three answers (the tier has two moments).
ANSWERS = (POWER, OWNER, TIER_NOW, TIER_AFTER)

PART = "volet"
PART_POWER = "volet.habilitation"
PART_OWNER = "volet.maitre_ouvrage"
PART_HOLDER = "volet.detenteur"
PART_DOMAIN = "volet.domaine"
PART_TITLE = "volet.intitule"
ACTION_TITLE = "action.intitule"
ACTOR_NAME = "acteur.nom"
ACTOR_NATURE = "acteur.nature"
ACTOR_STATUS = "acteur.statut_particulier"
ACTOR_CODE = "acteur.code"
GROUPING_NATURE = "acteur.groupement.nature"
GROUPING_NAME = "acteur.groupement.nom"
PARTNER = "partenaire"
CONTRIBUTION = "contribution"
PARTNER_COUNTRY = "partenaire.pays"
PART_ANSWERS = (PART_POWER, PART_OWNER, PART_HOLDER)

#: Shown for an answer that the facts do not settle.
UNDETERMINED = "indeterminee"
READING = "lecture"
LAW, STUDY = "droit", "etude_2006"
