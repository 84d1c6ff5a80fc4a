"""How a setting is declared: a field of a section, with its name, its meaning and its unit."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.config import JsonDict


class Section(BaseModel):
    """Settings read together; an unknown name is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def setting(
    default: Any, name: str, meaning: str, *, unit: str = "", secret: bool = False, **bounds: Any
) -> Any:
    """A field: ``name`` is what the operator writes, ``unit`` what its number counts."""
    extra: JsonDict = {"unit": unit, "secret": secret}
    return Field(
        default=default, alias=name, description=meaning, json_schema_extra=extra, **bounds
    )


def _split(value: object) -> object:
    """A list written as one text, as the environment gives it."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _number(value: object) -> object:
    if isinstance(value, bool):  # which pydantic would read as 0 or 1
        raise ValueError("un nombre")
    return value


Whole = Annotated[int, BeforeValidator(_number)]
Number = Annotated[float, BeforeValidator(_number)]
Texts = Annotated[list[str], BeforeValidator(_split)]
