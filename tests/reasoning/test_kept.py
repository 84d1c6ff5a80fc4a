"""What the reasoner drops goes at once: its programs hold memory that no search of garbage sees."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

from coopdec_rules.garbage import paused
from coopdec_rules.reasoning.places import Shape
from coopdec_rules.reasoning.reasoner import Reasoner
from coopdec_rules.rulebook.loader import load_rulebook
from tests.rulebook.tiny import tiny_files, write


def test_a_program_that_leaves_frees_its_memory_without_a_search_of_garbage(
    tmp_path: Path,
) -> None:
    book = load_rulebook(write(tmp_path, tiny_files()))
    reasoner = Reasoner(book, most=1, programs=1)
    first, last = reasoner.moments[0].day, reasoner.moments[-1].day
    shape = Shape.of({"ligne": 1, "volet": 1})
    gc.collect()
    with paused():
        single = reasoner.at(first).solver.single(shape)
        single.answer(("reponse", None))
        dropped = weakref.ref(single.program), weakref.ref(single.reading)
        del single
        assert all(each() is not None for each in dropped)
        reasoner.at(last).solver.single(shape)
        assert [each() for each in dropped] == [None, None]
