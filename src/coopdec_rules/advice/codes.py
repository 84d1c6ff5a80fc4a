"""Which texts of an answer are codes of the rulebook: the description lists their values.

The values themselves are the rulebook's: a model only names what they are the values of.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from coopdec_rules.advice import answers
from coopdec_rules.rulebook.types import KINDS
from coopdec_rules.rulebook.types.base import NAME

#: Keys of a schema that name what its texts are the values of.
CONCLUSION, FACT, RANK = "x-conclusion", "x-fait", "x-rang"
#: Key of a schema whose text may also say that the answer is not settled.
UNSETTLED = "x-indeterminee"


def value_of(conclusion: str) -> Any:
    """Marks a text that is a value of a conclusion."""
    return Field(json_schema_extra={CONCLUSION: conclusion})


def answer_of(conclusion: str) -> Any:
    """Marks a text that is a value of a conclusion, or says that it is not settled."""
    return Field(json_schema_extra={CONCLUSION: conclusion, UNSETTLED: True})


def value_of_fact(fact: str) -> Any:
    """Marks a text that is a value of a fact."""
    return Field(json_schema_extra={FACT: fact})


#: A rank of sources.
RankCode = Annotated[str, Field(json_schema_extra={RANK: True})]
#: A type of fact, by the name that the vocabulary gives it.
FactType = Annotated[str, Field(json_schema_extra={NAME: "TypeDeFait", "enum": list(KINDS)})]

Power = Annotated[str, answer_of(answers.POWER)]
PossiblePower = Annotated[str, value_of(answers.POWER)]
Owner = Annotated[str, answer_of(answers.OWNER)]
PossibleOwner = Annotated[str, value_of(answers.OWNER)]
TierNow = Annotated[str, answer_of(answers.TIER_NOW)]
PossibleTierNow = Annotated[str, value_of(answers.TIER_NOW)]
TierAfter = Annotated[str, answer_of(answers.TIER_AFTER)]
PossibleTierAfter = Annotated[str, value_of(answers.TIER_AFTER)]
PartPower = Annotated[str, answer_of(answers.PART_POWER)]
PossiblePartPower = Annotated[str, value_of(answers.PART_POWER)]
PartOwner = Annotated[str, answer_of(answers.PART_OWNER)]
PossiblePartOwner = Annotated[str, value_of(answers.PART_OWNER)]
PartHolder = Annotated[str, value_of(answers.PART_HOLDER)]
PartDomain = Annotated[str, value_of_fact(answers.PART_DOMAIN)]
NatureCode = Annotated[str, value_of_fact(answers.ACTOR_NATURE)]
StatusCode = Annotated[str, value_of_fact(answers.ACTOR_STATUS)]
ReadingCode = Annotated[str, value_of_fact(answers.READING)]
BasisCode = Annotated[str, value_of(answers.LEGAL_BASIS)]
RegimeCode = Annotated[str, value_of(answers.REGIME)]
