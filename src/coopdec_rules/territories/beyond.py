"""What to answer to a search that names a département or a région: the directory has none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from coopdec_rules.territories.model import Area
from coopdec_rules.territories.places import told_collectivities
from coopdec_rules.territories.text import core, words

#: What people write around the name.
_AROUND = frozenset(
    ("departement", "conseil", "departemental", "general", "region", "regional", "collectivite",
     "europeenne", "territoriale", "unique")
)  # fmt: skip


class Beyond:
    """The départements and régions that a search may name.  Immutable."""

    def __init__(self, areas: Iterable[tuple[Area, Area]]) -> None:
        """``areas``: départements, each with its région."""
        natures: dict[str, dict[str, None]] = {}
        for department, region in areas:
            natures.setdefault(department.name, {})["département"] = None
            natures.setdefault(region.name, {})["région"] = None
        self._said = {_name(name): _sentence(name, found) for name, found in natures.items()}
        told: Mapping[str, str] = told_collectivities()
        self._said |= {_name(name): text for name, text in told.items()}

    def note(self, query: str) -> str:
        """What to tell of a query that names one, in French; nothing otherwise."""
        return self._said.get(_name(query), "")


def _name(text: str) -> tuple[str, ...]:
    return core(tuple(word for word in words(text) if word not in _AROUND))


def _sentence(name: str, natures: Iterable[str]) -> str:
    chosen = " ou ".join(f"« {nature} »" for nature in natures)
    return (
        f"« {name} » est aussi le nom d'une collectivité que cette recherche ne connaît pas : pour "
        f"elle, choisir la nature {chosen} parmi les questions."
    )
