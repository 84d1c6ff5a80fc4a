"""PDFs are set by a process that is replaced, killed when slow, and never outlives the service."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Iterator

import pytest

from coopdec_rules.web.press import Press
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.serving import Limits
from coopdec_rules.web.typeset import Document, Unsettable

_HEAD = '#set document(title: "T")\n#set text(lang: "fr")\n'
SHORT = Document(_HEAD + "#sys.inputs.texte", {"texte": "Bonjour"}, "2000-01-01")
_LOOPS = "#let s = 0\n#for a in range(99999) { for b in range(99999) { s = s + 1 } }"
ENDLESS = Document(_HEAD + _LOOPS, {}, "2000-01-01")


@pytest.fixture
def press() -> Iterator[Press]:
    press = Press("t", Limits(pdf_seconds=1.5))
    yield press
    press.close()


def pdf(press: Press, document: Document) -> bytes:
    return asyncio.run(press.pdf(lambda: document))


def pid(press: Press) -> int:
    found = press.pid
    assert found is not None
    return found


def gone(process: int) -> bool:
    """Whether a process has ended and been waited for."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


def test_one_process_sets_pdfs_until_it_is_lost(press: Press) -> None:
    much = bytearray(b"x") * (200 * 2**20)  # what this process holds is not the other's
    assert press.pid is None  # started when first needed
    made = pdf(press, SHORT)
    assert made.startswith(b"%PDF-")
    first = pid(press)
    assert pdf(press, SHORT) == made
    assert pid(press) == first
    with pytest.raises(Unsettable):
        pdf(press, Document("#panic()", {}, "2000-01-01"))
    # Lost (the host may kill it for its memory): the document is set by another one.
    os.kill(first, signal.SIGKILL)
    assert pdf(press, SHORT) == made
    assert pid(press) != first
    last = pid(press)
    assert much
    press.close()
    assert gone(last)


def test_a_process_too_slow_is_killed(press: Press) -> None:
    start = time.monotonic()
    with pytest.raises(Refused) as refused:
        pdf(press, ENDLESS)
    assert refused.value.kind.status == 503
    assert time.monotonic() - start < 10
    assert press.pid is None
    assert pdf(press, SHORT).startswith(b"%PDF-")


def test_a_process_that_holds_too_much_is_replaced() -> None:
    press = Press("t", Limits(pdf_process_bytes=1024))
    assert pdf(press, SHORT).startswith(b"%PDF-")
    assert press.pid is None
    press.close()
