"""``coopdec recueil relire`` and ``relectures``, as a lawyer types them."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from coopdec_rules.advice.today import today
from coopdec_rules.cli.app import main

Run = Callable[..., tuple[int, str, str]]

RULE = "plafond-depasse"
TEXT = "textes/budgets.md"
SAID = "dépasse 1 % des ressources affectées"
SCENARIO = {
    "date": "2006-03-01",
    "acteur": {"nature": "communaute_agglomeration"},
    "acte": {"forme": "convention"},
    "action": {
        "operation": "projet",
        "volets": [{"domaine": "eau", "transfert": "totale"}],
        "contributions": [
            {
                "nature": "argent",
                "beneficiaire": "collectivite_etrangere",
                "domaine": "eau",
                "budget": "eau",
                "service_exerce": "oui",
                "montant": 50000,
                "ressources_service": 4000000,
            }
        ],
    },
    "partenaire": {"nature": "collectivite_territoriale"},
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command; gives exit code, output and errors."""

    def _run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["coopdec", *words])
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        code = stop.value.code
        assert isinstance(code, int)
        return code, captured.out, captured.err

    return _run


@pytest.fixture
def rules(tmp_path: Path, rules_root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the real rulebook without any review, which every command reads."""
    copy = tmp_path / "rules"
    shutil.copytree(rules_root, copy, ignore=shutil.ignore_patterns("relectures"))
    monkeypatch.setenv("COOPDEC_RECUEIL", str(copy))
    return copy


def review(run: Run, *words: str, rule: str = RULE, role: str = "avocate") -> str:
    code, out, err = run("recueil", "relire", rule, "--role", role, *words)
    assert (code, err) == (0, "")
    return out


def states(run: Run) -> dict[str, str]:
    code, out, _ = run("recueil", "relectures", "--json")
    assert code == 0
    return {f"{e['regle']}@{e['version']}": e["etat"] for e in json.loads(out)}


def change(
    rules: Path, old: str = SAID, new: str = "dépasse un centième de ses ressources."
) -> None:
    path = rules / TEXT
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def avis(run: Run, tmp_path: Path) -> dict[str, object]:
    file = tmp_path / "scenario.json"
    file.write_text(json.dumps(SCENARIO))
    code, out, _ = run("avis", str(file), "--json")
    assert code == 0
    return json.loads(out)  # type: ignore[no-any-return]


def test_reviewed_changed_void_and_reviewed_again(run: Run, rules: Path, tmp_path: Path) -> None:
    key = f"{RULE}@2005-02-11"
    assert states(run)[key] == "non_relue"

    out = review(run, "--avis", "conforme", "--date", "2026-03-01")
    assert f"{TEXT}:" in out
    assert SAID in out
    assert "État : relue, conforme (avant : non relue)." in out
    assert states(run)[key] == "relue"
    reasons = {m["regle"]: m for m in avis(run, tmp_path)["motifs"]}  # type: ignore[attr-defined]
    assert reasons[RULE]["relue"] is True

    change(rules)
    assert states(run)[key] == "a_relire"
    code, listed, _ = run("recueil", "relectures", "--etat", "a_relire")
    assert code == 0
    assert RULE in listed
    assert "2026-03-01 conforme (avocate) — ne vaut plus, la règle a changé depuis" in listed
    reasons = {m["regle"]: m for m in avis(run, tmp_path)["motifs"]}  # type: ignore[attr-defined]
    assert reasons[RULE]["relue"] is False
    assert reasons[RULE]["relecture"] == {
        "etat": "a_relire", "role": "avocate", "date": "2026-03-01", "note": None,
    }  # fmt: skip

    out = review(run, "--avis", "reserve", "--note", "Dire : 1 %.", "--date", "2026-04-02")
    assert "(avant : à relire" in out
    assert states(run)[key] == "relue_avec_reserve"
    assert run("recueil", "verifier")[0] == 0
    said = [w["texte"] for w in avis(run, tmp_path)["avertissements"]]  # type: ignore[attr-defined]
    assert (
        "Une règle appliquée ici a été relue avec réserve (avocate, 2 avril 2026) : Dire : 1 %."
    ) in said


def test_layout_and_place_do_not_void(run: Run, rules: Path) -> None:
    review(run, "--avis", "conforme")
    change(
        rules,
        "regle: plafond-depasse\nnorme: [N-81, N-194, N-197]\n",
        "norme: [N-81, N-194, N-197]\nregle: plafond-depasse\n",
    )
    change(rules, "## Le plafond\n", "## Le plafond\n\nUne phrase de plus.\n")
    assert states(run)[f"{RULE}@2005-02-11"] == "relue"


def test_shares_by_text(run: Run, rules: Path) -> None:
    review(run, "--avis", "conforme")
    review(run, "--avis", "reserve", "--note", "x", rule="plafond-respecte")
    review(run, "--avis", "non_conforme", "--note", "y", rule="emploi-hors-action")
    review(run, "--avis", "conforme", rule="plafond-sans-objet")
    change(rules, "Le plafond de 1 % ne concerne que", "Le plafond concerne seulement")
    code, out, _ = run("recueil", "relectures")
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split()[:3] == ["Texte", "règles", "relues"]
    (share,) = [line.split()[1:] for line in lines if line.startswith(f"{TEXT} ")]
    assert share == ["20", "2", "1", "1", "1"]
    assert any(line.startswith("Relues : 2 sur ") for line in lines)
    assert "Relue avec réserve (1)" in lines
    assert "x" in out
    assert "Non relue" not in out


def test_unreviewed_rules_are_listed_when_asked(run: Run, rules: Path) -> None:
    code, out, _ = run("recueil", "relectures", "--etat", "non_relue")
    assert code == 0
    assert f"{RULE} (depuis le 2005-02-11) {TEXT}:" in out
    code, out, _ = run("recueil", "relectures", "--etat", "relue")
    assert (code, out) == (0, "Aucune règle : relue, conforme.\n")


@pytest.mark.parametrize(
    ("version", "first_day"),
    [("2", "2017-01-01"), ("2018-06-01", "2017-01-01"), ("1", "1999-07-13")],
)
def test_one_version_of_several(run: Run, rules: Path, version: str, first_day: str) -> None:
    row = "competences:communaute_agglomeration:eau"
    review(run, "--avis", "conforme", "--version", version, rule=row)
    found = {key: s for key, s in states(run).items() if key.startswith(f"{row}@")}
    assert found.pop(f"{row}@{first_day}") == "relue"
    assert set(found.values()) == {"non_relue"}
    assert len(found) == 2


REFUSED: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "unknown rule": (
        ["plafond-depase", "--role", "a", "--avis", "conforme"],
        ["n'existe pas", "Vouliez-vous dire « plafond-depasse »"],
    ),
    "unknown verdict": (
        [RULE, "--role", "a", "--avis", "conform"],
        ["conforme, reserve, non_conforme", "Vouliez-vous dire « conforme »"],
    ),
    "no role": ([RULE, "--avis", "conforme"], ["Il manque : role"]),
    "empty role": ([RULE, "--role", " ", "--avis", "conforme"], ["--role est vide"]),
    "no verdict": ([RULE, "--role", "a"], ["Il manque : avis"]),
    "reserve without note": ([RULE, "--role", "a", "--avis", "reserve"], ["ajouter --note"]),
    "refusal with empty note": (
        [RULE, "--role", "a", "--avis", "non_conforme", "--note", "  "], ["ajouter --note"],
    ),
    "no such day": (
        [RULE, "--role", "a", "--avis", "conforme", "--date", "2026-02-30"], ["AAAA-MM-JJ"],
    ),
    "a day to come": (
        [RULE, "--role", "a", "--avis", "conforme", "--date", "9999-01-01"], ["ne peut pas"],
    ),
    "several versions": (
        ["competences:communaute_agglomeration:eau", "--role", "a", "--avis", "conforme"],
        ["plusieurs versions", "1 : du 1999-07-13 au 2016-12-31", "3 : depuis le 2020-01-01"],
    ),
    "no such version": (
        [RULE, "--role", "a", "--avis", "conforme", "--version", "2"], ["« 2 » n'existe pas"],
    ),
    "no version that day": (
        [RULE, "--role", "a", "--avis", "conforme", "--version", "2000-01-01"],
        ["n'est en vigueur le 2000-01-01", "1 : depuis le 2005-02-11"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_refused_writes_nothing(
    run: Run, rules: Path, words: Sequence[str], said: Sequence[str]
) -> None:
    code, out, err = run("recueil", "relire", *words)
    assert (code, out) == (2, "")
    for part in said:
        assert part in err
    assert not (rules / "relectures").exists()


def test_the_default_date_is_today(run: Run, rules: Path) -> None:
    before = today()
    review(run, "--avis", "conforme")
    (entry,) = json.loads(run("recueil", "relectures", "--etat", "relue", "--json")[1])
    (said,) = entry["relectures"]
    assert before <= dt.date.fromisoformat(said["date"]) <= today()
    assert said["vaut_encore"] is True
    assert entry["empreinte"] == said["empreinte"]


def test_unknown_state(run: Run) -> None:
    code, _, err = run("recueil", "relectures", "--etat", "a_relir")
    assert code == 2
    assert "Vouliez-vous dire « a_relire »" in err


def test_a_mistake_in_a_review_file_is_shown_by_the_check(run: Run, rules: Path) -> None:
    folder = rules / "relectures"
    folder.mkdir()
    (folder / "plafond-depase.yaml").write_text("regle: plafond-depase\n", encoding="utf-8")
    code, _, err = run("recueil", "verifier")
    assert code == 1
    assert "relectures/plafond-depase.yaml:1 :" in err
    assert "Vouliez-vous dire « plafond-depasse »" in err


def test_another_folder_is_reviewed(run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COOPDEC_RECUEIL")
    review(run, "--avis", "conforme", "--dossier", str(rules))
    assert (rules / "relectures" / f"{RULE}.yaml").is_file()
    out = run("recueil", "relectures", "--etat", "relue", "--dossier", str(rules))[1]
    assert RULE in out


def test_the_installed_rulebook_is_not_written(
    run: Run, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coopdec_rules.rulebook.location._PACKAGE", rules.parent)
    rules.rename(rules.parent / "_rules")
    folder = str(rules.parent / "_rules")
    words = ["relire", RULE, "--role", "a", "--avis", "conforme", "--dossier", folder]
    code, _, err = run("recueil", *words)
    assert code == 2
    assert "paquet installé" in err
    assert run("recueil", "formater", folder)[0] == 2
