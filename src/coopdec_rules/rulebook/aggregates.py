"""Rules for a conclusion declared ``pire_de``: the worst of several others, at every item.

Lawyers write the points; what an element is worth follows from them mechanically, so its rules are
made here instead of being written once for each value.  They rest on named values only: a value
added to the list without a place in ``du_pire_au_meilleur`` leaves a gap, never an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.context import Context
from coopdec_rules.rulebook.formula import And, Formula, Or
from coopdec_rules.rulebook.model import Conclusion, Condition, Period, Rule, SourceRef

#: The source of these rules, which must be declared in ``sources.yaml``.
METHOD = "methode"


def add_aggregates(context: Context, conclusions: Mapping[str, Conclusion]) -> None:
    """Add the rules of every ``pire_de`` conclusion; what is wrong is reported at its line."""
    for conclusion in conclusions.values():
        if conclusion.worst_of:
            parts = _parts(context, conclusions, conclusion)
            if parts:
                _add(context, conclusion, parts)


def _parts(
    context: Context, conclusions: Mapping[str, Conclusion], whole: Conclusion
) -> list[Conclusion]:
    what = f"Conclusion « {whole.id} »"
    report = context.reader.report
    place = (whole.file, whole.line)
    before = len(context.reader.diagnostics)
    if not whole.order:
        report(place, f"{what} : « pire_de » demande « du_pire_au_meilleur ».")
    if METHOD not in context.sources:
        report(place, f"{what} : « pire_de » demande la source « {METHOD} » dans sources.yaml.")
    parts = []
    for name in whole.worst_of:
        part = conclusions.get(name)
        if part is None:
            report(
                place,
                f"{what} : « pire_de » nomme « {name} », qui n'est pas une conclusion.",
                suggest(name, conclusions),
            )
        elif set(part.values) - set(whole.order):
            extra = ", ".join(sorted(set(part.values) - set(whole.order)))
            report(place, f"{what} : « {part.id} » a des valeurs qu'elle n'a pas ({extra}).")
        elif whole.scope is not None and part.scope != whole.scope:
            report(place, f"{what} : « {part.id} » ne se lit pas sur un {whole.scope}.")
        else:
            parts.append(part)
    return parts if len(context.reader.diagnostics) == before else []


def _add(context: Context, whole: Conclusion, parts: Sequence[Conclusion]) -> None:
    for rank, value in enumerate(whole.order):
        better = whole.order[rank:]
        formulas: list[Formula] = []
        if rank:
            formulas += [_says(context, whole, part, better, every=True) for part in parts]
        if rank < len(whole.order) - 1:
            formulas.append(
                Or(tuple(_says(context, whole, part, (value,), every=False) for part in parts))
            )
        formula = And(tuple(formulas))
        ident = f"pire-de:{whole.id}:{value}"
        context.rules.append(
            Rule(
                id=ident,
                key=f"{ident}@origine",
                norms=(),
                sources=(SourceRef(context.sources[METHOD], "éléments et points"),),
                rank=context.sources[METHOD].rank,
                period=Period(None, None),
                conditions=tuple(Condition(context.binder.text_of(f), f) for f in formulas),
                formula=formula,
                concludes=((whole.id, value),),
                sets_aside=(),
                effects=(),
                explanation=f"{whole.label} : {whole.values[value]}.",
                confidence="texte",
                doubt="",
                scope=whole.scope,
                file=whole.file,
                line=whole.line,
            )
        )


def _says(
    context: Context, whole: Conclusion, part: Conclusion, values: Sequence[str], every: bool
) -> Formula:
    """The part has one of ``values``: at every item of its group, or at one of them."""
    kept = [value for value in values if value in part.values]
    if not kept:
        return Or(())
    sentence = f"{part.id} parmi [{', '.join(kept)}]"
    if part.scope is not None and part.scope != whole.scope:
        quantifier = f"tous les {part.scope}s" if every else f"au moins un {part.scope}"
        sentence = f"{quantifier} : {sentence}"
    return context.binder.condition(sentence)
