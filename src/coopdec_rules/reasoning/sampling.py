"""Random completions of a situation, all read at once: which answers hang on which unknown fact.

A difference that a sample shows is certain; what no sample shows is left to the solver.  The
samples also weigh the questions: how much of the doubt the answer to each would lift on average,
every value of an unknown fact being given the same weight.
"""

from __future__ import annotations

import math
import random
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from coopdec_rules.engine.findings import Findings
from coopdec_rules.reasoning.batch import BatchReader, Choice
from coopdec_rules.reasoning.bearing import Subject, states
from coopdec_rules.reasoning.places import Place, Slot
from coopdec_rules.reasoning.situation import Situation

#: Completions drawn for each request.
SAMPLES = 256
_SEED = 20060201
#: Ways of spreading the samples over some number of cells, drawn once.
_SPREADS = 61


@dataclass(frozen=True, slots=True)
class Drawn:
    """Completions of one situation, with what they make of each subject.

    ``cells`` gives, for each unknown variable, the samples in each of its cells; ``values`` the
    samples in which each subject has each state; ``flipped`` the subjects that change, in some
    sample, when one variable alone is drawn again.
    """

    possible: int
    cells: Mapping[Slot, Mapping[int, int]]
    values: Mapping[Subject, Mapping[str, int]]
    flipped: Mapping[Slot, set[Subject]]

    def gain(self, key: Slot, subjects: Sequence[Subject]) -> float:
        """Share of the doubt on these subjects that knowing the variable lifts, 0 to 1.

        Doubt is Shannon's entropy of each subject over the samples, summed.
        """
        before = sum(self._doubt(subject, self.possible) for subject in subjects)
        total = self.possible.bit_count()
        if not before or not total or key not in self.cells:
            return 0.0
        after = 0.0
        for mask in self.cells[key].values():
            here = mask & self.possible
            if here:
                share = here.bit_count() / total
                after += share * sum(self._doubt(subject, here) for subject in subjects)
        return max(0.0, 1 - after / before)

    def _doubt(self, subject: Subject, among: int) -> float:
        total = among.bit_count()
        doubt = 0.0
        for mask in self.values[subject].values():
            count = (mask & among).bit_count()
            if count:
                doubt -= count / total * math.log2(count / total)
        return doubt


def draw(
    reader: BatchReader,
    situation: Situation,
    subjects: Sequence[Subject],
    among: Container[Slot],
    findings: Findings | None = None,
) -> Drawn:
    """Draw completions of the situation and see what each unknown variable of ``among`` changes.

    ``findings``: the engine's on the same scenario, if they are known.
    """
    open_ = [key for key, fits in situation.open.items() if len(fits) > 1]
    unknown = [key for key in open_ if key in among]
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
    for key in open_:
        place, index = key
        if index not in columns[place]:
            drawn = _partition(rng, list(situation.open[key]))
            columns[place][index] = [
                Choice((cell,), drawn[number] * repeat)
                for number, cell in situation.open[key].items()
            ]
    for (place, index), fits in situation.open.items():
        if index not in columns[place]:
            columns[place][index] = [Choice(tuple(fits.values()), full)]
    read = reader.read(columns, full, findings)
    allowed = full & ~read.impossible(situation.day)
    first = (1 << SAMPLES) - 1
    values: dict[Subject, dict[str, int]] = {}
    flipped: dict[Slot, set[Subject]] = {key: set() for key in unknown}
    for subject in subjects:
        name, place = subject
        found = read.state(name, place).value if isinstance(name, str) else states(read, subject)
        values[subject] = {state: mask & first for state, mask in found.items() if mask & first}
        changed = 0
        for mask in found.values():
            changed |= mask ^ ((mask & first) * repeat)
        # Both the sample and its changed copy must be possible scenarios.
        changed &= allowed & ((allowed & first) * repeat)
        while changed:
            position = ((changed & -changed).bit_length() - 1) // SAMPLES
            flipped[unknown[position - 1]].add(subject)
            changed &= ~(first << (SAMPLES * position))
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
