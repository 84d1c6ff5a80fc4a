"""From findings to an avis: the one place that knows both shapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.divergences import divergences
from coopdec_rules.advice.questions import Key, open_questions
from coopdec_rules.advice.scenario import Scenario, pointer_of
from coopdec_rules.advice.summary import summary
from coopdec_rules.advice.support import WEAK, Support
from coopdec_rules.advice.trace import APPLIED, Tracer
from coopdec_rules.advice.wording import label
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.facts import amount_of
from coopdec_rules.engine.findings import Findings, Reading, Settled
from coopdec_rules.rulebook.formula import F, Truth, U, V, evaluator
from coopdec_rules.rulebook.model import Effect, Rule

_CENT = Decimal("0.01")
_LISTS = {
    "condition": "conditions",
    "formalite": "formalites",
    "modalite": "modalites",
    "conseil": "conseils",
    "piste": "pistes",
    "avertissement": "avertissements",
}


def build_avis(
    law: CompiledLaw,
    tracer: Tracer,
    scenario: Scenario,
    findings: Findings,
    study: Findings | None,
    complete: bool = False,
) -> dict[str, Any]:
    """The avis of one scenario.

    ``study`` are the findings of the same scenario under the 2006 study's reading, compared to show
    the divergences; ``complete`` adds the rules whose conditions are not met.
    """
    book = law.state.rulebook
    main = findings.scenario
    support = Support(law, findings)
    asked, bearing = open_questions(law, findings, answers.ANSWERS)
    avis: dict[str, Any] = {
        "habilitation": _answer(main.conclusions[answers.POWER]),
        "habilitation_possibles": _possible(main.conclusions[answers.POWER]),
        "appui": support.rank(answers.POWER, main, None),
        "maitrise_ouvrage": {
            "titulaire": _answer(main.conclusions[answers.OWNER]),
            "possibles": _possible(main.conclusions[answers.OWNER]),
        },
        "palier": {
            "actuel": _answer(main.conclusions[answers.TIER_NOW]),
            "actuel_possibles": _possible(main.conclusions[answers.TIER_NOW]),
            "apres_action": _answer(main.conclusions[answers.TIER_AFTER]),
            "apres_action_possibles": _possible(main.conclusions[answers.TIER_AFTER]),
        },
        "volets": [
            _part(law, reading, position, support)
            for position, reading in enumerate(findings.items[answers.PART])
        ],
    }
    avis.update(_effects(law, tracer, findings))
    avis["plafonds"] = _ceilings(law, findings)
    avis["motifs"] = tracer.reasons(findings, bearing, complete)
    avis["divergences"] = divergences(law, tracer, findings, study) if study else []
    avis["avertissements"].extend(_weak(avis["volets"]))
    avis["avertissements"].extend(_faults(law, findings))
    avis["presumes"] = _presumed(law, scenario, findings)
    avis["questions"] = _questions(law, asked)
    basis = main.conclusions[answers.LEGAL_BASIS].value
    regime = main.conclusions[answers.REGIME].value
    avis["fondement"] = {
        "code": basis,
        "libelle": book.conclusions[answers.LEGAL_BASIS].values.get(basis or "", None),
    }
    avis["regime"] = {
        "code": regime,
        "libelle": book.conclusions[answers.REGIME].values.get(regime or "", None),
    }
    avis["droit_au"] = scenario.day.isoformat()
    avis["lecture"] = main.facts.get(answers.READING)
    applied = [m for m in avis["motifs"] if m["etat"] == APPLIED]
    avis["recueil"] = {
        "version": book.version,
        "empreinte": book.fingerprint,
        "regles_relues": {
            "relues": len({m["regle"] for m in applied if m["relue"]}),
            "total": len({m["regle"] for m in applied}),
        },
    }
    avis["resume"] = summary(avis, book, main.facts)
    return avis


def _answer(settled: Settled) -> str:
    return settled.value if settled.value is not None else answers.UNDETERMINED


def _possible(settled: Settled) -> list[str]:
    return [] if settled.value is not None else list(settled.possible)


def _part(law: CompiledLaw, reading: Reading, position: int, support: Support) -> dict[str, Any]:
    facts = law.state.rulebook.facts
    domain = reading.facts.get(answers.PART_DOMAIN)
    return {
        "rang": position,
        "intitule": reading.facts.get(answers.PART_TITLE),
        "domaine": domain,
        "domaine_libelle": label(domain, facts[answers.PART_DOMAIN].values) if domain else None,
        "habilitation": _answer(reading.conclusions[answers.PART_POWER]),
        "habilitation_possibles": _possible(reading.conclusions[answers.PART_POWER]),
        "maitre_ouvrage": _answer(reading.conclusions[answers.PART_OWNER]),
        "maitre_ouvrage_possibles": _possible(reading.conclusions[answers.PART_OWNER]),
        "detenteur": reading.conclusions[answers.PART_HOLDER].value,
        "appui": support.rank(answers.PART_POWER, reading, position),
        "motifs": [
            law.rules[index].id for index, effect in reading.effective.items() if effect == V
        ],
    }


def _readings(findings: Findings) -> Iterable[tuple[Reading, str | None, int | None]]:
    yield findings.scenario, None, None
    for group, items in findings.items.items():
        for position, reading in enumerate(items):
            yield reading, group, position


def _effects(law: CompiledLaw, tracer: Tracer, findings: Findings) -> dict[str, list[Any]]:
    """Conditions, formalities and the like of every rule that applies (or may apply)."""
    lists: dict[str, list[Any]] = {name: [] for name in _LISTS.values()}
    for reading, group, position in _readings(findings):
        readings = (reading,) if group is None else (reading, findings.scenario)
        for index, effect in reading.effective.items():
            rule = law.rules[index]
            if effect == F or not rule.effects:
                continue
            for item in rule.effects:
                # Only what is asked of someone is worth showing while still uncertain.
                if effect == U and item.kind != "condition":
                    continue
                lists[_LISTS[item.kind]].append(
                    _effect(rule, item, effect, tracer, reading, readings, group, position)
                )
    for name, entries in lists.items():
        lists[name] = _merged(entries)
    return lists


def _effect(
    rule: Rule,
    effect: Effect,
    certainty: Truth,
    tracer: Tracer,
    reading: Reading,
    readings: Sequence[Reading],
    group: str | None,
    position: int | None,
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "texte": tracer.wording.fill(effect.text, *readings),
        "regle": rule.id,
        "rang": rule.rank,
        "source": tracer.wording.fill(str(rule.main_source), *readings),
        "groupe": group,
        "elements": [] if position is None else [position],
    }
    if effect.kind in ("condition", "formalite"):
        entry["qui"] = effect.who or None
        entry["quand"] = effect.when or None
        entry["etat"] = _state(effect, certainty, reading)
    return entry


def _state(effect: Effect, certainty: Truth, reading: Reading) -> str:
    if certainty == U:
        return "eventuelle"
    if effect.done_if is None:
        return "a_remplir"
    done = evaluator(effect.done_if)(reading.atoms)
    return {"v": "remplie", "f": "a_remplir", "u": "inconnue"}[done]


def _merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same text said of several items is said once, with their places."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for entry in entries:
        key = (entry["texte"], entry["regle"], entry.get("etat"))
        if key in seen:
            seen[key]["elements"].extend(entry["elements"])
        else:
            seen[key] = entry
    return list(seen.values())


def _ceilings(law: CompiledLaw, findings: Findings) -> list[dict[str, Any]]:
    """Ceilings in euros, exact to the cent (rounded down: a ceiling is never overstated)."""
    found = []
    facts = law.state.rulebook.facts
    for reading, _, position in _readings(findings):
        for index, effect in reading.effective.items():
            ceiling = law.rules[index].ceiling
            if ceiling is None or effect != V:
                continue
            limit = amount_of(ceiling.limit, reading.facts, findings.scenario.facts)
            amount = reading.facts.get(ceiling.amount)
            budget = reading.facts.get(ceiling.budget)
            exact = limit.quantize(_CENT, ROUND_DOWN) if isinstance(limit, Decimal) else None
            spent = amount if isinstance(amount, Decimal) else None
            over = None
            if exact is not None and spent is not None:
                over = max(spent - exact, Decimal(0)).quantize(_CENT)
            found.append(
                {
                    "budget": budget,
                    "budget_libelle": label(budget, facts[ceiling.budget].values)
                    if budget is not None
                    else None,
                    "plafond": exact,
                    "montant": spent,
                    "depassement": over,
                    "regle": law.rules[index].id,
                    "element": position,
                }
            )
    return found


_WEAK_SOURCE = {"circulaire": "une circulaire", "etude": "l'étude de 2006"}


def _weak(parts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A warning for each volet whose answer rests on a circular or on the study only."""
    return [
        {
            "texte": f"La réponse du volet {part['rang'] + 1} ne repose que sur "
            f"{_WEAK_SOURCE[part['appui']]} ; aucun texte de rang supérieur ne la porte.",
            "regle": None,
            "rang": part["appui"],
            "source": "Méthode du recueil",
            "groupe": answers.PART,
            "elements": [part["rang"]],
        }
        for part in parts
        if part["appui"] in WEAK
    ]


