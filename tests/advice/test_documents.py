"""Bytes in, a document or a ``ScenarioError`` out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import MAX_BYTES, parse_json, parse_yaml
from coopdec_rules.advice.today import today
from coopdec_rules.errors import Problem, ScenarioError

Parse = Callable[[bytes], object]
BOTH = pytest.mark.parametrize("parse", [parse_json, parse_yaml], ids=["json", "yaml"])
TODAY = dt.date(2020, 1, 1)


def refused(parse: Parse, data: bytes) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        parse(data)
    (problem,) = caught.value.problems
    assert problem.pointer == ""
    assert problem.message
    return problem


@BOTH
@pytest.mark.parametrize("data", [b"", b"  \n\t "])
def test_empty(parse: Parse, data: bytes) -> None:
    assert "vide" in refused(parse, data).message


@BOTH
def test_too_large(parse: Parse) -> None:
    text = json.dumps({"acteur": {"nom": ""}}).encode()
    parse(text + b" " * (MAX_BYTES - len(text)))
    problem = refused(parse, text + b" " * (MAX_BYTES - len(text) + 1))
    assert "trop grand" in problem.message
    assert problem.found == f"{MAX_BYTES + 1} octets"
    assert problem.expected == f"{MAX_BYTES} octets au plus"


@BOTH
@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.parametrize("depth", [30, 2_000, 20_000])
def test_deep(parse: Parse, opening: str, depth: int) -> None:
    closing = "]" if opening == "[" else "}"
    inner = "" if opening == "[" else "1"
    refused(parse, (opening * depth + inner + closing * depth).encode())


@BOTH
@pytest.mark.parametrize("depth", [15])
def test_not_so_deep(parse: Parse, depth: int) -> None:
    assert parse(b"[" * depth + b"]" * depth)


@BOTH
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", '{"a": "é"}'.encode("latin-1")])
def test_not_utf8(parse: Parse, data: bytes) -> None:
    refused(parse, data)


@BOTH
def test_place_of_a_mistake(parse: Parse) -> None:
    problem = refused(parse, b'{"a": 1,\n "b": [1, 2}')
    assert "ligne 2" in problem.message


@pytest.mark.parametrize("word", [b"NaN", b"Infinity", b"-Infinity", b"01", b"'a'", b"{a: 1}"])
def test_what_is_not_json(word: bytes) -> None:
    refused(parse_json, b'{"a": ' + word + b"}")


@pytest.mark.parametrize(
    "data",
    [
        b"a: &x {b: 1}\nc: *x",
        b"a: &x [*x]",
        b"a: &a [1]\nb: &b [*a, *a]\nc: &c [*b, *b]",
        b"base: &b {a: 1}\nautre:\n  <<: *b",
    ],
    ids=["alias", "inside itself", "laughs", "merge"],
)
def test_alias(data: bytes) -> None:
    assert "renvois YAML" in refused(parse_yaml, data).message


@pytest.mark.parametrize(
    "data",
    [b"!!python/object/apply:os.system ['true']", b"a: !!python/name:os.system x", b"a: !x 1"],
)
def test_tags(data: bytes) -> None:
    refused(parse_yaml, data)


@pytest.mark.parametrize("data", [b"a: 1\n---\nb: 2", b"a: b: c", b"\tb: 1", b"a: 'b", b"%YAML 9"])
def test_broken_yaml(data: bytes) -> None:
    refused(parse_yaml, data)


def test_impossible_date_in_yaml_is_placed(advisor: Advisor) -> None:
    """YAML makes dates before the scenario is read: the mistake must still say where it is."""
    with pytest.raises(ScenarioError) as caught:
        advisor.advise(parse_yaml(b"acteur: {nature: commune}\ndate: 2006-02-30"), TODAY)
    (problem,) = caught.value.problems
    assert problem.pointer == "/date" or "ligne 2" in problem.message


def test_yaml_with_a_byte_order_mark() -> None:
    assert parse_yaml(b"\xef\xbb\xbfa: 1") == {"a": 1}


def test_yaml_that_is_json() -> None:
    assert parse_yaml(b'{"a": [1, 2.5, null, true, "x"]}') == {"a": [1, 2.5, None, True, "x"]}


@pytest.mark.parametrize(
    "data",
    [
        b"acteur: {nature: commune, population: 0x" + b"f" * 20_000 + b"}",
        b"acteur: {nature: commune, population: 0b" + b"1" * 100_000 + b"}",
        b"acteur: {nature: commune}\n0x" + b"f" * 900 + b": 1",
        b"acteur: {nature: commune, population: 1:1:1}",
        b"acteur: {nature: commune, population: " + b"9" * 10_000 + b"}",
        b"acteur: {nature: commune}\n? [a, b]\n: 1",
        b"acteur: {nature: commune, population: .nan}",
        b"acteur: {nature: commune}\ndate: 2006-01-01 10:00:00",
        b"acteur: !!set {nature, commune}",
        b"acteur: !!omap [nature: commune]",
        b"acteur: {nature: !!binary aGVsbG8=}",
        b"acteur: {nature: commune}\n<<: {zzz: 1}",
    ],
    ids=[
        "huge hexadecimal", "huge binary", "huge key", "sexagesimal", "huge decimal", "list key",
        "nan", "moment", "set", "omap", "bytes", "merge",
    ],
)  # fmt: skip
def test_values_that_only_yaml_has(advisor: Advisor, data: bytes) -> None:
    """Whatever YAML makes of a value, the scenario is read or refused."""
    with suppress(ScenarioError):
        advisor.advise(parse_yaml(data), TODAY)


@given(st.binary(max_size=200))
@example(b"\x00")
@example(b"a: \xed\xa0\x80")
def test_any_bytes(data: bytes) -> None:
    for parse in (parse_json, parse_yaml):
        with suppress(ScenarioError):
            parse(data)


@given(
    st.lists(
        st.sampled_from([*"{}[]:,-?!&*|>'\"%@#~ \n\t01.", "a", "<<", "!!", "---", "2001-01-01"]),
        max_size=40,
    ).map("".join)
)
def test_any_yaml_signs(text: str) -> None:
    with suppress(ScenarioError):
        parse_yaml(text.encode())


def test_repeated_key_in_yaml_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(b"acteur: {nature: commune}\nacteur: {nature: region}\n")
    assert "répétée à la ligne 2" in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("code: 01004", "01004"),
        ("code: 0x1F", "0x1F"),
        ("pays: NO", "NO"),
        ("jour: 2006-02-01", "2006-02-01"),
        ("montant: 1_000", "1_000"),
        ("montant: 1200", 1200),
        ("montant: 12.5", 12.5),
        ("oui: true", True),
        ("rien: null", None),
        ("rien:", None),
    ],
)
def test_a_bare_word_of_yaml_is_what_a_person_wrote(written: str, read: object) -> None:
    """YAML 1.1 made 516 of the code 01004, and "false" of Norway's."""
    document = parse_yaml(written.encode())
    assert isinstance(document, dict)
    (value,) = document.values()
    assert value == read
    assert type(value) is type(read)


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"date": "2006-02-01", "date": "2007-02-01"}', "/date"),
        ('{"acteur": {"nature": "commune", "nature": "region"}}', "/acteur/nature"),
        ('{"action": {"volets": [{}, {"a/b": 1, "a/b": 2}]}}', "/action/volets/1/a~1b"),
    ],
)
def test_a_key_written_twice_in_json_is_told(text: str, pointer: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_json(text.encode())
    assert [problem.pointer for problem in caught.value.problems] == [pointer]


def test_today_is_the_day_in_paris(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven in the evening in London, on 31 December, is already the new year."""

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC).astimezone(tz)

    monkeypatch.setattr("coopdec_rules.advice.today.dt.datetime", Clock)
    assert today() == dt.date(2026, 1, 1)
