"""The Python API: load a rulebook, give an avis, answer a table, explain an answer.

What is not stated in a scenario is unknown, and unknown is neither yes nor no: every answer may be
``indeterminee``, and says what it waits for.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.chain import chain_of
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.archives import load_past, todays_words
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.territories import load_directory

if TYPE_CHECKING:
    import pyarrow as pa

#: A scenario: nested mappings and lists, as JSON or YAML give them.
Scenario = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """One step from the facts to an answer, in French.

    ``kind``: ``"fait"`` (a fact, stated or presumed), ``"regle"`` (a rule that applied),
    ``"ecartee"`` (one that was set aside) or ``"reponse"``.  ``rule``, ``rank`` and ``source`` are
    those of a rule, else ``None``.  ``presumed``: nobody stated this fact.
    """

    kind: str
    text: str
    rule: str | None
    rank: str | None
    source: str | None
    presumed: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an answer is what it is.

    ``value`` is its code, ``None`` while the facts do not settle it; ``possible`` the codes that
    they leave open; ``reasons`` the steps that lead to it, each after those it rests on (none for
    an answer that is not settled); ``questions`` what to ask to settle it.
    """

    conclusion: str
    label: str
    value: str | None
    possible: tuple[str, ...]
    reasons: tuple[Reason, ...]
    questions: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{self.label} : {self.value or answers.UNDETERMINED}"]
        for reason in self.reasons:
            source = f" — {reason.source} [{reason.rule}]" if reason.rule else ""
            presumed = " (présumé)" if reason.presumed else ""
            lines.append(f"  {reason.kind} : {reason.text}{presumed}{source}")
        lines += [f"  à demander : {question}" for question in self.questions]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Lot:
    """The answers of a table, as Arrow tables (``to_pandas()``, ``polars.from_arrow``…).

    ``answers`` has one row a scenario that could be read, in their order; amounts are in euros.
    ``rejects`` has one row a mistake: line, identifier, column, what was found and expected.
    ``counts`` is how many scenarios were given each ``habilitation``.
    """

    answers: pa.Table
    rejects: pa.Table
    counts: Mapping[str, int]


