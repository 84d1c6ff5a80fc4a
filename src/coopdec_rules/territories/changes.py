"""What an export of the national base changes in what is known of each grouping."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from coopdec_rules.territories.base import Base
from coopdec_rules.territories.competences import Competence
from coopdec_rules.territories.data_file import BANATIC, Row, encode
from coopdec_rules.territories.importing import Grouping, Imported
from coopdec_rules.territories.nomenclature import Nomenclature

#: Natures that the base gives to groupings, as its codes.
_KINDS = frozenset(
    ["SIVU", "SIVOM", "SMF", "SMO", "CC", "CA", "CU", "METRO", "MET69", "PETR", "POLEM", "EPT"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one grouping.

    ``cited``: competences now cited; ``silent``: competences no longer cited, which proves nothing
    (they are of the nomenclature known until now).  ``new``: the grouping was not known.
    """

    siren: str
    name: str
    new: bool
    cited: tuple[Competence, ...]
    silent: tuple[Competence, ...]


@dataclass(slots=True)
class Changes:
    """What changed for every grouping of the file.

    ``same``: how many groupings did not change; ``absent``: how many known ones the file has not;
    ``set_aside``: groupings of the file that are never used, with the reason.
    """

    changed: list[Change] = field(default_factory=list)
    same: int = 0
    absent: int = 0
    set_aside: dict[str, str] = field(default_factory=dict)


def compare(base: Base, imported: Imported) -> Changes:
    """What a file says that the base did not, grouping by grouping, in the order of the file.

    Between two nomenclatures, a competence changed when none of those that say the same is on the
    other side.  One that the other nomenclature has no code for did not change.
    """
    found = Changes()
    known = base.known
    for siren, grouping in imported.groupings.items():
        why = known.set_aside(siren)
        if why is not None:
            found.set_aside[siren] = why
            continue
        before = base.codes(siren)
        cited = _fresh(known, imported.nomenclature, grouping.codes, base.nomenclature, before)
        silent = _fresh(known, base.nomenclature, before, imported.nomenclature, grouping.codes)
        new = siren not in base.rows
        if new:
            cited = _named(known, imported.nomenclature, grouping.codes)
        if new or cited or silent:
            name = grouping.name or (base.rows[siren][1] if not new else "")
            found.changed.append(Change(siren, name, new, cited, silent))
        else:
            found.same += 1
    found.absent = len(base.rows.keys() - imported.groupings.keys())
    return found


def _fresh(
    known: Nomenclature, year: str, codes: Iterable[str], other: str, there: frozenset[str]
) -> tuple[Competence, ...]:
    """Codes of a nomenclature that nothing says on the other side, though it could."""
    if year == other:
        return _named(known, year, set(codes) - there)
    fresh = (c for c in codes if (same := _same(known, year, c)) and not same & there)
    return _named(known, year, fresh)


def _same(known: Nomenclature, year: str, code: str) -> frozenset[str]:
    """Codes of the other nomenclature that say the same."""
    if year == "2025":
        return known.predecessors.get(code, frozenset())
    competence = known.get(year, code)
    return frozenset(competence.successors if competence else ())


def _named(known: Nomenclature, year: str, codes: Iterable[str]) -> tuple[Competence, ...]:
    return tuple(c for code in sorted(codes) if (c := known.get(year, code)) is not None)


def extract(base: Base, imported: Imported, vintage: str, source: str) -> str:
    """The text of the file that takes the place of the shipped one.

    ``vintage``: the state of the base that the export is of, in French words; ``source``: the name
    of the file.  What the export does not say of a grouping (name, nature…) stays what it was.
    """
    header = {
        "format": "1",
        "nomenclature": imported.nomenclature,
        "millesime": " ".join(vintage.split()),
        "producteur": base.source,
        "fichier": " ".join(source.split()),
    }
    rows = [_row(base, siren, grouping) for siren, grouping in imported.groupings.items()]
    return encode(header, {"G": rows}, BANATIC)


def _row(base: Base, siren: str, grouping: Grouping) -> Row:
    before: Mapping[str, Row] = base.rows
    _, name, kind, department, population, _ = before.get(siren, ("",) * 6)
    codes = () if base.known.set_aside(siren) else sorted(grouping.codes)
    people = "".join(grouping.population.split()).partition(",")[0]
    return (
        siren,
        " ".join(grouping.name.split()) or name,
        grouping.kind if grouping.kind in _KINDS else kind,
        grouping.department.partition(" - ")[0].strip() or department,
        people if people.isdecimal() and people.isascii() else population,
        " ".join(codes),
    )
