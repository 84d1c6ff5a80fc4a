"""The rulebook, its vocabulary and the worked cases as the API shows them (plain data)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from coopdec_rules.advice.model_parts import plain_value
from coopdec_rules.advice.models import RecueilServi
from coopdec_rules.advice.scenario import pointer_of
from coopdec_rules.advice.schema import scenario_schema
from coopdec_rules.advice.wording import Wording
from coopdec_rules.rulebook.archives import Archived
from coopdec_rules.rulebook.binding import show
from coopdec_rules.rulebook.model import Fact, Group, Rule
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.api.schemas import (
    Cas,
    CasEnListe,
    Fait,
    RecueilDecrit,
    RecueilGarde,
    RecueilsGardes,
    Regle,
    RegleEnListe,
    VersionDeRegle,
    Vocabulaire,
)
from coopdec_rules.workshop.cases import Case


def served(book: Rulebook) -> RecueilServi:
    """Which rulebook answers."""
    return {"version": book.version, "empreinte": book.fingerprint}


def rulebooks_kept(book: Rulebook, kept: Iterable[Archived]) -> RecueilsGardes:
    """The released rulebooks, and the one that answers when it is not one of them."""
    listed: list[RecueilGarde] = [
        {
            "version": entry.version,
            "empreinte": entry.fingerprint,
            "publie_le": entry.released.isoformat(),
            "servi": entry.fingerprint == book.fingerprint,
        }
        for entry in kept
    ]
    if not any(entry["servi"] for entry in listed):
        listed.append({**served(book), "publie_le": None, "servi": True})
    return {"recueils": listed}


def groups_in_order(book: Rulebook) -> list[Group]:
    """Groups of facts, in the order in which they are asked."""
    return sorted(book.groups.values(), key=lambda group: group.order)


def facts_of(book: Rulebook, group: Group) -> list[Fact]:
    """Facts of a group, in the order in which the vocabulary writes them."""
    return [fact for fact in book.facts.values() if fact.group.id == group.id]


def vocabulary(book: Rulebook, wording: Wording) -> Vocabulaire:
    """Groups, their facts, and the JSON schema of a scenario."""
    return {
        "recueil": served(book),
        "groupes": [
            {
                "groupe": group.id,
                "titre": group.title,
                "aide": group.help or None,
                "pointeur": "".join(f"/{key}" for key in group.path),
                "repete": group.repeated,
                "cle": group.unique_key,
                "faits": [_fact(fact, wording) for fact in facts_of(book, group)],
            }
            for group in groups_in_order(book)
        ],
        "schema_du_scenario": scenario_schema(book),
    }


def _fact(fact: Fact, wording: Wording) -> Fait:
    presumed = fact.presumed
    return {
        "fait": fact.id,
        "pointeur": pointer_of(fact, 0 if fact.scope else None),
        "type": fact.type,
        "libelle": fact.label,
        "question": fact.question,
        "aide": fact.help or None,
        "valeurs": dict(fact.values),
        "obligatoire": fact.required,
        "presume": None if presumed is None else plain_value(presumed),
        "presume_libelle": None if presumed is None else fact.said(presumed),
        "pertinent_si": relevance(fact, wording),
        "minimum": _bound(fact.kind.plain(fact.minimum)),
        "maximum": _bound(fact.kind.plain(fact.maximum)),
        "modifiable_par": fact.changed_by or None,
        "exemple": fact.example or None,
    }


def _bound(value: object) -> int | float | str | None:
    """A bound as JSON carries it, already plain."""
    if value is None or isinstance(value, int | float | str):
        return value
    raise TypeError(f"a bound is a {type(value).__name__}")


def relevance(fact: Fact, wording: Wording) -> str | None:
    """When a fact matters, in words; ``None``: always."""
    return None if fact.relevant_if is None else wording.condition(fact.relevant_if)


def rulebook_summary(book: Rulebook, wording: Wording, day: dt.date | None) -> RecueilDecrit:
    """The rulebook: its counts and its rules, all of them or those in force on ``day``."""
    rules = book.rules if day is None else book.at(day).rules
    rows = sum(1 for rule in rules if rule.table)
    return {
        **served(book),
        "comptes": {
            "regles": len(rules) - rows,
            "lignes_de_tables": rows,
            "faits": len(book.facts),
            "conclusions": len(book.conclusions),
            "sources": len(book.sources),
            "normes": len(book.norms),
            "etats_du_droit": len(book.boundaries) + 1,
        },
        "frontieres": [day.isoformat() for day in book.boundaries],
        "normes": dict(book.norms),
        "date": None if day is None else day.isoformat(),
        "regles": [_listed(rule, wording) for rule in rules],
    }


def _listed(rule: Rule, wording: Wording) -> RegleEnListe:
    return {
        "regle": rule.id,
        "version": rule.key,
        "normes": list(rule.norms),
        "source": wording.plain(str(rule.main_source)),
        "rang": rule.rank,
        "en_vigueur": {"du": _iso(rule.period.start), "au": _iso(rule.period.end)},
        "theme": rule.theme or None,
        "table": rule.table,
        "fichier": rule.file,
        "ligne": rule.line,
    }


def rule_versions(book: Rulebook, wording: Wording, ident: str) -> Regle | None:
    """Every version of a rule; ``None`` when there is no such rule."""
    versions = book.versions(ident)
    if not versions:
        return None
    return {"regle": ident, "versions": [_version(book, wording, rule) for rule in versions]}


def _version(book: Rulebook, wording: Wording, rule: Rule) -> VersionDeRegle:
    by = {r.id for r in book.rules if rule.id in r.sets_aside and r.period.overlaps(rule.period)}
    return {
        **_listed(rule, wording),
        "conditions": [
            {"texte": wording.condition(c.formula), "ecrite": c.text} for c in rule.conditions
        ],
        "conclut": dict(rule.concludes),
        "ecarte": list(rule.sets_aside),
        "ecartee_par": sorted(by),
        "explication": rule.explanation,
        "effets": [
            {
                "genre": effect.kind,
                "texte": effect.text,
                "qui": effect.who or None,
                "quand": effect.when or None,
                "accompli_si": None
                if effect.done_if is None
                else wording.condition(effect.done_if),
                "element": effect.element or None,
            }
            for effect in rule.effects
        ],
        "plafond": None
        if rule.ceiling is None
        else {
            "limite": show(rule.ceiling.limit),
            "montant": rule.ceiling.amount,
            "budget": rule.ceiling.budget,
        },
        "sources": [
            {
                "titre": ref.source.title,
                "reperage": wording.plain(ref.pinpoint),
                "rang": ref.source.rank,
                "date": ref.source.date,
                "confiance": ref.source.confidence,
            }
            for ref in rule.sources
        ],
        "confiance": rule.confidence,
        "doute": rule.doubt or None,
        "groupe": rule.scope,
    }


def case_listed(case: Case) -> CasEnListe:
    """A worked case in a list."""
    return {
        "cas": case.id,
        "titre": case.title,
        "origine": case.origin,
        "source": case.source,
        "montre": case.shows,
    }


def case_shown(case: Case) -> Cas:
    """A worked case with its scenario and what its avis must say."""
    return {
        **case_listed(case),
        "note": case.note or None,
        "fichier": case.file,
        "scenario": case.scenario,
        "attendu": case.expected,
    }


def examples(cases: Iterable[Case]) -> list[Case]:
    """The cases to start from, in the order that they give themselves."""
    ranked = [(case.example, case) for case in cases if case.example is not None]
    return [case for _, case in sorted(ranked, key=lambda pair: pair[0])]


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
