"""The nation on the page: who holds which competence, by département, as maps and a table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.panorama.nation import Nation, Tally
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.typical import TypicalAction
from coopdec_rules.territories import Directory

_COMMUNITY, _GROUPING = "communaute", "groupement"
_KINDS = {"commune": "communes", _COMMUNITY: "communautés"}
_UNKNOWN = "non établi"
#: Classes of the maps: their words, and the share of communities from which they begin.
_CLASSES = (
    ("aucune", 0.0),
    ("moins d’un tiers", 1e-9),
    ("d’un tiers à deux tiers", 1 / 3),
    ("plus de deux tiers", 2 / 3),
    ("toutes", 1.0),
)


def nation_values(book: Rulebook, nation: Nation, directory: Directory) -> dict[str, Any]:
    """Values for ``panorama_nation.html``."""
    names = {one.department.code: one.department.name for one in directory.territories}
    drawn = json.loads(
        (files("coopdec_rules.web.panorama") / "departements.json").read_text(encoding="utf-8")
    )
    paid = [action for action in book.typical.actions if action.one_percent]
    held = {action.id: _held(nation.tallies, action) for action in paid}
    codes = sorted({one.department for one in nation.tallies})
    return {
        "date": nation.day,
        "noms": names,
        "base": directory.base.notice,
        "version": nation.version,
        "millesime": nation.vintage,
        "a_jour": nation.fingerprint == book.fingerprint,
        "dit": book.typical.said,
        "lecture": [book.typical.held, book.typical.unknown],
        "actions": book.typical.actions,
        "cadre": drawn["viewBox"],
        "contours": drawn["contours"],
        "ailleurs": [code for code in codes if code not in drawn["contours"]],
        "classes": [words for words, _ in _CLASSES],
        "cartes": [_map(action, held[action.id], names, codes) for action in paid],
        "departements": [
            {
                "code": code,
                "nom": names.get(code, code),
                "cellules": [held[action.id].get(code, (0, 0)) for action in paid],
            }
            for code in codes
        ],
        "bilan": [
            _line(book, nation.tallies, action, kind)
            for action in book.typical.actions
            for kind in _KINDS
        ],
    }


def _held(tallies: Sequence[Tally], action: TypicalAction) -> dict[str, tuple[int, int]]:
    """By département: communities known to hold the competence, and communities in all."""
    known: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for one in tallies:
        if one.action == action.id and one.kind == _COMMUNITY:
            every[one.department] += one.count
            known[one.department] += one.count if one.holder == _GROUPING else 0
    return {code: (known[code], count) for code, count in every.items()}


def _map(
    action: TypicalAction,
    held: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    codes: Sequence[str],
) -> dict[str, Any]:
    found = {}
    for code in codes:
        known, every = held.get(code, (0, 0))
        share = known / every if every else 0.0
        rank = max(rank for rank, (_, least) in enumerate(_CLASSES) if share >= least)
        count = f"{known} sur {every}" if every else "aucune communauté"
        title = f"{names.get(code, code)} ({code}) : {count}"
        found[code] = {"classe": rank if every else "vide", "titre": title}
    known, every = (sum(pair[side] for pair in held.values()) for side in (0, 1))
    return {
        "id": action.id,
        "titre": action.short,
        "places": found,
        "connues": known,
        "communautes": every,
    }


def _line(
    book: Rulebook, tallies: Sequence[Tally], action: TypicalAction, kind: str
) -> dict[str, Any]:
    powers: Counter[str] = Counter()
    holders: Counter[str] = Counter()
    for one in tallies:
        if (one.action, one.kind) == (action.id, kind):
            powers[one.power] += one.count
            holders[one.holder] += one.count
    power, holder = (book.conclusions[name].values for name in (answers.POWER, answers.PART_HOLDER))
    return {
        "action": action.title,
        "qui": _KINDS[kind],
        "total": powers.total(),
        "reponses": [(power.get(v, _UNKNOWN), count) for v, count in powers.most_common()],
        "detenteurs": [(holder.get(v, _UNKNOWN), count) for v, count in holders.most_common()],
    }
