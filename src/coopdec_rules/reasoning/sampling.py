"""Random completions of a situation, all read at once: which answers hang on which unknown fact.

A difference that a sample shows is certain; what no sample shows is left to the solver.  The
samples also weigh the questions: how much of the doubt the answer to each would lift on average,
every value of an unknown fact being given the same weight.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from coopdec_rules.reasoning.answers import Answer
from coopdec_rules.reasoning.batch import BatchReader, Choice
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.situation import Situation

#: Completions drawn for each request.
SAMPLES = 256
_SEED = 20060201
#: Ways of spreading the samples over some number of cells, drawn once.
_SPREADS = 61


@dataclass(frozen=True, slots=True)
class Drawn:
    """Completions of one situation, with their answers.

    ``cells`` gives, for each unknown variable, the samples in each of its cells; ``values`` the
    samples in which each answer has each value; ``flipped`` the answers that change, in some
    sample, when one variable alone is drawn again.
    """

    possible: int
    cells: Mapping[Slot, Mapping[int, int]]
    values: Mapping[Answer, Mapping[str, int]]
    flipped: Mapping[Slot, set[Answer]]

    def gain(self, key: Slot, answers: Sequence[Answer]) -> float:
        """Share of the doubt on these answers that knowing the variable lifts, 0 to 1.

        Doubt is Shannon's entropy of each answer over the samples, summed.
        """
        before = sum(self._doubt(answer, self.possible) for answer in answers)
        total = self.possible.bit_count()
        if not before or not total:
            return 0.0
        after = 0.0
        for mask in self.cells[key].values():
            here = mask & self.possible
            if here:
                share = here.bit_count() / total
                after += share * sum(self._doubt(answer, here) for answer in answers)
        return max(0.0, 1 - after / before)

    def _doubt(self, answer: Answer, among: int) -> float:
        total = among.bit_count()
        doubt = 0.0
        for mask in self.values[answer].values():
            count = (mask & among).bit_count()
            if count:
                doubt -= count / total * math.log2(count / total)
        return doubt


def draw(reader: BatchReader, situation: Situation, answers: Sequence[Answer]) -> Drawn:
    """Draw completions of the situation and see what each unknown variable changes."""
    unknown = [key for key, fits in situation.open.items() if len(fits) > 1]
    rng = random.Random(_SEED)  # noqa: S311 (samples, not secrets)
    blocks = 1 + len(unknown)
    full = (1 << (SAMPLES * blocks)) - 1
    repeat = full // ((1 << SAMPLES) - 1)
    base: dict[Slot, dict[int, int]] = {}
    columns: dict[Place, dict[int, list[Choice]]] = {place: {} for place in situation.known}
    for position, key in enumerate(unknown, 1):
        place, index = key
        fits = situation.open[key]
        base[key] = _partition(rng, list(fits))
        again = _partition(rng, list(fits))
        block = ((1 << SAMPLES) - 1) << (SAMPLES * position)
        columns[place][index] = [
            Choice(
                (cell,),
                ((base[key][number] * repeat) & ~block) | (again[number] << (SAMPLES * position)),
            )
            for number, cell in fits.items()
        ]
    for (place, index), fits in situation.open.items():
        if index not in columns[place]:
            columns[place][index] = [Choice(tuple(fits.values()), full)]
    read = reader.read(columns, full)
    allowed = full & ~read.impossible(situation.day)
    first = (1 << SAMPLES) - 1
    values: dict[Answer, dict[str, int]] = {}
    flipped: dict[Slot, set[Answer]] = {key: set() for key in unknown}
    for answer in answers:
        masks = read.state(*answer).value
        values[answer] = {value: mask & first for value, mask in masks.items() if mask & first}
        changed = 0
        for mask in masks.values():
            changed |= mask ^ ((mask & first) * repeat)
        # Both the sample and its changed copy must be possible scenarios.
        changed &= allowed & ((allowed & first) * repeat)
        for position, key in enumerate(unknown, 1):
            if (changed >> (SAMPLES * position)) & first:
                flipped[key].add(answer)
    return Drawn(allowed & first, base, values, flipped)


@cache
def _spreads(count: int) -> list[tuple[int, ...]]:
    rng = random.Random(_SEED + count)  # noqa: S311 (samples, not secrets)
    found = []
    for _ in range(_SPREADS):
        masks = [0] * count
        for sample in range(SAMPLES):
            masks[rng.randrange(count)] |= 1 << sample
        found.append(tuple(masks))
    return found


def _partition(rng: random.Random, numbers: Sequence[int]) -> dict[int, int]:
    """Every sample put at random in one of the cells."""
    return dict(zip(numbers, rng.choice(_spreads(len(numbers))), strict=True))
