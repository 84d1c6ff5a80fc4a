"""A report on a change as lines: headings, lists, scenarios; for Markdown or a screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import yaml

_STATES = {"ajoutee": "ajoutées", "retiree": "retirées", "modifiee": "modifiées"}
_NOTHING_READ = "Aucune règle, aucun fait ne change."


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of text: a heading of some ``level``, a list entry, a paragraph or a scenario."""

    kind: Literal["titre", "point", "sous_point", "texte", "scenario"]
    text: str
    level: int = 2


def report_lines(report: Mapping[str, Any]) -> Iterator[Line]:
    """The whole report."""
    old, new = report["ancien"], report["nouveau"]
    yield Line("titre", "Effet d'un changement du recueil", 1)
    for side, word in ((old, "Ancien"), (new, "Nouveau")):
        yield Line(
            "point",
            f"{word} : {side['nom']} (version {side['version']}, empreinte "
            f"{side['empreinte'][:12]})",
        )
    yield Line("texte", verdict(report))
    yield from _families(report)
    yield from _cases(report["cas"])
    yield from _applied(report["application"])
    yield from _rules(report["regles"])
    yield from _vocabulary(report["vocabulaire"])
    yield from _examination(report)


def verdict(report: Mapping[str, Any]) -> str:
    """The answer to "does anything change?", in one paragraph."""
    if not report["regles"] and not report["vocabulaire"]:
        return _NOTHING_READ
    changes = report["familles"]
    if changes:
        names = dict.fromkeys(f["libelle"] for f in changes)
        said = f"Des réponses changent : {', '.join(names)}."
    else:
        said = "Aucune réponse ne change, pour les scénarios examinés."
        if any(a["sans_changer_de_reponse"] for a in report["application"]):
            said += (
                " Des règles s'appliquent autrement : motifs, conditions ou formalités changent."
            )
    if report["presomptions_changent"]:
        said += (
            " Une présomption change : un scénario qui ne dit rien de ce fait peut recevoir une "
            "autre réponse (voir « Vocabulaire »)."
        )
    return said


def _families(report: Mapping[str, Any]) -> Iterator[Line]:
    if not report["familles"]:
        return
    yield Line("titre", "Réponses qui changent")

    def change(family: Mapping[str, Any]) -> tuple[str, str, str, int]:
        return (
            family["libelle"], family["avant_libelle"], family["apres_libelle"], family["volets"]
        )  # fmt: skip

    for (name, before, after, items), families in groupby(report["familles"], change):
        only = "" if items == 1 else " (seulement avec plusieurs volets ou budgets)"
        yield Line("titre", f"{name} : {before} → {after}{only}", 3)
        for number, family in enumerate(families, 1):
            yield Line("point", f"Famille {number}, {family['quand']}. Il suffit que :")
            for fact in family["faits"] or ["(toujours)"]:
                yield Line("sous_point", fact)
            yield from _scenario(family)
    for entry in report["inachevees"]:
        yield Line(
            "texte",
            f"Il peut rester d'autres familles : {entry['reponse']}, {entry['avant']} → "
            f"{entry['apres']}, {entry['periodes']}.",
        )


def _scenario(entry: Mapping[str, Any]) -> Iterator[Line]:
    if not entry["verifie"]:
        yield Line(
            "texte",
            "ATTENTION : le moteur ne donne pas à ce scénario la réponse que dit le raisonnement.",
        )
    if "scenario_ancien" in entry:
        yield Line("texte", "Scénario témoin, pour l'ancien recueil puis pour le nouveau :")
        yield Line("scenario", _yaml(entry["scenario_ancien"]))
    else:
        yield Line("texte", "Scénario témoin :")
    yield Line("scenario", _yaml(entry["scenario"]))


def _yaml(document: object) -> str:
    text: str = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=1000)
    return text.rstrip()


