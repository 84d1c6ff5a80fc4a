"""Rule-based legal advice: rulebook, engine, command line, API, form, and the Python API below.

>>> import coopdec_rules as cd
>>> sorted(cd.__all__)[:3]
['Counsel', 'Explanation', 'Lot']

``cd.load()`` gives a ``Counsel`` on a rulebook; ``cd.avis``, ``cd.lot`` and ``cd.explain`` ask the
project's own, loaded when first needed.  Everything is loaded lazily: this import alone costs
nothing.  See docs/python.md.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coopdec_rules.errors import CoopdecError as CoopdecError
    from coopdec_rules.errors import Problem as Problem
    from coopdec_rules.errors import RulebookError as RulebookError
    from coopdec_rules.errors import ScenarioError as ScenarioError
    from coopdec_rules.public import Counsel as Counsel
    from coopdec_rules.public import Explanation as Explanation
    from coopdec_rules.public import Lot as Lot
    from coopdec_rules.public import Place as Place
    from coopdec_rules.public import Reason as Reason
    from coopdec_rules.public import avis as avis
    from coopdec_rules.public import explain as explain
    from coopdec_rules.public import load as load
    from coopdec_rules.public import lot as lot
    from coopdec_rules.public import places as places

__version__ = "0.1.0"
_ERRORS = ("CoopdecError", "Problem", "RulebookError", "ScenarioError")
__all__ = [
    "Counsel",
    "Explanation",
    "Lot",
    "Place",
    "Reason",
    "avis",
    "explain",
    "load",
    "lot",
    "places",
    *_ERRORS,
]


def __getattr__(name: str) -> object:
    """What ``__all__`` names, from the module that defines it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "coopdec_rules.errors" if name in _ERRORS else "coopdec_rules.public"
    return getattr(import_module(module), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