class Counsel:
    """Advises on one rulebook.  Safe to share between threads; ``close`` it, or use ``with``."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor

    @property
    def version(self) -> str:
        """The version of the rulebook."""
        return self._advisor.rulebook.version

    @property
    def fingerprint(self) -> str:
        """The hash (SHA-256, 64 digits) of the law that answers: cite it with an avis."""
        return self._advisor.rulebook.fingerprint

    def avis(
        self, scenario: Scenario, today: dt.date | None = None, *, reasoning: bool = True
    ) -> Avis:
        """The avis on a scenario, as the API gives it: a ``dict``, described by ``Avis``.

        ``today`` is the day of the law when the scenario gives no ``date`` (today in Paris by
        default).  Without ``reasoning``, it is ten times quicker, sound, and less exact: no levers,
        and questions may be too many.  Amounts are in euros (``Decimal``).

        Raises ``ScenarioError``, with every mistake and its place (``problems``).
        """
        return self._advisor.advise(scenario, today or paris_today(), reasoning=reasoning).avis

    def explain(
        self,
        scenario: Scenario,
        conclusion: str = answers.POWER,
        item: int | None = None,
        today: dt.date | None = None,
    ) -> Explanation:
        """Why a conclusion is what it is: ``"habilitation"``, ``"maitrise_ouvrage"``, an element
        (``"element.competence"``), or any other of the rulebook.

        ``item``: which item of its list, from 0, for a conclusion told of each (a volet).
        Raises ``ScenarioError`` as ``avis`` does, ``KeyError`` for an unknown conclusion, and
        ``IndexError`` when there is no such item.
        """
        book = self._advisor.rulebook
        known = book.conclusions.get(conclusion)
        if known is None:
            near = suggest(conclusion, book.conclusions)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise KeyError(f"« {conclusion} » n'est pas une conclusion du recueil.{hint}")
        advice = self._advisor.advise(scenario, today or paris_today())
        reading = advice.findings.scenario
        item = item or 0 if known.scope is not None else None
        if known.scope is not None:
            reading = advice.findings.items[known.scope][item or 0]
        settled = reading.conclusions[conclusion]
        law = self._advisor.engine.law(advice.scenario.day)
        told = next(
            (t for t in (*advice.avis["reponses"], *advice.avis["elements"])
             if (t["code"], t["rang"]) == (conclusion, item)),
            None,
        )  # fmt: skip
        value = settled.value if told is None else told["valeur"]
        text = known.label if told is None else f"{told['titre']} : {told['valeur_libelle']}"
        chain = chain_of(
            law,
            self._advisor.wording,
            advice.findings,
            {(conclusion, item): text},
            frozenset((p.fact.id, p.item) for p in advice.scenario.presumed),
        )
        open_ = () if value is not None else settled.possible if told is None else told["possibles"]
        return Explanation(
            conclusion,
            known.label,
            value,
            tuple(open_),
            tuple(
                Reason(step.kind, step.text, step.rule, step.rank, step.source, step.presumed)
                for step in chain.steps.values()
            ),
            () if value is not None else _questions(advice.avis, conclusion),
        )

    def lot(
        self,
        table: object,
        columns: Sequence[str] | None = None,
        *,
        keep: Sequence[str] = (),
        today: dt.date | None = None,
        reasoning: bool = True,
    ) -> Lot:
        """The answers of a table of scenarios, one a row; ``id`` is passed on.

        ``table``: a path (CSV, Excel, Parquet, JSON Lines), an Arrow table, anything that gives its
        columns by Arrow's C interface (a pandas, Polars or DuckDB table), all with columns named as
        docs/lots.md tells; or a list of scenarios.  ``columns``: the answers wanted, among those of
        docs/lots.md; ``keep``: columns of the table to pass on.

        A row with a mistake stops nothing: it is in ``rejects``, where lines are counted as in a
        file whose headings are line 1 (for a list: from 1).  Raises ``CoopdecError`` when the
        table cannot be read, a column names no fact, or an answer does not exist; ``TypeError`` for
        another kind of table.
        """
        # Only here: Arrow takes half a second to import, which a single avis need not spend.
        import pyarrow as pa
        import pyarrow.parquet as pq

        from coopdec_rules.batch.choices import DEFAULT, chosen
        from coopdec_rules.batch.running import BatchAdvisor, Request

        wanted = DEFAULT if columns is None else chosen(",".join(columns))
        with TemporaryDirectory(prefix="coopdec-") as folder:
            place = Path(folder)
            source = _source(table, place)
            request = Request(
                source,
                place / "reponses.parquet",
                place / "rejets.parquet",
                choices=wanted,
                kept=tuple(keep),
                reasoning=reasoning,
                day=today or paris_today(),
            )
            summary = BatchAdvisor(self._advisor).run(request)
            # Read whole, into memory of their own: the folder goes.
            found = [
                pq.read_table(path, memory_map=False) if path.exists() else pa.table({})
                for path in (request.target, request.rejects)
            ]
        return Lot(found[0], found[1], dict(summary.answers))

    def close(self) -> None:
        """Free the rulebook; it must not be asked again."""
        self._advisor.close()

    def __enter__(self) -> Counsel:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _questions(avis: Avis, conclusion: str) -> tuple[str, ...]:
    """What to ask to settle a conclusion: for one that the avis does not follow, everything."""
    every = avis["questions"]
    bearing = [question for question in every if conclusion in question["pour"]]
    return tuple(question["question"] for question in bearing or every)


def _source(table: object, folder: Path) -> Path:
    """The file that holds a table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if isinstance(table, str | Path):
        return Path(table)
    if isinstance(table, Sequence):
        lines = folder / "scenarios.jsonl"
        lines.write_bytes(b"".join(to_json(row) + b"\n" for row in table))
        return lines
    if isinstance(table, pa.Table | pa.RecordBatch) or hasattr(table, "__arrow_c_stream__"):
        path = folder / "scenarios.parquet"
        pq.write_table(pa.table(table), path)
        return path
    raise TypeError(
        f"a table is a path, an Arrow table or a list of scenarios, not a {type(table).__name__}"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A commune or a grouping of today, from the national directory.

    ``code``: INSEE code of a commune, SIREN of a grouping; ``population``: inhabitants; ``actor``:
    what goes under « acteur » in a scenario; ``nature`` ``None``: the directory does not tell it.
    """

    code: str
    name: str
    nature: str | None
    population: int
    actor: Mapping[str, Any]


def places(department: str) -> list[Place]:
    """The communes and groupings of a département (``"46"``, ``"2A"``, ``"971"``), largest first.

    Raises ``KeyError`` when there is no such département.
    """
    found = [
        Place(t.code, t.name, t.nature, t.population, t.as_scenario()["acteur"])
        for t in load_directory().territories
        if t.department.code == department
    ]
    if not found:
        raise KeyError(f"« {department} » n'est pas le code d'un département.")
    return found


def load(folder: str | Path | None = None) -> Counsel:
    """A counsel on the rulebook of ``folder``: by default, the project's own of today.

    A folder is read as an older rulebook is: its law, with today's software and words.  Takes about
    three seconds.  Raises ``RulebookError``, with every mistake at its file and line.
    """
    if folder is None:
        return Counsel(Advisor(load_rulebook(rules_folder())))
    return Counsel(Advisor(load_past(Path(folder), todays_words(rules_folder()))))


_lock = threading.Lock()
_own: list[Counsel] = []


def _default() -> Counsel:
    """The project's own rulebook, loaded when first needed and kept."""
    with _lock:
        if not _own:
            _own.append(load())
        return _own[0]


def avis(scenario: Scenario, today: dt.date | None = None, *, reasoning: bool = True) -> Avis:
    """The avis of the project's own rulebook on a scenario: see ``Counsel.avis``."""
    return _default().avis(scenario, today, reasoning=reasoning)


def explain(
    scenario: Scenario,
    conclusion: str = answers.POWER,
    item: int | None = None,
    today: dt.date | None = None,
) -> Explanation:
    """Why a conclusion is what it is, by the project's own rulebook: see ``Counsel.explain``."""
    return _default().explain(scenario, conclusion, item, today)


def lot(
    table: object,
    columns: Sequence[str] | None = None,
    *,
    keep: Sequence[str] = (),
    today: dt.date | None = None,
    reasoning: bool = True,
) -> Lot:
    """The answers of the project's own rulebook to a table: see ``Counsel.lot``."""
    return _default().lot(table, columns, keep=keep, today=today, reasoning=reasoning)
