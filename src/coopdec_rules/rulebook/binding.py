"""From a parsed condition to a formula over atoms: names, values, types and scopes are checked."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook import grammar
from coopdec_rules.rulebook.formula import And, Formula, Lit, Or, literals, negate, sentence
from coopdec_rules.rulebook.model import (
    Among,
    Atom,
    AtomKind,
    Compare,
    Concluded,
    Conclusion,
    Const,
    Expr,
    Fact,
    FactRef,
    Group,
    IsTrue,
    Percent,
    Quantified,
    Shift,
)


class BindingError(Exception):
    """A name, value or type of a condition does not fit the vocabulary."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.suggestion = suggestion


class Binder:
    """Turns conditions into formulas and keeps the table of atoms they share."""

    def __init__(
        self,
        groups: Mapping[str, Group],
        facts: Mapping[str, Fact],
        conclusions: Mapping[str, Conclusion],
    ) -> None:
        self.groups = groups
        self.facts = facts
        self.conclusions = conclusions
        self.atoms: list[Atom] = []
        self._index: dict[AtomKind, int] = {}
        self._sentences: dict[str, Formula] = {}

    def condition(self, sentence: str) -> Formula:
        """Parse and bind one sentence.  Raises ``BindingError`` or ``ConditionSyntaxError``."""
        formula = self._sentences.get(sentence)
        if formula is None:
            formula = self._sentences[sentence] = self.bind(grammar.parse_condition(sentence))
        return formula

    def bind(self, tree: grammar.Tree) -> Formula:
        match tree:
            case grammar.All(parts):
                return And(tuple(self.bind(p) for p in parts))
            case grammar.Any_(parts):
                return Or(tuple(self.bind(p) for p in parts))
            case grammar.Not(part):
                return negate(self.bind(part))
            case grammar.Quantifier():
                return self._quantifier(tree)
            case grammar.Comparison():
                return self._comparison(tree)

    def scope_of(self, *formulas: Formula) -> str | None:
        """The repeated group that the formulas speak of; ``None``: the scenario as a whole.

        Raises ``BindingError`` when they mix two repeated groups.
        """
        scopes = {
            scope
            for formula in formulas
            for lit in literals(formula)
            if (scope := self.atoms[lit.atom].scope) is not None
        }
        if len(scopes) > 1:
            raise BindingError(
                f"une même règle mêle deux groupes répétés ({', '.join(sorted(scopes))}) : "
                "parler de l'un avec « au moins un … : » ou « tous les … : »"
            )
        return scopes.pop() if scopes else None

    def atom(self, kind: AtomKind, scope: str | None, text: str) -> Lit:
        if kind not in self._index:
            self._index[kind] = len(self.atoms)
            self.atoms.append(Atom(len(self.atoms), kind, scope, text))
        return Lit(self._index[kind])

    # -- comparisons ---------------------------------------------------------------------------

    def _comparison(self, node: grammar.Comparison) -> Formula:
        if node.name in self.conclusions:
            return self._on_conclusion(node, self.conclusions[node.name])
        fact = self._fact(node.name)
        if node.op == "truth":
            if fact.kind.comparison != "oui_non":
                raise BindingError(
                    f"« {fact.id} » n'est pas une question oui/non : la comparer à une valeur"
                )
            return self.atom(IsTrue(fact.id), fact.scope, fact.id)
        if fact.kind.comparison == "oui_non":
            return self._boolean(node, fact)
        if fact.kind.comparison == "nommee":
            return self._choice(node, fact)
        if node.op == "parmi":
            if not fact.kind.counted or not all(isinstance(v, grammar.Number) for v in node.right):
                raise BindingError(f"« {fact.id} » se compare avec =, <, <=, > ou >=")
            if any(
                isinstance(v, grammar.Number) and v.value != v.value.to_integral_value()
                for v in node.right
            ):
                raise BindingError(f"« {fact.id} » compte des unités entières")
            numbers = frozenset(int(v.value) for v in node.right if isinstance(v, grammar.Number))
            text = f"{fact.id} parmi [{', '.join(map(str, sorted(numbers)))}]"
            return self.atom(Among(fact.id, numbers), fact.scope, text)
        right, other = self._expression(node.right[0], fact)
        if other is not None and other.scope and fact.scope and other.scope != fact.scope:
            raise BindingError(f"« {fact.id} » et « {other.id} » sont de deux groupes répétés")
        scope = fact.scope or (other.scope if other else None)
        return self.atom(
            Compare(fact.id, node.op, right), scope, f"{fact.id} {node.op} {show(right)}"
        )

    def _boolean(self, node: grammar.Comparison, fact: Fact) -> Formula:
        operand = node.right[0] if node.right else None
        if node.op == "=" and isinstance(operand, grammar.Name) and operand.text in ("oui", "non"):
            literal = self.atom(IsTrue(fact.id), fact.scope, fact.id)
            return literal if operand.text == "oui" else negate(literal)
        raise BindingError(f"« {fact.id} » est une question oui/non : écrire « {fact.id} » seul")

    def _choice(self, node: grammar.Comparison, fact: Fact) -> Formula:
        values = self._names(node, fact.id)
        if fact.kind.listed:
            for value in values:
                self._check_value(value, fact.id, fact.values)
        text = _among_text(fact.id, values)
        return self.atom(Among(fact.id, frozenset(values)), fact.scope, text)

    def _on_conclusion(self, node: grammar.Comparison, conclusion: Conclusion) -> Formula:
        if conclusion.type == "drapeau":
            if node.op != "truth":
                raise BindingError(
                    f"« {conclusion.id} » est un constat oui/non : écrire « {conclusion.id} » seul"
                )
            return self.atom(
                Concluded(conclusion.id, frozenset({"oui"})), conclusion.scope, conclusion.id
            )
        if node.op == "truth":
            raise BindingError(f"« {conclusion.id} » a plusieurs valeurs : la comparer à l'une")
        values = self._names(node, conclusion.id)
        for value in values:
            self._check_value(value, conclusion.id, conclusion.values)
        return self.atom(
            Concluded(conclusion.id, frozenset(values)),
            conclusion.scope,
            _among_text(conclusion.id, values),
        )

    def _names(self, node: grammar.Comparison, name: str) -> list[str]:
        if node.op not in ("=", "parmi"):
            raise BindingError(f"« {name} » n'a pas d'ordre : « {node.op} » ne s'y applique pas")
        names = []
        for operand in node.right:
            if not isinstance(operand, grammar.Name):
                raise BindingError(f"« {name} » se compare à un mot, pas à un nombre ou une date")
            names.append(operand.text)
        return names

    def _check_value(self, value: str, name: str, values: Mapping[str, str]) -> None:
        if value not in values:
            raise BindingError(
                f"« {value} » n'est pas une valeur de « {name} » (valeurs : {', '.join(values)})",
                suggest(value, values),
            )

    def _fact(self, name: str) -> Fact:
        fact = self.facts.get(name)
        if fact is None:
            raise BindingError(
                f"« {name} » n'est ni un fait ni une conclusion du vocabulaire",
                suggest(name, [*self.facts, *self.conclusions]),
            )
        return fact

    # -- right-hand sides ----------------------------------------------------------------------

    def expression(self, sentence: str) -> Expr:
        """Bind an amount in euros, as ``1 % contribution.ressources_service``."""
        operand = grammar.parse_expression(sentence)
        match operand:
            case grammar.Number(value):
                return Const(value)
            case grammar.Name(name) if "part" in self._fact(name).kind.operands:
                return FactRef(name)
            case grammar.Share(rate, name) if "part" in self._fact(name).kind.operands:
                return Percent(rate, name)
        raise BindingError(f"« {sentence} » n'est pas un montant")

    def _expression(self, operand: grammar.Operand, left: Fact) -> tuple[Expr, Fact | None]:
        match operand:
            case grammar.Number(value) if "nombre" in left.kind.operands:
                constant = left.kind.constant(value)
                if constant is None:
                    raise BindingError(f"« {left.id} » compte des unités entières")
                return Const(constant), None
            case grammar.Day(value) if "jour" in left.kind.operands:
                return Const(value), None
            case grammar.Name(name):
                other = self._same_type(name, left)
                return FactRef(name), other
            case grammar.Share(rate, name) if "part" in left.kind.operands:
                return Percent(rate, name), self._same_type(name, left)
            case grammar.Moved(base, years, months, days) if "delai" in left.kind.operands:
                if isinstance(base, grammar.Day):
                    return Shift(Const(base.value), years, months, days), None
                return Shift(FactRef(base.text), years, months, days), self._same_type(
                    base.text, left
                )
        raise BindingError(f"« {left.id} » se compare à {left.kind.noun}")

    def _same_type(self, name: str, left: Fact) -> Fact:
        other = self._fact(name)
        if other.type != left.type:
            raise BindingError(
                f"« {left.id} » ({left.type}) ne se compare pas à « {name} » ({other.type})"
            )
        return other

    # -- quantifiers ---------------------------------------------------------------------------

    def _quantifier(self, node: grammar.Quantifier) -> Formula:
        repeated = [g.id for g in self.groups.values() if g.repeated]
        name = node.group if node.group in repeated else node.group.removesuffix("s")
        if name not in repeated:
            raise BindingError(
                f"« {node.group} » n'est pas un groupe répété (groupes : {', '.join(repeated)})",
                suggest(name, repeated),
            )
        inner = self.bind(node.part)
        scope = self.scope_of(inner)
        if scope != name:
            raise BindingError(f"après « {node.kind} … {node.group} : », parler de {name}.…")
        kind: Literal["un", "tous"] = "tous" if node.kind == "tous" else "un"
        feminine = self.groups[name].feminine
        every, one = ("toutes les", "une") if feminine else ("tous les", "un")
        wording = f"{every} {name}s" if kind == "tous" else f"au moins {one} {name}"
        literal = self.atom(
            Quantified(kind, name, inner), None, f"{wording} : {self.text_of(inner)}"
        )
        return negate(literal) if node.kind == "aucun" else literal

    def text_of(self, formula: Formula) -> str:
        """The formula as a sentence of the condition language."""
        return sentence(formula, self._said)

    def _said(self, literal: Lit) -> str:
        text = self.atoms[literal.atom].text
        return text if literal.positive else f"non {text}"


def _among_text(name: str, values: list[str]) -> str:
    return f"{name} = {values[0]}" if len(values) == 1 else f"{name} parmi [{', '.join(values)}]"


def show(expr: Expr) -> str:
    """An expression as the condition language writes it."""
    match expr:
        case Const(value):
            return value.isoformat() if not isinstance(value, int | Decimal) else f"{value}"
        case FactRef(fact):
            return fact
        case Percent(rate, fact):
            return f"{rate} % {fact}"
        case Shift(base, years, months, days):
            parts = [(years, "ans"), (months, "mois"), (days, "jours")]
            moves = [f"{'+' if n > 0 else '-'} {abs(n)} {unit}" for n, unit in parts if n]
            return " ".join([show(base), *moves])
