"""The JSON schema of the blocks: it accepts the whole rulebook, and refuses mistakes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from coopdec_rules.rulebook.block_schema import BLOCKS, KINDS, block_schema
from coopdec_rules.rulebook.declarations import IMPOSSIBLE_KEYS, PROPERTY_KEYS
from coopdec_rules.rulebook.format import FOLDERS
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.markdown import blocks
from coopdec_rules.rulebook.reviews import VERDICTS
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.rules import RULE_KEYS
from coopdec_rules.rulebook.tables import TABLE_KEYS
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

from . import tiny
from .test_reviews import review

Data = dict[str, Any]


def plain(node: Node) -> Any:
    """A block as editors read it: dates are texts."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return node.value if isinstance(node.value, bool | int) else node.raw


def written(root: Path) -> Iterator[tuple[str, str, Data]]:
    """Place, kind and content of every block of a rulebook."""
    for folder, kinds in FOLDERS.items():
        for path in sorted((root / folder).glob("*.md")):
            text = path.read_text(encoding="utf-8")
            for block in blocks(text, path.name, Reader(), kinds):
                node = read_yaml(block.text, path.name, block.line)
                yield f"{path.name}:{block.line}", block.kind, plain(node)


@cache
def validator(kind: str | None) -> Draft7Validator:
    return Draft7Validator(block_schema(load_rulebook(rules_folder()), kind))


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_it_is_a_schema(rulebook: Rulebook, kind: str | None) -> None:
    schema = block_schema(rulebook, kind)
    Draft7Validator.check_schema(schema)


def test_every_block_of_the_rulebook_is_accepted(rules_root: Path) -> None:
    found = list(written(rules_root))
    assert len(found) > 250
    for place, kind, data in found:
        for schema in (validator(None), validator(kind)):
            assert [f"{place}: {e.message[:200]}" for e in schema.iter_errors(data)] == []


@pytest.mark.parametrize("kind", ["sources", "normes"])
def test_the_registries_are_accepted(rules_root: Path, kind: str) -> None:
    text = (rules_root / f"{kind}.yaml").read_text(encoding="utf-8")
    data = plain(read_yaml(text, kind))
    assert [e.message[:200] for e in validator(kind).iter_errors(data)] == []
    data["essai"] = {"titre": "x", "rang": "loix", "confiance": "texte"}
    assert not validator(kind).is_valid(data)


def test_reviews_are_accepted_and_their_mistakes_refused(tmp_path: Path) -> None:
    root = tiny.write(tmp_path, tiny.tiny_files())
    schema = Draft7Validator(block_schema(load_rulebook(root), "relectures"))
    for verdict in VERDICTS:
        path = review(root, verdict)
    data = plain(read_yaml(path.read_text(encoding="utf-8"), path.name))
    assert len(data["relectures"]) == 3
    assert list(schema.iter_errors(data)) == []
    for number, key in ((0, "role"), (0, "empreinte"), (1, "note"), (2, "note")):
        broken = copy.deepcopy(data)
        del broken["relectures"][number][key]
        assert not schema.is_valid(broken), (number, key)
    assert not schema.is_valid({**data, "regle": "permis-comune"})


RULE: Data = {
    "regle": "essai",
    "norme": ["N-22", "N-23"],
    "source": "cgct § art. L. 1115-1",
    "rang": "loi",
    "en_vigueur": {"du": "2005-02-11"},
    "si": [
        "contribution.montant > 1,5 % contribution.ressources_service",
        {"l'un de": ["non acte.transmise", {"tous": ["volet.domaine parmi [eau, sante]"]}]},
    ],
    "ecarte": "budget-eau-hors-domaine",
    "conclut": {"contribution.depassement": "oui"},
    "plafond": {
        "limite": "1 % contribution.ressources_service",
        "montant": "contribution.montant",
        "budget": "contribution.budget",
    },
    "condition": {
        "texte": "Payer sur « {contribution.budget} ».",
        "qui": "acteur",
        "quand": "prealable",
        "faite_si": "acte.transmise",
    },
    "explication": "Le budget « {contribution.budget} » paie.",
}


