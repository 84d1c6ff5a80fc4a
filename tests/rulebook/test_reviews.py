"""Reviews of the rules: their files, and the state they give."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest

from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.loader import fingerprint, load_rulebook
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.rulebook.review_files import file_name, record
from coopdec_rules.rulebook.reviews import Verdict
from coopdec_rules.rulebook.rulebook import Rulebook

from . import tiny

RULE = "permis-commune"
FILE = f"relectures/{RULE}.yaml"
DAY = dt.date(2026, 3, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "rules", tiny.tiny_files())


def rule(book: Rulebook, ident: str = RULE, version: int = 0) -> Rule:
    return book.versions(ident)[version]


def review(
    root: Path,
    verdict: Verdict = "conforme",
    role: str = "avocate",
    date: dt.date = DAY,
    note: str = "",
    ident: str = RULE,
    version: int = 0,
) -> Path:
    reviewed = rule(load_rulebook(root), ident, version)
    return record(root, reviewed, role=role, date=date, verdict=verdict, note=note or "Une note.")


def state(root: Path, ident: str = RULE, version: int = 0) -> str:
    book = load_rulebook(root)
    return book.reviews.state(rule(book, ident, version))


def change(root: Path, old: str = "Une commune peut agir.", new: str = "Elle le peut.") -> None:
    path = root / tiny.LAW
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


# -- states ------------------------------------------------------------------------------------


def test_nothing_is_reviewed_at_first(root: Path, rulebook: Rulebook) -> None:
    book = load_rulebook(root)
    assert {book.reviews.state(r) for r in book.rules} == {"non_relue"}
    assert book.reviews.of(rule(book)) == ()
    assert book.reviews.deciding(rule(book)) is None


def test_the_real_rulebook_claims_no_review(rulebook: Rulebook) -> None:
    """To be changed by whoever brings the first true review, and by no one else."""
    assert rulebook.reviews.all == ()


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        ("conforme", "relue"),
        ("reserve", "relue_avec_reserve"),
        ("non_conforme", "non_conforme"),
    ],
)
def test_each_verdict_gives_its_state(root: Path, verdict: Verdict, expected: str) -> None:
    review(root, verdict)
    assert state(root) == expected
    assert state(root, "refus-autres") == "non_relue"


def test_a_review_is_kept_as_it_was_given(root: Path) -> None:
    note = 'Vérifier : « l\'article » dit "peut", #1, {pas} [toujours]'
    review(root, "reserve", "juriste de collectivité", note=f"{note}\n  deuxième ligne")
    book = load_rulebook(root)
    (found,) = book.reviews.of(rule(book))
    assert (found.rule, found.version, found.role) == (
        RULE, "2000-01-01", "juriste de collectivité",
    )  # fmt: skip
    assert (found.date, found.verdict, found.current) == (DAY, "reserve", True)
    assert found.note == f"{note} deuxième ligne"
    assert found.fingerprint == rule(book).fingerprint
    assert (found.file, found.line) == (FILE, 4)
    assert book.reviews.deciding(rule(book)) == found == book.reviews.all[0]


def test_a_changed_rule_voids_its_review_and_a_restored_one_does_not(root: Path) -> None:
    review(root)
    change(root)
    book = load_rulebook(root)
    assert book.reviews.state(rule(book)) == "a_relire"
    (void,) = book.reviews.of(rule(book))
    assert not void.current
    assert book.reviews.deciding(rule(book)) == void
    review(root, "reserve", date=DAY + dt.timedelta(days=1))
    assert state(root) == "relue_avec_reserve"
    assert [r.current for r in load_rulebook(root).reviews.all] == [False, True]
    change(root, "Elle le peut.", "Une commune peut agir.")
    assert state(root) == "relue"


def test_a_moved_first_day_voids_the_review(root: Path) -> None:
    """The version that was reviewed is no more; its review is shown with what is left."""
    review(root)
    change(
        root,
        "en_vigueur: {du: 2000-01-01}\nsi: acteur.nature = commune",
        "en_vigueur: {du: 2001-01-01}\nsi: acteur.nature = commune",
    )
    assert state(root) == "a_relire"


def test_each_version_has_its_own_state(root: Path) -> None:
    review(root, ident="tailles:commune:1000", version=1)
    assert state(root, "tailles:commune:1000", 0) == "non_relue"
    assert state(root, "tailles:commune:1000", 1) == "relue"
    change_of = root / tiny.TABLE
    text = change_of.read_text(encoding="utf-8")
    change_of.write_text(text.replace("2000-01-01,2009-12-31", "2000-01-02,2009-12-31"))
    assert state(root, "tailles:commune:1000", 1) == "relue"


def test_the_default_of_a_table_is_reviewed_too(root: Path) -> None:
    path = review(root, ident="tailles:a-defaut")
    assert path.name == "tailles--a-defaut.yaml"
    assert "version: origine" in path.read_text(encoding="utf-8")
    assert state(root, "tailles:a-defaut") == "relue"


def test_the_last_word_of_a_role_counts(root: Path) -> None:
    review(root, "non_conforme")
    review(root, "conforme", date=DAY + dt.timedelta(days=1))
    assert state(root) == "relue"


def test_of_two_roles_the_most_severe_decides(root: Path) -> None:
    review(root, "reserve", "juriste")
    review(root, "conforme", "avocate", date=DAY + dt.timedelta(days=9))
    assert state(root) == "relue_avec_reserve"
    review(root, "non_conforme", "professeure", date=DAY - dt.timedelta(days=9))
    assert state(root) == "non_conforme"
    book = load_rulebook(root)
    assert [r.role for r in book.reviews.of(rule(book))] == ["professeure", "juriste", "avocate"]


def test_a_void_review_is_silent_beside_one_that_holds(root: Path) -> None:
    review(root, "non_conforme", "juriste")
    change(root)
    review(root, "conforme", "avocate")
    assert state(root) == "relue"


def test_reviews_are_no_part_of_the_law(root: Path) -> None:
    before = load_rulebook(root)
    review(root, "non_conforme")
    after = load_rulebook(root)
    assert fingerprint(root) == before.fingerprint == after.fingerprint
    assert [r.fingerprint for r in before.rules] == [r.fingerprint for r in after.rules]
    assert after.reviews.state(rule(after)) != before.reviews.state(rule(before))


def test_reviews_cannot_be_changed(root: Path) -> None:
    review(root)
    reviews = load_rulebook(root).reviews
    with pytest.raises(AttributeError):
        reviews.all = ()  # type: ignore[misc]
    with pytest.raises(AttributeError):
        reviews.all[0].role = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        reviews._standings[RULE] = None  # type: ignore[index]


# -- files -------------------------------------------------------------------------------------

GOOD = "{date: 2026-03-01, role: avocate, avis: conforme, version: 2000-01-01, empreinte: 0123456789abcdef}"  # noqa: E501
START = f"regle: {RULE}\nrelectures:\n  - "

MISTAKES: dict[str, tuple[str, int, str, str | None]] = {
    "unknown rule": (
        f"regle: permis-comune\nrelectures:\n  - {GOOD}\n", 1, "cette règle n'existe pas", RULE,
    ),
    "another file's rule": (
        f"regle: refus-autres\nrelectures:\n  - {GOOD}\n", 1, "doit s'appeler refus-autres.yaml",
        None,
    ),
    "no rule": (f"relectures:\n  - {GOOD}\n", 1, "la clé « regle » manque", None),
    "no review": (f"regle: {RULE}\n", 1, "une liste est attendue", None),
    "empty list": (f"regle: {RULE}\nrelectures: []\n", 2, "une liste est attendue", None),
    "unknown key of the file": (f"{START}{GOOD}\nrelecture: x\n", 4, "« relecture »", "relectures"),
    "unknown key": (START + GOOD.replace("role", "rolle"), 3, "« rolle »", "role"),
    "unknown verdict": (
        START + GOOD.replace(": conforme", ": conform"), 3, "l'avis « conform »", "conforme",
    ),
    "no verdict": (START + GOOD.replace("avis: conforme, ", ""), 3, "« avis » manque", None),
    "no role": (START + GOOD.replace("role: avocate, ", ""), 3, "« role » manque", None),
    "no date": (START + GOOD.replace("date: 2026-03-01, ", ""), 3, "« date » manque", None),
    "bad date": (START + GOOD.replace("2026-03-01", "2026-02-30"), 3, "AAAA-MM-JJ", None),
    "reserve without a note": (
        START + GOOD.replace(": conforme", ": reserve"), 3, "dit pourquoi", None,
    ),
    "refusal with an empty note": (
        START + GOOD.replace(": conforme", ": non_conforme, note: ''"), 3, "dit pourquoi", None,
    ),
    "bad version": (START + GOOD.replace("2000-01-01", "première"), 3, "« version »", None),
    "bad hash": (START + GOOD.replace("0123456789abcdef", "0123"), 3, "« empreinte »", None),
    "broken": (START + GOOD[:-1], 4, "YAML illisible", None),
    "repeated key": (
        START + GOOD.replace("{", "{role: x, "), 3, "La clé « role » est répétée", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "said", "suggestion"), MISTAKES.values(), ids=MISTAKES.keys()
)
def test_mistake_in_a_file(
    root: Path, text: str, line: int, said: str, suggestion: str | None
) -> None:
    tiny.write(root, {FILE: text})
    (mistake,) = tiny.mistakes(root)
    assert (mistake.file, mistake.line) == (FILE, line), str(mistake)
    assert said in mistake.message
    assert mistake.suggestion == suggestion


def test_a_file_that_would_not_be_read_is_told(root: Path) -> None:
    tiny.write(root, {f"relectures/{RULE}.yml": START + GOOD})
    tiny.assert_mistake(root, f"relectures/{RULE}.yml", 0, "n'est pas lu")


def test_prose_and_drafts_are_left_alone(root: Path) -> None:
    tiny.write(root, {"relectures/LISEZMOI.md": "x", f"relectures/.{RULE}.yaml.nouveau": "{"})
    assert load_rulebook(root).reviews.all == ()


def test_a_hash_that_never_was_is_void_not_an_error(root: Path) -> None:
    tiny.write(root, {FILE: START + GOOD})
    assert state(root) == "a_relire"


def test_a_block_written_by_hand_is_read(root: Path) -> None:
    block = "\n".join(f"    {part}" for part in GOOD.strip("{}").split(", ")).lstrip()
    tiny.write(root, {FILE: START + block + "\n"})
    assert state(root) == "a_relire"
    review(root)
    assert state(root) == "relue"


def test_a_list_at_another_place_is_not_spoilt(root: Path) -> None:
    text = f"regle: {RULE}\nrelectures:\n- {GOOD}\n"
    tiny.write(root, {FILE: text})
    with pytest.raises(RulebookError, match="ne peut y être ajoutée"):
        review(root)
    assert (root / FILE).read_text(encoding="utf-8") == text


def test_file_names_are_distinct_and_safe(rulebook: Rulebook) -> None:
    names = {file_name(r.id) for r in rulebook.rules}
    assert len(names) == len({r.id for r in rulebook.rules})
    assert len({name.lower() for name in names}) == len(names)
    assert all(name.isascii() and not set(name) & set('<>:"/\\|?*') for name in names)
    assert file_name("table:../été") == "table--..%2F%C3%A9t%C3%A9.yaml"


# -- branches ----------------------------------------------------------------------------------


@pytest.mark.parametrize("first", [False, True], ids=["new file", "known file"])
def test_two_branches_that_review_the_same_rule_merge(
    root: Path, tmp_path: Path, first: bool
) -> None:
    """With the project's own ``.gitattributes``, lines of both are kept, and none is mixed."""
    shutil.copy(Path(__file__).resolve().parents[2] / ".gitattributes", tmp_path)

    def git(*words: str) -> None:
        settings = ("-c", "user.name=essai", "-c", "user.email=essai@example.org")
        subprocess.run(["git", *settings, *words], cwd=tmp_path, check=True, capture_output=True)

    def commit() -> None:
        git("add", "-A")
        git("commit", "-q", "-m", "essai")

    git("init", "-q", "-b", "tronc")
    if first:
        review(root, "conforme", "professeure")
    commit()
    git("checkout", "-q", "-b", "autre")
    review(root, "reserve", "avocate")
    commit()
    git("checkout", "-q", "tronc")
    review(root, "non_conforme", "juriste")
    commit()
    git("merge", "-q", "--no-edit", "autre")
    book = load_rulebook(root)
    found = {(r.role, r.verdict, r.current) for r in book.reviews.of(rule(book))}
    expected = {("avocate", "reserve", True), ("juriste", "non_conforme", True)}
    assert found - {("professeure", "conforme", True)} == expected
    assert len(found) == 2 + first


def test_the_same_line_twice_counts_once(root: Path) -> None:
    path = review(root)
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert len(load_rulebook(root).reviews.all) == 1


@pytest.mark.parametrize("ends", ["\n", "\r\n", ""])
def test_a_file_saved_by_another_program_is_appended_to(root: Path, ends: str) -> None:
    path = review(root)
    text = path.read_text(encoding="utf-8").rstrip("\n").replace("\n", ends or "\n") + ends
    path.write_bytes(text.encode())
    review(root, "reserve", "juriste")
    assert [r.role for r in load_rulebook(root).reviews.all] == ["avocate", "juriste"]
