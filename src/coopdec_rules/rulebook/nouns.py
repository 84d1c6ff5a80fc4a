"""What one item of a repeated group is called in a sentence: its noun, its plural, its gender."""

from __future__ import annotations

from dataclasses import dataclass

_VOWELS = "aàâeéèêëhiîïoôuùûy"


@dataclass(frozen=True, slots=True)
class Noun:
    """A French common noun.

    >>> Noun("contribution", "contributions", True).at_least_one
    'au moins une contribution'
    >>> Noun("organisme", "organismes").this
    'cet organisme'
    >>> Noun("autorité", "autorités", True).the
    "l'autorité"
    """

    singular: str
    plural: str
    feminine: bool = False

    @property
    def one(self) -> str:
        return f"{'une' if self.feminine else 'un'} {self.singular}"

    @property
    def the(self) -> str:
        if self.singular[:1].lower() in _VOWELS:
            return f"l'{self.singular}"
        return f"{'la' if self.feminine else 'le'} {self.singular}"

    @property
    def at_least_one(self) -> str:
        return f"au moins {self.one}"

    @property
    def every(self) -> str:
        return f"{'toutes' if self.feminine else 'tous'} les {self.plural}"

    @property
    def none(self) -> str:
        return f"{'aucune' if self.feminine else 'aucun'} {self.singular}"

    @property
    def this(self) -> str:
        if self.feminine:
            return f"cette {self.singular}"
        return f"{'cet' if self.singular[:1].lower() in _VOWELS else 'ce'} {self.singular}"

    def numbered(self, *places: int) -> str:
        """Items by their place, from 0 ("Volet 1, 3")."""
        title = self.singular[:1].upper() + self.singular[1:]
        return f"{title} {', '.join(str(place + 1) for place in places)}"
