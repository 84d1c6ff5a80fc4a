"""Makes the receipt of an avis, and reads one back.

A receipt holds no clock and nothing of the machine: the same scenario, day, rulebook and software
give the same digest everywhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from coopdec_rules import __version__
from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.advice.documents import parse_json, to_json
from coopdec_rules.advice.model_parts import Condition
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.advice.values import escape, show
from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.replay.models import (
    FORMAT,
    Recu,
    ReglesDuRecu,
    ReponseDuRecu,
    TacheDuRecu,
)
from coopdec_rules.rulebook.formula import V

#: What the digest leaves out: itself, and what is put on it afterwards.
_OUTSIDE = ("empreinte", "signature")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SHAPE = TypeAdapter(Recu)
_WRONG = {
    "missing": "manque",
    "extra_forbidden": "n'est pas d'un reçu",
}


def receipt_of(
    advisor: Advisor, document: object, today: dt.date | None = None, reasoning: bool = True
) -> Recu:
    """The receipt of the avis on a scenario document, unsigned.

    Raises ``ScenarioError`` as ``Advisor.advise`` does.
    """
    advice = advisor.advise(document, today or paris_today(), reasoning=reasoning)
    return receipt(advisor, document, advice, reasoning)


def receipt(advisor: Advisor, document: object, advice: Advice, reasoning: bool = True) -> Recu:
    """The receipt of an avis already given on ``document``, with or without ``reasoning``."""
    avis, plain = advice.avis, orjson.loads(to_json(document))
    made: Recu = {
        "format": FORMAT,
        "scenario": plain,
        "droit_au": avis["droit_au"],
        "raisonnement": reasoning,
        "logiciel": __version__,
        "recueil": {
            "version": avis["recueil"]["version"],
            "empreinte": avis["recueil"]["empreinte"],
        },
        "reponses": [_answer(told) for told in (*avis["reponses"], *avis["elements"])],
        "a_faire": [
            *(_task("condition", task) for task in avis["conditions"]),
            *(_task("formalite", task) for task in avis["formalites"]),
        ],
        "plafonds": [
            {
                "regle": ceiling["regle"],
                "element": ceiling["element"],
                "plafond": ceiling["plafond"],
                "depassement": ceiling["depassement"],
            }
            for ceiling in avis["plafonds"]
        ],
        "regles": list(_applied(advisor, advice)),
        "presumes": [
            {"pointeur": p["pointeur"], "valeur": p["valeur"], "origine": p["origine"]}
            for p in avis["presumes"]
        ],
        "empreinte": "",
        "signature": None,
    }
    # As it will be read back: amounts and dates as JSON carries them.
    found: Recu = orjson.loads(to_json(made))
    found["empreinte"] = digest(found)
    return found


def digest(receipt: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal digits, of what a receipt says: JSON with its keys in order."""
    said = {key: value for key, value in receipt.items() if key not in _OUTSIDE}
    return hashlib.sha256(to_json(said, sort=True)).hexdigest()


def written(receipt: Recu) -> bytes:
    """A receipt as a file, one key to a line."""
    return to_json(receipt, indent=True) + b"\n"


def read_receipt(data: bytes) -> Recu:
    """The receipt in ``data``; whether its digest is right is not looked at here.

    Raises ``ScenarioError``: each mistake with its place, what was found, what was expected.
    """
    document = parse_json(data)
    told = document.get("format") if isinstance(document, dict) else None
    if told != FORMAT:
        found = show(document) if told is None else show(told)
        raise ScenarioError(
            [Problem("/format", "Ce n'est pas un reçu d'avis.", found, f"« {FORMAT} »")]
        )
    try:
        _SHAPE.validate_json(data, strict=True)
    except ValidationError as error:
        raise ScenarioError(list(_problems(error))) from None
    receipt: Recu = document  # type: ignore[assignment]  # just checked
    _check_day("/droit_au", receipt["droit_au"])
    if receipt["signature"] is not None:
        _check_day("/signature/delivre_le", receipt["signature"]["delivre_le"])
    return receipt


def _check_day(pointer: str, text: str) -> None:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        dt.date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(
            [Problem(pointer, "Ce n'est pas un jour.", show(text), "une date AAAA-MM-JJ")]
        ) from None


def _problems(error: ValidationError) -> Iterator[Problem]:
    for found in error.errors(include_url=False)[:20]:
        pointer = "".join(f"/{escape(str(part))}" for part in found["loc"])
        why = _WRONG.get(found["type"], "n'a pas la forme attendue")
        shown = None if found["type"] == "missing" else show(found["input"])
        yield Problem(pointer, f"Cette partie du reçu {why}.", shown)


def _answer(told: Mapping[str, Any]) -> ReponseDuRecu:
    return {
        "code": told["code"],
        "groupe": told["groupe"],
        "rang": told["rang"],
        "valeur": told["valeur"],
        "possibles": sorted(told["possibles"]),
    }


def _task(kind: Any, task: Condition) -> TacheDuRecu:
    return {
        "genre": kind,
        "texte": task["texte"],
        "regle": task["regle"],
        "etat": task["etat"],
        "groupe": task["groupe"],
        "elements": list(task["elements"]),
    }


def _applied(advisor: Advisor, advice: Advice) -> Iterator[ReglesDuRecu]:
    """The rules that applied at each place, in the order of the rulebook."""
    rules = advisor.engine.law(advice.scenario.day).rules
    for reading, group, item in readings_of(advice.findings):
        yield {
            "groupe": group,
            "element": item,
            "appliquees": {
                rules[index].id: rules[index].fingerprint
                for index in sorted(reading.effective)
                if reading.effective[index] == V and rules[index].scope == group
            },
        }
