"""A whole table answered, batch by batch; what is done is kept when a run stops halfway."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.scenario import MAX_ITEMS
from coopdec_rules.batch.answering import Answered, BatchAnswers
from coopdec_rules.batch.choices import DEFAULT
from coopdec_rules.batch.columns import ID, Headings, Vocabulary
from coopdec_rules.batch.files import BATCH, FileProblem, kind_of, read_table
from coopdec_rules.batch.joining import Joined, joined
from coopdec_rules.batch.output import Outline
from coopdec_rules.batch.parsing import Parsed, Reject, TableReader
from coopdec_rules.batch.presuming import SheetPresumptions
from coopdec_rules.batch.reasoned import BatchReasoning
from coopdec_rules.batch.summary import Summary
from coopdec_rules.batch.writing import writer
from coopdec_rules.errors import Problem
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.territories import load_directory

#: Names of the columns of the file of rows put aside.
REJECTS = pa.schema(
    [
        ("ligne", pa.int64()),
        *((name, pa.string()) for name in
          ("id", "colonne", "probleme", "trouve", "attendu", "proposition")),
    ]
)  # fmt: skip


_CONFLICT = "Les lignes de ce scénario ne disent pas la même chose."


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of the rows of a table.

    ``kept``: columns passed on; ``renamed``: names of others; ``day``: that of the rows that give
    none.  Without ``reasoning``, what the facts do not decide one by one stays unsettled: sound,
    quicker, less exact.
    """

    choices: Sequence[str] = DEFAULT
    kept: Sequence[str] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    words: bool = False
    reasoning: bool = True
    day: dt.date = dt.date.min


@dataclass(frozen=True)
class Request(Asked):
    """What is asked of a run: which file, answered where."""

    source: Path
    target: Path
    rejects: Path
    sheet: str | None = None
    batch: int = BATCH

    def fingerprint(self, book: Rulebook) -> str:
        """Tells whether what an earlier run left was asked the same, of the same file and law."""
        said = {name: str(value) for name, value in asdict(self).items()}
        stat = self.source.stat()
        said |= {"size": str(stat.st_size), "time": str(stat.st_mtime_ns), "law": book.fingerprint}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class BatchAdvisor:
    """Answers tables of scenarios with one advisor."""

    def __init__(self, advisor: Advisor) -> None:
        self.advisor = advisor
        self.book = advisor.rulebook
        self.vocabulary = Vocabulary(self.book)

    def run(
        self,
        request: Request,
        resume: bool = False,
        told: Callable[[int, int | None], None] | None = None,
    ) -> Summary:
        """Answer a whole file.  ``told`` is called with the scenarios done, and their number.

        Raises ``FileProblem`` and ``HeadingsError``; what is done by then stays beside the target,
        for a run that resumes.
        """
        kind_of(request.target)
        kind_of(request.rejects)
        table = read_table(request.source, self.vocabulary.groups(), request.sheet, request.batch)
        headings = self.vocabulary.headings(table.names, request.renamed, request.kept)
        work = Work(request, self.book, resume)
        run = Answering(self, request, headings)
        done = 0
        for number, batch in enumerate(joined(table.batches, headings)):
            done += batch.size
            if number >= work.batches:
                work.keep(*run.answer(batch, work.summary))
            if told is not None:
                told(done, None if headings.spread else table.rows)
        work.finish(run.outline.schema())
        return work.summary


class Answering:
    """One table being answered."""

    def __init__(self, adviser: BatchAdvisor, request: Asked, headings: Headings) -> None:
        self._adviser, self._request, self._headings = adviser, request, headings
        book = adviser.book
        self._reader = TableReader(book, adviser.vocabulary, request.day)
        # The directory is only read when a column names territories.
        named = any(place.fact.id == answers.ACTOR_CODE for place in headings.facts.values())
        self._answers = BatchAnswers(
            book,
            adviser.advisor.reasoner.moments,
            SheetPresumptions(book, load_directory()) if named else None,
            BatchReasoning(adviser.advisor.reasoner) if request.reasoning else None,
        )
        self.outline = Outline(
            book,
            request.choices,
            headings.kept,
            _most(headings, answers.PART),
            _most(headings, answers.CONTRIBUTION),
            request.words,
        )

    def answer(self, batch: Joined, summary: Summary) -> tuple[pa.RecordBatch, pa.RecordBatch]:
        """The answers of a batch, and what is put aside of it."""
        parsed = self._reader.read(batch.columns, batch.headings, batch.size)
        choices = self._request.choices
        found = self._answers.answer(parsed, "conditions" in choices, "plafonds" in choices)
        for row, column in batch.conflicts:
            found.good[row] = False
            found.rejects.append(Reject(np.array([row]), column, Problem("", _CONFLICT)))
        summary.add(found)
        kept = {name: batch.columns[name] for name in self._headings.kept}
        questions = self._questions(parsed, found) if "questions" in choices else []
        return self.outline.batch(found, kept, questions), _refused(found.rejects, batch)

    def _questions(self, parsed: Parsed, found: Answered) -> list[list[str]]:
        """The columns that would tell what the answers wait for, row by row."""
        told = []
        for row in np.flatnonzero(found.good):
            document = parsed.document(self._adviser.book, int(row))
            avis = self._adviser.advisor.advise(document, self._request.day, reasoning=False).avis
            told.append(
                [
                    self._adviser.vocabulary.name(
                        self._adviser.book.facts[question["fait"]], question["element"]
                    )
                    for question in avis["questions"]
                ]
            )
        return told


