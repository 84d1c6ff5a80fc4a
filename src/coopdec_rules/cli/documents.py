"""``coopdec documents``: what an avis lets prepare, written into a folder."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from coopdec_rules.advice.documents import parse_yaml, scenario_of
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.cli.common import (
    BAD_INPUT,
    FAILED,
    advisor,
    err,
    fail,
    out,
    read_input,
    scenario_errors,
    write_file,
)
from coopdec_rules.documents.room import Documents, load_documents
from coopdec_rules.errors import RulebookError, suggest
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.documents.files import FORMATS, written
from coopdec_rules.web.documents.pages import calendar_of
from coopdec_rules.web.typeset import Document as Typeset
from coopdec_rules.web.typeset import pdf_of


def documents_of(book: Rulebook, code: int = BAD_INPUT) -> Documents | None:
    """The documents of a rulebook, or their mistakes shown one to a line."""
    try:
        return load_documents(book)
    except RulebookError as error:
        for diagnostic in error.diagnostics:
            err.print(str(diagnostic), style="red", markup=False, soft_wrap=True)
        count = len(error.diagnostics)
        fail(f"Les modèles ne sont pas lisibles : {count} erreur{'s' if count > 1 else ''}.", code)


def documents_command(
    fichier: Annotated[str, typer.Argument(help="Scénario ou cas, YAML ou JSON ; « - » : entrée.")],
    dossier: Annotated[
        Path | None,
        typer.Option("--dossier", "-o", help="Où écrire les fichiers ; sinon, rien ne l'est."),
    ] = None,
    format: Annotated[
        list[str] | None,
        typer.Option(help="docx, odt ou pdf ; plusieurs fois au besoin. Par défaut, docx et odt."),
    ] = None,
    seulement: Annotated[
        list[str] | None, typer.Option(help="Ne faire que ce document ; plusieurs fois au besoin.")
    ] = None,
    publication: Annotated[
        str | None, typer.Option(help="AAAA-MM-JJ : jour de publication et de transmission.")
    ] = None,
) -> None:
    """Les documents, le calendrier et les contacts qu'un avis permet de préparer."""
    forms = format or ["docx", "odt"]
    for form in forms:
        if form not in FORMATS:
            fail(f"Le format « {form} » n'existe pas ({', '.join(FORMATS)}).")
    published = _day(publication)
    with scenario_errors(fichier):
        document = scenario_of(parse_yaml(read_input(fichier)))
    with advisor() as adviser:
        documents = documents_of(adviser.rulebook)
        if documents is None:
            fail("Ce recueil n'a pas de modèles de documents.")
        for name in seulement or ():
            if name not in documents.library.models:
                near = suggest(name, documents.library.models)
                hint = f" Vouliez-vous dire « {near} » ?" if near else ""
                fail(f"Le document « {name} » n'existe pas.{hint}")
        with scenario_errors(fichier):
            advice = adviser.advise(document)
        if published is not None and published < advice.scenario.day:
            fail("La publication ne peut pas précéder la séance.")
        today = paris_today()
        refused = 0
        for offer in documents.offers(advice, today):
            if seulement and offer.model.id not in seulement:
                continue
            if offer.state != "possible":
                refused += 1
                out.print(f"✗ {offer.model.id} : {offer.reason}", markup=False, soft_wrap=True)
                continue
            out.print(f"✓ {offer.model.id} : {offer.title}", markup=False, soft_wrap=True)
            if dossier is None:
                continue
            made = documents.make(advice, offer.model.id, today, documents.given(advice, published))
            for form in forms:
                body = written(made, form)
                data = pdf_of(body) if isinstance(body, Typeset) else body
                _save(dossier, f"{made.stem}.{form}", data)
        if dossier is not None and not seulement:
            data, stem = calendar_of(documents, advice, published)
            _save(dossier, f"{stem}.ics", data)
    if seulement and refused == len(seulement):
        raise typer.Exit(FAILED)


def _save(folder: Path, name: str, data: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        fail(f"Le dossier « {folder} » ne peut pas être créé.")
    write_file(folder / name, data)
    out.print(f"    {folder / name}", markup=False, soft_wrap=True)


def _day(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError:
        fail(f"« {text} » n'est pas une date AAAA-MM-JJ.")
