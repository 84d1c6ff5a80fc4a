"""``coopdec recueil relire`` and ``relectures``: what lawyers signed of the rulebook."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from coopdec_rules.advice.documents import to_json
from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.today import today as paris_today
from coopdec_rules.cli.common import fail, out, rulebook, write_json
from coopdec_rules.errors import RulebookError, suggest
from coopdec_rules.rulebook.location import is_shipped, rules_folder
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.review_files import record
from coopdec_rules.rulebook.reviews import STATES, VERDICTS, Review, version_of
from coopdec_rules.rulebook.rulebook import Rulebook

Folder = Annotated[Path | None, typer.Option("--dossier", help="Dossier du recueil.")]


def review_command(
    regle: Annotated[str, typer.Argument(help="Identifiant de la règle.")],
    role: Annotated[
        str, typer.Option("--role", help="Fonction de qui relit (« avocate »), pas son nom.")
    ],
    avis: Annotated[str, typer.Option("--avis", help="conforme, reserve ou non_conforme.")],
    note: Annotated[
        str, typer.Option("--note", help="Pourquoi ; obligatoire sauf avis conforme.")
    ] = "",
    date: Annotated[
        str | None, typer.Option("--date", help="AAAA-MM-JJ ; par défaut, aujourd'hui.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--version", help="Numéro (1 : la plus ancienne) ou jour où elle vaut."),
    ] = None,
    dossier: Folder = None,
) -> None:
    """Enregistre la relecture d'une règle, telle qu'elle est aujourd'hui."""
    folder = dossier or rules_folder()
    if is_shipped(folder):
        fail(
            "Ce recueil est celui du paquet installé : une relecture y serait perdue à la "
            "prochaine installation. Relire dans une copie de travail, avec --dossier."
        )
    verdict = next((v for v in VERDICTS if v == avis), None)
    if verdict is None:
        fail(f"L'avis « {avis} » n'existe pas ({', '.join(VERDICTS)}).{_hint(avis, VERDICTS)}")
    if not role.strip():
        fail("--role est vide : dire la fonction de qui relit, par exemple « avocate ».")
    if verdict != "conforme" and not note.strip():
        fail(f"Un avis « {verdict} » dit pourquoi : ajouter --note.")
    day = _day(date)
    book = rulebook(folder)
    rule = _version(book, regle, version)
    before = book.reviews.state(rule)
    try:
        path = record(folder, rule, role=role, date=day, verdict=verdict, note=note)
    except OSError as error:
        fail(f"La relecture ne peut pas être écrite dans « {folder} » ({error.strerror}).")
    except RulebookError as error:
        fail(str(error))
    after = rulebook(folder)
    _line(f"Règle « {rule.id} », {rule.period} ({rule.file}:{rule.line})")
    _line(f"  {rule.explanation}")
    _line(f"  empreinte {rule.fingerprint}")
    _line(
        f"Relecture enregistrée dans {path} : {NAMES['verdict'][verdict]} ({role.strip()}, {day})."
    )
    state = after.reviews.state(rule)
    _line(f"État : {NAMES['relecture'][state]} (avant : {NAMES['relecture'][before]}).")


def reviews_command(
    etat: Annotated[
        str | None, typer.Option("--etat", help=f"Une liste seulement : {', '.join(STATES)}.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Toutes les règles, en JSON.")] = False,
    dossier: Folder = None,
) -> None:
    """Ce qui est relu, relu avec réserve, jugé non conforme, à relire ou jamais relu."""
    if etat is not None and etat not in STATES:
        fail(f"L'état « {etat} » n'existe pas ({', '.join(STATES)}).{_hint(etat, STATES)}")
    book = rulebook(dossier)
    rules = [r for r in book.rules if etat is None or book.reviews.state(r) == etat]
    if json:
        write_json(to_json([_entry(book, rule) for rule in rules]))
        return
    if etat is None:
        _shares(book)
        rules = [r for r in rules if book.reviews.state(r) != "non_relue"]
    for state in STATES:
        listed = [r for r in rules if book.reviews.state(r) == state]
        if listed:
            _line(f"\n{NAMES['relecture'][state].capitalize()} ({len(listed)})", "bold")
        for rule in listed:
            _line(f"  {rule.id} ({rule.period}) {rule.file}:{rule.line}")
            for review in book.reviews.of(rule):
                _line(f"      {_told(review)}", "dim")
    if etat is not None and not rules:
        _line(f"Aucune règle : {NAMES['relecture'][etat]}.")


