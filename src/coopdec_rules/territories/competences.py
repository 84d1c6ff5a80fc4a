"""What the national base on groupings says of the competences of one grouping, and what it proves.

A competence that the base cites is presumed exercised, at least in part; one that it does not cite
may be exercised all the same (the base is filled in unevenly, and a competence passed on to a
syndicat disappears from it).  Hence three words, never a yes or a no.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn


class Said(Enum):
    """What the base says of a domain; the values are those that the API answers.

    It has no truth value: ``if base.on("eau").said`` raises, so that silence cannot pass for a no.
    """

    #: At least one code that proves the domain is cited.
    PRESENT = "presente"
    #: Only codes that prove nothing are cited.
    DOUBTFUL = "citee_sans_preuve"
    #: Nothing is cited, which proves nothing.
    SILENT = "muette"

    def __bool__(self) -> NoReturn:
        raise TypeError("The base says neither yes nor no: compare with Said.PRESENT.")


@dataclass(frozen=True, slots=True)
class Extent:
    """A domain of competence (code of the vocabulary) that a competence speaks of.

    ``whole``: of all of it, or of a part.  ``together``: codes that are the whole of it together.
    """

    domain: str
    whole: bool
    together: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Competence:
    """A competence of the base: its code and label in one nomenclature (``2021`` or ``2025``).

    ``extents``: the domains it speaks of; none for a label that falls in no domain.
    ``successors``: codes of the next nomenclature that say the same.  ``note``: how it was placed.
    """

    nomenclature: str
    code: str
    label: str
    extents: tuple[Extent, ...] = ()
    successors: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A competence that the base cites for a grouping.

    ``reservation``: why its being cited proves nothing here, in French; ``None`` when it does.
    """

    competence: Competence
    reservation: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What the base says of one domain.

    ``whole``: the domain is cited as a whole; ``False`` says nothing of the rest.  ``cited``: what
    it is drawn from.
    """

    domain: str
    said: Said
    whole: bool
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Competences:
    """What the base says of one grouping.

    ``vintage`` and ``source`` go with whatever is shown of it.  ``unknown``: why nothing is known
    of this grouping, in French; ``None`` when the base has it.
    """

    nomenclature: str
    vintage: str
    source: str
    cited: tuple[Cited, ...] = ()
    unknown: str | None = None

    @property
    def notice(self) -> str:
        """The sentence, in French, that goes with whatever is drawn from the base."""
        return (
            f"{self.source}, état de {self.vintage}. Une compétence citée est présumée exercée, au "
            "moins en partie ; une compétence absente ne prouve rien. L'étendue exacte, l'intérêt "
            "communautaire et le passé n'y sont pas : les statuts font foi."
        )

    def on(self, domain: str) -> Word:
        """What the base says of a domain (code of the vocabulary)."""
        cited = tuple(c for c in self.cited if _extent(c.competence, domain) is not None)
        proving = [c.competence for c in cited if c.reservation is None]
        if not proving:
            return Word(domain, Said.DOUBTFUL if cited else Said.SILENT, False, cited)
        return Word(domain, Said.PRESENT, _whole(proving, domain), cited)

    def domains(self) -> tuple[Word, ...]:
        """What the base says of every domain it cites, in the order of the codes."""
        cited = (extent.domain for c in self.cited for extent in c.competence.extents)
        return tuple(self.on(domain) for domain in dict.fromkeys(cited))


def _extent(competence: Competence, domain: str) -> Extent | None:
    return next((e for e in competence.extents if e.domain == domain), None)


def _whole(competences: Iterable[Competence], domain: str) -> bool:
    """Whether some competences, alone or together, are the whole of a domain."""
    found = {c.code: e for c in competences if (e := _extent(c, domain)) is not None}
    return any(e.whole or (e.together and e.together <= found.keys()) for e in found.values())
