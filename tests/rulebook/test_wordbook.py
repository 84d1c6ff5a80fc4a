"""The words of an avis (``rules/mots``): what is declared is checked, at its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.loader import load_rulebook
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.wordbook import NAMES_FILE, SENTENCES_FILE, TERMS_FILE
from coopdec_rules.web.avis.keeping import file_name, mail
from coopdec_rules.web.avis.lexicon import Lexicon
from coopdec_rules.web.avis.permalink import Link
from coopdec_rules.web.avis.seal import Seal
from coopdec_rules.web.report.scanned import code_to_scan
from tests.advice.small import LAW, small


@pytest.mark.parametrize(
    ("file", "text", "line", "said"),
    [
        (NAMES_FILE, "lo: [commune]\n", 1, "« lo » n'est pas un article"),
        (NAMES_FILE, "la: [ville]\nle: [ville]\n", 2, "prend déjà l'article « la »"),
        (SENTENCES_FILE, "fini: Fin.\n", 1, "Vouliez-vous dire « fin »"),
        (SENTENCES_FILE, "relues: '{relue} sur {total}'\n", 1, "Vouliez-vous dire « relues »"),
        (TERMS_FILE, "mot: {formes: [mot], sens: Un mot.}\n", 1, "la clé « source » manque"),
        (
            TERMS_FILE,
            "a: {formes: [x], sens: s, source: s}\nb: {formes: [X], sens: s, source: s}\n",
            2,
            "« X » est déjà une forme de « a »",
        ),
    ],
)
def test_a_mistake_is_placed(tmp_path: Path, file: str, text: str, line: int, said: str) -> None:
    root = small(tmp_path)
    (root / "mots").mkdir(exist_ok=True)
    (root / file).write_text(text, "utf-8")
    with pytest.raises(RulebookError) as raised:
        load_rulebook(root)
    told = str(raised.value)
    assert f"{file}:{line}" in told
    assert said in told


def test_what_a_warning_bears_on_is_one_of_four_and_said_of_warnings_only(tmp_path: Path) -> None:
    law = (small(tmp_path) / LAW).read_text("utf-8")
    for old, new, said in (
        ("condition: {texte: Délibérer.", "condition: {portee: doute, texte: Délibérer.", "portee"),
        ("condition: {texte: Délibérer.", "avertissement: {portee: x, texte: A}\ncondition: "
         "{texte: Délibérer.", "reponse, doute, action, detail"),
    ):  # fmt: skip
        assert law.count(old) == 1
        with pytest.raises(RulebookError, match=said):
            load_rulebook(small(tmp_path, (LAW, old, new)))


def test_a_word_is_marked_once_and_what_people_type_is_escaped(rulebook: Rulebook) -> None:
    lexicon = Lexicon(rulebook.wordbook)
    first = lexicon("<b>La maîtrise d'ouvrage</b>")
    assert "&lt;b&gt;" in first
    assert first.count('popovertarget="mot-maitrise_d_ouvrage"') == 1
    assert "<button" not in lexicon("le maître d'ouvrage, la délibérante")
    assert [term.id for term in lexicon.used] == ["maitrise_d_ouvrage"]


def test_an_avis_is_handed_on_under_a_name_of_its_own() -> None:
    named = file_name("avis", ("Don après l'œuvre", "Commune d'Étel"), "2026-11-26")
    assert named == "avis-etel-don-apres-l-oeuvre-2026-11-26"
    assert named.isascii()
    assert file_name("avis", (), "2026-11-26") == "avis-2026-11-26"


def test_a_letter_stays_short_enough_for_mail_programs() -> None:
    seal = Seal(b"k" * 32)
    link = Link({"acteur": {"nature": "commune"}})
    letter = mail("https://avis.exemple.fr", ("Un puits",), link, seal)
    assert letter is not None
    assert letter.startswith("mailto:?subject=Avis%20%E2%80%94%20Un%20puits&body=")
    long = Link({"acteur": {"nom": "".join(chr(0x4E00 + i) for i in range(2000))}})
    assert mail("https://avis.exemple.fr", (), long, seal) is None


def test_an_address_too_long_has_no_code() -> None:
    assert code_to_scan("https://avis.exemple.fr/avis?s=a").startswith("<svg")
    assert code_to_scan("https://avis.exemple.fr/avis?s=" + "a" * 4000) == ""
