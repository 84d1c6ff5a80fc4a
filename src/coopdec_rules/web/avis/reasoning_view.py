"""The reasoning as the page shows it: one figure for each volet, and its tree in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from coopdec_rules.advice import answers
from coopdec_rules.advice.advisor import Advice
from coopdec_rules.advice.chain import Chain, Key, Step, Target, chain_of
from coopdec_rules.advice.models import Avis
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.web.avis.diagram import draw
from coopdec_rules.web.avis.view import AvisWords, capital
from coopdec_rules.web.service import Service

#: Beyond this many volets, the others are told by their rules only.
MAX_FIGURES = 6
#: More conditions than this are drawn as one box.
_MANY = 2
#: Open questions drawn in front of an answer.
_ASKED = 4


@dataclass(frozen=True, slots=True)
class Node:
    """One rule of the tree; ``again``: it was already written out above."""

    text: str
    rule: str | None
    rank: str | None
    source: str | None
    facts: tuple[Step, ...]
    children: tuple[Node, ...]
    aside: tuple[Step, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, with the tree that leads to it, or what it waits for."""

    text: str
    nodes: tuple[Node, ...]
    facts: tuple[Step, ...]
    waits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    title: str
    svg: Markup
    answers: tuple[Answer, ...]


def figures(service: Service, words: AvisWords, advice: Advice) -> list[Figure]:
    """One figure for the action (or for each volet when there are several), one for the tier."""
    advisor, avis = service.advisor, advice.avis
    law = advisor.engine.law(advice.scenario.day)
    presumed = frozenset((p.fact.id, p.item) for p in advice.scenario.presumed)
    found = []
    for number, (title, targets) in enumerate(_targets(words, avis)):
        chain = chain_of(law, advisor.wording, advice.findings, targets, presumed)
        waits = {
            key: _waits(words, avis, key) for key in chain.targets if not chain.steps[key].inputs
        }
        heads = {key: words.name("rang", step.rank) for key, step in chain.steps.items()}
        svg = draw(_gathered(chain, service.book), f"schema-{number}", title, heads, waits)
        found.append(Figure(title, svg, _tree(chain, waits)))
    return found


def _targets(words: AvisWords, avis: Avis) -> list[tuple[str, dict[Target, str]]]:
    def said(name: str, code: str) -> str:
        return f"{capital(words.conclusion_label(name))} : {words.conclusion(name, code)}"

    found: list[tuple[str, dict[Target, str]]] = []
    parts = avis["volets"]
    if len(parts) == 1:
        owner = avis["maitrise_ouvrage"]["titulaire"]
        whole: dict[Target, str] = {
            (answers.POWER, None): said(answers.POWER, avis["habilitation"]),
            (answers.OWNER, None): said(answers.OWNER, owner),
        }
        found.append(("Du scénario aux réponses", whole))
    else:
        for part in parts[:MAX_FIGURES]:
            rank = part["rang"]
            name = part["intitule"] or part["domaine_libelle"] or "domaine inconnu"
            both: dict[Target, str] = {
                (answers.PART_POWER, rank): said(answers.PART_POWER, part["habilitation"]),
                (answers.PART_OWNER, rank): said(answers.PART_OWNER, part["maitre_ouvrage"]),
            }
            found.append((f"{words.place(answers.PART, rank)} : {name}", both))
    tier = avis["palier"]
    tiers: dict[Target, str] = {(answers.TIER_NOW, None): said(answers.TIER_NOW, tier["actuel"])}
    if not words.refused(avis):
        tiers[answers.TIER_AFTER, None] = said(answers.TIER_AFTER, tier["apres_action"])
    found.append(("Le palier d'engagement", tiers))
    return found


def _waits(words: AvisWords, avis: Avis, key: Key) -> tuple[str, ...]:
    """The questions that an open answer waits for, the first ones, then how many more."""
    _, name, item = key
    whole = {answers.PART_POWER: answers.POWER, answers.PART_OWNER: answers.OWNER}.get(name, name)
    asked = [
        q["question"]
        for q in avis["questions"]
        if whole in q["pour"] and (item is None or q["element"] in (None, item))
    ]
    more = len(asked) - _ASKED
    return (*asked[:_ASKED], *([f"et {more} autres questions"] if more > 1 else asked[_ASKED:]))


def _gathered(chain: Chain, book: Rulebook) -> Chain:
    """The chain with the many rules that raise a same flag drawn as one."""
    steps = dict(chain.steps)
    for target in chain.targets:
        flags: dict[str, list[Key]] = {}
        for key in steps[target].inputs:
            concluded = [name for name, _ in steps[key].concludes]
            if concluded and all(book.conclusions[n].type == "drapeau" for n in concluded):
                flags.setdefault(concluded[0], []).append(key)
        for name, keys in flags.items():
            if len(keys) <= _MANY:
                continue
            text = f"{len(keys)} règles : {book.conclusions[name].label}"
            whole: Key = ("regle", f"+{name}", None)
            steps[whole] = Step(whole, "regle", text)
            kept = tuple(k for k in steps[target].inputs if k not in keys)
            steps[target] = replace(steps[target], inputs=(*kept, whole))
    used: set[Key] = set()
    pending: list[Key] = list(chain.targets)
    while pending:
        key = pending.pop()
        if key not in used:
            used.add(key)
            pending.extend((*steps[key].inputs, *steps[key].excludes))
    return Chain({key: step for key, step in steps.items() if key in used}, chain.targets)


def _tree(chain: Chain, waits: Mapping[Key, Sequence[str]]) -> tuple[Answer, ...]:
    told: set[Key] = set()

    def facts(step: Step) -> tuple[Step, ...]:
        return tuple(chain.steps[k] for k in step.inputs if chain.steps[k].kind == "fait")

    def node(key: Key) -> Node:
        step = chain.steps[key]
        if key in told:
            return Node(step.text, step.rule, step.rank, None, (), (), (), again=True)
        told.add(key)
        return Node(
            step.text,
            step.rule,
            step.rank,
            step.source,
            facts(step),
            nodes(step),
            tuple(chain.steps[k] for k in step.excludes),
        )

    def nodes(step: Step) -> tuple[Node, ...]:
        return tuple(node(k) for k in step.inputs if chain.steps[k].kind == "regle")

    found = []
    for key in chain.targets:
        step = chain.steps[key]
        found.append(Answer(step.text, nodes(step), facts(step), tuple(waits.get(key, ()))))
    return tuple(found)