def test_a_good_rule() -> None:
    assert list(validator(None).iter_errors(RULE)) == []


def _set(*keys: str | int, to: object) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        place: Any = data
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = to

    return change


def _without(*names: str) -> Callable[[Data], None]:
    def change(data: Data) -> None:
        for name in names:
            del data[name]

    return change


MISTAKES: dict[str, Callable[[Data], None]] = {
    **{
        f"no {key}": _without(key)
        for key in ("regle", "norme", "source", "rang", "en_vigueur", "explication")
    },
    "says nothing": _without("conclut", "ecarte", "plafond", "condition"),
    "unknown key": _set("explicaton", to="x"),
    "name in capitals": _set("regle", to="Essai"),
    "unknown norm": _set("norme", 1, to="N-999"),
    "no norm": _set("norme", to=[]),
    "unknown source": _set("source", to="cgtc § art. 1"),
    "source and no sign": _set("source", to="cgct art. 1"),
    "unknown rank": _set("rang", to="lois"),
    "unknown confidence": _set("confiance", to="sûre"),
    "no day": _set("en_vigueur", "du", to="1er janvier 2005"),
    "unknown bound": _set("en_vigueur", "depuis", to="2005-01-01"),
    "empty period": _set("en_vigueur", to={}),
    "unknown fact": _set("si", 0, to="contribution.montan > 1"),
    "unknown value": _set("si", 0, to="volet.domaine = eaux"),
    "unknown conclusion read": _set("si", 0, to="volet.detenteurs = groupement"),
    "unknown sign": _set("si", 0, to="volet.domaine ~ eau"),
    "unknown connector": _set("si", 1, to={"l'une de": ["volet.domaine = eau"]}),
    "unknown fact below": _set("si", 1, "l'un de", 1, "tous", 0, to="volet.domain = eau"),
    "no condition": _set("si", to=[]),
    "unknown rule set aside": _set("ecarte", to="budget-eau-hors-domane"),
    "unknown conclusion": _set("conclut", to={"contribution.depasement": "oui"}),
    "unknown value concluded": _set("conclut", to={"volet.etendue": "entier"}),
    "no to a flag": _set("conclut", "contribution.depassement", to="non"),
    "ceiling without budget": lambda data: data["plafond"].pop("budget"),
    "ceiling on a date": _set("plafond", "montant", to="date"),
    "who": _set("condition", "qui", to="acteurs"),
    "when": _set("condition", "quand", to="avant"),
    "effect without text": _set("condition", to={"qui": "acteur"}),
    "unknown fact done": _set("condition", "faite_si", to="acte.transmis"),
    "unknown placeholder": _set("explication", to="Le budget « {contribution.buget} »."),
    "unknown placeholder in an effect": _set("condition", "texte", to="{x}"),
    "empty explanation": _set("explication", to=""),
    "a list for a text": _set("explication", to=["x"]),
}  # fmt: skip


