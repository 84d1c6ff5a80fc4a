"""Which answers of a table may be asked for."""

from __future__ import annotations

from collections.abc import Mapping

from coopdec_rules.errors import CoopdecError, suggest

#: What may be asked for, each with a word of explanation.
CHOICES: Mapping[str, str] = {
    "habilitation": "la collectivité peut-elle agir",
    "maitrise_ouvrage": "qui est maître d'ouvrage",
    "palier": "palier d'engagement, avant et après l'action",
    "article": "texte qui fonde l'action, et régime",
    "elements": "chaque élément de validité, avec son état",
    "detenteur": "pour chaque volet : réponse, maître d'ouvrage, détenteur de la compétence",
    "conditions": "règles dont une condition reste, ou pourrait rester, à remplir",
    "plafonds": "pour chaque apport : plafond et dépassement, en euros",
    "doutes": "réponses et éléments que les faits ne suffisent pas à établir",
    "questions": "faits à demander (beaucoup plus lent : un avis par ligne)",
}
DEFAULT = (
    "habilitation",
    "maitrise_ouvrage",
    "article",
    "elements",
    "detenteur",
    "conditions",
    "doutes",
)


class ChoiceError(CoopdecError):
    """Columns of answers that do not exist, told in French."""


def chosen(text: str | None) -> tuple[str, ...]:
    """The columns asked for, written with commas.  Raises ``ChoiceError``."""
    if text is None:
        return DEFAULT
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in CHOICES:
            near = suggest(name, CHOICES)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise ChoiceError(
                f"« {name} » n'est pas une réponse que l'on peut demander.{hint} "
                f"Réponses : {', '.join(CHOICES)}."
            )
    if not names:
        raise ChoiceError(f"Aucune réponse demandée. Réponses : {', '.join(CHOICES)}.")
    return tuple(dict.fromkeys(names))
