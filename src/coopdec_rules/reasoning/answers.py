"""What is asked about scenarios."""

from __future__ import annotations

from coopdec_rules.reasoning.places import Place

#: An answer: a conclusion, at the place it is read.
Answer = tuple[str, Place]
#: No value: no rule gives one there, or several disagree.
NOTHING = ""
