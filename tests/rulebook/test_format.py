"""The house style: what it rewrites, what it leaves, and that no rule says anything else."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coopdec_rules.rulebook.format import KEY_ORDER, format_block, format_rulebook, format_text
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.markdown import Block, blocks
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.rules import RULE_KEYS
from coopdec_rules.rulebook.tables import TABLE_KEYS
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

from . import tiny


def formatted(text: str, kind: str = "regle") -> str:
    new, reason = format_block(Block(kind, text, "essai.md", 1, ""))
    assert reason == ""
    return new


def left(text: str) -> str:
    new, reason = format_block(Block("regle", text, "essai.md", 1, ""))
    assert new == text
    return reason


def plain(node: Node) -> object:
    """What a block says: its values, typed and as written."""
    if isinstance(node.value, dict):
        return {key: plain(child) for key, child in node.value.items()}
    if isinstance(node.value, list):
        return [plain(child) for child in node.value]
    return (type(node.value).__name__, node.raw)


def said(book: Rulebook) -> object:
    """All that a rulebook says, but for lines and the hash of its files."""
    rules = {rule.key: (rule.fingerprint, rule.confidence, rule.formula) for rule in book.rules}
    return rules, book.facts, book.conclusions, book.atoms, book.norms, book.boundaries


def apply(root: Path) -> int:
    texts = format_rulebook(root)
    for text in texts:
        (root / text.file).write_bytes(text.text.encode())
    return sum(len(text.changed) for text in texts)


# -- on whole rulebooks ------------------------------------------------------------------------


def test_the_real_rulebook_says_the_same_once_formatted(
    rules_root: Path, rulebook: Rulebook, tmp_path: Path
) -> None:
    copy = tmp_path / "rules"
    shutil.copytree(rules_root, copy)
    for text in format_rulebook(copy):
        assert text.left == ()
        assert prose(text.text, text.file) == prose(
            (copy / text.file).read_text(encoding="utf-8"), text.file
        )
    apply(copy)
    assert said(load_rulebook(copy)) == said(rulebook)
    assert apply(copy) == 0


def test_the_worst_layout_comes_back_to_the_same_text(
    rules_root: Path, rulebook: Rulebook, tmp_path: Path
) -> None:
    """Blocks written by another program, keys sorted by name and everything in block style."""
    copy = tmp_path / "rules"
    shutil.copytree(rules_root, copy)
    apply(copy)
    wanted = {path.name: path.read_text(encoding="utf-8") for path in (copy / "textes").iterdir()}
    for path in (copy / "textes").iterdir():
        text = path.read_text(encoding="utf-8")
        for block in blocks(text, path.name, Reader()):
            node = yaml.compose(block.text, Loader=yaml.SafeLoader)
            _flatten(node, top=True)
            other = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=60)
            text = text.replace(block.text, other, 1)
        path.write_text(text, encoding="utf-8")
    assert said(load_rulebook(copy)) == said(rulebook)
    apply(copy)
    # Whether short conditions stand beside their « tous » is left to the author.
    same = [path for path in (copy / "textes").iterdir() if "tous: [" not in wanted[path.name]]
    assert len(same) > 10
    for path in same:
        assert path.read_text(encoding="utf-8") == wanted[path.name]
    assert said(load_rulebook(copy)) == said(rulebook)
    assert apply(copy) == 0


def _flatten(node: Any, top: bool = False) -> None:
    if isinstance(node, yaml.MappingNode):
        if top:
            node.value.sort(key=lambda pair: str(pair[0].value))
        for _, child in node.value:
            _flatten(child)
        node.flow_style = False
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _flatten(child)
        node.flow_style = False
    else:
        node.style = "'" if node.tag.endswith(":str") else None


def prose(text: str, file: str) -> list[str]:
    """Lines outside the blocks, in order."""
    inside: set[int] = set()
    for block in blocks(text, file, Reader()):
        inside.update(range(block.line - 1, block.line - 1 + block.text.count("\n")))
    return [line for number, line in enumerate(text.split("\n")) if number not in inside]


# -- on any block ------------------------------------------------------------------------------

WORDS = st.text(
    st.one_of(
        st.sampled_from("abcéè '\"#:,[]{}&*!|>%@`-?≠« »\u00a0\n\t"),
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")),
    ),
    max_size=30,
)
SCALARS = st.one_of(
    WORDS,
    st.sampled_from(
        ["oui", "non", "yes", "null", "~", "1", "1.5", "2000-01-01", "true", "=", "<<"]
    ),
    st.booleans(),
    st.integers(-9, 10**6),
    st.dates(dt.date(1900, 1, 1)),
    st.none(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["tous", "l'un de", "texte", "qui", "du", "au", "limite", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


@given(
    data=st.dictionaries(st.sampled_from([*KEY_ORDER, "autre"]), VALUES, min_size=1),
    kind=st.sampled_from(["regle", "table"]),
    flow=st.sampled_from([None, True, False]),
    width=st.sampled_from([30, 80, 10**6]),
    style=st.sampled_from([None, '"', "'", "|", ">"]),
)
def test_any_block_says_the_same_and_is_formatted_once(
    data: dict[str, Any], kind: str, flow: bool | None, width: int, style: str | None
) -> None:
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    text = yaml.dump(
        data, Dumper=Dumper, allow_unicode=True, sort_keys=False,
        default_flow_style=flow, width=width, default_style=style,
    )  # fmt: skip
    new, reason = format_block(Block(kind, text, "essai.md", 1, ""))
    if reason:
        # Only what a text in YAML cannot hold as it is; a tag, for a number in quotes.
        assert new == text
        assert "étiquette" in reason or "illisible" in reason
        return
    assert plain(read_yaml(new, "essai.md")) == plain(read_yaml(text, "essai.md"))
    assert format_block(Block(kind, new, "essai.md", 1, "")) == (new, "")
    keys = read_yaml(new, "essai.md").value
    assert isinstance(keys, dict)
    assert list(keys) == sorted(data, key=[*KEY_ORDER, "autre"].index)


# -- the style itself --------------------------------------------------------------------------

UNTIDY = """\
explication: 'Un essai : « {acteur.nom} ».'
regle: "essai"
norme:
- N-01
- N-02
source: [loi-a § art. 1, etude-b]
rang: loi
en_vigueur:
    au: 2001-01-01
    du: 2000-01-01
