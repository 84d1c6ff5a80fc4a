"""What follows from where a territory is (``data/lieux.yaml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


def located(region: str, department: str) -> dict[str, Any]:
    """Facts on an actor of this région and département (INSEE codes), as a scenario writes them."""
    zones, local_law = _known()
    facts: dict[str, Any] = {"zone": zones[region]} if region in zones else {}
    return facts | ({"alsace_moselle": "oui"} if department in local_law else {})


def ordinary(department: str) -> bool:
    """Whether communes and groupings of an overseas département (INSEE code) are ordinary ones."""
    return department in _file()["statut_ordinaire"]


def told_collectivities() -> dict[str, str]:
    """What to answer for the collectivities that the directory has not, by name."""
    entries = _file()["collectivites"]
    return {name: " ".join(entry["dit"].split()) for entry in entries for name in entry["noms"]}


@cache
def _known() -> tuple[dict[str, str], frozenset[str]]:
    known = _file()
    zones = {code: zone for zone, codes in known["zone"].items() for code in codes}
    return zones, frozenset(known["alsace_moselle"])


@cache
def _file() -> dict[str, Any]:
    text = (files("coopdec_rules.territories") / "data" / "lieux.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found
