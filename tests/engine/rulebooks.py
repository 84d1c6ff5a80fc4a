"""Random rulebooks, written as the files that the loader reads, always from a seed.

They are acyclic by construction.  Conclusions have a rank: a rule reads conclusions below its own
rank only, and is set aside only by rules of a lower rank, or of its rank and written before it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

GROUPS = ("volet", "ligne")
DAYS = [dt.date(1999, 12, 31), dt.date(2004, 2, 29), dt.date(2004, 8, 31), dt.date(2010, 1, 1)]
TYPES = ("booleen", "choix", "nombre", "montant", "date", "texte")
ORDER = ("=", "<", "<=", ">", ">=", "≤", "≥", "≠")
WORDS = ("dakar", "saint_louis", "autre")


@dataclass(frozen=True)
class FactDraft:
    id: str
    type: str
    scope: str | None
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConclusionDraft:
    id: str
    scope: str | None
    rank: int
    #: Empty for a flag.
    values: tuple[str, ...] = ()


@dataclass
class Draft:
    """A rulebook being drawn."""

    rng: random.Random
    facts: list[FactDraft] = field(default_factory=list)
    relevance: dict[str, str] = field(default_factory=dict)
    conclusions: list[ConclusionDraft] = field(default_factory=list)

    # -- conditions --------------------------------------------------------------------------

    def sentence(self, scope: str | None, rank: int, depth: int, leaves: int = 3) -> str:
        """A condition that may speak of ``scope`` and reads conclusions below ``rank``."""
        if leaves <= 1 or self.rng.random() < 0.4:
            return self._leaf(scope, rank, depth)
        word = self.rng.choice([" et ", " ou "])
        first = self.sentence(scope, rank, depth, leaves - 1)
        parts = [first, self._leaf(scope, rank, depth)]
        text = "(" + word.join(parts) + ")"
        return f"non {text}" if self.rng.random() < 0.2 else text

    def _leaf(self, scope: str | None, rank: int, depth: int) -> str:
        draw = self.rng.random()
        if depth and draw < 0.15:
            return self._quantifier(rank, depth)
        read = [c for c in self.conclusions if c.rank < rank and c.scope in (None, scope)]
        if read and draw < 0.5:
            return self._on_conclusion(self.rng.choice(read))
        if scope is not None and draw < 0.8:
            return self.comparison(self._fact(scope), scope)
        return self.comparison(self._fact(None), scope)

    def _quantifier(self, rank: int, depth: int) -> str:
        group = self.rng.choice(GROUPS)
        own = self.comparison(self._fact(group), group)
        inner = self.sentence(group, rank, depth - 1, 2)
        word = self.rng.choice([" et ", " ou "])
        start = self.rng.choice([f"au moins un {group}", f"tous les {group}s", f"aucun {group}"])
        return f"{start} : ({own}{word}{inner})"

    def _on_conclusion(self, conclusion: ConclusionDraft) -> str:
        if not conclusion.values:
            return self.rng.choice(["", "non "]) + conclusion.id
        return self._among(conclusion.id, conclusion.values)

    def _among(self, name: str, values: Sequence[str]) -> str:
        op = self.rng.choice(["=", "≠", "parmi", "hors"])
        if op in ("=", "≠"):
            return f"{name} {op} {self.rng.choice(values)}"
        chosen = self.rng.sample(values, self.rng.randint(1, len(values) - 1))
        return f"{name} {op} [{', '.join(chosen)}]"

    def _fact(self, scope: str | None) -> FactDraft:
        return self.rng.choice([f for f in self.facts if f.scope == scope])

    def comparison(self, fact: FactDraft, scope: str | None) -> str:
        """One comparison of a fact, on the right with a constant or a fact of the same type."""
        rng, op = self.rng, self.rng.choice(ORDER)
        others = [f.id for f in self.facts if f.type == fact.type and f.scope in (None, scope)]
        other = rng.choice(others)
        match fact.type:
            case "booleen":
                return rng.choice(["{}", "non {}", "{} = oui", "{} = non"]).format(fact.id)
            case "choix" | "texte":
                return self._among(fact.id, fact.values or WORDS)
            case "nombre":
                if rng.random() < 0.2:
                    return f"{fact.id} parmi [{rng.randint(0, 1)}, {rng.randint(2, 3)}]"
                return f"{fact.id} {op} {rng.choice([str(rng.randint(0, 3)), '20 000', other])}"
            case "montant":
                share = (
                    f"{rng.choice(['1', '50', '0,5', '100'])} % {rng.choice(['', 'de '])}{other}"
                )
                right = rng.choice(["0", "1,5", "100 €", "23 000", other, share, share])
                return f"{fact.id} {op} {right}"
            case _:
                right = rng.choice([rng.choice(DAYS).isoformat(), "date", other, other])
                for _ in range(rng.randint(0, 2)):
                    unit = rng.choice(["an", "ans", "mois", "jour", "jours"])
                    right += f" {rng.choice('+-')} {rng.randint(0, 14)} {unit}"
                return f"{fact.id} {op} {right}"


def random_rulebook(rng: random.Random, *, small: bool = False) -> dict[str, str]:
    """Files of a random rulebook; ``small`` ones are what hypothesis can shrink."""
    draft = Draft(rng)
    files = _vocabulary(draft, small)
    files["sources.yaml"] = "loi: {titre: Loi, rang: loi, confiance: texte}\n"
    files["normes.yaml"] = "N-01: Norme\n"
    files["textes/regles.md"] = "\n".join(_rules(draft, small))
    if not small and rng.random() < 0.4:
        _table(draft, files)
    return files


def _vocabulary(draft: Draft, small: bool) -> dict[str, str]:
    rng = draft.rng
    draft.facts = [
        FactDraft("date", "date", None),
        FactDraft("lecture", "choix", None, ("droit", "etude_2006")),
    ]
    for scope, prefix in ((None, "fait"), ("volet", "volet"), ("ligne", "ligne")):
        if small:
            kinds = list(TYPES) if scope is None else ["booleen", "choix"]
        else:
            kinds = [*TYPES, *rng.choices(TYPES, k=3)] if scope is None else rng.choices(TYPES, k=4)
        draft.facts.extend(
            FactDraft(
                f"{prefix}.f{i}", kind, scope, ("rouge", "vert", "bleu") if kind == "choix" else ()
            )
            for i, kind in enumerate(kinds)
        )
    files = {
        "vocabulaire/00-scenario.yaml": "groupe: scenario\nchemin: ''\ntitre: S\nfaits:\n"
        + _fact_text(draft.facts[0], None)
        + _fact_text(draft.facts[1], None)
    }
    # The order in which relevance may depend is not the order of writing.
    order = draft.facts[2:]
    rng.shuffle(order)
    before = Draft(rng, draft.facts[:2])
    for fact in order:
        near = [f for f in before.facts if f.scope in (None, fact.scope)]
        if rng.random() < 0.3:
            draft.relevance[fact.id] = " et ".join(
                before.comparison(rng.choice(near), fact.scope)
                for _ in range(rng.choice([1, 1, 2]))
            )
        before.facts.append(fact)
    for prefix in ("fait", *GROUPS):
        head = f"groupe: {prefix}\nchemin: {prefix}s\ntitre: G\n"
        head += "repete: true\n" if prefix != "fait" else ""
        files[f"vocabulaire/10-{prefix}.yaml"] = (
            head
            + "faits:\n"
            + "".join(
                _fact_text(f, draft.relevance.get(f.id))
                for f in draft.facts
                if f.id.startswith(f"{prefix}.")
            )
        )
    for number in range(rng.randint(2, 3) if small else rng.randint(4, 7)):
        scope = rng.choice([None, None, "volet", "ligne"])
        values = ("un", "deux", "trois") if rng.random() < 0.6 else ()
        name = f"{scope}.c{number}" if scope else f"c{number}"
        draft.conclusions.append(ConclusionDraft(name, scope, rng.randint(1, 4), values))
    files["vocabulaire/conclusions.yaml"] = "".join(
        f"{c.id}: {{type: {'choix' if c.values else 'drapeau'}, libelle: C"
        + (f", valeurs: {{{', '.join(f'{v}: {v}' for v in c.values)}}}" if c.values else "")
        + "}\n"
        for c in draft.conclusions
    )
    return files


def _fact_text(fact: FactDraft, relevance: str | None) -> str:
    values = ", ".join(f"{v}: {v}" for v in fact.values)
    text = (
        f"  {fact.id.rpartition('.')[2]}:\n    libelle: F\n    question: Q\n    type: {fact.type}\n"
    )
    text += f"    valeurs: {{{values}}}\n" if values else ""
    return text + (f'    pertinent_si: "{relevance}"\n' if relevance else "")


def _rules(draft: Draft, small: bool) -> list[str]:
    rng = draft.rng
    blocks: list[str] = []
    concluded: set[str] = set()
    wanted = list(draft.conclusions) + rng.choices(
        draft.conclusions, k=rng.randint(0, 3 if small else 14)
    )
    wanted.sort(key=lambda c: c.rank)
    # An exception may name a rule written later, so scopes and ranks are drawn first.
    plan = [(f"r{i}", c, c.scope if rng.random() < 0.9 else None) for i, c in enumerate(wanted)]
    for position, (name, conclusion, scope) in enumerate(plan):
        later = [
            other
            for other, c, _ in plan[position + 1 :]
            # An item may not set aside a rule of the whole scenario, nor one of another group.
            if conclusion.scope is None or c.scope == conclusion.scope
        ]
        aside = rng.sample(later, min(len(later), rng.choice([0, 0, 0, 1, 1, 2])))
        # A rule without conclusion has the scope of its conditions, so the scenario's only.
        mute = aside and conclusion.scope is None and conclusion.id in concluded
        shown = None if mute and rng.random() < 0.3 else conclusion
        concluded.add(conclusion.id)
        for period in _periods(rng):
            blocks.append(_rule(draft, name, (scope, conclusion.rank), shown, aside, period))
    return blocks


def _periods(rng: random.Random) -> list[str]:
    draw = rng.random()
    if draw < 0.5:
        return ["toujours"]
    first, second = sorted(rng.sample(DAYS, 2))
    if draw < 0.65:
        return [f"{{du: {first}}}"]
    if draw < 0.8:
        return [f"{{du: {first}, au: {second}}}"]
    return [f"{{au: {first - dt.timedelta(days=1)}}}", f"{{du: {first}, au: {second}}}"]


def _rule(
    draft: Draft,
    name: str,
    place: tuple[str | None, int],
    conclusion: ConclusionDraft | None,
    aside: Sequence[str],
    period: str,
) -> str:
    rng = draft.rng
    lines = [f"regle: {name}", "norme: N-01", "source: loi", "rang: loi", f"en_vigueur: {period}"]
    sentences = [
        draft.sentence(*place, 2, rng.choice([1, 2, 3]))
        for _ in range(rng.choice([0, 1, 1, 1, 2, 2]))
    ]
    draw = rng.random()
    if len(sentences) == 1 and draw < 0.5:
        lines.append(f'si: "{sentences[0]}"')
    elif len(sentences) > 1 and draw < 0.4:
        lines.append(f"si:\n  - {rng.choice(['l' + chr(39) + 'un de', 'aucun de', 'tous'])}:")
        lines.extend(f'      - "{s}"' for s in sentences)
    elif sentences:
        lines.append("si:")
        lines.extend(f'  - "{s}"' for s in sentences)
    if conclusion is not None:
        value = rng.choice(conclusion.values) if conclusion.values else "oui"
        lines.append(f"conclut: {{{conclusion.id}: {value}}}")
    if aside:
        lines.append(f"ecarte: [{', '.join(aside)}]")
    lines.append("explication: E")
    return "\n".join(["```yaml regle", *lines, "```", ""])


def _table(draft: Draft, files: dict[str, str]) -> None:
    """A decision table on two facts, concluding on the scenario, with a default."""
    rng = draft.rng
    files["vocabulaire/conclusions.yaml"] += (
        "table: {type: choix, libelle: T, valeurs: {haut: haut, bas: bas}}\n"
    )
    files["textes/table.md"] = "\n".join(
        [
            "```yaml table",
            "table: t",
            "fichier: tables/t.csv",
            "norme: N-01",
            "source: loi",
            "rang: loi",
            "facultatives: [couleur, nombre]",
            "colonnes:",
            '  couleur: "fait.f1 = {}"',
            '  nombre: "fait.f2 >= {}"',
            "conclut: {resultat: table}",
            "a_defaut: {table: bas}",
            "explication: E",
            "explication_a_defaut: E",
            "```",
        ]
    )
    rows = ["couleur,nombre,resultat,du,au,source,objet,confiance,note"]
    for color in ("rouge", "vert", ""):
        if rng.random() < 0.8:
            day = rng.choice(DAYS)
            first = f"{color},{rng.choice(['1', '2', '']) if color else '3'}"
            rows.append(f"{first},{rng.choice(['haut', 'bas'])},,{day},art. 1,o,texte,")
            after = day + dt.timedelta(days=rng.randint(1, 2))
            rows.append(f"{first},{rng.choice(['haut', 'bas'])},{after},,art. 2,o,texte,")
    files["tables/t.csv"] = "\n".join(rows) + "\n"
