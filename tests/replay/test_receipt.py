"""A receipt: what it holds, that it stays the same, what is said of one that was changed."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from typing import Any

import orjson
import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.errors import ScenarioError
from coopdec_rules.replay.models import FORMAT
from coopdec_rules.replay.receipt import digest, read_receipt, receipt_of, written
from coopdec_rules.replay.said import same_today, verification_lines
from coopdec_rules.replay.signing import Signer, signature_state
from coopdec_rules.replay.verifying import verify
from coopdec_rules.workshop.impact_text import markdown
from tests.replay.conftest import SCENARIO

_SIGNER, _OTHER = Signer(b"a" * 32), Signer(b"b" * 32)
_DAY = dt.date(2026, 5, 4)


def test_a_receipt_says_what_was_asked_and_answered(before: Advisor) -> None:
    made = receipt_of(before, SCENARIO)
    assert made["scenario"] == SCENARIO
    assert made["droit_au"] == "2026-01-15"
    assert made["recueil"]["empreinte"] == before.rulebook.fingerprint
    answers = {(told["code"], told["rang"]): told["valeur"] for told in made["reponses"]}
    assert answers["habilitation", None] == "autorisee"
    assert answers["volet.competence", 0] == "rempli"
    places = {(place["groupe"], place["element"]): place["appliquees"] for place in made["regles"]}
    rule = before.rulebook.versions("eau-et-culture")[0]
    assert places["volet", 0]["eau-et-culture"] == rule.fingerprint
    assert "permis" in places[None, None]
    assert read_receipt(written(made)) == made


def test_the_digest_depends_on_what_is_said_alone(before: Advisor) -> None:
    """Not on the order of the keys, the day it is asked, or the machine."""
    made = receipt_of(before, SCENARIO, dt.date(2026, 5, 4))
    turned = dict(reversed(SCENARIO.items()))
    assert receipt_of(before, turned, dt.date(2027, 1, 1))["empreinte"] == made["empreinte"]
    other = {**SCENARIO, "date": "2026-01-16"}
    assert receipt_of(before, other)["empreinte"] != made["empreinte"]
    undated = {key: value for key, value in SCENARIO.items() if key != "date"}
    days = {receipt_of(before, undated, dt.date(2026, 5, d))["empreinte"] for d in (4, 5)}
    assert len(days) == 2


_ANOTHER = """
import sys
from pathlib import Path
from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.replay.receipt import receipt_of
from coopdec_rules.rulebook.loader import load_rulebook
from tests.advice.small import small
from tests.replay.conftest import SCENARIO
advisor = Advisor(load_rulebook(small(Path(sys.argv[1]))))
print(receipt_of(advisor, SCENARIO)["empreinte"])
"""


def test_another_process_gives_the_same_digest(before: Advisor, tmp_path) -> None:
    """With other hashes of texts, another time zone, language and folder."""
    found = subprocess.run(
        [sys.executable, "-c", _ANOTHER, str(tmp_path)],
        env={
            "PYTHONPATH": ":".join(sys.path),
            "PYTHONHASHSEED": "7",
            "TZ": "Pacific/Auckland",
            "LC_ALL": "C",
        },
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    assert found == receipt_of(before, SCENARIO)["empreinte"]


def test_every_part_of_a_receipt_is_under_its_digest(before: Advisor) -> None:
    made: dict[str, Any] = dict(receipt_of(before, SCENARIO))
    for key in made.keys() - {"empreinte", "signature"}:
        assert digest({**made, key: "autre chose"}) != made["empreinte"], key


def test_signatures(before: Advisor) -> None:
    bare = receipt_of(before, SCENARIO)
    made = _SIGNER.signed(bare, _DAY)
    assert digest(made) == made["empreinte"]
    assert signature_state(bare, _SIGNER) == "absente"
    assert signature_state(made, _SIGNER) == "valable"
    assert signature_state(made, _OTHER) == "autre_cle"
    assert signature_state(made, None) == "sans_cle"
    assert made["signature"] is not None
    later: Any = {**made, "signature": {**made["signature"], "delivre_le": "2026-05-05"}}
    assert signature_state(later, _SIGNER) == "fausse"
    moved: Any = {**receipt_of(before, {**SCENARIO, "date": "2026-01-16"}),
                  "signature": made["signature"]}  # fmt: skip
    assert signature_state(moved, _SIGNER) == "fausse"
    assert not same_today(verify(moved, before, before, signer=_SIGNER))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"format": "recu-d-avis/9"}, "/format"),
        ({"format": None}, "/format"),
        ({"regles": "aucune"}, "/regles"),
        ({"empreinte": 12}, "/empreinte"),
        ({"droit_au": "hier"}, "/droit_au"),
        ({"droit_au": "20260115"}, "/droit_au"),
        ({"scenario": []}, "/scenario"),
        ({"autre": 1}, "/autre"),
    ],
)
def test_what_is_no_receipt_is_told_where(
    before: Advisor, change: dict[str, object], pointer: str
) -> None:
    made = {**receipt_of(before, SCENARIO), **change}
    with pytest.raises(ScenarioError) as found:
        read_receipt(orjson.dumps(made))
    assert found.value.problems[0].pointer == pointer


@pytest.mark.parametrize("body", [b"", b"[]", b'"recu"', b"{", b'{"format": ["x"]}'])
def test_hostile_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(ScenarioError):
        read_receipt(body)
    assert FORMAT == "recu-d-avis/1"


def test_a_changed_receipt_is_not_replayed(today: Advisor, before: Advisor) -> None:
    made = receipt_of(before, SCENARIO)
    made["reponses"][0]["valeur"] = "autre"
    found = verify(made, today, before)
    assert not found["intact"]
    assert found["relu"] is found["aujourd_hui"] is None
    assert not same_today(found)
    assert "LE REÇU A ÉTÉ MODIFIÉ" in markdown(verification_lines(found))
