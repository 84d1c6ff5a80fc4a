"""Sets accessible documents (PDF/UA-1) with Typst, one after the other, as a process of its own.

Typst gives no memory back: ``press`` runs this file as a program, which reads documents on its
input and writes PDFs on its output until its input ends (so also when the service is killed).  It
imports nothing but Typst.

Only the fonts that the package embeds are used: the same data give the same pages on every
machine.  Nothing is read from the disk, and nothing from the network.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from functools import cache
from typing import BinaryIO

import typst

#: How a piece of what goes through the pipes starts: its length, in this many bytes.
LENGTH = 8
#: First byte of an answer: a PDF, or why there is none.
DONE, FAILED = b"+", b"-"


class Unsettable(Exception):
    """Typst refuses the document."""


@dataclass(frozen=True, slots=True)
class Document:
    """What a PDF is made of: a template in Typst's language, and the data it reads by name.

    ``day`` (AAAA-MM-JJ) is the date that the PDF bears.  Letters of ``doubtful``, a regular
    expression, may have no glyph: they are replaced by a square when Typst cannot set them.
    """

    template: str
    data: dict[str, str]
    day: str
    doubtful: str = ""

    def written(self) -> bytes:
        """The document as it goes through a pipe."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def read(cls, written: bytes) -> Document:
        """The document that ``written`` gave."""
        return cls(**json.loads(written))


def pdf_of(document: Document) -> bytes:
    """The PDF.  Raises ``Unsettable``."""
    try:
        return _compiled(document, document.data)
    except typst.TypstError as error:
        if not document.doubtful:
            raise Unsettable(str(error)) from None
    plain = {k: re.sub(document.doubtful, "\u25a1", v) for k, v in document.data.items()}
    try:
        return _compiled(document, plain)
    except typst.TypstError as error:
        raise Unsettable(str(error)) from None


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


def _compiled(document: Document, data: dict[str, str]) -> bytes:
    day = dt.date.fromisoformat(document.day)
    made = _compiler().compile(
        document.template.encode(),
        format="pdf",
        sys_inputs=data,
        pdf_standards=["ua-1"],
        timestamp=dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no single document")
    return made


def _serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer documents until the input ends: state, most memory held, then PDF or reason."""
    while head := source.read(LENGTH):
        written = source.read(int.from_bytes(head))
        try:
            state, body = DONE, pdf_of(Document.read(written))
        except Unsettable as error:
            state, body = FAILED, str(error).encode("utf-8", "replace")
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        answer = state + held.to_bytes(LENGTH) + body
        sink.write(len(answer).to_bytes(LENGTH))
        sink.write(answer)
        sink.flush()


def main() -> None:
    """Serve on the standard input and output, behind the service in everything."""
    # Ctrl-C is for the service, which then closes the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(2)
    try:
        _serve(sys.stdin.buffer, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(0)  # the service is gone


if __name__ == "__main__":
    main()
