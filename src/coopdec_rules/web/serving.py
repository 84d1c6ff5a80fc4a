"""What one process accepts, how long it waits and how much it keeps: all declared here."""

from __future__ import annotations

from dataclasses import dataclass, fields

from coopdec_rules.advice.advisor import Memory

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one process accepts, how long it waits and how much it keeps.

    Names that end in ``_seconds`` are durations, in ``_bytes`` sizes; the others count things.
    Raises ``ValueError``, naming the field, when a number is not positive.
    """

    #: Connections open at once; beyond, the oldest of those that ask nothing is closed.
    connections: int = 512
    #: To send the head of a request, once the connection is open or the last answer is sent.
    head_seconds: float = 10.0
    #: To send the whole body of a request.
    body_seconds: float = 20.0
    #: Without taking anything of an answer.
    taking_seconds: float = 30.0
    #: How long a connection stays open between two requests.
    idle_seconds: float = 5.0
    #: To end what was begun when asked to stop; then the process ends whatever is left.
    stop_seconds: float = 8.0

    #: Avis worked out at once, and how many may wait for their turn.
    avis_at_once: int = 2
    avis_waiting: int = 128
    #: The same for scenarios whose lists are long (``web.turns``): they have a room of their own,
    #: so that they never keep ordinary ones waiting.
    long_at_once: int = 1
    long_waiting: int = 8
    #: The same for pages that work out no avis: the reading room, the start page, the panorama.
    pages_at_once: int = 2
    pages_waiting: int = 128
    #: Questions asked of an older rulebook that may wait; they are answered one at a time, by a
    #: process.  How long one may wait, then take; after how long without any the process ends.
    past_waiting: int = 8
    past_seconds: float = 30.0
    past_idle_seconds: float = 300.0
    #: How long a request waits for its turn before it is refused, to be asked again later.
    waiting_seconds: float = 20.0

    #: Tables of scenarios answered at once, those sent line by line and those of the page; the
    #: most lines and bytes of one, and how long it may take.
    lots_at_once: int = 2
    lot_rows: int = 20_000
    lot_bytes: int = 16 * _MIB
    lot_seconds: float = 120.0

    #: PDFs are set by two processes, one for avis, one for booklets of the rulebook: how many may
    #: wait for each, and how long; how long setting one may take.
    pdf_waiting: int = 16
    pdf_waiting_seconds: float = 30.0
    pdf_seconds: float = 60.0
    #: Memory beyond which such a process is replaced: it gives none back.  One booklet takes more.
    pdf_process_bytes: int = 160 * _MIB

    #: Answers kept, to be given again without working them out.
    answers_bytes: int = 32 * _MIB
    #: Answers that do not change, as they are sent: compressed.
    packed_bytes: int = 8 * _MIB
    #: What the guided form found of drafts, kept from one step to the next.
    interest_bytes: int = 4 * _MIB
    #: Booklets of the rulebook kept.
    booklets_bytes: int = 16 * _MIB
    #: What an advisor keeps ready: states of the law, moments of the reasoner, its programs.  Far
    #: less than commands that go through every date: most questions are about today.
    states: int = 24
    moments: int = 12
    programs: int = 16

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0:
                raise ValueError(f"{field.name}: {value} is not positive")

    @property
    def memory(self) -> Memory:
        """What an advisor keeps ready."""
        return Memory(self.states, self.moments, self.programs)
