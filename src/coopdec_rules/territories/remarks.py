"""The remarks on particular territories (``data/remarques.yaml``): what to say, what to fill in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from coopdec_rules.territories.data_file import DirectoryError

_NO_REMARK: tuple[tuple[str, ...], frozenset[str]] = ((), frozenset())
_FACTS = frozenset(("nature", "groupement"))
_KEYS = {
    "code", "departement", "sans_groupement", "nature_banatic",
    "remarque", "ne_remplit_pas", "communes", "nature_dite", "statut",
}  # fmt: skip
_BEARINGS = ("code", "departement", "sans_groupement", "nature_banatic")


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence in French, the facts that must not be filled in, and the status that must."""

    text: str
    withheld: frozenset[str]
    status: str = ""


@dataclass(slots=True)
class Remarks:
    """Remarks by the code they bear on."""

    by_code: dict[str, Remark] = field(default_factory=dict)
    members_of: dict[str, Remark] = field(default_factory=dict)
    by_department: dict[str, Remark] = field(default_factory=dict)
    without_grouping: Remark | None = None
    by_kind: dict[str, Remark] = field(default_factory=dict)
    #: Natures said in other words than the vocabulary's, by code.
    kinds: dict[str, str] = field(default_factory=dict)

    def on_commune(self, code: str, department: str, siren: str) -> tuple[Remark, ...]:
        """The remarks on a commune; ``siren`` is empty when it has no grouping."""
        return _found(
            self.by_code.get(code),
            self.by_department.get(department),
            self.members_of.get(siren) if siren else self.without_grouping,
        )

    def on_grouping(self, siren: str, kind: str = "") -> tuple[Remark, ...]:
        """The remarks on a grouping; ``kind``: its nature in the national base, if it has one."""
        return _found(self.by_code.get(siren), self.by_kind.get(kind))


def read_remarks(text: str) -> Remarks:
    """Read the file of remarks.  Raises ``DirectoryError`` with the entry that is wrong."""
    remarks = Remarks()
    for number, entry in enumerate(yaml.safe_load(text) or (), start=1):
        if not isinstance(entry, Mapping) or not set(entry) <= _KEYS:
            raise _wrong(number, f"seules les clés {', '.join(sorted(_KEYS))} sont connues")
        if sum(key in entry for key in _BEARINGS) != 1:
            raise _wrong(number, "il faut une des clés « " + " », « ".join(_BEARINGS) + " »")
        remark = _remark(number, entry)
        if "departement" in entry:
            remarks.by_department[str(entry["departement"])] = remark
        elif "sans_groupement" in entry:
            remarks.without_grouping = remark
        elif "nature_banatic" in entry:
            remarks.by_kind.update(dict.fromkeys(map(str, entry["nature_banatic"]), remark))
        else:
            remarks.by_code[str(entry["code"])] = remark
            if "nature_dite" in entry:
                remarks.kinds[str(entry["code"])] = str(entry["nature_dite"])
            if "communes" in entry:
                remarks.members_of[str(entry["code"])] = _remark(number, entry["communes"])
    return remarks


def _remark(number: int, entry: object) -> Remark:
    text = entry.get("remarque") if isinstance(entry, Mapping) else None
    facts = entry.get("ne_remplit_pas", []) if isinstance(entry, Mapping) else None
    if not isinstance(text, str) or not isinstance(facts, list) or not set(facts) <= _FACTS:
        raise _wrong(number, "il faut « remarque » (un texte) et, au plus, une liste "
                             f"« ne_remplit_pas » parmi {', '.join(sorted(_FACTS))}")  # fmt: skip
    status = entry.get("statut", "") if isinstance(entry, Mapping) else ""
    if not isinstance(status, str):
        raise _wrong(number, "« statut » attend une valeur de acteur.statut_particulier")
    return Remark(text.strip(), frozenset(facts), status)


def _found(*remarks: Remark | None) -> tuple[Remark, ...]:
    if not any(remarks):  # nearly all communes, one by one while the directory is read
        return ()
    return tuple(remark for remark in remarks if remark is not None)


def told(remarks: tuple[Remark, ...]) -> tuple[tuple[str, ...], frozenset[str]]:
    """What is said of a territory, and what is withheld."""
    if not remarks:
        return _NO_REMARK
    withheld = frozenset[str]().union(*(remark.withheld for remark in remarks))
    return tuple(remark.text for remark in remarks), withheld


def status(remarks: tuple[Remark, ...]) -> str:
    """The particular status that the remarks on a territory give it, or nothing."""
    return next((remark.status for remark in remarks if remark.status), "")


def _wrong(number: int, message: str) -> DirectoryError:
    return DirectoryError(f"remarques.yaml, entrée {number} : {message}.")