@pytest.mark.parametrize("change", MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_refused(change: Callable[[Data], None]) -> None:
    data = copy.deepcopy(RULE)
    change(data)
    assert not validator("regle").is_valid(data)
    if "regle" in data:
        assert not validator(None).is_valid(data)


@pytest.mark.parametrize("key", sorted(RULE))
def test_a_mistyped_key_is_refused(key: str) -> None:
    data = copy.deepcopy(RULE)
    data[f"{key}x"] = data.pop(key)
    assert not validator("regle").is_valid(data)


TABLES: dict[str, Callable[[Data], None]] = {
    "no file": _without("fichier"),
    "a file elsewhere": _set("fichier", to="competences.csv"),
    "no column": _set("colonnes", to={}),
    "unknown conclusion": _set("conclut", "categorie", to="volet.competence"),
    "unknown value by default": _set("a_defaut", "volet.ic_requis", to="peut-être"),
    "unknown key": _set("colonne", to={}),
}


@pytest.mark.parametrize("change", TABLES.values(), ids=TABLES)
def test_mistakes_of_a_table_are_refused(rules_root: Path, change: Callable[[Data], None]) -> None:
    data = next(data for _, _, data in written(rules_root) if data.get("table") == "competences")
    assert validator("table").is_valid(data)
    change(data)
    assert not validator("table").is_valid(data)
    assert not validator(None).is_valid(data)


def test_what_the_loader_refuses_by_name_the_schema_refuses(tmp_path: Path) -> None:
    """Both judge the tiny rulebook's trial rule alike, for mistakes of names and values."""
    book = load_rulebook(tiny.write(tmp_path / "good", tiny.tiny_files()))
    schema = Draft7Validator(block_schema(book, "regle"))
    changes = [
        {}, {"si": "acteur.actf"}, {"si": "acteur.nature = comune"}, {"norme": "N-09"},
        {"source": "loi-b"}, {"rang": "lois"}, {"conclut": "{repons: permis}"},
        {"conclut": "{reponse: permi}"}, {"ecarte": "permis-comune"}, {"en_vigueur": "jamais"},
        {"explication": "« {acteur.nme} »"}, {"explication": "« {acteur.nom} »"},
        {"confiance": "bonne"}, {"si": "toujours"}, {"conclut": "{alerte: true}"},
        {"plafond": "{limite: 1 €, montant: ligne.montan, budget: ligne.budget}"},
    ]  # fmt: skip
    for number, change in enumerate(changes):
        root = tiny.trial(tmp_path / str(number), **change)
        try:
            load_rulebook(root)
            accepted = True
        except tiny.RulebookError:
            accepted = False
        (block,) = [data for place, _, data in written(root) if place.startswith("90-essai")]
        assert schema.is_valid(block) is accepted, (change, accepted)


def test_a_family_and_an_article_are_accepted_by_name(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, tiny.rule(famille="voisines"))
    schema = Draft7Validator(block_schema(load_rulebook(root), "regle"))
    (block,) = [data for place, _, data in written(root) if place.startswith("90-essai")]
    assert schema.is_valid({**block, "ecarte": ["famille voisines", "permis-commune"]})
    assert not schema.is_valid({**block, "ecarte": "famille voisine"})
    assert schema.is_valid({**block, "source": "@pouvoir § al. 2"})
    assert not schema.is_valid({**block, "source": "@ § al. 2"})


def test_it_speaks_of_every_key_that_is_read(rulebook: Rulebook) -> None:
    keys = dict(zip(BLOCKS, (RULE_KEYS, TABLE_KEYS, IMPOSSIBLE_KEYS, PROPERTY_KEYS), strict=True))
    for kind, known in keys.items():
        properties = block_schema(rulebook, kind)["properties"]
        assert set(properties) == known
        assert all(properties.values()), kind


def test_declarations_are_told_apart() -> None:
    impossible = {
        "impossible": "essai", "source": "cgct", "explication": "x", "si": "volet.domaine = eau",
    }  # fmt: skip
    monotony = {
        "propriete": "essai", "source": "cgct", "explication": "x",
        "change": {"fait": "acte.transmise", "de": "non", "vers": "oui"},
        "n_empire_jamais": "habilitation",
    }  # fmt: skip
    for data in (impossible, monotony):
        assert list(validator(None).iter_errors(data)) == []
    assert not validator(None).is_valid({**impossible, "alors": "volet.domaine = eau"})
    assert not validator(None).is_valid({**monotony, "n_empire_jamais": "habilitatio"})
    assert not validator(None).is_valid({"source": "cgct", "explication": "x"})


def test_a_long_wrong_sentence_is_refused_at_once() -> None:
    """Patterns do not try every way to cut a sentence."""
    data = {**RULE, "si": "volet.domaine = eau et " * 300 + "1" * 3000 + " x!"}
    assert not validator("regle").is_valid(data)
