"""Loads what goes around documents: steps (``rules/calendrier``), bodies (``rules/contacts``)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import get_args

from coopdec_rules.documents.contacts import Contact, Contacts
from coopdec_rules.documents.context import (
    Setting,
    choice,
    order,
    read_blocks,
    read_force,
    read_rules,
    read_sources,
    read_test,
    read_text_of,
    start,
)
from coopdec_rules.documents.library import Library
from coopdec_rules.documents.loader import setting_of
from coopdec_rules.documents.steps import (
    GIVEN,
    Bound,
    Step,
    StepKind,
    Steps,
    When,
    WhenError,
    parse_when,
)
from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.markdown import Block
from coopdec_rules.rulebook.model import WHO_ACTS
from coopdec_rules.rulebook.order import CircleError, in_order
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.yamlmarks import Reader

_STEP_KEYS = {
    "etape", "titre", "texte", "quand", "borne", "genre", "qui", "ordre", "si", "en_vigueur",
    "source", "regles", "contacts", "a_confirmer",
}  # fmt: skip
_CONTACT_KEYS = {
    "contact", "nom", "site", "quand", "ordre", "si", "regions", "verifie_le", "a_confirmer",
}  # fmt: skip
_KINDS: Mapping[str, StepKind] = {kind: kind for kind in get_args(StepKind)}
_BOUNDS: Mapping[str, Bound] = {bound: bound for bound in get_args(Bound)}
_WHO = {who: who for who in WHO_ACTS}
_SITE = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9._~/%-]*)?")
_REGION = re.compile(r"[0-9]{2}")


def load_around(root: Path, book: Rulebook, library: Library) -> tuple[Steps, Contacts]:
    """Steps and bodies, read against the rulebook; the words of the models may be used.

    Raises ``RulebookError`` with every mistake found.
    """
    reader = Reader()
    setting = setting_of(root, book, reader)
    setting.words.update(library.words)
    contacts: dict[str, Contact] = {}
    steps: dict[str, Step] = {}
    read_blocks(setting, root, "contacts", ("contact",), lambda b: _contact(setting, b, contacts))
    read_blocks(
        setting, root, "calendrier", ("etape",), lambda b: _step(setting, b, steps, contacts)
    )
    ordered = _ordered(setting, steps)
    reader.raise_if_any()
    atoms = tuple(setting.base.binder.atoms)
    return Steps(tuple(ordered), atoms), Contacts(contacts, atoms)


def _contact(setting: Setting, block: Block, contacts: dict[str, Contact]) -> None:
    found = start(setting, block, _CONTACT_KEYS)
    reader, entries, what = setting.base.reader, found.entries, found.what
    site = reader.required_text(entries, "site", what, found.node)
    if site and not _SITE.fullmatch(site):
        reader.report(
            entries["site"],
            f"{what} : « {site} » n'est pas l'adresse d'une page (https://…, sans paramètre).",
        )
    regions = reader.texts(entries, "regions", what)
    for region in regions:
        if not _REGION.fullmatch(region.raw):
            reader.report(region, f"{what} : une région se dit par son code Insee, entre "
                          "guillemets (« \"84\" »).")  # fmt: skip
    test = read_test(setting, found)
    if test.scope is not None:
        reader.report(entries["si"], f"{what} : « si » ne parle que du scénario entier.")
    if "verifie_le" not in entries and "a_confirmer" not in entries:
        reader.report(
            found.node, f"{what} : dire le jour où la page a été vue (« verifie_le »), ou "
            "« a_confirmer ».",
        )  # fmt: skip
    checked = reader.date(entries, "verifie_le", what)
    if checked is not None and checked > dt.date(2100, 1, 1):
        reader.report(entries["verifie_le"], f"{what} : ce jour est impossible.")
    if found.id in contacts:
        reader.report(found.node, f"{what} : ce nom est déjà pris.")
    contacts[found.id] = Contact(
        id=found.id,
        name=reader.required_text(entries, "nom", what, found.node),
        site=site,
        reason=reader.required_text(entries, "quand", what, found.node),
        order=order(setting, found),
        test=test,
        regions=frozenset(region.raw for region in regions),
        checked=checked,
        to_confirm=reader.text(entries, "a_confirmer", what),
        file=block.file,
        line=block.line,
    )


def _step(
    setting: Setting, block: Block, steps: dict[str, Step], contacts: Mapping[str, Contact]
) -> None:
    found = start(setting, block, _STEP_KEYS)
    reader, entries, what = setting.base.reader, found.entries, found.what
    written = reader.required_text(entries, "quand", what, found.node)
    when = When()
    if written:
        try:
            when = parse_when(written)
        except WhenError as error:
            reader.report(entries["quand"], f"{what} : « quand » : {error}.")
    named = reader.texts(entries, "contacts", what)
    for node in named:
        if node.raw not in contacts:
            reader.report(
                node, f"{what} : le contact « {node.raw} » n'existe pas.",
                suggest(node.raw, contacts),
            )  # fmt: skip
    test = read_test(setting, found)
    if test.scope is not None:
        reader.report(
            entries["si"],
            f"{what} : parle d'un {test.scope} ; écrire « au moins un {test.scope} : … ».",
        )
    cited = read_sources(setting, found)
    if found.id in steps or found.id in GIVEN:
        reader.report(found.node, f"{what} : ce nom est déjà pris.")
    if "titre" not in entries:
        reader.report(found.node, f"{what} : la clé « titre » manque.")
    steps[found.id] = Step(
        id=found.id,
        title=read_text_of(setting, found, "titre"),
        text=read_text_of(setting, found, "texte"),
        when=when,
        bound=choice(setting, found, "borne", _BOUNDS, "jour"),
        kind=choice(setting, found, "genre", _KINDS),
        who=choice(setting, found, "qui", _WHO, "acteur"),
        order=order(setting, found),
        test=test,
        period=read_force(setting, found),
        cited=cited,
        rules=read_rules(setting, found),
        contacts=tuple(node.raw for node in named),
        to_confirm=reader.text(entries, "a_confirmer", what),
        file=block.file,
        line=block.line,
    )


def _ordered(setting: Setting, steps: Mapping[str, Step]) -> list[Step]:
    """The steps, each after those it starts from."""
    reader = setting.base.reader
    known = [*GIVEN, *steps]

    def needs(name: str) -> list[str]:
        step = steps[name]
        for other in step.when.names:
            if other not in known:
                reader.report(
                    (step.file, step.line),
                    f"Etape « {name} » : « quand » part de « {other} », qui n'est ni une étape ni "
                    f"l'un des jours donnés ({', '.join(GIVEN)}).",
                    suggest(other, known),
                )
        return [other for other in step.when.names if other in steps]

    ordered: dict[str, None] = {}
    told: set[frozenset[Hashable]] = set()
    for name in steps:
        try:
            ordered.update(dict.fromkeys(in_order([name], needs)))
        except CircleError as error:
            if frozenset(error.path) not in told:
                told.add(frozenset(error.path))
                step = steps[name]
                reader.report((step.file, step.line), f"Les étapes tournent en rond : {error}.")
    return [steps[name] for name in ordered]
