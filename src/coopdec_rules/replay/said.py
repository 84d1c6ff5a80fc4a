"""What the verification of a receipt says, as lines for a screen or a page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from coopdec_rules import __version__
from coopdec_rules.errors import RulebookError
from coopdec_rules.replay.models import (
    Causes,
    Comparaison,
    RegleEnCause,
    ReponseChangee,
    SignatureState,
    TacheDuRecu,
    Verification,
)
from coopdec_rules.rulebook.words import date
from coopdec_rules.workshop.impact_text import Line

_SIGNATURES: dict[SignatureState, str] = {
    "absente": "Le reçu n'est pas signé : rien ne dit qui l'a délivré.",
    "valable": "Signé par ce service, qui atteste l'avoir délivré le {jour}.",
    "fausse": "LA SIGNATURE EST FAUSSE : ce service n'a pas délivré ce reçu.",
    "autre_cle": "Signé avec une autre clé que celle d'ici : seul l'hôte qui l'a délivré peut le "
    "confirmer.",
    "sans_cle": "Signé, mais il n'y a pas de clé ici : seul l'hôte qui l'a délivré peut le "
    "confirmer.",
}
_STATES = {"ajoutee": "règle nouvelle", "retiree": "règle retirée", "modifiee": "règle changée"}


def verification_lines(found: Verification) -> Iterator[Line]:
    """The whole verification."""
    book = found["recueil_du_recu"]
    yield Line("titre", "Vérification d'un reçu", 1)
    yield Line("point", f"Droit au {_day(found['droit_au'])}.")
    yield Line("point", f"Recueil du reçu : {book['version']}, empreinte {book['empreinte'][:12]}.")
    if not found["intact"]:
        yield Line(
            "point",
            "LE REÇU A ÉTÉ MODIFIÉ : son empreinte n'est pas celle de son contenu. Il n'est pas "
            "rejoué.",
        )
        return
    yield Line("point", f"Le reçu est intact (empreinte {found['empreinte'][:12]}).")
    delivered = _day(found["delivre_le"]) if found["delivre_le"] else ""
    yield Line("point", _SIGNATURES[found["signature"]].format(jour=delivered))
    if found["relu"] is not None:
        yield from _comparison("Relu avec son propre recueil", found["relu"], own=True)
    elif found["illisible"] is not None:
        yield Line("titre", "Relu avec son propre recueil")
        yield Line("texte", f"Il ne peut pas l'être : {found['illisible']}")
    if found["aujourd_hui"] is not None:
        today = found["aujourd_hui"]
        name = f"{today['recueil']['version']}, empreinte {today['recueil']['empreinte'][:12]}"
        yield from _comparison(f"Relu avec le recueil d'aujourd'hui ({name})", today, own=False)
    elif found["refuse"] is not None:
        yield Line("titre", "Relu avec le recueil d'aujourd'hui")
        yield Line("texte", f"Le scénario n'est plus lu : {found['refuse']}")


def unreadable(name: str, error: RulebookError) -> str:
    """Why the older rulebook ``name`` cannot be used, and what to do."""
    more = len(error.diagnostics) - 1
    plural = "s" if more > 1 else ""
    others = f" (et {more} autre{plural} erreur{plural})" if more else ""
    return (
        f"Le recueil « {name} » ne se lit pas avec le logiciel {__version__} : "
        f"{error.diagnostics[0]}{others} Il se relit avec le logiciel publié avec lui."
    )


def same_today(found: Verification) -> bool:
    """Whether the receipt is intact, not forged, and would be given alike today."""
    today = found["aujourd_hui"]
    return (
        found["intact"]
        and found["signature"] != "fausse"
        and today is not None
        and today["identique"]
    )


def _day(text: str) -> str:
    return date(dt.date.fromisoformat(text))


def _comparison(title: str, found: Comparaison, own: bool) -> Iterator[Line]:
    yield Line("titre", title)
    if found["identique"]:
        yield Line("texte", "Les mêmes réponses, les mêmes choses à faire.")
    elif own:
        yield Line(
            "texte",
            f"Le recueil est le même : ce qui diffère tient au logiciel (ici {found['logiciel']}) "
            "ou à la base nationale des groupements.",
        )
    told = set[str]()
    for change in found["changements"]:
        yield from _change(change, told)
    tasks = found["a_faire"]
    yield from _tasks("À faire désormais", tasks["ajoutees"])
    yield from _tasks("N'est plus à faire, ou plus dans ces mots", tasks["retirees"])
    if found["plafonds_changent"]:
        yield Line("point", "Des plafonds changent.")
    rules = found["regles"]
    for words, names in (
        ("Règles qui s'appliquent désormais", rules["desormais"]),
        ("Règles qui ne s'appliquent plus", rules["plus"]),
        ("Règles appliquées dont le texte a changé", rules["autre_texte"]),
    ):
        if names:
            yield Line("point", f"{words} : {', '.join(names)}.")


def _change(change: ReponseChangee, told: set[str]) -> Iterator[Line]:
    """One answer that changed; ``told`` are the rules already shown, which are only named again."""
    where = "" if change["rang"] is None else f" ({change['groupe']} {change['rang'] + 1})"
    yield Line(
        "titre",
        f"{change['titre']}{where} : {change['avant_libelle']} → {change['apres_libelle']}",
        3,
    )
    causes = change["causes"]
    if causes is None:
        yield Line(
            "texte",
            "Le recueil du reçu ne peut pas être relu : seules sont dites, plus bas, les règles "
            "appliquées qui diffèrent.",
        )
        return
    yield from _causes(causes, told)


def _causes(causes: Causes, told: set[str]) -> Iterator[Line]:
    if not causes["regles"] and not causes["faits"]:
        yield Line(
            "texte",
            "Aucune règle changée n'y mène : cela tient au logiciel ou à la base nationale.",
        )
        return
    if not causes["suivies"]:
        yield Line("texte", "Les règles changées dont cette réponse dépend :")
    again = [rule["regle"] for rule in causes["regles"] if rule["regle"] in told]
    for rule in causes["regles"]:
        if rule["regle"] not in again:
            yield from _rule(rule)
    told.update(rule["regle"] for rule in causes["regles"])
    if again:
        yield Line(
            "point", f"par des règles montrées plus haut : {', '.join(dict.fromkeys(again))}"
        )
    for fact in causes["faits"]:
        why = f" — {fact['origine']}" if fact["origine"] else ""
        yield Line(
            "point",
            f"par un fait lu autrement : {fact['libelle']}, {fact['avant'] or 'inexistant'} → "
            f"{fact['apres'] or 'inexistant'}{why}",
        )
    if causes["chemin"]:
        yield Line("point", f"à travers : {', '.join(causes['chemin'])}")


def _rule(rule: RegleEnCause) -> Iterator[Line]:
    yield Line(
        "point",
        f"par {rule['regle']}, {_STATES[rule['etat']]} ({rule['fichier']}:{rule['ligne']}) : "
        f"{rule['explication']} [{rule['source']}]",
    )
    before, after = rule["avant"] or {}, rule["apres"] or {}
    for aspect in {**before, **after}:
        if rule["etat"] == "modifiee":
            yield Line("sous_point", f"{aspect}, avant : {_flat(before.get(aspect))}")
            yield Line("sous_point", f"{aspect}, après : {_flat(after.get(aspect))}")
        else:
            yield Line("sous_point", f"{aspect} : {_flat({**before, **after}[aspect])}")


def _flat(value: object) -> str:
    if isinstance(value, list):
        return " ; ".join(map(str, value)) or "(rien)"
    return str(value) if value else "(rien)"


def _tasks(words: str, tasks: list[TacheDuRecu]) -> Iterator[Line]:
    if tasks:
        yield Line("titre", words, 3)
    for task in tasks:
        rule = f" [{task['regle']}]" if task["regle"] else ""
        yield Line("point", f"{task['texte']}{rule}")