class Work:
    """What a run has done, beside its target until it is whole: a folder of batches."""

    def __init__(self, request: Request, book: Rulebook, resume: bool) -> None:
        self._request = request
        self._folder = request.target.with_name(request.target.name + ".encours")
        self._mark = request.fingerprint(book)
        self.batches = 0
        self.summary = Summary()
        state = self._read()
        if resume and state is not None and state["demande"] == self._mark:
            self.batches = state["lots"]
            self.summary = Summary.read(state["bilan"])
        elif resume and state is not None:
            raise FileProblem(
                "Rien à reprendre : le fichier, la demande ou le recueil a changé depuis. "
                "Relancer sans --reprendre."
            )
        elif resume:
            raise FileProblem("Rien à reprendre : aucun travail interrompu pour cette sortie.")
        else:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(exist_ok=True)

    def keep(self, rows: pa.RecordBatch, refused: pa.RecordBatch) -> None:
        """Keep the answers of one more batch."""
        for name, batch in (("reponses", rows), ("rejets", refused)):
            path = self._folder / f"{name}-{self.batches:06}.arrow"
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, batch.schema) as out:
                out.write_batch(batch)
        self.batches += 1
        state = {"demande": self._mark, "lots": self.batches, "bilan": self.summary.written()}
        new = self._folder / "etat.json.nouveau"
        new.write_text(json.dumps(state), encoding="utf-8")
        new.replace(self._folder / "etat.json")

    def finish(self, schema: pa.Schema) -> None:
        """Write the answers and the rows put aside, whole; nothing is left beside them."""
        self._assemble("reponses", self._request.target, schema)
        if self.summary.refused:
            self._assemble("rejets", self._request.rejects, REJECTS)
        else:
            self._request.rejects.unlink(missing_ok=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _assemble(self, name: str, target: Path, schema: pa.Schema) -> None:
        new = target.with_name(f"{target.stem}.nouveau{target.suffix}")
        file = writer(new, schema)
        for number in range(self.batches):
            with pa.memory_map(str(self._folder / f"{name}-{number:06}.arrow")) as source:
                reader = pa.ipc.open_file(source)
                for place in range(reader.num_record_batches):
                    file.write(reader.get_batch(place))
        file.close()
        new.replace(target)

    def _read(self) -> dict[str, Any] | None:
        try:
            found = json.loads((self._folder / "etat.json").read_text(encoding="utf-8"))
        except (OSError, json.JSONDecodeError):
            return None
        return found if isinstance(found, dict) else None


def _most(headings: Headings, group: str) -> int:
    """How many items of a group the table may give."""
    if any(place.spread and place.fact.group.id == group for place in headings.facts.values()):
        return MAX_ITEMS
    items = [
        place.item
        for place in headings.facts.values()
        if place.item is not None and place.fact.group.id == group
    ]
    return max(items, default=0) + 1


def _refused(rejects: Sequence[Reject], batch: Joined) -> pa.RecordBatch:
    """The rows put aside, in their order, a line for each mistake."""
    rows = np.concatenate([np.zeros(0, np.intp), *(reject.rows for reject in rejects)])
    which = np.repeat(np.arange(len(rejects)), [len(reject.rows) for reject in rejects])
    order = np.argsort(rows, kind="stable")
    rows, which = rows[order], which[order]
    said = [
        (r.column or None, r.problem.message, r.problem.found, r.problem.expected,
         r.problem.suggestion)
        for r in rejects
    ]  # fmt: skip
    lines = pa.array(np.asarray(batch.lines)[rows], pa.int64())
    ids = batch.columns.get(ID)
    names = pa.nulls(len(rows), pa.string())
    if ids is not None:
        names = ids.take(pa.array(rows)).cast(pa.string())
    told = [
        pa.array([one[place] for one in said], pa.string()).take(pa.array(which))
        for place in range(5)
    ]
    return pa.RecordBatch.from_arrays([lines, names, *told], schema=REJECTS)
