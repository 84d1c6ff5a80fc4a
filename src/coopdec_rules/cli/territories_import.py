"""``coopdec territoires importer``: a newer state of the national base on groupings."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from coopdec_rules.cli.common import BAD_INPUT, fail, out, write_file
from coopdec_rules.territories.base import VARIABLE, Base, load_base
from coopdec_rules.territories.changes import Change, Changes, compare, extract
from coopdec_rules.territories.competences import Competence
from coopdec_rules.territories.data_file import DirectoryError, compress
from coopdec_rules.territories.export_text import ExportError
from coopdec_rules.territories.importing import Imported, read_export
from coopdec_rules.territories.nomenclature import NOMENCLATURES

_SILENT = "n'est plus citée (ce qui ne prouve rien)"


def import_command(
    fichier: Annotated[Path, typer.Argument(help="Un export de BANATIC, en CSV.")],
    nomenclature: Annotated[
        str | None,
        typer.Option("--nomenclature", help="2021 ou 2025, si le fichier ne le dit pas."),
    ] = None,
    ecrire: Annotated[
        Path | None, typer.Option("--ecrire", help="Fichier à écrire, pour s'en servir.")
    ] = None,
    millesime: Annotated[
        str, typer.Option("--millesime", help="État de la base : « 1er juillet 2026 ».")
    ] = "",
) -> None:
    """Lit un export de la base nationale des groupements, et dit ce qui change pour chacun."""
    if nomenclature not in (None, *NOMENCLATURES):
        fail(f"« --nomenclature » : {' ou '.join(NOMENCLATURES)} attendu.", BAD_INPUT)
    if ecrire is not None and not (millesime.strip() and millesime.isprintable()):
        fail(
            "Le fichier ne dit pas de quel jour il est : « --ecrire » demande « --millesime », par "
            'exemple --millesime "1er juillet 2026".',
            BAD_INPUT,
        )
    try:
        base = load_base()
        found = read_export(fichier, base.known, nomenclature)
        changes = compare(base, found)
        _tell(base, found, changes)
        if ecrire is not None:
            text = extract(base, found, millesime, fichier.name)
            write_file(ecrire, compress(text))
            out.print(
                Text(f"{ecrire} est écrit. Pour s'en servir : {VARIABLE}={ecrire}"), soft_wrap=True
            )
    except ExportError as error:
        fail(f"{fichier} : {error}", BAD_INPUT)
    except DirectoryError as error:
        fail(str(error), BAD_INPUT)
    except OSError as error:
        fail(
            f"Le fichier « {error.filename} » ne peut pas être lu ou écrit ({error.strerror}).",
            BAD_INPUT,
        )


def _tell(base: Base, found: Imported, changes: Changes) -> None:
    for change in changes.changed:
        _change(change)
    for siren, why in changes.set_aside.items():
        out.print(Text(f"{siren} n'est pas repris : {why}"), soft_wrap=True)
    for name in found.unknown:
        out.print(
            Text(f"Colonne ou code non repris, faute de libellé connu : {name}"), soft_wrap=True
        )
    count = len(found.groupings)
    new = sum(change.new for change in changes.changed)
    lines = [
        f"{count} groupements lus, nomenclature de {found.nomenclature} ; jusqu'ici : état de "
        f"{base.vintage}, nomenclature de {base.nomenclature}.",
        f"{len(changes.changed) - new} ont changé, {changes.same} n'ont pas changé, {new} sont "
        f"nouveaux ; {changes.absent} de ceux que l'on connaît ne sont pas dans le fichier.",
    ]
    if found.nomenclature != base.nomenclature:
        lines.append(
            "Les nomenclatures diffèrent : une compétence que l'autre n'a pas n'est pas comparée."
        )
    for line in lines:
        out.print(Text(line), soft_wrap=True)


def _change(change: Change) -> None:
    name = change.name or "groupement sans nom"
    new = ", nouveau" if change.new else ""
    out.print(Text(f"{name} ({change.siren}){new} :", style="bold"), soft_wrap=True)
    _listed("+", change.cited, "est citée")
    _listed("-", change.silent, _SILENT)


def _listed(mark: str, competences: Iterable[Competence], what: str) -> None:
    for competence in competences:
        line = f"  {mark} {competence.code} {competence.label} : {what}"
        out.print(Text(line), soft_wrap=True)
