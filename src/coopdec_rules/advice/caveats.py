"""What weakens an avis: weak sources, faults of the rulebook, facts presumed."""

from __future__ import annotations

from collections.abc import Iterable

from coopdec_rules.advice import answers
from coopdec_rules.advice.model_parts import Avertissement, Presume
from coopdec_rules.advice.models import Volet
from coopdec_rules.advice.readings import readings_of
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.engine.compiled import CompiledLaw
from coopdec_rules.engine.findings import Findings
from coopdec_rules.rulebook.rulebook import Rulebook


def weak_sources(book: Rulebook, parts: Iterable[Volet]) -> list[Avertissement]:
    """A warning for each volet whose answer rests on sources that the rulebook calls weak."""
    return [
        {
            "texte": f"La réponse du volet {part['rang'] + 1} ne repose que sur "
            f"{book.ranks[part['appui']].weak} ; aucun texte de rang supérieur ne la porte.",
            "regle": None,
            "rang": part["appui"],
            "source": "Méthode du recueil",
            "groupe": answers.PART,
            "elements": [part["rang"]],
            "portee": "reponse",
        }
        for part in parts
        if part["appui"] and book.ranks[part["appui"]].weak
    ]


def faults(law: CompiledLaw, findings: Findings) -> list[Avertissement]:
    """What the rulebook itself leaves open or contradicts: said, never hidden."""
    found: list[Avertissement] = []
    book = law.state.rulebook
    named = (*answers.ANSWERS, *answers.PART_ANSWERS)
    for reading, group, position in readings_of(findings):
        for name, settled in reading.conclusions.items():
            title = book.conclusions[name].label
            if settled.conflict:
                fault = f"« {title} » reçoit à la fois {', '.join(settled.possible)}"
            elif settled.gap and (name in named or book.conclusions[name].is_element):
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
                    "portee": "reponse",
                }
            )
    return found


def presumed_facts(law: CompiledLaw, scenario: Scenario, findings: Findings) -> list[Presume]:
    """Presumed facts that a rule in play reads, those that come from elsewhere first."""
    read: set[str] = set()
    for reading, _, _ in readings_of(findings):
        for index in reading.raw:
            read.update(law.facts_of[index])
    found: list[Presume] = []
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
                "valeur_libelle": fact.said(presumed.value),
                "pointeur": presumed.pointer,
                "origine": presumed.origin or None,
            }
        )
    return sorted(found, key=lambda entry: entry["origine"] is None)