si:
- "acteur.actif"
- l'un de:
  - tous: ["acteur.actif", 'acteur.chef_lieu']
  - 'au moins un volet : volet.urgent'
ecarte: [un, deux]
doute: à voir
conclut:
  alerte: oui
condition:
  quand: prealable
  texte: Agir
  qui: acteur
"""
TIDY = """\
regle: essai
norme: [N-01, N-02]
source:
  - loi-a § art. 1
  - etude-b
rang: loi
en_vigueur: {du: 2000-01-01, au: 2001-01-01}
si:
  - acteur.actif
  - l'un de:
      - tous: [acteur.actif, acteur.chef_lieu]
      - "au moins un volet : volet.urgent"
ecarte:
  - un
  - deux
conclut: {alerte: oui}
explication: "Un essai : « {acteur.nom} »."
condition: {texte: "Agir", qui: acteur, quand: prealable}
doute: à voir
"""


def test_house_style() -> None:
    assert formatted(UNTIDY) == TIDY
    assert formatted(TIDY) == TIDY


def test_long_conditions_go_below_their_connector() -> None:
    names = [f"acteur.nature parmi [commune, region_{n}]" for n in range(4)]
    line = f"si:\n  - tous: [{', '.join(repr(n) for n in names)}]\n"
    below = "".join(f"      - {name}\n" for name in names)
    assert formatted(line) == f"si:\n  - tous:\n{below}"


def test_long_lines_are_never_folded() -> None:
    sentence = "mot " * 200 + "fin"
    assert formatted(f"explication: >-\n  {sentence}\n") == f"explication: {sentence}\n"
    assert formatted(f"conclut:\n  x: {sentence}\n") == f"conclut:\n  x: {sentence}\n"


def test_lines_that_an_author_kept_apart_stay_so() -> None:
    text = "regle: x\nexplication: |\n  Un.\n  Deux.\n"
    assert formatted(text) == text


def test_a_table_keeps_one_line_for_each_column() -> None:
    text = 'table: x\ncolonnes:\n  a: "acteur.nature = {}"\nconclut:\n  b: taille\n'
    assert formatted(text, "table") == text


def test_what_yaml_would_read_otherwise_stays_quoted() -> None:
    text = 'regle: x\nnorme: ["1", "oui", "yes", "2000-01-01"]\nsource: "null"\n'
    assert formatted(text) == text.replace('"oui"', "oui")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("regle: x  # voir\n", "commentaire"),
        ("# voir\nregle: x\n", "commentaire"),
        ("regle: |  # voir\n  x\n", "commentaire"),
        ("regle: &a x\nrang: *a\n", "ancre"),
        ("regle: !!str 1\n", "étiquette"),
        ("---\nregle: x\n", "document"),
        ("regle: [x\n", "illisible"),
        ("regle: x\nregle: y\n", "illisible"),
        ("- x\n", "bloc de clés"),
        ("", "bloc de clés"),
    ],
)
def test_what_is_left_as_it_is(text: str, reason: str) -> None:
    assert reason in left(text)


@pytest.mark.parametrize(
    "text",
    ['explication: "N° #1 : x"\n', "explication: N°#1\n", "explication: |\n  #1\n  #2\n"],
)
def test_a_sharp_within_a_text_is_no_comment(text: str) -> None:
    assert formatted(text) == text


# -- within a text -----------------------------------------------------------------------------


def test_only_blocks_change_and_lines_are_told() -> None:
    text = "\n".join(
        [
            "# Titre  ", "", "Prose 'intacte',\tavec une espace\u00a0: `regle: 'x'`", "",
            "```yaml regle", "norme: 'N-01'", "regle: x", "```", "", "```yaml regle", "regle: y",
            "```", "~~~yaml table", "table: 'z'", "~~~", "", "```", "regle 'libre'", "```",
        ]
    )  # fmt: skip
    found = format_text(text, "essai.md")
    assert found.changed == (6, 14)
    assert found.left == ()
    assert found.text == text.replace("norme: 'N-01'\nregle: x", "regle: x\nnorme: N-01").replace(
        "table: 'z'", "table: z"
    )


def test_a_block_in_a_quotation_or_a_list_is_left() -> None:
    text = "> ```yaml regle\n> regle: 'x'\n> ```\n\n- a\n\n  ```yaml regle\n  regle: 'y'\n  ```\n"
    found = format_text(text, "essai.md")
    assert found.text == text
    assert [line for line, _ in found.left] == [2, 8]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_ends_of_lines_are_kept(ends: str, last: bool) -> None:
    lines = ["Prose", "```yaml regle", "regle: 'x'", "si:", "- a", "```"]
    tidy = ["Prose", "```yaml regle", "regle: x", "si:", "  - a", "```"]
    tail = ends if last else ""
    found = format_text(ends.join(lines) + tail, "essai.md")
    assert found.text == ends.join(tidy) + tail


def test_every_key_has_a_place() -> None:
    def missing(keys: Iterable[str]) -> set[str]:
        return set(keys) - set(KEY_ORDER)

    assert missing(RULE_KEYS) == missing(TABLE_KEYS) == set()
    assert len(set(KEY_ORDER)) == len(KEY_ORDER)


def test_declarations_are_formatted_too(tmp_path: Path) -> None:
    root = tiny.write(
        tmp_path,
        {
            **tiny.tiny_files(),
            "espace/a.md": "```yaml impossible\nsi: x\nimpossible: 'a'\n```\n",
            "proprietes/a.md": "```yaml propriete\nalors: y\npropriete: 'a'\n```\n",
        },
    )
    texts = {text.file: text.text for text in format_rulebook(root)}
    assert texts["espace/a.md"] == "```yaml impossible\nimpossible: a\nsi: x\n```\n"
    assert texts["proprietes/a.md"] == "```yaml propriete\npropriete: a\nalors: y\n```\n"
