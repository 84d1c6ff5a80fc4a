"""What the tools of assistants do: checked input, work in its turn, French text out.

Nothing here knows the protocol.  No tool reads a file that its caller names, none writes one, and
none reaches beyond this machine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.assistants import library, told
from coopdec_rules.documents.room import Closed, Documents
from coopdec_rules.errors import CoopdecError, ScenarioError, suggest
from coopdec_rules.territories import load_directory
from coopdec_rules.territories.directory import MAX_QUERY

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TERRITORIES = 8


class Unanswered(CoopdecError):
    """What was asked cannot be answered; the message says why, in French, to the assistant."""


class Runner(Protocol):
    """Runs work on a scenario document in its turn; raises ``Unanswered`` when too many wait."""

    def __call__(self, document: object, work: Callable[[], str]) -> Awaitable[str]: ...


class AssistantDesk:
    """Answers the tools and the resources."""

    def __init__(
        self,
        advisor: Advisor,
        documents: Documents | None,
        run: Runner,
        today: Callable[[], dt.date] = paris_today,
    ) -> None:
        self.advisor, self.book = advisor, advisor.rulebook
        self.documents = documents
        self._run, self._today = run, today
        self.texts = library.texts_of(self.book)

    # -- scenarios ---------------------------------------------------------------------------

    async def _on_scenario(self, scenario: dict[str, Any], work: Callable[[object], str]) -> str:
        """What ``work`` tells of a scenario, read as the API reads it."""

        def done() -> str:
            try:
                return work(parse_json(to_json(scenario)))
            except ScenarioError as error:
                raise Unanswered(
                    "Le scénario est refusé :\n" + "\n".join(f"- {p}" for p in error.problems[:20])
                ) from None

        return await self._run(scenario, done)

    async def avis(self, scenario: dict[str, Any]) -> str:
        """The avis on a scenario.  Raises ``Unanswered``."""
        return await self._on_scenario(
            scenario,
            lambda document: told.told_avis(
                self.book, self.advisor.advise(document, self._today()).avis
            ),
        )

    async def questions(self, scenario: dict[str, Any]) -> str:
        """The questions that matter.  Raises ``Unanswered``."""
        return await self._on_scenario(
            scenario,
            lambda document: told.told_questions(
                self.book, self.advisor.questions(document, self._today())
            ),
        )

    async def ways(self, scenario: dict[str, Any]) -> str:
        """What would give a better answer.  Raises ``Unanswered``."""
        return await self._on_scenario(
            scenario,
            lambda document: told.told_ways(
                self.book, self.advisor.ways_out(document, self._today())
            ),
        )

    async def draft(self, scenario: dict[str, Any], ident: str | None) -> str:
        """The documents that a scenario calls for, or one of them.  Raises ``Unanswered``."""
        documents = self.documents
        if documents is None:
            raise Unanswered("Ce recueil n'a pas de modèles de documents.")
        if ident is not None and ident not in documents.library.models:
            raise _unknown("Ce document", ident, documents.library.models)

        def work(document: object) -> str:
            today = self._today()
            advice = self.advisor.advise(document, today)
            if ident is None:
                return library.told_offers(documents.offers(advice, today))
            try:
                made = documents.make(advice, ident, today, documents.given(advice, None))
            except Closed as error:
                raise Unanswered(f"Ce document ne peut pas être fait : {error}") from None
            return library.told_document(made)

        return await self._on_scenario(scenario, work)

    # -- the rulebook and the territories ----------------------------------------------------

    def _day(self, text: str | None) -> dt.date:
        return self._today() if text is None else _date(text)

    async def rule(self, ident: str, day: str | None) -> str:
        """A rule with its sources.  Raises ``Unanswered``."""
        on = self._day(day)
        versions = self.book.versions(ident)
        if not versions:
            raise _unknown("Cette règle", ident, {rule.id for rule in self.book.rules})
        wording = self.advisor.wording
        return await self._run(None, lambda: library.told_rule(self.book, wording, versions, on))

    async def law(self, day: str | None, text: str | None) -> str:
        """The law of a day.  Raises ``Unanswered``."""
        on = self._day(day)
        if text is not None:
            self._text(text)
        return await self._run(None, lambda: library.told_law(self.book, on, text))

    async def territory(self, query: str) -> str:
        """The territories that a name or a code finds.  Raises ``Unanswered``."""
        if not 0 < len(query.strip()) <= MAX_QUERY:
            raise Unanswered(f"La recherche est un nom ou un code, de 1 à {MAX_QUERY} caractères.")
        return await self._run(None, lambda: _territories(query))

    def text(self, name: str) -> str:
        """A text of the rulebook.  Raises ``Unanswered``."""
        return library.text_of(self.book, self._text(name))

    def _text(self, name: str) -> str:
        if name not in self.texts:
            raise _unknown("Ce texte", name, self.texts)
        return self.texts[name]

    def vocabulary(self) -> str:
        """What a scenario may give."""
        pointers = {
            fact.id: pointer_of(fact, 0 if fact.scope else None)
            for fact in self.book.facts.values()
        }
        return library.told_vocabulary(self.book, pointers)


def _territories(query: str) -> str:
    directory = load_directory()
    matches = directory.search(query, _TERRITORIES)
    if not matches:
        return f"Aucune commune ni aucun groupement ne correspond à « {query.strip()} »."
    lines = []
    for match in matches:
        found = match.territory
        lines.append(
            f"- {found.label}, {found.nature_label}, code {found.code}. Pour le scénario : "
            f"{to_json(found.as_scenario()).decode()}"
        )
        lines += [f"  {remark}" for remark in found.remarks]
    notices = dict.fromkeys(directory.notice_of(match.territory) for match in matches)
    return "\n".join([*lines, "", *notices])


def _date(text: str) -> dt.date:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Unanswered(f"« {text[:40]} » n'est pas une date AAAA-MM-JJ.")


def _unknown(what: str, ident: str, known: Any) -> Unanswered:
    near = suggest(ident, known)
    hint = f" Vouliez-vous dire « {near} » ?" if near else ""
    return Unanswered(f"{what} (« {ident[:80]} ») n'existe pas.{hint}")