def _faults(law: CompiledLaw, findings: Findings) -> list[dict[str, Any]]:
    """What the rulebook itself leaves open or contradicts: said, never hidden."""
    found = []
    for reading, group, position in _readings(findings):
        for name, settled in reading.conclusions.items():
            title = law.state.rulebook.conclusions[name].label
            if settled.conflict:
                fault = f"« {title} » reçoit à la fois {', '.join(settled.possible)}"
            elif settled.gap and name in (*answers.ANSWERS, *answers.PART_ANSWERS):
                fault = f"aucune règle ne donne « {title} »"
            else:
                continue
            found.append(
                {
                    "texte": f"Défaut du recueil : {fault}.",
                    "regle": None,
                    "rang": "methode",
                    "source": "Méthode du recueil",
                    "groupe": group,
                    "elements": [] if position is None else [position],
                }
            )
    return found


def _presumed(law: CompiledLaw, scenario: Scenario, findings: Findings) -> list[dict[str, Any]]:
    """Presumed facts that a rule in play reads."""
    read: set[str] = set()
    for reading, _, _ in _readings(findings):
        for index in reading.raw:
            read.update(law.facts_of[index])
    found = []
    for presumed in scenario.presumed:
        fact = presumed.fact
        group = fact.group.id if fact.scope else None
        reading = (
            findings.scenario
            if group is None or presumed.item is None
            else findings.items[group][presumed.item]
        )
        if fact.id == answers.READING or fact.id in reading.irrelevant or fact.id not in read:
            continue
        found.append(
            {
                "fait": fact.id,
                "libelle": fact.label,
                "valeur": presumed.value,
                "valeur_libelle": label(presumed.value, fact.values),
                "pointeur": presumed.pointer,
            }
        )
    return found


def _questions(law: CompiledLaw, asked: dict[str, list[Key]]) -> list[dict[str, Any]]:
    """Open questions, those of the first answers first, each with the answers that hang on it."""
    order: dict[Key, list[str]] = {}
    for answer, keys in asked.items():
        for key in keys:
            order.setdefault(key, []).append(answer)
    found = []
    for (name, item), on in order.items():
        fact = law.state.rulebook.facts[name]
        found.append(
            {
                "fait": name,
                "question": fact.question,
                "aide": fact.help or None,
                "type": fact.type,
                "valeurs": dict(fact.values),
                "pointeur": pointer_of(fact, item),
                "element": item,
                "pour": on,
            }
        )
    return found
