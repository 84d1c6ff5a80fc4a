"""The language of conditions, sentence by sentence."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.rulebook.grammar import (
    All,
    Any_,
    Comparison,
    ConditionSyntaxError,
    Day,
    Moved,
    Name,
    Not,
    Number,
    Operand,
    Quantifier,
    Share,
    Tree,
    parse_condition,
    parse_expression,
)

A, B, C = (Comparison(name, "truth") for name in "abc")


def right(sentence: str) -> Operand:
    """The right-hand side of a comparison."""
    tree = parse_condition(sentence)
    assert isinstance(tree, Comparison)
    (operand,) = tree.right
    return operand


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", "0"),
        ("7", "7"),
        ("20000", "20000"),
        ("20 000", "20000"),
        ("20\u00a0000", "20000"),
        ("20\u202f000", "20000"),
        ("1 234 567", "1234567"),
        ("1 234,5", "1234.5"),
        ("0,25", "0.25"),
        ("0.25", "0.25"),
        ("12 €", "12"),
        ("1 500,75 €", "1500.75"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    assert right(f"a >= {text}") == Number(Decimal(value))


@pytest.mark.parametrize("text", ["1 23", "1 2345", "20 00", "1,", ",5", "1 234 56", "-3", "1,2,3"])
def test_numbers_badly_cut(text: str) -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_condition(f"a >= {text}")


@pytest.mark.parametrize(
    ("text", "rate"), [("1 %", "1"), ("1%", "1"), ("0,5 %", "0.5"), ("12.25 % de", "12.25")]
)
def test_shares(text: str, rate: str) -> None:
    assert right(f"a > {text} b.c") == Share(Decimal(rate), "b.c")


def test_dates() -> None:
    assert right("a < 2004-02-29") == Day(dt.date(2004, 2, 29))


@pytest.mark.parametrize("text", ["2003-02-29", "2004-13-01", "2004-00-10", "2004-2-1", "04-02-01"])
def test_impossible_dates(text: str) -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_condition(f"a < {text}")


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("b + 1 an", (1, 0, 0)),
        ("b + 2 ans", (2, 0, 0)),
        ("b - 6 mois", (0, -6, 0)),
        ("b + 1 jour", (0, 0, 1)),
        ("b + 2 ans - 1 jour", (2, 0, -1)),
        ("b + 1 an + 1 an + 3 mois - 10 jours", (2, 3, -10)),
    ],
)
def test_durations(text: str, moved: tuple[int, int, int]) -> None:
    assert right(f"a <= {text}") == Moved(Name("b"), *moved)
    assert right(f"a <= {text.replace('b', '1999-07-12', 1)}") == Moved(
        Day(dt.date(1999, 7, 12)), *moved
    )


@pytest.mark.parametrize("text", ["b + 1,5 ans", "b + ans", "b + 2 semaines", "b + 2", "3 + 1 an"])
def test_impossible_durations(text: str) -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_condition(f"a <= {text}")


@pytest.mark.parametrize(
    ("sign", "op"),
    [("<", "<"), ("<=", "<="), ("≤", "<="), (">", ">"), (">=", ">="), ("≥", ">="), ("=", "=")],
)
def test_order_signs(sign: str, op: str) -> None:
    for sentence in (f"a {sign} 3", f"a{sign}3"):
        assert parse_condition(sentence) == Comparison("a", op, (Number(Decimal(3)),))


@pytest.mark.parametrize("sign", ["≠", "!="])
def test_differs(sign: str) -> None:
    assert parse_condition(f"a {sign} b") == Not(Comparison("a", "=", (Name("b"),)))


def test_lists() -> None:
    values = (Name("x"), Name("y_2"))
    assert parse_condition("a parmi [x, y_2]") == Comparison("a", "parmi", values)
    assert parse_condition("a hors [x,y_2]") == Not(Comparison("a", "parmi", values))
    assert parse_condition("a parmi [1, 20 000]") == Comparison(
        "a", "parmi", (Number(Decimal(1)), Number(Decimal(20000)))
    )


@pytest.mark.parametrize("text", ["a parmi []", "a parmi [x", "a parmi x", "a parmi [x y]"])
def test_broken_lists(text: str) -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_condition(text)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("non a", Not(A)),
        ("non non a", Not(Not(A))),
        ("a et b", All((A, B))),
        ("a ou b ou c", Any_((A, B, C))),
        ("a et b ou c", Any_((All((A, B)), C))),
        ("a ou b et c", Any_((A, All((B, C))))),
        ("(a ou b) et c", All((Any_((A, B)), C))),
        ("non a et b", All((Not(A), B))),
        ("non (a et b)", Not(All((A, B)))),
        ("a\n  et\tb", All((A, B))),
    ],
)
def test_connectors(text: str, tree: Tree) -> None:
    assert parse_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("au moins un g : a", Quantifier("un", "g", A)),
        ("tous les gs : a", Quantifier("tous", "gs", A)),
        ("aucun g : a", Quantifier("aucun", "g", A)),
        ("aucun g:a", Quantifier("aucun", "g", A)),
        ("non tous les g : non a", Not(Quantifier("tous", "g", Not(A)))),
        # A quantifier takes one term, as « non » does.
        ("au moins un g : a et b", All((Quantifier("un", "g", A), B))),
        ("au moins un g : (a et b)", Quantifier("un", "g", All((A, B)))),
        (
            "tous les g : (a ou aucun h : (b et au moins un g : c))",
            Quantifier(
                "tous",
                "g",
                Any_((A, Quantifier("aucun", "h", All((B, Quantifier("un", "g", C)))))),
            ),
        ),
    ],
)
def test_quantifiers(text: str, tree: Tree) -> None:
    assert parse_condition(text) == tree


@pytest.mark.parametrize("name", ["etat", "ouest", "nonne", "date", "annee", "moisson", "a.b_c.d2"])
def test_names_that_begin_with_a_word_of_the_language(name: str) -> None:
    assert parse_condition(name) == Comparison(name, "truth")
    assert parse_condition(f"non {name} et {name} ou {name}")


@pytest.mark.parametrize(
    "text",
    ["", "  ", "a b", "et a", "a et", "a = ", "= b", "a == b", "A", "a.", "é", "a;b", "(a", "a)",
     "a = b = c", "au moins deux g : a", "au moins un : a", "tous g : a", "a = 'b'", "a\u200b",
     "a = b %"],
)  # fmt: skip
def test_what_is_not_a_sentence(text: str) -> None:
    with pytest.raises(ConditionSyntaxError) as caught:
        parse_condition(text)
    assert str(caught.value)


def test_place_of_a_mistake() -> None:
    with pytest.raises(ConditionSyntaxError, match=r"« xyz » .*\(caractère 4\)"):
        parse_condition("ab xyz = 3")


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ConditionSyntaxError):
        parse_condition(text)


@given(
    st.lists(
        st.sampled_from([*"ab<>=≠[]():,%+- 0123.", "et ", "ou ", "non ", "mois", "tous les "]),
        max_size=30,
    ).map("".join)
)
def test_any_text_of_the_alphabet_is_read_or_refused(text: str) -> None:
    for parse in (parse_condition, parse_expression):
        with suppress(ConditionSyntaxError):
            parse(text)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_numbers_are_exact(whole: int, cents: int) -> None:
    grouped = f"{whole:,}".replace(",", " ")
    assert right(f"a > {grouped},{cents:02d}") == Number(Decimal(f"{whole}.{cents:02d}"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 % a.b", Share(Decimal(1), "a.b")),
        ("1 500 €", Number(Decimal(1500))),
        ("a.b", Name("a.b")),
    ],
)
def test_expressions(text: str, value: Operand) -> None:
    assert parse_expression(text) == value


@pytest.mark.parametrize("text", ["", "1 %", "a et b", "a >", "%"])
def test_what_is_not_an_expression(text: str) -> None:
    with pytest.raises(ConditionSyntaxError):
        parse_expression(text)
