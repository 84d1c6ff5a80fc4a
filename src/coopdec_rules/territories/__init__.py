"""The communes and groupings of today: found by name or code, and written as facts of a scenario.

Only groupings with own taxation are known, not the syndicats.  The data describes one year's
division (``Directory.vintage``) and says nothing of another date.
"""

from coopdec_rules.territories.directory import Directory, load_directory
from coopdec_rules.territories.fill import fill
from coopdec_rules.territories.model import NATURES, Area, Found, Match, Territory

__all__ = [
    "NATURES",
    "Area",
    "Directory",
    "Found",
    "Match",
    "Territory",
    "fill",
    "load_directory",
]
