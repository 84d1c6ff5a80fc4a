"""An avis on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from coopdec_rules.advice.answers import POWER
from coopdec_rules.advice.model_parts import Motif
from coopdec_rules.advice.models import Avis
from coopdec_rules.advice.names import MARKS, NAMES
from coopdec_rules.advice.questions import purpose
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import euros
from coopdec_rules.web.avis.tables import tables
from coopdec_rules.web.avis.view import AvisWords

_TONES = {
    "favorable": "green",
    "reserve": "yellow",
    "defavorable": "red",
    "inconnu": "cyan",
    "neutre": "default",
}


def show_avis(console: Console, avis: Avis, book: Rulebook) -> None:
    """Print an avis: the answers, then what to do, then why."""
    words = AvisWords(book)
    console.print(
        Panel(
            Text("\n".join(card.sentence for card in words.head(avis))),
            title="Avis",
            border_style=_TONES[words.tone(POWER, avis["habilitation"])],
            expand=console.is_terminal,
        )
    )
    if avis["habilitation_possibles"]:
        names = ", ".join(words.conclusion(POWER, v) for v in avis["habilitation_possibles"])
        _line(console, f"Réponses encore possibles : {names}.")
    _tables(console, avis, words)
    _replies(console, avis, words)
    _elements(console, avis, words)
    _sufficient(console, avis)
    _levers(console, avis)
    _texts(console, "Pistes pour y arriver", [entry["texte"] for entry in avis["pistes"]])
    _conditions(console, avis)
    for title, entries in (
        ("Formalités", avis["formalites"]),
        ("Modalités", avis["modalites"]),
        ("Avertissements", avis["avertissements"]),
        ("Conseils", avis["conseils"]),
    ):
        _texts(console, title, [entry["texte"] for entry in entries])
    _ceilings(console, avis)
    _texts(console, "Présumé, faute de réponse", [
        f"{p['libelle']} : {p['valeur_libelle']} ({p['pointeur']})"
        + (f" — {p['origine']}" if p["origine"] else "")
        for p in avis["presumes"]
    ])  # fmt: skip
    _texts(console, "Questions ouvertes, la plus utile d'abord", [
        f"{q['question']} ({q['pointeur']}) — pour : {purpose(q, book)}" for q in avis["questions"]
    ])  # fmt: skip
    _tier(console, avis)
    _divergences(console, avis, words)
    _reasons(console, avis, book)
    _footer(console, avis, words)


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text), style=style, soft_wrap=True)


def _place(book: Rulebook, group: str | None, item: int | None) -> str:
    """The item of a repeated group, in brackets; "" for the whole action."""
    if group is None or item is None:
        return ""
    return f" ({book.groups[group].noun.singular} {item + 1})"


def _texts(console: Console, title: str, texts: Sequence[str]) -> None:
    if not texts:
        return
    _line(console, f"\n{title}", "bold")
    for text in texts:
        _line(console, f"  • {text}")


def _tables(console: Console, avis: Avis, words: AvisWords) -> None:
    """What is concluded for each item of the repeated groups."""
    for found in tables(words, avis):
        table = Table(found.noun, *found.columns)
        for row in found.rows:
            table.add_row(
                Text(row.name), *(Text(cell.text, _TONES[cell.tone]) for cell in row.cells)
            )
        console.print(table)


def _replies(console: Console, avis: Avis, words: AvisWords) -> None:
    """The other conclusions that the rulebook shows."""
    for reply in words.shown(avis, "suite"):
        place = _place(words.book, reply["groupe"], reply["rang"])
        _line(console, f"\n{reply['titre']}{place}", "bold")
        state = Text(f"  [{reply['valeur_libelle']}]", style=_TONES[reply["ton"]])
        console.print(state + Text(f" {reply['phrase']}"), soft_wrap=True)


def _elements(console: Console, avis: Avis, words: AvisWords) -> None:
    """The elements of validity, each with its state, what it asks and the rules that say it."""
    if not avis["elements"]:
        return
    _line(console, "\nCe qu'il faut réunir, élément par élément", "bold")
    for element in avis["elements"]:
        place = _place(words.book, element["groupe"], element["rang"])
        state = Text(f"[{element['valeur_libelle']}]", style=_TONES[element["ton"]])
        console.print(
            Text("  ") + state + Text(f" {element['titre']}{place} : {element['phrase']}"),
            soft_wrap=True,
        )
        if element["possibles"]:
            names = " ; ".join(words.conclusion(element["code"], v) for v in element["possibles"])
            _line(console, f"      encore possible : {names}")
        for task in (*element["conditions"], *element["formalites"]):
            who = f" — {NAMES['qui'][task['qui']]}" if task["qui"] else ""
            _line(console, f"      • [{NAMES['etat'][task['etat']]}] {task['texte']}{who}")
        for reason in element["motifs"]:
            _line(console, f"      {reason['texte']} ({reason['source']})", "dim")


def _sufficient(console: Console, avis: Avis) -> None:
    """The facts that alone decide the power to act."""
    for reason in avis["raisons"]:
        if reason["pour"] == POWER:
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


def _levers(console: Console, avis: Avis) -> None:
    if not avis["leviers"]:
        return
    _line(console, "\nCe qui changerait la réponse, le plus proche d'abord", "bold")
    for lever in avis["leviers"]:
        steps = [f"{s['faire'] or s['libelle']} ({s['qui_libelle']})" for s in lever["changements"]]
        if lever["sans"]:
            steps.append(f"{lever['sans']['faire']} (n° {lever['sans']['element'] + 1})")
        other = "autre voie : " if lever["autre_action"] else ""
        doubt = "" if lever["certain"] else ", si les réponses encore inconnues le permettent"
        _line(console, f"  • {other}{' ; '.join(steps)} → {lever['habilitation_libelle']}{doubt}")
        for rule in (*lever["leve"], *lever["applique"])[:2]:
            _line(console, f"      {rule['source']}", "dim")


def _tier(console: Console, avis: Avis) -> None:
    """What decides the tier, what lacks for the next one, and peers."""
    tier = avis["palier"]
    if tier["element"]:
        _texts(console, "Palier d'engagement", [tier["element"]["texte"]])
    if tier["pour_suivant"]:
        ways = [" ; ".join(s["faire"] for s in way) for way in tier["pour_suivant"]["voies"]]
        _texts(console, f"Pour le palier suivant ({tier['pour_suivant']['libelle']})", ways)
    _texts(console, "Pairs", [f"{p['nom']} ({p['provenance']})" for p in tier["pairs"][:3]])


def _conditions(console: Console, avis: Avis) -> None:
    if not avis["conditions"]:
        return
    _line(console, "\nConditions", "bold")
    for entry in avis["conditions"]:
        who = f" — {NAMES['qui'][entry['qui']]}" if entry["qui"] else ""
        _line(console, f"  [{NAMES['etat'][entry['etat']]}] {entry['texte']}{who}")
        _line(console, f"      {entry['source']}", "dim")


def _ceilings(console: Console, avis: Avis) -> None:
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


def _divergences(console: Console, avis: Avis, words: AvisWords) -> None:
    if not avis["divergences"]:
        return
    _line(console, "\nLà où l'étude de 2006 et le droit s'écartent", "bold")
    for entry in avis["divergences"]:
        if entry["droit"] is not None:
            law = words.conclusion(entry["objet"], entry["droit"])
            study = words.conclusion(entry["objet"], entry["etude_2006"])
            said = f"le droit donne « {law} », l'étude « {study} »"
            _line(console, f"  • {entry['libelle']} : {said}")
        else:
            _line(console, f"  • {entry['libelle']}")
        for name, reasons in (("droit", entry["dit_le_droit"]), ("étude", entry["dit_l_etude"])):
            for reason in reasons:
                _line(console, f"      {name} : {reason['texte']}", "dim")


def _reasons(console: Console, avis: Avis, book: Rulebook) -> None:
    for state, title in NAMES["motif"].items():
        reasons = [r for r in avis["motifs"] if r["etat"] == state]
        if not reasons:
            continue
        _line(console, f"\n{title}", "bold")
        for reason in reasons:
            _reason(console, reason, book)


def _reason(console: Console, reason: Motif, book: Rulebook) -> None:
    place = _place(book, reason["groupe"], reason["element"])
    aside = f" — écartée par {', '.join(reason['ecartee_par'])}" if reason["ecartee_par"] else ""
    _line(console, f"  {reason['regle']}{place}{aside} : {reason['explication']}")
    if reason["peut_etre_ecartee_par"]:
        may = ", ".join(reason["peut_etre_ecartee_par"])
        _line(console, f"      peut encore être écartée par : {may}", "dim")
    for condition in reason["conditions"]:
        _line(console, f"      {MARKS[condition['etat']]} {condition['texte']}", "dim")
    for source in reason["sources"]:
        pinpoint = f", {source['reperage']}" if source["reperage"] else ""
        rank = book.ranks[source["rang"]].label
        _line(console, f"      {rank} : {source['titre']}{pinpoint}", "dim")
    _line(console, f"      {NAMES['confiance'][reason['confiance']]}", "dim")
    if reason["doute"]:
        _line(console, f"      doute : {reason['doute']}", "dim")
    review = reason["relecture"]
    if review["etat"] != "non_relue":
        state = NAMES["relecture"][review["etat"]]
        note = f" : {review['note']}" if review["note"] else ""
        _line(console, f"      {state} ({review['role']}, {review['date']}){note}", "dim")


def _footer(console: Console, avis: Avis, words: AvisWords) -> None:
    book = avis["recueil"]
    reviewed = book["regles_relues"]
    _line(console, "")
    heads = "".join(f" ; {r['titre']} : {r['valeur_libelle']}" for r in words.shown(avis, "entete"))
    _line(
        console,
        f"Droit lu au {avis['droit_au']}{heads}. Recueil {book['version']}, empreinte "
        f"{book['empreinte'][:12]} ; règles relues par un juriste : {reviewed['relues']} sur "
        f"{reviewed['total']}. Cet avis ne remplace ni un juriste, ni le contrôle de légalité.",
        "dim",
    )
