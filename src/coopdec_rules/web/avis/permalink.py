"""Links that carry a scenario themselves: nothing is kept on the server.

``s`` is the scenario (canonical JSON, deflated, base64url), ``d`` the day at which the law is read
when the scenario gives none, ``r`` the first digits of the rulebook's fingerprint, ``a`` the
answers it gave: an old rulebook is not kept, but a link can still tell what it answered.  ``v`` are
the answers before a change just made.  ``g`` is the service's mark on these (``seal``): what bears
none, or another one, is not told as past advice.  ``de``, unmarked, is the situation that the
person came with.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from coopdec_rules.advice.answers import ANSWERS
from coopdec_rules.advice.documents import MAX_BYTES, check_depth, to_json
from coopdec_rules.errors import ScenarioError
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.problems import Refused

#: Longest query that is put in an address; browsers and mail programs carry that much.
MAX_LINK = 6000
#: Longest ``s`` that is read, from an address or from a form.
MAX_CODE = MAX_BYTES
#: Names of a link's parameters.
NAMES = ("s", "d", "r", "a", "v", "g", "de")
#: Those that tell what was answered once, and count only under the service's mark.
_CLAIMS = ("r", "a", "v")
#: How many digits of the fingerprint a link bears.
DIGITS = 12
_FINGERPRINT = re.compile(r"[0-9a-f]{12}")
_CODE = r"[a-z0-9_]{1,40}"
_ANSWERS = re.compile(rf"{_CODE}(?:\.{_CODE}){{{len(ANSWERS) - 1}}}")
_SITUATION = re.compile(r"[a-z0-9-]{1,60}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BROKEN = "Ce lien est abîmé ou incomplet. Recopiez-le en entier, ou redemandez l'avis."

#: Codes of the answers, in the order of ``advice.answers.ANSWERS``.
Answers = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What a link says.  All but the document may be missing from it.

    ``fingerprint`` (of a rulebook) and ``answers`` tell the avis it was made from, ``before`` the
    answers just before; ``forged`` tells that they were there without the service's mark on them,
    and were left out; ``situation``, the one that the person came with ("": none).
    """

    document: Mapping[str, object]
    day: dt.date | None = None
    fingerprint: str | None = None
    answers: Answers | None = None
    before: Answers | None = None
    forged: bool = False
    situation: str = ""

    @property
    def dated(self) -> bool:
        """Whether the scenario itself gives the date at which the law is read."""
        return self.document.get("date") not in (None, "", "inconnu")

    def reading_day(self, today: dt.date) -> dt.date:
        """The day to read the law at, for a scenario that gives none."""
        return self.day or today


def encode(document: Mapping[str, object]) -> str:
    """The scenario as text for an address.  Equal scenarios give equal texts."""
    data = to_json(document, sort=True)
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(data) + packer.flush()
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode(code: str) -> dict[str, object]:
    """The scenario that ``encode`` wrote.  Raises ``Refused``, whatever the text is."""
    if len(code) > MAX_CODE:
        raise Refused("lien", "Ce lien est trop long pour porter un scénario.")
    try:
        packed = base64.b64decode(
            code.encode("ascii") + b"=" * (-len(code) % 4), altchars=b"-_", validate=True
        )
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        data = unpacker.decompress(packed, MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Refused("lien", "Le scénario de ce lien est trop grand.")
        if not unpacker.eof or unpacker.unused_data:
            raise Refused("lien", _BROKEN)
        document = orjson.loads(data)
        check_depth(document)
    except (UnicodeEncodeError, binascii.Error, zlib.error, ValueError, ScenarioError):
        raise Refused("lien", _BROKEN) from None
    if not isinstance(document, dict):
        raise Refused("lien", _BROKEN)
    return document


def read(pairs: Sequence[tuple[str, str]], seal: Seal) -> Link | None:
    """The link that an address (or a form) carries; ``None`` when it carries no scenario.

    Parameters of others (mail programs add some) are left aside.  Raises ``Refused``.
    """
    found: dict[str, str] = {}
    for name, value in pairs:
        if name in NAMES:
            if name in found:
                raise Refused("lien", _BROKEN)
            found[name] = value
    if "s" not in found:
        return None
    document, day = decode(found["s"]), _day(found.get("d"))
    fingerprint = found.get("r")
    if fingerprint is not None and not _FINGERPRINT.fullmatch(fingerprint):
        raise Refused("lien", _BROKEN)
    answers, before = _codes(found.get("a")), _codes(found.get("v"))
    situation = found.pop("de", "")
    if not _SITUATION.fullmatch(situation):
        situation = ""
    if not found.keys() & set(_CLAIMS):
        return Link(document, day, situation=situation)
    mark = found.pop("g", "")
    if not seal.holds(found.items(), mark):
        return Link(document, day, forged=True, situation=situation)
    return Link(document, day, fingerprint, answers, before, situation=situation)


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise Refused("lien", _BROKEN)


def _codes(text: str | None) -> Answers | None:
    if text is None:
        return None
    if not _ANSWERS.fullmatch(text):
        raise Refused("lien", _BROKEN)
    return tuple(text.split("."))


def query(link: Link, seal: Seal) -> str:
    """The query of a link's address."""
    pairs = [("s", encode(link.document))]
    if link.day is not None and not link.dated:
        pairs.append(("d", link.day.isoformat()))
    if link.fingerprint is not None:
        pairs.append(("r", link.fingerprint[:DIGITS]))
    if link.answers is not None:
        pairs.append(("a", ".".join(link.answers)))
    if link.before is not None:
        pairs.append(("v", ".".join(link.before)))
    if any(name in _CLAIMS for name, _ in pairs):
        pairs.append(("g", seal.mark(pairs)))
    if link.situation:
        pairs.append(("de", link.situation))
    return urlencode(pairs)
