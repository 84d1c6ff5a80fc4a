"""What the columns of a table are called, and what they hold.

A fact of the scenario is named by its path (``acteur.nature``); a fact of a repeated group by the
path of the group, the number of the item from 1 on and the fact's own
(``action.volets.1.domaine``).  Without a number, each row of a scenario gives one item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.errors import CoopdecError, suggest
from coopdec_rules.rulebook.model import Fact
from coopdec_rules.rulebook.rulebook import Rulebook

#: The column that tells scenarios apart; rows that share one are one scenario.
ID = "id"


@dataclass(frozen=True, slots=True)
class Place:
    """What a column holds: a fact, and its item; ``spread``: the item is that of the row."""

    fact: Fact
    item: int | None
    spread: bool = False


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a table: those that hold facts, those passed on untouched."""

    facts: Mapping[str, Place]
    kept: Sequence[str] = field(default_factory=tuple)

    @property
    def spread(self) -> bool:
        """Whether some columns give one item a row."""
        return any(place.spread for place in self.facts.values())


class HeadingsError(CoopdecError):
    """Columns that cannot be read; ``problems`` has a French sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class Vocabulary:
    """The names that columns may have, for one rulebook."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._single: dict[str, Fact] = {}
        self._repeated: dict[tuple[str, str], Fact] = {}
        for fact in book.facts.values():
            if fact.group.repeated:
                self._repeated[".".join(fact.group.path), ".".join(fact.key)] = fact
            else:
                self._single[".".join(fact.path)] = fact

    def name(self, fact: Fact, item: int | None = None) -> str:
        """The name of the column that holds a fact (of an item, counted from 0)."""
        if not fact.group.repeated:
            return ".".join(fact.path)
        return ".".join((*fact.group.path, str((item or 0) + 1), *fact.key))

    def names(self) -> list[str]:
        """One name for each fact, the first item of repeated groups."""
        return [self.name(fact, 0) for fact in self.book.facts.values()]

    def groups(self) -> dict[tuple[str, ...], str]:
        """Repeated groups by their path, each with the name of a fact that is never presumed."""
        presumed = {presumption.fact for presumption in self.book.presumptions}
        found: dict[tuple[str, ...], str] = {}
        for (group, name), fact in self._repeated.items():
            if not fact.by_base and fact.id not in presumed and fact.presumed is None:
                found.setdefault(tuple(group.split(".")), name)
        return found

    def headings(
        self,
        names: Sequence[str],
        renamed: Mapping[str, str] | None = None,
        kept: Iterable[str] = (),
    ) -> Headings:
        """What the columns hold.

        ``renamed`` gives, for a column of the table, the name that it stands for; ``kept`` are
        passed on without being read.  Raises ``HeadingsError``.
        """
        renamed, passed = renamed or {}, {ID, *kept}
        problems, facts = [], dict[str, Place]()
        seen: dict[tuple[str, int | None], str] = {}
        wanted = (*renamed, *(name for name in kept if name != ID))
        problems += [
            f"La colonne « {name} » n'est pas dans la table."
            for name in wanted
            if name not in names
        ]
        for name in names:
            if names.count(name) > 1:
                problems.append(f"La colonne « {name} » est là deux fois.")
                continue
            if name in passed:
                continue
            place = self.place(renamed.get(name, name))
            if place is None:
                problems.append(self._unknown(renamed.get(name, name)))
                continue
            other = seen.setdefault((place.fact.id, place.item), name)
            if other != name:
                problems.append(f"Les colonnes « {other} » et « {name} » disent la même chose.")
            facts[name] = place
        problems += self._mixed(facts)
        if problems:
            raise HeadingsError(list(dict.fromkeys(problems)))
        return Headings(facts, tuple(name for name in names if name in passed))

    def place(self, name: str) -> Place | None:
        """What a column of this name holds; ``None`` when no fact has it."""
        if name in self._single:
            return Place(self._single[name], None)
        parts = name.split(".")
        for cut in range(1, len(parts)):
            group, rest = ".".join(parts[:cut]), parts[cut:]
            number = rest[0]
            if number.isascii() and number.isdigit():
                fact = self._repeated.get((group, ".".join(rest[1:])))
                if fact is not None and 1 <= int(number) <= MAX_ITEMS:
                    return Place(fact, int(number) - 1)
            elif (fact := self._repeated.get((group, ".".join(rest)))) is not None:
                return Place(fact, 0, spread=True)
        return None

    def _unknown(self, name: str) -> str:
        near = suggest(name, self.names())
        hint = f" Vouliez-vous dire « {near} » ?" if near else ""
        return f"La colonne « {name} » n'est le nom d'aucun fait.{hint}"

    def _mixed(self, facts: Mapping[str, Place]) -> list[str]:
        ways: dict[str, set[bool]] = {}
        for place in facts.values():
            if place.item is not None:
                ways.setdefault(place.fact.group.id, set()).add(place.spread)
        mixed = (self.book.groups[group] for group, found in ways.items() if len(found) > 1)
        return [
            f"Les colonnes de « {'.'.join(group.path)} » sont tantôt numérotées, tantôt non : "
            "choisir l'un des deux."
            for group in mixed
        ]
