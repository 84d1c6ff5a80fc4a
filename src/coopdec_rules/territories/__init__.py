"""The communes and groupings of today: found by name or code, and written as facts of a scenario.

The communes, the groupings with own taxation and the établissements publics territoriaux are those
of one year's division (``Directory.vintage``), which says nothing of another date.  The syndicats,
and what the groupings exercise, come from the national base (``Base.vintage``); members of
syndicats are in neither.
"""

from coopdec_rules.territories.competences import Cited, Competence, Competences, Said, Word
from coopdec_rules.territories.directory import Directory, load_directory
from coopdec_rules.territories.exercising import exercising
from coopdec_rules.territories.fill import fill
from coopdec_rules.territories.model import NATURES, Area, Found, Match, Territory

__all__ = [
    "NATURES",
    "Area",
    "Cited",
    "Competence",
    "Competences",
    "Directory",
    "Found",
    "Match",
    "Said",
    "Territory",
    "Word",
    "exercising",
    "fill",
    "load_directory",
]
