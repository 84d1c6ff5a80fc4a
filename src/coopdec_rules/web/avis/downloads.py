"""Files made from a permalink: the avis in PDF and JSON, its scenario, and what the link keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson
import yaml

from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.answers import ANSWERS
from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.today import today
from coopdec_rules.replay.receipt import receipt, written
from coopdec_rules.replay.signing import Signer
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.report import pdf
from coopdec_rules.web.service import Service
from coopdec_rules.web.typeset import Document

#: Makes a file from an avis and its public address ("": none): its bytes (or the document to be
#: set) and its media type.
Maker = Callable[[Service, Link, Advice, str], tuple[bytes | Document, str]]

_HEAD = """\
# Scénario d'un avis de coopération décentralisée.
# Pour le rejouer : coopdec avis scenario.yaml
"""


def dated(link: Link, advice: Advice) -> dict[str, object]:
    """The scenario with its date written: read another day, it gives the same avis."""
    stated = {k: v for k, v in link.document.items() if k != "date"}
    return {"date": advice.avis["droit_au"], **stated}


def scenario_yaml(service: Service, link: Link, advice: Advice, address: str) -> tuple[bytes, str]:
    """The scenario file that ``coopdec avis`` takes."""
    text = yaml.safe_dump(dated(link, advice), allow_unicode=True, sort_keys=False, width=88)
    return (_HEAD + text).encode(), "application/yaml; charset=utf-8"


def avis_json(service: Service, link: Link, advice: Advice, address: str) -> tuple[bytes, str]:
    """The avis that the API gives for the scenario of the link."""
    return to_json(advice.avis, indent=True), "application/json"


def link_json(service: Service, link: Link, advice: Advice, address: str) -> tuple[bytes, str]:
    """What the link itself keeps of the day it was made: the scenario and the answers.

    ``atteste`` tells whether the service marked these answers: ``None`` when the link has none.
    """
    kept = {
        "scenario": link.document,
        "droit_au": advice.avis["droit_au"],
        "recueil": {"empreinte": link.fingerprint},
        "atteste": False if link.forged else (True if link.answers else None),
        "reponses": dict(zip(ANSWERS, link.answers, strict=True)) if link.answers else None,
    }
    return orjson.dumps(kept, option=orjson.OPT_INDENT_2), "application/json"


def avis_pdf(service: Service, link: Link, advice: Advice, address: str) -> tuple[Document, str]:
    """The avis as an accessible document to print for a council."""
    situation = service.book.situations.get(link.situation)
    subject = situation.title if situation else ""
    made = pdf.document(service.book, advice, link.dated, today(), address, subject)
    return made, "application/pdf"


def files(signer: Signer | None) -> Mapping[str, Maker]:
    """What may be downloaded of an avis, by file name; receipts are signed by ``signer``."""

    def receipt_json(
        service: Service, link: Link, advice: Advice, address: str
    ) -> tuple[bytes, str]:
        made = receipt(service.advisor, link.document, advice)
        return written(made if signer is None else signer.signed(made, today())), "application/json"

    return {
        "avis.pdf": avis_pdf,
        "avis.json": avis_json,
        "scenario.yaml": scenario_yaml,
        "lien.json": link_json,
        "recu.json": receipt_json,
    }