def _cases(cases: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    if not cases:
        return
    yield Line("titre", f"Cas d'étude dont la réponse change ({len(cases)})")
    for case in cases:
        yield Line("point", f"{case['cas']} : {case['titre']} ({case['fichier']})")
        for answer in case["reponses"]:
            place = "" if answer["element"] is None else f" (volet {answer['element'] + 1})"
            yield Line(
                "sous_point",
                f"{answer['libelle']}{place} : {answer['avant_libelle']} → "
                f"{answer['apres_libelle']}",
            )
        for side, problems in case.get("illisible", {}).items():
            for problem in problems:
                yield Line(
                    "sous_point",
                    f"refusé par l'{side} recueil : {problem}"
                    if side == "ancien"
                    else f"refusé par le nouveau recueil : {problem}",
                )


def _applied(applied: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    silent = [a for a in applied if a["sans_changer_de_reponse"]]
    loud = [a for a in applied if not a["sans_changer_de_reponse"]]
    if silent:
        yield Line("titre", "Règles qui s'appliquent autrement, même sans changer de réponse")
        for entry in silent:
            yield Line("point", f"{_how(entry)}, {entry['quand']}. {entry['explication']}")
            for effect in entry["effets"]:
                yield Line("sous_point", f"{effect['genre']} : {effect['texte']}")
            yield from _scenario(entry)
    if loud:
        yield Line("titre", "Règles qui s'appliquent autrement, là seulement où une réponse change")
        for entry in loud:
            yield Line("point", f"{_how(entry)}, {entry['quand']}.")


def _how(entry: Mapping[str, Any]) -> str:
    how = "s'applique dans des cas nouveaux" if entry["desormais"] else "cesse de s'appliquer"
    return f"{entry['regle']} {how}"


def _rules(rules: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for state, word in _STATES.items():
        listed = [rule for rule in rules if rule["etat"] == state]
        if not listed:
            continue
        yield Line("titre", f"Règles {word} ({len(listed)})")
        for rule in listed:
            logic = "" if rule["decide_autrement"] else " — décide comme avant"
            what = f" : {', '.join(rule['aspects'])}" if rule["aspects"] else ""
            where = f"{rule['fichier']}:{rule['ligne']}"
            yield Line("point", f"{rule['regle']} ({where}){what}{logic}")
            for aspect in rule["apres"] or rule["avant"]:
                before = rule["avant"][aspect] if rule["avant"] else None
                after = rule["apres"][aspect] if rule["apres"] else None
                yield from _aspect(aspect, before, after)


def _aspect(name: str, before: object, after: object) -> Iterator[Line]:
    if before is None or after is None:
        yield Line("sous_point", f"{name} : {_flat(before if after is None else after)}")
        return
    yield Line("sous_point", f"{name}, avant : {_flat(before)}")
    yield Line("sous_point", f"{name}, après : {_flat(after)}")


def _flat(value: object) -> str:
    if isinstance(value, list):
        return " ; ".join(map(str, value)) or "(rien)"
    return str(value) or "(rien)"


def _vocabulary(changes: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    if not changes:
        return
    yield Line("titre", "Vocabulaire")
    for change in changes:
        yield Line("point", f"{change['nom']} ({change['libelle']}) : {change['texte']}")
        if change["avant"] or change["apres"]:
            yield Line(
                "sous_point",
                f"avant : {change['avant'] or '(rien)'} ; après : {change['apres'] or '(rien)'}",
            )


def _examination(report: Mapping[str, Any]) -> Iterator[Line]:
    done = report["examen"]
    yield Line("titre", "Ce qui a été examiné")
    yield Line(
        "texte",
        f"{done['moments_examines']} périodes où les deux droits diffèrent ; "
        f"{done['moments_identiques']} où ils sont identiques, règle par règle. À chacune, tous "
        "les scénarios complets que les deux recueils admettent, avec un volet et un budget, puis "
        "deux de chaque ; avec deux, seuls sont montrés les changements de réponse qu'un seul ne "
        f"donne pas. Au plus {done['familles_au_plus']} familles par changement (moitié moins "
        "avec deux).",
    )
    for side, when in report["defauts"].items():
        which = "l'ancien" if side == "ancien" else "le nouveau"
        yield Line(
            "texte",
            f"Défaut : dans {which} recueil, {when}, une conclusion que lisent des règles peut "
            "n'avoir aucune valeur, ou en avoir deux.",
        )


def markdown(lines: Iterator[Line] | Sequence[Line]) -> str:
    """The lines as a Markdown document."""
    found: list[str] = []
    before = ""
    for line in lines:
        listed = line.kind in ("point", "sous_point")
        if found and not (listed and before in ("point", "sous_point")):
            found.append("")
        match line.kind:
            case "titre":
                found.append(f"{'#' * line.level} {_safe(line.text)}")
            case "point":
                found.append(f"- {_safe(line.text)}")
            case "sous_point":
                found.append(f"  - {_safe(line.text)}")
            case "scenario":
                found += ["```yaml", line.text, "```"]
            case "texte":
                found.append(_safe(line.text))
        before = line.kind
    return "\n".join(found) + "\n"


def _safe(text: str) -> str:
    """Text on one line, with nothing that Markdown or HTML would read."""
    for mark in ("\\", "*", "_", "`", "<", "[", "]", "|"):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
