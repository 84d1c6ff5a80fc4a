"""Every kind of mistake in a scenario: where, what was found, expected and perhaps meant."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from coopdec_rules.advice.scenario import MAX_ITEMS, ScenarioReader
from coopdec_rules.errors import Problem, ScenarioError
from coopdec_rules.rulebook.loader import load_rulebook

from ..rulebook import tiny

TODAY = dt.date(2020, 1, 1)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ScenarioReader:
    files = tiny.tiny_files()
    files[tiny.ACTOR] = files[tiny.ACTOR].replace(
        "question: Combien ?, minimum: 0}", "question: Combien ?, minimum: 0, maximum: 1000000}"
    )
    files[tiny.ACTOR] = files[tiny.ACTOR].replace(
        "creation: {libelle: création, type: date, question: Quand ?}",
        "creation: {libelle: création, type: date, question: Quand ?, "
        "minimum: 1900-01-01, maximum: 2100-12-31}",
    )
    return ScenarioReader(load_rulebook(tiny.write(tmp_path_factory.mktemp("rules"), files)))


def problems(reader: ScenarioReader, document: object) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        reader.read(document, TODAY)
    assert str(caught.value)
    return caught.value.problems


def problem(reader: ScenarioReader, document: object) -> Problem:
    found = problems(reader, document)
    assert len(found) == 1, str(found)
    return found[0]


def actor(**values: Any) -> dict[str, Any]:
    return {"acteur": {"nature": "commune", **values}}


# -- shape -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (None, "null"),
        ([], "une liste"),
        ([{"acteur": {}}], "une liste"),
        ("commune", "« commune »"),
        (3, "3"),
        (True, "true"),
    ],
)
def test_document_that_is_no_object(reader: ScenarioReader, document: object, found: str) -> None:
    mistake = problem(reader, document)
    assert (mistake.pointer, mistake.found, mistake.expected) == ("", found, "un objet")


def test_required_fact(reader: ScenarioReader) -> None:
    for document in ({}, {"acteur": {}}, {"acteur": None}, {"acteur": {"nature": "inconnu"}}):
        mistake = problem(reader, document)
        assert mistake.pointer == "/acteur/nature"
        assert "obligatoire" in mistake.message
        assert mistake.expected == "l'une des valeurs commune, region, syndicat"


def test_required_fact_that_is_wrong_is_said_once(reader: ScenarioReader) -> None:
    mistake = problem(reader, {"acteur": {"nature": "comune"}})
    assert (mistake.pointer, mistake.suggestion) == ("/acteur/nature", "commune")


def test_misspelt_key(reader: ScenarioReader) -> None:
    mistake = problem(reader, actor(populaton=3))
    assert mistake.pointer == "/acteur/populaton"
    assert mistake.found == "« populaton »"
    assert mistake.suggestion == "population"
    assert mistake.expected is not None
    assert "population" in mistake.expected


def test_key_near_nothing(reader: ScenarioReader) -> None:
    mistake = problem(reader, actor(zzz=3))
    assert (mistake.pointer, mistake.suggestion) == ("/acteur/zzz", None)
    assert "n'existe pas" in mistake.message


@pytest.mark.parametrize(
    ("document", "pointer", "place"),
    [
        ({**actor(), "population": 3}, "/population", "/acteur/population"),
        (actor(domaine="eau"), "/acteur/domaine", "/action/volets/0/domaine"),
        (
            {**actor(), "action": {"volets": [{"population": 3}]}},
            "/action/volets/0/population",
            "/acteur/population",
        ),
        ({**actor(), "action": {"urgent": True}}, "/action/urgent", "/action/volets/0/urgent"),
    ],
)
def test_key_at_the_wrong_place(
    reader: ScenarioReader, document: object, pointer: str, place: str
) -> None:
    mistake = problem(reader, document)
    assert mistake.pointer == pointer
    assert f"il se place à {place}" in mistake.message


@pytest.mark.parametrize("key", [3, None, True, 1.5, ("a",), dt.date(2000, 1, 1)])
def test_key_that_is_no_text(reader: ScenarioReader, key: object) -> None:
    mistake = problem(reader, {**actor(), key: 1})
    assert mistake.pointer.startswith("/")


def test_key_with_signs_of_pointers(reader: ScenarioReader) -> None:
    assert problem(reader, actor(**{"a/b~c": 1})).pointer == "/acteur/a~1b~0c"


@pytest.mark.parametrize("value", ["eau", 3, True])
def test_value_where_an_object_is_expected(reader: ScenarioReader, value: object) -> None:
    mistake = problem(reader, {**actor(), "action": value})
    assert mistake.pointer == "/action"
    assert mistake.expected == "l'un des champs volets, lignes"


@pytest.mark.parametrize("value", ["eau", 3, True])
def test_value_where_a_list_is_expected(reader: ScenarioReader, value: object) -> None:
    mistake = problem(reader, {**actor(), "action": {"volets": value}})
    assert (mistake.pointer, mistake.expected) == ("/action/volets", "une liste d'objets")


def test_value_in_a_list_of_objects(reader: ScenarioReader) -> None:
    mistake = problem(reader, {**actor(), "action": {"volets": [{}, "eau", {}]}})
    assert mistake.pointer == "/action/volets/1"
    assert mistake.expected == "l'un des champs domaine, urgent"


def test_too_many_items(reader: ScenarioReader) -> None:
    volets = [{"domaine": "eau"}] * MAX_ITEMS
    reader.read({**actor(), "action": {"volets": volets}}, TODAY)
    mistake = problem(reader, {**actor(), "action": {"volets": [*volets, {}]}})
    assert mistake.pointer == "/action/volets"
    assert (mistake.found, mistake.expected) == (
        f"{MAX_ITEMS + 1} éléments",
        f"{MAX_ITEMS} éléments au plus",
    )


@pytest.mark.parametrize(
    "lines",
    [
        [{"budget": "eau"}, {"budget": "general"}, {"budget": "eau"}],
        [{}, {"budget": "eau"}, {}],
        [{"budget": "general"}, {"budget": "eau"}, {"budget": None}],
    ],
    ids=["written twice", "presumed twice", "written and presumed"],
)
def test_same_key_twice(reader: ScenarioReader, lines: list[object]) -> None:
    mistake = problem(reader, {**actor(), "action": {"lignes": lines}})
    assert mistake.pointer == "/action/lignes/2/budget"
    assert "les réunir" in mistake.message


def test_many_mistakes_at_once(reader: ScenarioReader) -> None:
    found = problems(
        reader,
        {
            "acteur": {"natur": "commune", "population": -1, "actif": "peut-être"},
            "action": {"volets": [{"domaine": "eaux"}], "lignes": [{"montant": "cher"}]},
            "date": "2001-02-29",
        },
    )
    assert {p.pointer for p in found} == {
        "/acteur/natur", "/acteur/population", "/acteur/actif", "/action/volets/0/domaine",
        "/action/lignes/0/montant", "/date", "/acteur/nature",
    }  # fmt: skip


def test_no_more_than_fifty_mistakes(reader: ScenarioReader) -> None:
    assert len(problems(reader, {f"zzz{i}": 1 for i in range(500)})) == 50


# -- values ------------------------------------------------------------------------------------

HUGE = 10**5000
WRONG: dict[str, tuple[str, object, str | None]] = {
    # yes/no
    "yes/no as a number": ("actif", 1, None),
    "yes/no as a word": ("actif", "vrai", None),
    "yes/no as an English word": ("actif", "yes", None),
    "yes/no as a list": ("actif", [True], None),
    # choices
    "amount read in two ways": ("depenses", "1,100", None),
    "choice misspelt": ("nature", "Comune", "commune"),
    "choice near nothing": ("nature", "zzz", None),
    "choice as a number": ("nature", 3, None),
    "choice as a list": ("nature", ["commune"], None),
    "choice as a yes/no": ("nature", True, None),
    # counts
    "count with decimals": ("population", 1.5, None),
    "count with a point": ("population", "1.0", None),
    "count in words": ("population", "mille", None),
    "count as a yes/no": ("population", True, None),
    "count badly cut": ("population", "1 23", None),
    "count as an object": ("population", {}, None),
    "count NaN": ("population", math.nan, None),
    "count infinite": ("population", math.inf, None),
    "count far too long": ("population", "9" * 400, None),
    # amounts
    "amount with three decimals": ("depenses", 1.005, None),
    "amount with three decimals, written": ("depenses", "1,005", None),
    "amount in words": ("depenses", "mille", None),
    "amount in dollars": ("depenses", "100 $", None),
    "amount as a yes/no": ("depenses", False, None),
    "amount as a list": ("depenses", [1], None),
    "amount NaN": ("depenses", math.nan, None),
    "amount infinite": ("depenses", -math.inf, None),
    "amount NaN, written": ("depenses", "NaN", None),
    "amount NaN, decimal": ("depenses", Decimal("NaN"), None),
    "amount signalling NaN": ("depenses", Decimal("sNaN"), None),
    "amount huge": ("depenses", 10**13, None),
    "amount huge, real": ("depenses", 1e300, None),
    "amount huge, negative": ("depenses", -(10**13), None),
    "amount huge, written": ("depenses", "9" * 39, None),
    "amount beyond writing": ("depenses", HUGE, None),
    "amount with an exponent": ("depenses", "1e5", None),
    # dates
    "date that does not exist": ("creation", "2001-02-29", None),
    "date of month 13": ("creation", "2001-13-01", None),
    "date in French order": ("creation", "28/02/2001", None),
    "date without zeros": ("creation", "2001-2-1", None),
    "date with an hour": ("creation", "2001-02-01T10:00", None),
    "date as a moment": ("creation", dt.datetime(2001, 2, 1, 10, 0), None),
    "date as a number": ("creation", 20010201, None),
    "date of year zero": ("creation", "0000-01-01", None),
    "date as a yes/no": ("creation", True, None),
    # texts
    "text as a number": ("nom", 3, None),
    "text as a list": ("nom", ["a"], None),
    "text too long": ("nom", "a" * 501, None),
    "text with a control character": ("nom", "a\x00b", None),
    "text with a line end": ("nom", "a\nb", None),
    "text with an escape": ("nom", "\x1b[31mrouge", None),
    "text turned round": ("nom", "a\u202eb", None),
    "text isolated": ("nom", "a\u2066b", None),
    "text with half a character": ("nom", "a\ud800b", None),
}


@pytest.mark.parametrize(("key", "value", "suggestion"), WRONG.values(), ids=WRONG.keys())
def test_wrong_value(
    reader: ScenarioReader, key: str, value: object, suggestion: str | None
) -> None:
    mistake = problem(reader, actor(**{key: value}))
    assert mistake.pointer == f"/acteur/{key}"
    assert mistake.found is not None
    assert len(mistake.found) <= 90
    assert not any(c in mistake.found for c in "\x00\n\x1b\u202e\u2066\ud800")
    assert mistake.expected
    assert mistake.suggestion == suggestion


@pytest.mark.parametrize("value", [HUGE, -HUGE], ids=["huge", "very negative"])
def test_count_beyond_writing(reader: ScenarioReader, value: int) -> None:
    assert problem(reader, actor(population=value)).pointer == "/acteur/population"


def test_key_beyond_writing(reader: ScenarioReader) -> None:
    assert problem(reader, {**actor(), HUGE: 1}).pointer.startswith("/")


@pytest.mark.parametrize(
    ("key", "value", "limits"),
    [
        ("population", -1, "au moins 0 et au plus 1000000"),
        ("population", 1_000_001, "au moins 0 et au plus 1000000"),
        ("creation", "1899-12-31", "au moins 1900-01-01 et au plus 2100-12-31"),
        ("creation", "2101-01-01", "au moins 1900-01-01 et au plus 2100-12-31"),
    ],
)
def test_value_out_of_limits(reader: ScenarioReader, key: str, value: object, limits: str) -> None:
    mistake = problem(reader, actor(**{key: value}))
    assert mistake.pointer == f"/acteur/{key}"
    assert "hors limites" in mistake.message
    assert mistake.expected == limits


@pytest.mark.parametrize("bad", ["a\x00b", "\u202e" * 5, "a\ud800", "x" * 10_000])
def test_keys_are_shown_safely(reader: ScenarioReader, bad: str) -> None:
    mistake = problem(reader, {**actor(), bad: 1})
    shown = str(mistake)
    assert len(mistake.pointer) < 200
    assert not any(c in shown for c in "\x00\u202e\ud800")
    shown.encode("utf-8")


# -- what is accepted --------------------------------------------------------------------------

RIGHT: dict[str, tuple[str, object, object]] = {
    "yes": ("actif", "oui", True),
    "no": ("actif", "non", False),
    "true": ("actif", True, True),
    "count": ("population", 67000, 67000),
    "count, written": ("population", "67 000", 67000),
    "count, narrow space": ("population", "67\u202f000", 67000),
    "limit itself": ("population", 0, 0),
    "amount": ("depenses", 12, Decimal("12.00")),
    "amount, real": ("depenses", 12.1, Decimal("12.10")),
    "amount, written": ("depenses", "1 234,56 €", Decimal("1234.56")),
    "amount, no-break space": ("depenses", "1\u00a0234,5\u00a0€", Decimal("1234.50")),
    "amount, negative": ("depenses", "-3", Decimal("-3.00")),
    "amount, thousands and cents": ("depenses", "1.100,50", Decimal("1100.50")),
    "amount, largest": ("depenses", 10**12, Decimal(10**12)),
    "date": ("creation", "2004-02-29", dt.date(2004, 2, 29)),
    "date, typed": ("creation", dt.date(2004, 2, 29), dt.date(2004, 2, 29)),
    "text": ("nom", "  Évry  ", "Évry"),
    "text, composed": ("nom", "E\u0301vry", "Évry"),
    "text named unknown": ("nom", "inconnu", "inconnu"),
}


@pytest.mark.parametrize(("key", "value", "read"), RIGHT.values(), ids=RIGHT.keys())
def test_right_value(reader: ScenarioReader, key: str, value: object, read: object) -> None:
    found = reader.read(actor(**{key: value}), TODAY).base.scenario[f"acteur.{key}"]
    assert found == read
    assert type(found) is type(read)


@pytest.mark.parametrize("value", [None, "inconnu"])
@pytest.mark.parametrize("key", ["actif", "population", "depenses", "creation", "chef_lieu"])
def test_unknown_stays_unknown(reader: ScenarioReader, key: str, value: object) -> None:
    assert reader.read(actor(**{key: value}), TODAY) == reader.read(actor(), TODAY)


@pytest.mark.parametrize("value", [None, {"volets": None}, {"volets": []}, {}])
def test_nothing_said_of_a_group(reader: ScenarioReader, value: object) -> None:
    """One item of which nothing is known."""
    scenario = reader.read({**actor(), "action": value}, TODAY)
    assert scenario.base.items["volet"] == ({},)


def test_single_object_for_a_repeated_group(reader: ScenarioReader) -> None:
    one = {"domaine": "eau", "urgent": True}
    alone = reader.read({**actor(), "action": {"volets": one}}, TODAY)
    listed = reader.read({**actor(), "action": {"volets": [one]}}, TODAY)
    assert alone == listed
    assert alone.base.items["volet"] == ({"volet.domaine": "eau", "volet.urgent": True},)


def test_mistake_in_a_single_object(reader: ScenarioReader) -> None:
    """The pointer is that of the document as written."""
    mistake = problem(reader, {**actor(), "action": {"volets": {"domaine": "eaux"}}})
    assert (mistake.pointer, mistake.suggestion) == ("/action/volets/domaine", "eau")


def test_presumptions_are_kept_apart(reader: ScenarioReader) -> None:
    scenario = reader.read(
        {**actor(), "action": {"lignes": [{"budget": "eau"}, {"montant": 3}]}}, TODAY
    )
    assert [(p.fact.id, p.value, p.item, p.pointer) for p in scenario.presumed] == [
        ("lecture", "droit", None, "/lecture"),
        ("ligne.budget", "general", 1, "/action/lignes/1/budget"),
    ]
    assert scenario.base.scenario["lecture"] == "droit"
    said = reader.read({**actor(), "lecture": "droit"}, TODAY)
    assert "lecture" not in {p.fact.id for p in said.presumed}


def test_date_of_the_law(reader: ScenarioReader) -> None:
    for document in (actor(), {**actor(), "date": None}, {**actor(), "date": "inconnu"}):
        scenario = reader.read(document, TODAY)
        assert scenario.day == scenario.base.scenario["date"] == TODAY
    assert reader.read({**actor(), "date": "2004-02-29"}, TODAY).day == dt.date(2004, 2, 29)


def test_document_is_left_as_it_was(reader: ScenarioReader) -> None:
    document = {**actor(population="1 000"), "action": {"volets": {"domaine": "eau"}}}
    copy = {**actor(population="1 000"), "action": {"volets": {"domaine": "eau"}}}
    reader.read(document, TODAY)
    assert document == copy


def test_fact_below_another_is_told_by_its_rulebook(tmp_path: Path) -> None:
    """Two facts of one reading place each their value, one level apart."""
    files = tiny.tiny_files()
    files[tiny.ACTOR] += "  siege.pays: {libelle: pays, type: texte, question: Quel pays ?}\n"
    book = load_rulebook(tiny.write(tmp_path, files))
    scenario = ScenarioReader(book).read(actor(siege={"pays": "SN"}), TODAY)
    assert scenario.base.scenario["acteur.siege.pays"] == "SN"
