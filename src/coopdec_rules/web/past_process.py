"""The process that answers with an older rulebook: one rulebook, one question after another.

It is a process because the engine's extension gives back only part of the memory of a rulebook:
replaced with it, nothing is left.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

from coopdec_rules.advice.advisor import Advisor, Memory
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.advice.short import short
from coopdec_rules.errors import EngineError, Problem, RulebookError, ScenarioError
from coopdec_rules.replay.receipt import read_receipt, receipt_of
from coopdec_rules.replay.said import unreadable
from coopdec_rules.replay.signing import Signer
from coopdec_rules.replay.verifying import verify
from coopdec_rules.rulebook.archives import Archived, Archives, todays_words
from coopdec_rules.rulebook.loader import load_rulebook

Kind = Literal["avis", "questions", "pistes", "recu", "verification"]
#: What is kept ready: an older rulebook is asked one day, then another.
_MEMORY = Memory(states=2, moments=2, programs=4)


@dataclass(frozen=True, slots=True)
class Books:
    """Where the older rulebook is, and the one served: its folder and fingerprint."""

    archives: Path
    entry: Archived
    served: Path
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a JSON ``body``, the day it is today, and what the address says."""

    kind: Kind
    body: bytes
    today: dt.date
    complete: bool = False
    reasoning: bool = True
    brief: bool = False
    signer: Signer | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` in JSON; else what was wrong: with the scenario, or (``unreadable``) the rulebook.

    ``broken``: the engine failed, and nothing is answered.
    """

    body: bytes = b""
    problems: tuple[Problem, ...] = ()
    unreadable: str = ""
    broken: str = ""


def serve(connection: Connection, books: Books) -> None:
    """Answer the questions that arrive, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the service, not before it
    desk = _Desk(books)
    try:
        while True:
            connection.send(desk.answer(connection.recv()))
    except (EOFError, OSError):
        os._exit(0)


class _Desk:
    def __init__(self, books: Books) -> None:
        self._books = books
        self._past: Advisor | None = None
        self._served: Advisor | None = None
        self._work: Mapping[Kind, Callable[[Question, Advisor], bytes]] = {
            "avis": _avis,
            "questions": lambda q, a: to_json(a.questions(parse_json(q.body), q.today)),
            "pistes": lambda q, a: to_json(a.ways_out(parse_json(q.body), q.today)),
            "recu": _receipt,
            "verification": self._verification,
        }

    def answer(self, question: Question) -> Answer:
        try:
            if self._past is None:
                archives = Archives(self._books.archives)
                words = todays_words(self._books.served)
                self._past = Advisor(archives.load(self._books.entry, words), memory=_MEMORY)
            return Answer(self._work[question.kind](question, self._past))
        except ScenarioError as error:
            return Answer(problems=error.problems)
        except RulebookError as error:
            return Answer(unreadable=unreadable(self._books.entry.version, error))
        except EngineError as error:
            return Answer(broken=str(error))

    def _verification(self, question: Question, past: Advisor) -> bytes:
        if self._served is None:
            book = load_rulebook(self._books.served)
            if book.fingerprint != self._books.fingerprint:
                raise EngineError("the rulebook on the disk is no longer the one served")
            self._served = Advisor(book, memory=_MEMORY)
        asked = read_receipt(question.body)
        return to_json(verify(asked, self._served, past, None, question.signer))


def _avis(question: Question, advisor: Advisor) -> bytes:
    avis = advisor.advise(
        parse_json(question.body), question.today, question.complete, question.reasoning
    ).avis
    return to_json(short(avis) if question.brief else avis)


def _receipt(question: Question, advisor: Advisor) -> bytes:
    made = receipt_of(advisor, parse_json(question.body), question.today, question.reasoning)
    return to_json(
        made if question.signer is None else question.signer.signed(made, question.today)
    )
