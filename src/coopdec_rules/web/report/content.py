"""What the printed avis says, as plain data for its template."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.item_names import item_names
from coopdec_rules.advice.model_parts import Condition, Effet, Motif, Raison, Source
from coopdec_rules.advice.models import Avis, Element, Etabli
from coopdec_rules.advice.told import Told, told_facts
from coopdec_rules.advice.wording import actor_name
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.words import date
from coopdec_rules.web.avis.first import first_screen
from coopdec_rules.web.avis.tables import ItemTable, tables
from coopdec_rules.web.avis.view import AvisWords, capital
from coopdec_rules.web.report.scanned import code_to_scan
from coopdec_rules.web.typography import french_text

Data = Mapping[str, object]

_LONG = re.compile(r"\S{31,}")
#: What the embedded fonts can show; an accessible document may hold nothing else.
_SHOWN = (
    "\u0020-\u007e\u00a0-\u02af\u0300-\u04ff\u0590-\u05ff\u1e00-\u2040\u2044-\u2052"
    "\u2054-\u20bf\u2190-\u22ff\u25a0-\u25ff\ufb00-\ufb06"
)
_HIDDEN = re.compile(f"[^{_SHOWN}]")
_MISSING = "\u25a1"
_UNSHOWN = ("Cn", "Cs", "Mc", "Me", "Mn")
#: Told where the document has such squares.
_LETTERS = (
    "Un carré (□) tient lieu d'une lettre que ce document ne sait pas imprimer (écritures arabe, "
    "chinoise, arménienne, géorgienne…). Le nom entier se lit sur la page et dans le fichier du "
    "scénario."
)
_TITLE = "Avis sur une action de coopération décentralisée"


def content(
    book: Rulebook,
    advice: Advice,
    dated: bool,
    today: dt.date,
    address: str = "",
    subject: str = "",
) -> Data:
    """Every text of the document, ready to be set.

    ``dated``: the scenario gives the date itself, which is then one of its facts; ``address`` is
    the public address of the avis, drawn as a code to scan; ``subject`` what it is about, when the
    scenario does not name it.
    """
    words, avis = AvisWords(book, item_names(book, advice.scenario)), advice.avis
    facts_known = advice.scenario.base.scenario
    name = book.wordbook.named(actor_name(book, facts_known))
    asked = words.questions(avis)
    first, tier = first_screen(words, avis, name), words.conclusion_label(answers.TIER_NOW)
    facts = [told for told in told_facts(book, advice.scenario) if dated or told.fact.id != "date"]
    known = {told.fact.id: told.text for told in facts}
    subject = known.get("action.intitule", subject)
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
        "mot": first.word,
        "phrase": first.sentence,
        "qui_decide": first.owner,
        "alertes": list(first.alerts),
        "reserves": list(first.reserves),
        "doutes": list(first.doubts),
        "coches": [
            {
                "etat": checked.state,
                "ton": checked.tone,
                "points": ", ".join(title for title, _ in checked.titles),
            }
            for checked in first.checklist
        ],
        "possibles": [
            f"Encore possible ({p.title}) : {' ; '.join(p.values)}."
            for answer in words.head(avis)
            for p in answer.possible
            if p.title != tier
        ],
        "appui": words.support(avis),
        "lien": "Scanner ce code ramène à l'avis en ligne." if address else "",
        "avertissements": _effects(words, words.warnings(avis, "action")),
        "elements": [_element(words, e) for e in avis["elements"]],
        "titre_pistes": words.ways_title(avis),
        "titre_taches": words.tasks_title(avis),
        "taches": _tasks(words, avis["conditions"], name),
        "formalites": _tasks(words, avis["formalites"], name),
        "leviers": _levers(words, avis, name),
        "pistes": _effects(words, avis["pistes"]),
        "d_abord": words.refused(avis),
        "tableaux": [_table(table) for table in tables(words, avis) if len(table.rows) > 1],
        "suite": [_reply(words, reply) for reply in words.shown(avis, "suite")],
        "plafonds": [
            {
                "budget": p["budget_libelle"] or "budget inconnu",
                "plafond": words.money(p["plafond"]),
                "montant": words.money(p["montant"]),
                "depassement": words.money(p["depassement"]),
            }
            for p in avis["plafonds"]
        ],
        "paliers": [{"nom": step.name, "note": step.note} for step in words.ladder(avis)],
        "palier": avis["resume"]["palier"],
        "palier_notes": words.tier_notes(avis),
        "palier_suivant": words.next_tier(avis),
        "palier_voies": [[f"{step}." for step in way] for way in words.tier_ways(avis)],
        "pairs": words.tier_peers(avis),
        "raisons": [
            {
                "titre": words.reason_title(r),
                "faits": [
                    f"{capital(f['libelle'])} : {f['valeur_libelle']}"
                    + (" (présumé)" if f["presume"] else "")
                    for f in r["faits"]
                ],
            }
            for r in avis["raisons"]
        ],
        "motifs": _reasons(words, avis),
        "divergences": _divergences(words, avis),
        "questions": [
            {"texte": words.asked(q), "note": q["aide"] or ""}
            for group in (asked.now, asked.then, asked.tier)
            for q in group
        ],
        "presumes": [
            {
                "texte": f"{capital(p['libelle'])} : {p['valeur_libelle']}.",
                "note": p["origine"] or "",
            }
            for p in avis["presumes"]
        ],
        "conseils": _effects(
            words, [*avis["modalites"], *avis["conseils"], *words.warnings(avis, "detail")]
        ),
        "carre": _LETTERS,
        "scenario": [{"libelle": _label(words, told), "valeur": told.text} for told in facts],
        "sources": _sources(words, avis),
        "provenance": [
            f"Avis tiré du recueil de règles, version {avis['recueil']['version']}, empreinte "
            f"{avis['recueil']['empreinte']}, lu au droit du {law}.",
            words.reviewed(avis),
            *(
                [f"Un carré ({_MISSING}) remplace un caractère absent des polices du document."]
                if any(shown(value) != value for value in known.values())
                else []
            ),
            book.wordbook.say("fin"),
        ],
    }
    codes = {
        "recueil": {"version": avis["recueil"]["version"]},
        "ton": first.tone,
        "qr": code_to_scan(address) if address else "",
    }
    return {**{name: _printed(value) for name, value in raw.items()}, **codes}


def _printed(value: object) -> object:
    """The texts with French spaces and apostrophes, and places to break what is very long."""
    if isinstance(value, str):
        text = shown(french_text(value))
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


def _label(words: AvisWords, told: Told) -> str:
    """Name of a fact that the scenario states, with the item it is about."""
    if told.item is None:
        return capital(told.fact.label)
    place = words.item(told.fact.id, told.item)
    return f"{place}, {told.fact.label}" if place else capital(told.fact.label)


def _table(table: ItemTable) -> Data:
    return {
        "titre": table.title,
        "colonnes": [table.noun, *table.columns],
        "lignes": [[row.name, *(cell.text for cell in row.cells)] for row in table.rows],
    }


def _reply(words: AvisWords, reply: Etabli) -> Data:
    group, item = reply["groupe"], reply["rang"]
    place = words.place(group, item) if group and item is not None else ""
    possible = " ; ".join(words.conclusion(reply["code"], v) for v in reply["possibles"])
    return {
        "titre": f"{place} : {reply['titre']}" if place else reply["titre"],
        "etat": capital(reply["valeur_libelle"]),
        "ton": reply["ton"],
        "phrase": reply["phrase"],
        "possibles": f"Encore possible : {possible}." if possible else "",
    }


def _heads(
    actor: str, known: Mapping[str, str], law: str, words: AvisWords, avis: Avis
) -> Sequence[Data]:
    nature = known.get("acteur.nature", "")
    lines = (
        ("Qui agit", f"{actor} ({nature})" if actor and nature else actor or capital(nature)),
        ("Droit lu au", law),
        *((capital(r["titre"]), r["valeur_libelle"]) for r in words.shown(avis, "entete")),
    )
    return [{"libelle": name, "valeur": value or "non établi"} for name, value in lines]


def _effects(words: AvisWords, entries: Iterable[Effet]) -> Sequence[Data]:
    found = []
    for entry in entries:
        place = words.places(entry)
        text = f"{place} : {entry['texte']}" if place else entry["texte"]
        found.append({"texte": text, "note": _origin(words, entry)})
    return found


def _element(words: AvisWords, element: Element) -> Data:
    return {
        **_reply(words, element),
        "question": element["question"],
        "motifs": [f"{reason['texte']} — {_origin(words, reason)}" for reason in element["motifs"]],
    }


def _origin(words: AvisWords, entry: Effet | Raison) -> str:
    return f"{capital(words.name('rang', entry['rang']))} — {entry['source']}"


def _tasks(words: AvisWords, tasks: Iterable[Condition], actor: str) -> Sequence[Data]:
    """What is to be done, by moment; what may never have to be is left out."""
    found = words.by_moment(task for task in tasks if task["etat"] != "eventuelle")
    return [
        {
            "quand": capital(words.name("quand", moment)) if moment else "À tout moment",
            "entrees": [
                {
                    "etat": capital(words.name("etat", e["etat"])),
                    "texte": e["texte"],
                    "qui": capital(words.who(e["qui"], actor)) if e["qui"] else "",
                    "source": _origin(words, e),
                }
                for e in entries
            ],
        }
        for moment, entries in found
    ]


def _levers(words: AvisWords, avis: Avis, actor: str) -> Sequence[Data]:
    return [
        {
            "avant": f"{words.other_action} :" if lever["autre_action"] else "",
            "pas": [
                f"{step}." + (f" {capital(who)}." if who else "")
                for step, who in words.lever_steps(lever, actor)
            ],
            "note": words.would_be(lever),
        }
        for lever in avis["leviers"]
    ]


def _reasons(words: AvisWords, avis: Avis) -> Sequence[Data]:
    """Rules applied (those of method left out) and set aside; the others only say what is open."""
    found = []
    for state, title, listed in words.reasons(avis):
        kept = [m for m in listed if not words.book.ranks[m["rang"]].method]
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


def _reason(words: AvisWords, motif: Motif) -> str:
    text = str(motif["explication"])
    if motif["groupe"] is not None and motif["element"] is not None:
        place = words.place(motif["groupe"], motif["element"])
        text = f"{place} : {text}" if place else text
    return text + (f" Doute : {words.doubt(motif)}" if motif["doute"] else "")


def _divergences(words: AvisWords, avis: Avis) -> Sequence[Data]:
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


def _sources(words: AvisWords, avis: Avis) -> Sequence[Data]:
    """Each source of the rules applied or set aside, once, by rank."""
    seen: dict[str, Source] = {}
    for motif in avis["motifs"]:
        if motif["etat"] in ("appliquee", "ecartee"):
            for s in motif["sources"]:
                seen.setdefault(s["titre"], s)
    ranks = list(words.book.ranks)
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
