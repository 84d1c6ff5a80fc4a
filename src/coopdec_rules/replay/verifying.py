"""Replays a receipt, with its own rulebook and with another, and tells what is not the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.errors import ScenarioError
from coopdec_rules.replay.causes import Differences, Side, Walk
from coopdec_rules.replay.models import (
    Causes,
    Comparaison,
    Recu,
    ReglesAppliquees,
    ReponseChangee,
    ReponseDuRecu,
    TacheDuRecu,
    Verification,
)
from coopdec_rules.replay.receipt import digest, receipt
from coopdec_rules.replay.signing import Signer, signature_state
from coopdec_rules.rulebook.model import RAISED

_Key = tuple[str, str | None, int | None]
_NOTHING = "l'avis n'en disait rien"
_OPEN = "indéterminée, faute de faits"
_FLAG = {RAISED: "oui"}


@dataclass(frozen=True)
class Replayed:
    """The scenario of a receipt, read again with one rulebook."""

    advisor: Advisor
    asked: Recu

    @cached_property
    def advice(self) -> Advice:
        """Raises ``ScenarioError`` when that rulebook does not read the scenario."""
        return self.advisor.advise(
            self.asked["scenario"],
            dt.date.fromisoformat(self.asked["droit_au"]),
            reasoning=self.asked["raisonnement"],
        )

    @cached_property
    def receipt(self) -> Recu:
        """What would be answered now.  Raises as ``advice`` does."""
        return receipt(
            self.advisor, self.asked["scenario"], self.advice, self.asked["raisonnement"]
        )

    @property
    def side(self) -> Side:
        return Side(self.advisor, self.advice)


def verify(
    asked: Recu,
    served: Advisor,
    past: Advisor | None,
    unreadable: str | None = None,
    signer: Signer | None = None,
) -> Verification:
    """Verify a receipt: ``past`` is its own rulebook (``None``: ``unreadable`` says why).

    A receipt that is not intact is not replayed: what it says is not what was answered.
    """
    intact = digest(asked) == asked["empreinte"]
    signature = asked["signature"]
    found: Verification = {
        "intact": intact,
        "empreinte": asked["empreinte"],
        "signature": signature_state(asked, signer),
        "delivre_le": None if signature is None else signature["delivre_le"],
        "droit_au": asked["droit_au"],
        "recueil_du_recu": asked["recueil"],
        "relu": None,
        "illisible": unreadable,
        "aujourd_hui": None,
        "refuse": None,
    }
    if not intact:
        return found
    before: Replayed | None = None
    if past is not None:
        before = Replayed(past, asked)
        try:
            found["relu"] = compare(asked, before, None)
        except ScenarioError as error:
            before = None
            found["illisible"] = _refusal(error)
    try:
        found["aujourd_hui"] = compare(asked, Replayed(served, asked), before)
    except ScenarioError as error:
        found["refuse"] = _refusal(error)
    return found


def _refusal(error: ScenarioError) -> str:
    return " ; ".join(str(problem) for problem in error.problems[:5])


def compare(asked: Recu, now: Replayed, before: Replayed | None) -> Comparaison:
    """A receipt and its scenario read again; ``before`` is it read with its own rulebook.

    Raises ``ScenarioError`` when the scenario is no longer read.
    """
    today = now.receipt
    changes = list(_changes(asked, now, before))
    tasks = _tasks(asked["a_faire"], today["a_faire"])
    ceilings = asked["plafonds"] != today["plafonds"]
    presumed = asked["presumes"] != today["presumes"]
    return {
        "recueil": today["recueil"],
        "logiciel": today["logiciel"],
        "identique": not (changes or any(tasks) or ceilings or presumed),
        "changements": changes,
        "a_faire": {"ajoutees": tasks[0], "retirees": tasks[1]},
        "plafonds_changent": ceilings,
        "presumes_changent": presumed,
        "regles": _applied(asked, today),
    }


def _tasks(
    before: Sequence[TacheDuRecu], after: Sequence[TacheDuRecu]
) -> tuple[list[TacheDuRecu], list[TacheDuRecu]]:
    return [task for task in after if task not in before], [t for t in before if t not in after]


def _key(told: ReponseDuRecu) -> _Key:
    return told["code"], told["groupe"], told["rang"]


def _changes(asked: Recu, now: Replayed, before: Replayed | None) -> Iterator[ReponseChangee]:
    was = {_key(told): told for told in asked["reponses"]}
    is_ = {_key(told): told for told in now.receipt["reponses"]}
    differences = None
    if before is not None:
        differences = Differences(before.advisor.rulebook, now.advisor.rulebook)
    for key in {**is_, **was}:
        first = was.get(key) or _unshown(key, before)
        second = is_.get(key) or _unshown(key, now)
        if first == second:
            continue
        code, group, item = key
        causes: Causes | None = None
        if before is not None and differences is not None:
            place = None if group is None or item is None else (group, item)
            causes = Walk(before.side, now.side, differences).causes(code, place)
        yield {
            "code": code,
            "titre": _title(code, now, before),
            "groupe": group,
            "rang": item,
            "avant": None if first is None else first["valeur"],
            "avant_libelle": _said(code, first, before, now),
            "apres": None if second is None else second["valeur"],
            "apres_libelle": _said(code, second, now, before),
            "causes": causes,
        }


def _unshown(key: _Key, side: Replayed | None) -> ReponseDuRecu | None:
    """An answer that an avis does not show, where its rulebook has it all the same."""
    code, group, item = key
    if side is None or code not in side.advisor.rulebook.conclusions:
        return None
    reading = side.side.reading(None if group is None or item is None else (group, item))
    settled = None if reading is None else reading.conclusions.get(code)
    if settled is None:
        return None
    possible = [] if settled.value is not None else sorted(settled.possible)
    return {
        "code": code, "groupe": group, "rang": item, "valeur": settled.value, "possibles": possible,
    }  # fmt: skip


def _title(code: str, now: Replayed, before: Replayed | None) -> str:
    for side in (now, before):
        found = None if side is None else side.advisor.rulebook.conclusions.get(code)
        if found is not None:
            return found.display.heading if found.display is not None else found.label
    return code


def _said(code: str, told: ReponseDuRecu | None, *sides: Replayed | None) -> str:
    """A value as it is read, in the words of the first rulebook that knows it."""
    if told is None:
        return _NOTHING
    for side in sides:
        conclusion = None if side is None else side.advisor.rulebook.conclusions.get(code)
        if conclusion is None:
            continue
        known: Mapping[str, str] = {**_FLAG, **conclusion.values}
        if told["valeur"] is not None:
            if told["valeur"] in known:
                return known[told["valeur"]]
            continue
        left = [known.get(value, value) for value in told["possibles"]]
        return f"{_OPEN} ({', '.join(left)})" if left else _OPEN
    return told["valeur"] or _OPEN


def _applied(asked: Recu, today: Recu) -> ReglesAppliquees:
    was, is_ = _prints(asked), _prints(today)
    return {
        "desormais": sorted({key[0] for key in is_ if key not in was}),
        "plus": sorted({key[0] for key in was if key not in is_}),
        "autre_texte": sorted({k[0] for k in was if k in is_ and was[k] != is_[k]}),
    }


def _prints(told: Recu) -> dict[tuple[str, str | None, int | None], str]:
    """The hash of each rule that applied, by its name and its place."""
    return {
        (name, place["groupe"], place["element"]): print_
        for place in told["regles"]
        for name, print_ in place["appliquees"].items()
    }