def _shares(book: Rulebook) -> None:
    """The share of each text that a lawyer has accepted."""
    titles = ("règles", "relues", "avec réserve", "non conformes", "à relire")
    texts = _by_text(book)
    wide = max(map(len, texts))
    total: Counter[str] = Counter(book.reviews.state(rule) for rule in book.rules)
    _line(f"{'Texte':{wide}}  {'  '.join(titles)}", "bold")
    texts["Tout le recueil"] = total
    for file, counts in texts.items():
        cells = (f"{n:>{len(title)}}" for title, n in zip(titles, _row(counts), strict=True))
        _line(f"{file:{wide}}  {'  '.join(cells)}")
    accepted = total["relue"] + total["relue_avec_reserve"]
    _line(f"Relues : {accepted} sur {len(book.rules)}, lignes de tables et versions comprises.")


def _by_text(book: Rulebook) -> dict[str, Counter[str]]:
    texts: dict[str, Counter[str]] = {}
    for rule in book.rules:
        texts.setdefault(rule.file, Counter())[book.reviews.state(rule)] += 1
    return dict(sorted(texts.items()))


def _row(counts: Counter[str]) -> Sequence[int]:
    accepted = counts["relue"] + counts["relue_avec_reserve"]
    others = (counts[state] for state in ("relue_avec_reserve", "non_conforme", "a_relire"))
    return (counts.total(), accepted, *others)


def _told(review: Review) -> str:
    note = f" : {review.note}" if review.note else ""
    void = "" if review.current else " — ne vaut plus, la règle a changé depuis"
    return f"{review.date} {NAMES['verdict'][review.verdict]} ({review.role}){note}{void}"


def _entry(book: Rulebook, rule: Rule) -> dict[str, Any]:
    return {
        "regle": rule.id,
        "version": version_of(rule),
        "au": rule.period.end.isoformat() if rule.period.end else None,
        "texte": rule.file,
        "ligne": rule.line,
        "empreinte": rule.fingerprint,
        "etat": book.reviews.state(rule),
        "relectures": [
            {
                "date": review.date.isoformat(),
                "role": review.role,
                "avis": review.verdict,
                "note": review.note or None,
                "version": review.version,
                "empreinte": review.fingerprint,
                "vaut_encore": review.current,
            }
            for review in book.reviews.of(rule)
        ],
    }


def _version(book: Rulebook, ident: str, asked: str | None) -> Rule:
    """The version of the rule that is meant; an unknown or unclear one ends the command."""
    versions = book.versions(ident)
    if not versions:
        known = {rule.id for rule in book.rules}
        fail(f"La règle « {ident} » n'existe pas.{_hint(ident, known)}")
    choices = "".join(f"\n  {n} : {rule.period}" for n, rule in enumerate(versions, 1))
    if asked is None:
        if len(versions) > 1:
            fail(f"La règle « {ident} » a plusieurs versions ; ajouter --version :{choices}")
        return versions[0]
    if asked.isdecimal() and 1 <= int(asked) <= len(versions):
        return versions[int(asked) - 1]
    try:
        day = dt.date.fromisoformat(asked)
    except ValueError:
        fail(f"La version « {asked} » n'existe pas ; donner un numéro ou un jour :{choices}")
    found = next((rule for rule in versions if rule.period.contains(day)), None)
    if found is None:
        fail(f"Aucune version de « {ident} » n'est en vigueur le {asked} :{choices}")
    return found


def _day(written: str | None) -> dt.date:
    today = paris_today()
    if written is None:
        return today
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        fail(f"« {written} » n'est pas une date AAAA-MM-JJ.")
    if day > today:
        fail(f"La relecture ne peut pas être datée de demain ou plus tard ({written}).")
    return day


def _hint(found: str, known: Sequence[str] | set[str]) -> str:
    near = suggest(found, known)
    return f" Vouliez-vous dire « {near} » ?" if near else ""


def _line(text: str, style: str = "") -> None:
    out.print(Text(text), style=style, soft_wrap=True)
