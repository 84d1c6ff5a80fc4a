"""Mistakes between rules, in the blocks of a text, and in the files themselves."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.loader import load_rulebook

from . import tiny

# -- several versions of a rule ----------------------------------------------------------------


def versions(root: Path, first: str, second: str) -> Path:
    return tiny.trial(root, tiny.rule(en_vigueur=first), tiny.rule(en_vigueur=second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{du: 2000-01-01, au: 2001-12-31}", "{du: 2001-12-31}"),
        ("{du: 2000-01-01}", "{du: 2010-01-01}"),
        ("{du: 2000-01-01}", "{au: 2000-01-01}"),
        ("toujours", "{du: 2000-01-01}"),
    ],
)
def test_versions_that_overlap(tmp_path: Path, first: str, second: str) -> None:
    root = versions(tmp_path, first, second)
    (mistake,) = tiny.mistakes(root)
    lines = (root / tiny.TRIAL).read_text(encoding="utf-8").splitlines()
    second_line = [i for i, text in enumerate(lines, 1) if text == "regle: essai"][1]
    assert (mistake.file, mistake.line) == (tiny.TRIAL, second_line)
    assert "La règle « essai » existe déjà (textes/90-essai.md:4)" in mistake.message
    assert "se chevauchent" in mistake.message


def test_versions_that_follow_each_other(tmp_path: Path) -> None:
    book = load_rulebook(versions(tmp_path, "{du: 2002-01-01}", "{du: 2000-01-01, au: 2001-12-31}"))
    assert [str(r.period) for r in book.versions("essai")] == [
        "du 2000-01-01 au 2001-12-31",
        "depuis le 2002-01-01",
    ]
    assert book.versions("inconnue") == []


# -- circles -----------------------------------------------------------------------------------


def circle(root: Path, *blocks: str) -> str:
    """The message on a circle, which is placed at one of the rules it names."""
    tiny.trial(root, *blocks)
    (mistake,) = tiny.mistakes(root)
    assert "tournent en rond" in mistake.message
    lines = (root / mistake.file).read_text(encoding="utf-8").splitlines()
    key, _, name = lines[mistake.line - 1].partition(": ")
    assert key == "regle"
    assert name in mistake.message
    return mistake.message


def test_circle_between_conclusions(tmp_path: Path) -> None:
    """``taille`` reads ``alerte`` and ``alerte`` reads ``taille``."""
    message = circle(
        tmp_path,
        tiny.rule(si="alerte", conclut="{taille: grande}"),
        tiny.rule(regle="autre", si="taille = grande", conclut="{alerte: oui}"),
    )
    for name in ("essai", "taille", "autre", "alerte"):
        assert name in message


def test_circle_through_a_quantifier(tmp_path: Path) -> None:
    message = circle(
        tmp_path,
        tiny.rule(si='"au moins un volet : volet.reponse = permis"', conclut="{reponse: seuil}"),
    )
    assert "volet.reponse" in message


def test_circle_between_exceptions(tmp_path: Path) -> None:
    message = circle(tmp_path, tiny.rule(ecarte="autre"), tiny.rule(regle="autre", ecarte="essai"))
    assert "essai → autre" in message or "autre → essai" in message


def test_circle_through_an_exception(tmp_path: Path) -> None:
    """A rule reads the conclusion of the rule that it sets aside."""
    circle(tmp_path, tiny.rule(si="reponse = permis", ecarte="permis-commune"))


@pytest.mark.parametrize("name", ["05-essai", "90-essai"])
def test_rule_named_as_the_conclusion_it_reads(tmp_path: Path, name: str) -> None:
    """Names of rules and of conclusions do not meet: there is no circle here."""
    files = tiny.tiny_files()
    files[f"textes/{name}.md"] = tiny.rule(regle="reponse", si="reponse = permis")
    assert load_rulebook(tiny.write(tmp_path, files)).versions("reponse")


# -- exceptions between scopes -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["05-essai", "90-essai"])
def test_item_cannot_set_the_scenario_aside_wherever_it_is_written(
    tmp_path: Path, name: str
) -> None:
    files = tiny.tiny_files()
    file = f"textes/{name}.md"
    files[file] = tiny.rule(si="volet.urgent", conclut=None, ecarte="refus-autres")
    root = tiny.write(tmp_path, files)
    tiny.assert_mistake(root, file, "regle: essai", "ne peut écarter « refus-autres »")


def test_scenario_may_set_an_item_aside(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, ecarte="volet-eau")
    assert load_rulebook(root).versions("essai")[0].scope is None


# -- fences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fence", "said", "suggestion"),
    [
        ("```yaml regel", "Le genre de bloc « regel » n'existe pas (regle, table)", "regle"),
        ("```yaml zzz", "Le genre de bloc « zzz » n'existe pas", None),
        ("```yaml", "Bloc YAML sans genre", None),
        ("```regle", "Écrire « ```yaml regle »", None),
        ("```regel", "Écrire « ```yaml regle »", None),
        ("```table", "Écrire « ```yaml table »", None),
    ],
)
def test_mistyped_fence(tmp_path: Path, fence: str, said: str, suggestion: str | None) -> None:
    root = tiny.trial(tmp_path, tiny.rule().replace("```yaml regle", fence))
    tiny.assert_mistake(root, tiny.TRIAL, fence, said, suggestion=suggestion)


LOST = tiny.rule(regle="perdue")


@pytest.mark.parametrize(
    "block",
    [
        LOST.replace("```yaml", "```yml"),
        LOST.replace("```yaml", "```YAML"),
        LOST.replace("```yaml regle", "```yaml-regle"),
        LOST.replace("```yaml regle", "```yaml: regle"),
        LOST.replace("```yaml regle", "``` {yaml regle}"),
        LOST.replace("```", "``"),
        indent(LOST, "    "),
    ],
    ids=["yml", "YAML", "hyphen", "colon", "braces", "two ticks", "indented"],
)
def test_no_rule_is_dropped_silently(tmp_path: Path, block: str) -> None:
    """A block that Markdown does not read as one of ours, and that holds a rule nevertheless."""
    root = tiny.trial(tmp_path, tiny.rule(), "", block)
    place = tiny.line_of(root, tiny.TRIAL, "regle: perdue")
    (mistake,) = tiny.mistakes(root)
    assert mistake.file == tiny.TRIAL
    assert mistake.line in (place - 1, place)


def test_fence_left_open(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, tiny.rule().replace("\n```\n", "\n"), tiny.rule(regle="suite"))
    (mistake,) = tiny.mistakes(root)
    assert mistake.file == tiny.TRIAL
    assert "YAML illisible" in mistake.message or "répétée" in mistake.message


@pytest.mark.parametrize("fence", ["```python", "```", "```text regles", "~~~"])
def test_other_fences_are_prose(tmp_path: Path, fence: str) -> None:
    block = f"{fence}\nrien\n{fence[:3]}\n"
    assert load_rulebook(tiny.trial(tmp_path, block, tiny.rule())).versions("essai")


def test_fence_of_tildes_is_read(tmp_path: Path) -> None:
    book = load_rulebook(tiny.trial(tmp_path, tiny.rule().replace("```", "~~~")))
    assert [(r.file, r.line) for r in book.versions("essai")] == [(tiny.TRIAL, 4)]


def test_rule_knows_the_heading_above_it(tmp_path: Path) -> None:
    book = load_rulebook(tiny.trial(tmp_path, "## Un *thème*\n", tiny.rule()))
    assert book.versions("essai")[0].theme == "Un *thème*"


# -- broken blocks -----------------------------------------------------------------------------


def test_repeated_key(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, tiny.rule().replace("si:", "norme: N-02\nsi:"))
    tiny.assert_mistake(root, tiny.TRIAL, "norme: N-02", "La clé « norme » est répétée")


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("explication: Un essai.", "explication: Un : essai.", "explication:"),
        ("si: acteur.actif", "si: [acteur.actif", "conclut:"),
        ("si: acteur.actif", 'si: "acteur.actif', "```"),
        ("conclut: {alerte: oui}", "conclut: {alerte: oui}}", "conclut:"),
    ],
)
def test_broken_yaml(tmp_path: Path, old: str, new: str, at: str) -> None:
    root = tiny.trial(tmp_path, tiny.rule().replace(old, new))
    (mistake,) = tiny.mistakes(root)
    assert mistake.file == tiny.TRIAL
    assert "YAML illisible" in mistake.message
    first = tiny.line_of(root, tiny.TRIAL, "regle: essai")
    assert first <= mistake.line <= first + 10
    if at != "```":
        assert abs(mistake.line - tiny.line_of(root, tiny.TRIAL, at)) <= 1


def test_control_character(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, tiny.rule(explication="Un \x01 essai."))
    assert "n'est pas permis" in tiny.mistakes(root)[0].message


@pytest.mark.parametrize(
    "text", ["&a [*a]", "[" * 3000 + "]" * 3000], ids=["a value inside itself", "too deep"]
)
def test_hostile_yaml(tmp_path: Path, text: str) -> None:
    root = tiny.trial(tmp_path, si=text)
    assert tiny.mistakes(root)[0].file == tiny.TRIAL


def test_block_that_is_no_mapping(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, "```yaml regle\n- essai\n```\n")
    found = tiny.mistakes(root)
    assert {(d.file, d.line) for d in found} == {(tiny.TRIAL, 4)}
    assert any("un bloc de clés est attendu, une liste" in d.message for d in found)


def test_a_broken_block_does_not_hide_the_others(tmp_path: Path) -> None:
    """Mistakes of several blocks and files are all reported at once, in order."""
    files = tiny.tiny_files()
    files[tiny.TRIAL] = "\n".join(
        [
            tiny.rule(si="acteur.actf", rang="lois"),
            tiny.rule(regle="broken", si="[acteur.actif"),
            tiny.rule(regle="autre", conclut="{repons: permis}"),
        ]
    )
    files[tiny.TABLE] = files[tiny.TABLE].replace("region,", "regoin,")
    found = tiny.mistakes(tiny.write(tmp_path, files))
    messages = [d.message for d in found]
    for said in ("acteur.actf", "« lois »", "YAML illisible", "« repons »", "regoin"):
        assert sum(said in m for m in messages) == 1, (said, messages)
    assert [(d.file, d.line) for d in found] == sorted((d.file, d.line) for d in found)


def test_every_mistake_is_in_the_message(tmp_path: Path) -> None:
    root = tiny.trial(tmp_path, si="acteur.actf", rang="lois")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(root)
    lines = str(caught.value).splitlines()
    assert len(lines) == len(caught.value.diagnostics) == 2
    assert lines[0].startswith("textes/90-essai.md:7 : Règle « essai »")
    assert lines[0].endswith("Vouliez-vous dire « loi » ?")


# -- files -------------------------------------------------------------------------------------


def test_missing_folder(tmp_path: Path) -> None:
    (mistake,) = tiny.mistakes(tmp_path / "rien")
    assert mistake.line == 0
    assert "Le dossier du recueil n'existe pas" in mistake.message
    assert str(tmp_path / "rien") in mistake.file


def test_empty_folder(tmp_path: Path) -> None:
    messages = " ".join(d.message for d in tiny.mistakes(tmp_path))
    for said in ("Aucun fichier de vocabulaire", "Le fichier manque", "« date »", "« lecture »"):
        assert said in messages


def test_no_text(tmp_path: Path) -> None:
    files = {k: v for k, v in tiny.tiny_files().items() if not k.startswith("textes/")}
    found = tiny.mistakes(tiny.write(tmp_path, files))
    assert any(d.file == "textes" and "Aucun texte (*.md)" in d.message for d in found)


@pytest.mark.parametrize(
    "name",
    [tiny.ACTOR, tiny.CONCLUSIONS, tiny.SOURCES, tiny.NORMS, tiny.LAW, tiny.TABLE, "VERSION"],
)
def test_file_that_is_not_utf8(tmp_path: Path, name: str) -> None:
    root = tiny.write(tmp_path, tiny.tiny_files())
    path = root / name
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-8") + "# é\n".encode("latin-1"))
    found = tiny.mistakes(root)
    assert any(d.file == name and "UTF-8" in d.message for d in found), found
