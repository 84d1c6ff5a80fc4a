"""The shape of a line that ``/api/v1/lots`` answers."""

from __future__ import annotations

from typing import Annotated, NotRequired

from pydantic import ConfigDict, Field, with_config
from typing_extensions import TypedDict

from coopdec_rules.advice.model_parts import closed


@closed
class FauteDeLigne(TypedDict):
    """Une faute d'une ligne, à sa place."""

    colonne: Annotated[
        str | None,
        Field(description="Nom du fait, éléments comptés à partir de 1 ; null : toute la ligne."),
    ]
    message: str
    trouve: str | None
    attendu: str | None
    suggestion: str | None


# The columns asked for stand beside these keys.
@with_config(ConfigDict(extra="allow"))
class LigneDeLot(TypedDict):
    """La réponse à un scénario, ou pourquoi il est écarté ; puis les colonnes demandées."""

    ligne: Annotated[int, Field(description="Place du scénario dans l'envoi, à partir de 1.")]
    id: Annotated[str | None, Field(description="Celui du scénario, s'il en a un.")]
    erreurs: NotRequired[list[FauteDeLigne]]
