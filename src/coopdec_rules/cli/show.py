"""An avis on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from coopdec_rules.advice.names import MARKS, NAMES
from coopdec_rules.advice.wording import euros
from coopdec_rules.rulebook.rulebook import Rulebook

_COLOURS = {
    "autorisee": "green",
    "sous_conditions": "yellow",
    "partielle": "yellow",
    "interdite": "red",
    "indeterminee": "cyan",
}
_TONES = {
    "favorable": "green",
    "reserve": "yellow",
    "defavorable": "red",
    "inconnu": "cyan",
    "neutre": "default",
}


def show_avis(console: Console, avis: Mapping[str, Any], book: Rulebook) -> None:
    """Print an avis: the answers, then what to do, then why."""
    summary = avis["resume"]
    console.print(
        Panel(
            Text("\n".join(summary.values())),
            title="Avis",
            border_style=_COLOURS[avis["habilitation"]],
        )
    )
    if avis["habilitation_possibles"]:
        labels = book.conclusions["habilitation"].values
        names = ", ".join(labels.get(v, v) for v in avis["habilitation_possibles"])
        _line(console, f"Réponses encore possibles : {names}.")
    _parts(console, avis, book)
    _elements(console, avis, book)
    _sufficient(console, avis)
    _levers(console, avis)
    _texts(console, "Pistes pour y arriver", [entry["texte"] for entry in avis["pistes"]])
    _conditions(console, avis)
    for key, title in (
        ("formalites", "Formalités"),
        ("modalites", "Modalités"),
        ("avertissements", "Avertissements"),
        ("conseils", "Conseils"),
    ):
        _texts(console, title, [entry["texte"] for entry in avis[key]])
    _ceilings(console, avis)
    _texts(console, "Présumé, faute de réponse", [
        f"{p['libelle']} : {p['valeur_libelle']} ({p['pointeur']})" for p in avis["presumes"]
    ])  # fmt: skip
    _texts(console, "Questions ouvertes, la plus utile d'abord", [
        f"{q['question']} ({q['pointeur']})" for q in avis["questions"]
    ])  # fmt: skip
    _tier(console, avis)
    _divergences(console, avis, book)
    _reasons(console, avis)
    _footer(console, avis)


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text), style=style, soft_wrap=True)


def _texts(console: Console, title: str, texts: Sequence[str]) -> None:
    if not texts:
        return
    _line(console, f"\n{title}", "bold")
    for text in texts:
        _line(console, f"  • {text}")


def _parts(console: Console, avis: Mapping[str, Any], book: Rulebook) -> None:
    table = Table(title=None)
    for name in ("Volet", "Habilitation", "Maître d'ouvrage"):
        table.add_column(name)
    powers = book.conclusions["volet.habilitation"].values
    owners = book.conclusions["volet.maitre_ouvrage"].values
    for part in avis["volets"]:
        title = part["intitule"] or part["domaine_libelle"] or f"volet {part['rang'] + 1}"
        table.add_row(
            Text(title),
            powers.get(part["habilitation"], part["habilitation"]),
            owners.get(part["maitre_ouvrage"], part["maitre_ouvrage"]),
        )
    console.print(table)


def _elements(console: Console, avis: Mapping[str, Any], book: Rulebook) -> None:
    """The elements of validity, each with its state, what it asks and the rules that say it."""
    if not avis["elements"]:
        return
    _line(console, "\nCe qu'il faut réunir, élément par élément", "bold")
    for element in avis["elements"]:
        place = "" if element["rang"] is None else f" ({element['groupe']} {element['rang'] + 1})"
        state = Text(f"[{element['valeur_libelle']}]", style=_TONES[element["ton"]])
        console.print(
            Text("  ") + state + Text(f" {element['titre']}{place} : {element['phrase']}"),
            soft_wrap=True,
        )
        if element["possibles"]:
            labels = book.conclusions[element["code"]].values
            names = " ; ".join(labels.get(v, v) for v in element["possibles"])
            _line(console, f"      encore possible : {names}")
        for task in (*element["conditions"], *element["formalites"]):
            who = f" — {NAMES['qui'][task['qui']]}" if task["qui"] else ""
            _line(console, f"      • [{NAMES['etat'][task['etat']]}] {task['texte']}{who}")
        for reason in element["motifs"]:
            _line(console, f"      {reason['texte']} ({reason['source']})", "dim")


def _sufficient(console: Console, avis: Mapping[str, Any]) -> None:
    """The facts that alone decide the power to act."""
    for reason in avis["raisons"]:
        if reason["pour"] == "habilitation":
            facts = reason["faits"]
            title = f"Ces {len(facts)} faits suffisent" if len(facts) > 1 else "Ce fait suffit"
            _texts(
                console,
                title if facts else "À cette date, quels que soient les faits",
                [
                    f"{f['libelle']} : {f['valeur_libelle']}"
                    + (" (présumé)" if f["presume"] else "")
                    for f in facts
                ],
            )


def _levers(console: Console, avis: Mapping[str, Any]) -> None:
    if not avis["leviers"]:
        return
    _line(console, "\nCe qui changerait la réponse, le plus proche d'abord", "bold")
    for lever in avis["leviers"]:
        steps = [f"{s['faire'] or s['libelle']} ({s['qui_libelle']})" for s in lever["changements"]]
        if lever["sans"]:
            steps.append(f"{lever['sans']['faire']} (n° {lever['sans']['element'] + 1})")
        doubt = "" if lever["certain"] else ", si les réponses encore inconnues le permettent"
        _line(console, f"  • {' ; '.join(steps)} → {lever['habilitation_libelle']}{doubt}")
        for rule in (*lever["leve"], *lever["applique"])[:2]:
            _line(console, f"      {rule['source']}", "dim")


def _tier(console: Console, avis: Mapping[str, Any]) -> None:
    """What decides the tier, what lacks for the next one, and peers."""
    tier = avis["palier"]
    if tier["element"]:
        _texts(console, "Palier d'engagement", [tier["element"]["texte"]])
    if tier["pour_suivant"]:
        ways = [" ; ".join(s["faire"] for s in way) for way in tier["pour_suivant"]["voies"]]
        _texts(console, f"Pour le palier suivant ({tier['pour_suivant']['libelle']})", ways)
    _texts(console, "Pairs", [f"{p['nom']} ({p['provenance']})" for p in tier["pairs"][:3]])


def _conditions(console: Console, avis: Mapping[str, Any]) -> None:
    if not avis["conditions"]:
        return
    _line(console, "\nConditions", "bold")
    for entry in avis["conditions"]:
        who = f" — {NAMES['qui'][entry['qui']]}" if entry["qui"] else ""
        _line(console, f"  [{NAMES['etat'][entry['etat']]}] {entry['texte']}{who}")
        _line(console, f"      {entry['source']}", "dim")


def _ceilings(console: Console, avis: Mapping[str, Any]) -> None:
    if not avis["plafonds"]:
        return
    _line(console, "\nPlafonds", "bold")
    for entry in avis["plafonds"]:
        amounts = [
            f"{name} {euros(value)}" if isinstance(value, Decimal) else f"{name} inconnu"
            for name, value in (
                ("plafond", entry["plafond"]),
                ("montant", entry["montant"]),
                ("dépassement", entry["depassement"]),
            )
        ]
        _line(console, f"  • {entry['budget_libelle']} : {' ; '.join(amounts)}")


def _divergences(console: Console, avis: Mapping[str, Any], book: Rulebook) -> None:
    if not avis["divergences"]:
        return
    _line(console, "\nLà où l'étude de 2006 et le droit s'écartent", "bold")
    for entry in avis["divergences"]:
        conclusion = book.conclusions.get(entry["objet"])
        labels = conclusion.values if conclusion else {}
        if entry["droit"] is not None:
            law = labels.get(entry["droit"], entry["droit"])
            study = labels.get(entry["etude_2006"], entry["etude_2006"])
            said = f"le droit donne « {law} », l'étude « {study} »"
            _line(console, f"  • {entry['libelle']} : {said}")
        else:
            _line(console, f"  • {entry['libelle']}")
        for side, name in (("dit_le_droit", "droit"), ("dit_l_etude", "étude")):
            for reason in entry[side]:
                _line(console, f"      {name} : {reason['texte']}", "dim")


def _reasons(console: Console, avis: Mapping[str, Any]) -> None:
    for state, title in NAMES["motif"].items():
        reasons = [r for r in avis["motifs"] if r["etat"] == state]
        if not reasons:
            continue
        _line(console, f"\n{title}", "bold")
        for reason in reasons:
            _reason(console, reason)


def _reason(console: Console, reason: Mapping[str, Any]) -> None:
    place = "" if reason["element"] is None else f" ({reason['groupe']} {reason['element'] + 1})"
    aside = f" — écartée par {', '.join(reason['ecartee_par'])}" if reason["ecartee_par"] else ""
    _line(console, f"  {reason['regle']}{place}{aside} : {reason['explication']}")
    for condition in reason["conditions"]:
        _line(console, f"      {MARKS[condition['etat']]} {condition['texte']}", "dim")
    for source in reason["sources"]:
        pinpoint = f", {source['reperage']}" if source["reperage"] else ""
        _line(
            console, f"      {NAMES['rang'][source['rang']]} : {source['titre']}{pinpoint}", "dim"
        )
    if reason["doute"]:
        _line(console, f"      doute : {reason['doute']}", "dim")
    review = reason["relecture"]
    if review["etat"] != "non_relue":
        state = NAMES["relecture"][review["etat"]]
        note = f" : {review['note']}" if review["note"] else ""
        _line(console, f"      {state} ({review['role']}, {review['date']}){note}", "dim")


def _footer(console: Console, avis: Mapping[str, Any]) -> None:
    book = avis["recueil"]
    reviewed = book["regles_relues"]
    _line(console, "")
    _line(
        console,
        f"Droit lu au {avis['droit_au']} ; fondement : "
        f"{avis['fondement']['libelle'] or 'non établi'}. Recueil {book['version']}, empreinte "
        f"{book['empreinte'][:12]} ; règles relues par un juriste : {reviewed['relues']} sur "
        f"{reviewed['total']}. Cet avis ne remplace ni un juriste, ni le contrôle de légalité.",
        "dim",
    )
