"""The report on a change of the rulebook: what it changes for whom, checked by the engine.

``impact_report`` gives one document of plain values (JSON); ``markdown`` writes it for a review.
Every witness scenario is read again by the engine that gives the avis, under each rulebook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.scenario import ScenarioReader
from coopdec_rules.engine.engine import Engine
from coopdec_rules.engine.findings import Settled
from coopdec_rules.errors import ScenarioError
from coopdec_rules.reasoning.answers import NOTHING
from coopdec_rules.reasoning.impact.changes import RuleChange, VocabularyChange
from coopdec_rules.reasoning.impact.impact import Applied, Family, Impact, Span
from coopdec_rules.reasoning.impact.shared import SIDES, Side
from coopdec_rules.reasoning.impact.witness import OPEN, Witness
from coopdec_rules.reasoning.places import Place
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case
from coopdec_rules.workshop.impact_words import ImpactWords

#: The answers compared, in the order in which they are told.
COMPARED = (*answers.ANSWERS, answers.PART_POWER, answers.PART_OWNER)
_VOCABULARY = {
    "ajoute": "fait ajouté ; libre pour le nouveau recueil, inconnu de l'ancien",
    "retire": "fait retiré ; libre pour l'ancien recueil, inconnu du nouveau",
    "place": "autre place dans le scénario ; les deux faits ne se comparent pas",
    "type": "autre type ; les deux faits ne se comparent pas",
    "valeurs": "autres valeurs ; celles d'un seul recueil ne se comparent pas",
    "limites": "autres limites ; hors des limites communes, rien ne se compare",
    "pertinence": "n'a plus d'objet dans les mêmes cas",
    "presume": "autre présomption : un scénario qui n'en dit rien est lu autrement",
    "requis": "n'est plus, ou est désormais, obligatoire",
    "cle": "autre clé des lignes",
    "impossible_ajoute": "combinaison désormais impossible ; elle n'est plus comparée",
    "impossible_retire": "combinaison qui n'est plus impossible ; elle n'est pas comparée",
    "conclusion_ajoutee": "conclusion ajoutée",
    "conclusion_retiree": "conclusion retirée",
    "conclusion_changee": "autres valeurs de la conclusion",
}
Report = dict[str, Any]


class _Reader:
    """The engine of each side, for scenarios as people write them."""

    def __init__(self, old: Rulebook, new: Rulebook, names: tuple[str, ...]) -> None:
        self._names = names
        self._books: dict[Side, Rulebook] = {"ancien": old, "nouveau": new}
        self._readers = {side: ScenarioReader(book) for side, book in self._books.items()}
        self._engines = {side: Engine(book) for side, book in self._books.items()}

    def read(self, side: Side, document: object, today: dt.date) -> dict[tuple[str, Place], str]:
        """Every compared answer.  Raises ``ScenarioError``."""
        scenario = self._readers[side].read(document, today)
        findings = self._engines[side].evaluate(scenario.day, scenario.base)
        found: dict[tuple[str, Place], str] = {}
        for name in self._names:
            conclusion = self._books[side].conclusions.get(name)
            if conclusion is None:
                continue
            if conclusion.scope is None:
                found[name, None] = _value(findings.scenario.conclusions[name])
            else:
                for number, item in enumerate(findings.items[conclusion.scope]):
                    found[name, (conclusion.scope, number)] = _value(item.conclusions[name])
        return found

    def day(self, document: object, today: dt.date) -> dt.date:
        """The day a scenario is about; ``today`` when neither rulebook can read it."""
        for side in SIDES:
            try:
                return self._readers[side].read(document, today).day
            except ScenarioError:
                continue
        return today

    def close(self) -> None:
        for engine in self._engines.values():
            engine.close()


def _value(settled: Settled) -> str:
    if settled.value is not None:
        return settled.value
    return NOTHING if settled.gap or settled.conflict else OPEN


def impact_report(
    impact: Impact, names: tuple[str, str], cases: Iterable[Case], today: dt.date
) -> Report:
    """Everything that is told of a comparison.

    ``names`` are those of the two rulebooks as they were asked for; ``today`` is the day of the
    cases that give none.
    """
    words = ImpactWords(impact.shared)
    reader = _Reader(impact.shared.old, impact.shared.new, impact.names)
    try:
        families = [_family(f, words, reader) for f in impact.families]
        applied = [_applied(a, impact, words, reader) for a in impact.applied]
        flipped = _flipped(impact, cases, words, reader, today)
    finally:
        reader.close()
    return {
        **{
            side: {
                "nom": name,
                "version": impact.shared.side(side).version,
                "empreinte": impact.shared.side(side).fingerprint,
            }
            for side, name in zip(SIDES, names, strict=True)
        },
        "reponses_changent": impact.answers_change,
        "presomptions_changent": impact.presumptions_change,
        "familles": families,
        "inachevees": [
            {
                "reponse": words.conclusion(transition.answer[0]),
                "avant": words.value(transition.answer[0], transition.before),
                "apres": words.value(transition.answer[0], transition.after),
                "volets": items,
                "periodes": words.periods(spans),
            }
            for (transition, items), spans in impact.unfinished.items()
        ],
        "cas": flipped,
        "application": applied,
        "regles": [_rule(change) for change in impact.rules],
        "vocabulaire": [_vocabulary(change) for change in impact.vocabulary],
        "defauts": {side: words.periods(spans) for side, spans in sorted(impact.faulty.items())},
        "examen": {
            "moments_examines": len(impact.examined),
            "moments_identiques": impact.alike,
            "familles_au_plus": impact.most,
        },
    }


def _spans(spans: Sequence[Span]) -> list[dict[str, str]]:
    return [{"du": start.isoformat(), "au": end.isoformat()} for start, end in spans]


def _checked(witness: Witness, reader: _Reader) -> bool:
    """Whether the engine answers the witness as the reasoner says, on each side."""
    for side in SIDES:
        try:
            found = reader.read(side, witness.documents[side], witness.day)
        except ScenarioError:
            return False
        if found != dict(witness.answers[side]):
            return False
    return True


def _scenario(witness: Witness) -> Report:
    """The scenario, told once when both rulebooks read the same."""
    old, new = (dict(witness.documents[side]) for side in SIDES)
    return {"scenario": new} if old == new else {"scenario": new, "scenario_ancien": old}


def _family(family: Family, words: ImpactWords, reader: _Reader) -> Report:
    name, place = family.transition.answer
    return {
        "reponse": name,
        "libelle": words.conclusion(name),
        "element": None if place is None else place[1],
        "avant": family.transition.before or None,
        "avant_libelle": words.value(name, family.transition.before),
        "apres": family.transition.after or None,
        "apres_libelle": words.value(name, family.transition.after),
        "volets": family.items,
        "periodes": _spans(family.spans),
        "quand": words.periods(family.spans),
        "faits": words.family(family),
        **_scenario(family.witness),
        "verifie": _checked(family.witness, reader),
    }


def _applied(applied: Applied, impact: Impact, words: ImpactWords, reader: _Reader) -> Report:
    changed = {change.rule.id for change in impact.rules}
    book = impact.shared.new if applied.newly else impact.shared.old
    day = applied.spans[0][0]
    rule = next(r for r in book.at(day).rules if r.id == applied.rule)
    return {
        "regle": applied.rule,
        "changee": applied.rule in changed,
        "desormais": applied.newly,
        "sans_changer_de_reponse": applied.silently,
        "explication": rule.explanation,
        "effets": [{"genre": e.kind, "texte": e.text} for e in rule.effects],
        "periodes": _spans(applied.spans),
        "quand": words.periods(applied.spans),
        **_scenario(applied.witness),
        "verifie": _checked(applied.witness, reader),
    }


def _flipped(
    impact: Impact, cases: Iterable[Case], words: ImpactWords, reader: _Reader, today: dt.date
) -> list[Report]:
    """Worked cases that are not answered alike, or that one rulebook no longer reads."""
    found = {}
    by_day = sorted(enumerate(cases), key=lambda c: (reader.day(c[1].scenario, today), c[0]))
    for number, case in by_day:
        day = reader.day(case.scenario, today)
        # On other days the two rulebooks are one, facts and rules.
        if impact.presumptions_change or any(s <= day <= e for s, e in impact.examined):
            entry = _case(case, words, reader, impact.names, today)
            if entry is not None:
                found[number] = entry
    return [found[number] for number in sorted(found)]


def _case(
    case: Case, words: ImpactWords, reader: _Reader, names: tuple[str, ...], today: dt.date
) -> Report | None:
    """What is told of a worked case, ``None`` when both rulebooks answer it alike."""
    read: dict[Side, dict[tuple[str, Place], str]] = {}
    refused: dict[Side, list[str]] = {}
    for side in SIDES:
        try:
            read[side] = reader.read(side, case.scenario, today)
        except ScenarioError as error:
            refused[side] = [str(problem) for problem in error.problems]
    entry: Report = {"cas": case.id, "titre": case.title, "fichier": case.file, "reponses": []}
    if refused:
        same = refused.get("ancien") == refused.get("nouveau")
        return None if same else {**entry, "illisible": refused}
    old, new = read["ancien"], read["nouveau"]
    for name, place in sorted({**old, **new}, key=lambda k: (names.index(k[0]), str(k[1]))):
        before, after = old.get((name, place), NOTHING), new.get((name, place), NOTHING)
        if before != after:
            entry["reponses"].append(
                {
                    "reponse": name,
                    "libelle": words.conclusion(name),
                    "element": None if place is None else place[1],
                    "avant_libelle": words.value(name, before),
                    "apres_libelle": words.value(name, after),
                }
            )
    return entry if entry["reponses"] else None


def _rule(change: RuleChange) -> Report:
    state = "modifiee" if change.old and change.new else "ajoutee" if change.new else "retiree"
    rule = change.rule
    return {
        "regle": rule.id,
        "etat": state,
        "aspects": list(change.aspects),
        "decide_autrement": change.logic,
        "fichier": rule.file,
        "ligne": rule.line,
        "explication": rule.explanation,
        "avant": said_of(change.old, change),
        "apres": said_of(change.new, change),
    }


def said_of(rule: Rule | None, change: RuleChange) -> Report | None:
    """The parts of a rule that changed, as they are written."""
    if rule is None:
        return None
    parts: Report = {
        "dates": str(rule.period),
        "conditions": [condition.text for condition in rule.conditions],
        "conclusion": [f"{name} : {value}" for name, value in rule.concludes],
        "exceptions": list(rule.sets_aside),
        "effets": [f"{effect.kind} : {effect.text}" for effect in rule.effects],
        "explication": rule.explanation,
        "sources": [str(source) for source in rule.sources],
        "rang": rule.rank,
        "normes": list(rule.norms),
        "doute": rule.note if rule.table else rule.doubt,
        "confiance": rule.confidence,
    }
    if change.aspects:
        return {name: parts[name] for name in change.aspects if name in parts}
    return {name: parts[name] for name in ("dates", "conditions", "conclusion")}


def _vocabulary(change: VocabularyChange) -> Report:
    return {
        "genre": change.kind,
        "nom": change.name,
        "libelle": change.label,
        "avant": change.before or None,
        "apres": change.after or None,
        "texte": _VOCABULARY[change.kind],
    }


def answers_change(report: Mapping[str, Any]) -> bool:
    """Whether someone may be answered otherwise: what ``--strict`` refuses."""
    return bool(report["reponses_changent"] or report["presomptions_changent"] or report["cas"])
