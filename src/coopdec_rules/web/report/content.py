"""What the printed avis says, as plain data for its template."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.names import NAMES
from coopdec_rules.advice.wording import date
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.avis.view import AvisWords, capital
from coopdec_rules.web.form import FormReader
from coopdec_rules.web.typography import french_text

Data = dict[str, Any]

_LONG = re.compile(r"\S{31,}")
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w|«)")
#: What the embedded fonts can show; an accessible document may hold nothing else.
_SHOWN = (
    "\u0020-\u007e\u00a0-\u02af\u0300-\u04ff\u0590-\u05ff\u1e00-\u2040\u2044-\u2052"
    "\u2054-\u20bf\u2190-\u22ff\u25a0-\u25ff\ufb00-\ufb06"
)
_HIDDEN = re.compile(f"[^{_SHOWN}]")
_MISSING = "\u25a1"
_UNSHOWN = ("Cn", "Cs", "Mc", "Me", "Mn")
#: Keys that hold codes, not texts to read.
_CODES = ("recueil", "habilitation")
_TITLE = "Avis sur une action de coopération décentralisée"


def content(book: Rulebook, link: Link, avis: Mapping[str, Any], today: dt.date) -> Data:
    """Every text of the document, ready to be set."""
    words = AvisWords(book)
    facts = _facts(book, link)
    known = {fact: value for fact, _, value in facts}
    subject = known.get("action.intitule", "")
    actor = known.get(answers.ACTOR_NAME, "")
    law = words.day(avis["droit_au"])
    raw: Data = {
        "titre": _TITLE,
        "description": avis["resume"]["habilitation"],
        "mots_cles": ["coopération décentralisée", "avis"],
        "entete": textwrap.shorten(
            " — ".join(filter(None, ("Avis", subject[:80], actor[:80]))), 100, placeholder=" …"
        ),
        "etabli_le": date(today),
        "objet": subject,
        "entetes": _heads(actor, known, law, words, avis),
        "habilitation": avis["habilitation"],
        "reponses": [
            {
                "titre": three["titre"],
                "phrase": three["phrase"],
                "possibles": [
                    f"Encore possible ({p['titre']}) : {' ; '.join(p['valeurs'])}."
                    for p in three["possibles"]
                ],
            }
            for three in words.three(avis)
        ],
        "appui": words.support(avis),
        "avertissements": _effects(words, avis["avertissements"]),
        "elements": [_element(words, e) for e in avis["elements"]],
        "titre_pistes": words.ways_title(avis),
        "titre_taches": words.tasks_title(avis),
        "taches": _tasks(words, avis),
        "pistes": _levers(words, avis) + _effects(words, avis["pistes"]),
        "volets": [
            {
                "nom": f"{p['rang'] + 1}. "
                + (p["intitule"] or p["domaine_libelle"] or "domaine inconnu"),
                "habilitation": words.conclusion(answers.PART_POWER, p["habilitation"]),
                "maitre": words.conclusion(answers.PART_OWNER, p["maitre_ouvrage"]),
            }
            for p in avis["volets"]
        ],
        "plafonds": [
            {
                "budget": p["budget_libelle"] or "budget inconnu",
                **{k: words.money(p[k]) for k in ("plafond", "montant", "depassement")},
            }
            for p in avis["plafonds"]
        ],
        "paliers": words.ladder(avis),
        "palier_notes": words.tier_notes(avis),
        "pairs": words.tier_peers(avis),
        "raisons": [
            {
                "titre": words.reason_title(r),
                "faits": [
                    f"{capital(f['libelle'])} : {f['valeur_libelle']}"
                    + (" (présumé)" if f.get("presume") else "")
                    for f in r["faits"]
                ],
            }
            for r in avis.get("raisons") or ()
        ],
        "motifs": _reasons(words, avis),
        "divergences": _divergences(words, avis),
        "questions": [
            {"texte": words.asked(q), "note": q["aide"] or ""} for q in avis["questions"]
        ],
        "presumes": [
            {"texte": f"{capital(p['libelle'])} : {p['valeur_libelle']}.", "note": ""}
            for p in avis["presumes"]
        ],
        "conseils": _effects(words, [*avis["modalites"], *avis["conseils"]]),
        "scenario": [{"libelle": capital(name), "valeur": value} for _, name, value in facts],
        "sources": _sources(words, avis),
        "recueil": {k: avis["recueil"][k] for k in ("version", "empreinte")},
        "provenance": [
            f"Avis tiré du recueil de règles, version {avis['recueil']['version']}, empreinte "
            f"{avis['recueil']['empreinte']}, lu au droit du {law}.",
            words.reviewed(avis),
            *(
                [f"Un carré ({_MISSING}) remplace un caractère absent des polices du document."]
                if any(shown(value) != value for value in known.values())
                else []
            ),
            "Cet avis ne remplace ni un juriste, ni le contrôle de légalité du préfet.",
        ],
    }
    return {k: v if k in _CODES else _printed(v) for k, v in raw.items()}


def _printed(value: Any) -> Any:
    """The texts with French spaces and apostrophes, and places to break what is very long."""
    if isinstance(value, str):
        text = shown(french_text(_APOSTROPHE.sub("\u2019", value)))
        return _LONG.sub(lambda m: _breakable(m.group()), text)
    if isinstance(value, list):
        return [_printed(item) for item in value]
    if isinstance(value, dict):
        return {k: v if k == "ton" else _printed(v) for k, v in value.items()}
    return value


def shown(text: str) -> str:
    """The text, a square standing for each character that the fonts do not have.

    >>> shown("Kayes, 水")
    'Kayes, □'
    """
    # A mark that combines with no letter has no glyph of its own either.
    return "".join(
        _MISSING if unicodedata.category(c) in _UNSHOWN else c
        for c in _HIDDEN.sub(_MISSING, unicodedata.normalize("NFC", text))
    )


def _breakable(word: str) -> str:
    return "\u200b".join(word[i : i + 12] for i in range(0, len(word), 12))


def _facts(book: Rulebook, link: Link) -> list[tuple[str, str, str]]:
    """Facts that the scenario states: name, label (with its place), value as people read it."""
    form = FormReader(book)
    state = form.fill(link.document)
    found = []
    for pointer, fact in form.names(state):
        text = state.values.get(pointer, "")
        if not text:
            continue
        name = fact.label
        if fact.scope:
            place = int(next(part for part in pointer.split("/") if part.isdigit()))
            name = f"{AvisWords(book).item(fact.id, place)}, {name}"
        found.append((fact.id, name, fact.values.get(text, text)))
    return found


def _heads(
    actor: str, known: Mapping[str, str], law: str, words: AvisWords, avis: Mapping[str, Any]
) -> list[Data]:
    nature = known.get("acteur.nature", "")
    lines = (
        ("Acteur", f"{actor} ({nature})" if actor and nature else actor or capital(nature)),
        ("Droit lu au", law),
        (capital(words.conclusion_label(answers.LEGAL_BASIS)), avis["fondement"]["libelle"]),
        (capital(words.conclusion_label(answers.REGIME)), avis["regime"]["libelle"]),
    )
    return [{"libelle": name, "valeur": value or "non établi"} for name, value in lines]


def _effects(words: AvisWords, entries: Iterable[Mapping[str, Any]]) -> list[Data]:
    found = []
    for entry in entries:
        place = words.places(entry)
        text = f"{place} : {entry['texte']}" if place else entry["texte"]
        found.append({"texte": text, "note": _origin(words, entry)})
    return found


def _element(words: AvisWords, element: Mapping[str, Any]) -> Data:
    place = "" if element["rang"] is None else words.place(element["groupe"], element["rang"])
    possible = " ; ".join(words.conclusion(element["code"], v) for v in element["possibles"])
    return {
        "titre": f"{place} : {element['titre']}" if place else element["titre"],
        "question": element["question"],
        "etat": capital(element["valeur_libelle"]),
        "ton": element["ton"],
        "phrase": element["phrase"],
        "possibles": f"Encore possible : {possible}." if possible else "",
        "taches": [
            f"{capital(words.name('etat', task['etat']))} : {task['texte']}"
            + (f" ({words.name('qui', task['qui'])})" if task["qui"] else "")
            for task in (*element["conditions"], *element["formalites"])
        ],
        "motifs": [f"{reason['texte']} — {_origin(words, reason)}" for reason in element["motifs"]],
    }


def _origin(words: AvisWords, entry: Mapping[str, Any]) -> str:
    return f"{capital(words.name('rang', entry['rang']))} — {entry['source']}"


def _tasks(words: AvisWords, avis: Mapping[str, Any]) -> list[Data]:
    return [
        {
            "qui": capital(words.name("qui", who)) if who else "Sans auteur désigné",
            "entrees": [
                {
                    "etat": capital(words.name("etat", e["etat"])),
                    "texte": e["texte"],
                    "source": _origin(words, e),
                    "quand": words.name("quand", e["quand"]),
                }
                for e in entries
            ],
        }
        for who, entries in words.by_person([*avis["conditions"], *avis["formalites"]])
    ]


def _levers(words: AvisWords, avis: Mapping[str, Any]) -> list[Data]:
    return [
        {
            "texte": f"{capital(words.steps(lever))}. {words.would_be(lever)}",
            "note": " ".join(r["explication"] for r in lever.get("leve") or ()),
        }
        for lever in avis.get("leviers") or ()
    ]


def _reasons(words: AvisWords, avis: Mapping[str, Any]) -> list[Data]:
    """Rules applied (those of method left out) and set aside; the others only say what is open."""
    found = []
    for state, title, listed in words.reasons(avis):
        kept = [m for m in listed if m["rang"] != "methode"]
        if state not in ("appliquee", "ecartee") or not kept:
            continue
        found.append(
            {
                "titre": title,
                "motifs": [
                    {
                        "texte": _reason(words, m),
                        "sources": [
                            f"{s['titre']}{', ' + s['reperage'] if s['reperage'] else ''} "
                            f"({words.name('rang', s['rang'])})"
                            for s in m["sources"]
                        ],
                    }
                    for m in kept
                ],
            }
        )
    return found


def _reason(words: AvisWords, motif: Mapping[str, Any]) -> str:
    text = str(motif["explication"])
    if motif["element"] is not None:
        text = f"{words.place(motif['groupe'], motif['element'])} : {text}"
    if motif["ecartee_par"]:
        text += f" Écartée par : {', '.join(motif['ecartee_par'])}."
    return text + (f" Doute : {motif['doute']}" if motif["doute"] else "")


def _divergences(words: AvisWords, avis: Mapping[str, Any]) -> list[Data]:
    found = []
    for d in avis["divergences"]:
        text = capital(d["libelle"])
        if d["droit"] is not None:
            law = words.conclusion(d["objet"], d["droit"])
            study = words.conclusion(d["objet"], d["etude_2006"])
            text += f" : le droit donne « {law} », l'étude « {study} »"
        told = [f"Le droit : {r['texte']}" for r in d["dit_le_droit"]]
        told += [f"L'étude : {r['texte']}" for r in d["dit_l_etude"]]
        found.append({"texte": text + ".", "note": " ".join(told)})
    return found


def _sources(words: AvisWords, avis: Mapping[str, Any]) -> list[Data]:
    """Each source of the rules applied or set aside, once, by rank."""
    seen: dict[str, Data] = {}
    for motif in avis["motifs"]:
        if motif["etat"] in ("appliquee", "ecartee"):
            for s in motif["sources"]:
                seen.setdefault(s["titre"], s)
    ranks = list(NAMES["rang"])
    ordered = sorted(seen.values(), key=lambda s: (ranks.index(s["rang"]), s["date"], s["titre"]))
    return [
        {
            "titre": s["titre"],
            "note": f"{capital(words.name('rang', s['rang']))}"
            + (f", {words.source_date(s['date'])}" if s["date"] else "")
            + f" ; {words.name('confiance', s['confiance'])}",
        }
        for s in ordered
    ]
