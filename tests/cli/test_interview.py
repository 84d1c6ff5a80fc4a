"""``coopdec avis --interroger``: asks what matters, stops when nothing can change."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
from pathlib import Path

import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.cli.app import main
from coopdec_rules.cli.situations import answered

START = {
    "date": "2006-03-01",
    "acteur": {"nature": "communaute_agglomeration"},
    "acte": {"forme": "convention"},
    "action": {
        "operation": "projet",
        "neutralite": "respectee",
        "objet": "cooperation",
        "interet_local": {"public": "oui", "direct": "oui", "impartial": "oui"},
        "volets": [{"domaine": "dechets"}],
        "contributions": [{"nature": "rien"}],
    },
    "partenaire": {
        "pays": "SN",
        "nature": "collectivite_territoriale",
        "reconnue_par_son_droit": "oui",
        "reconnue_par_la_france": "oui",
        "conforme_engagements": "oui",
    },
    "engagement": {"conventions_signees": 1, "actions": "suivies"},
}


@pytest.fixture
def answer(monkeypatch, capsys, tmp_path: Path):
    """Run the interview on a scenario with these lines typed."""

    def _answer(*lines: str, start: object = START, words: tuple[str, ...] = ()):
        file = tmp_path / "depart.json"
        file.write_text(json.dumps(start))
        monkeypatch.setattr(sys, "argv", ["coopdec", "avis", str(file), "--interroger", *words])
        typed = io.StringIO("".join(f"{line}\n" for line in lines))
        monkeypatch.setattr(sys, "stdin", typed)
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return _answer


def test_it_stops_as_soon_as_the_answers_are_settled(answer) -> None:
    code, out, _ = answer("1", "jamais lu", "jamais lu")
    assert code == 0
    assert out.count("> ") == 1
    assert "Qui exerce cette compétence chez vous" in out
    assert "Les réponses sont acquises" in out
    assert "Oui, sous conditions" in out


def test_a_number_or_a_name_answers(answer) -> None:
    by_number = answer("3")[1]
    by_name = answer("aucune")[1]
    by_label = answer("Les communes, ou un autre que le groupement")[1]
    tail = by_number[by_number.index("Les réponses sont acquises") :]
    assert tail == by_name[by_name.index("Les réponses sont acquises") :]
    assert tail == by_label[by_label.index("Les réponses sont acquises") :]


def test_a_wrong_answer_is_told_and_asked_again(answer) -> None:
    code, out, _ = answer("peut-être", "aucune")
    assert code == 0
    assert "Cette valeur n'existe pas" in out
    assert "Les réponses sont acquises" in out


def test_not_knowing_leaves_the_answer_open(answer) -> None:
    code, out, _ = answer(*["?"] * 12)
    assert code == 0
    assert "Il ne reste que les questions laissées de côté" in out
    assert "Réponses encore possibles" in out


def test_one_may_stop_at_once_and_keep_what_was_said(answer, tmp_path: Path) -> None:
    kept = tmp_path / "scenario.yaml"
    code, _, _ = answer("partielle", "fin", words=("--enregistrer", str(kept)))
    assert code == 0
    assert "transfert: partielle" in kept.read_text()


def test_what_no_scenario_goes_without_is_asked_first(answer) -> None:
    code, out, _ = answer("commune", "fin", start={"date": "2026-01-01"})
    assert code == 0
    assert "Quelle est la nature" in out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["avis"], "Il manque : fichier"),
        (["avis", "x.yaml", "--enregistrer", "y.yaml"], "--enregistrer va avec --interroger"),
        (["avis", "-", "--interroger"], "lit les réponses sur l'entrée"),
        (
            ["avis", "--interroger", "--lieu", "Cognac", "x.yaml", "--situation", "jumelage"],
            "--situation va avec --interroger, et sans fichier",
        ),
        (["avis", "--interroger", "--situation", "jumelages"], "Vouliez-vous dire « jumelage »"),
    ],
)
def test_options_that_do_not_go_together(monkeypatch, capsys, words, message) -> None:
    monkeypatch.setattr(sys, "argv", ["coopdec", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())


#: A volet on roads, whose holder the avis needs.
PLACE = {**START, "date": "2024-03-01", "acteur": {}}
PLACE["action"] = {**START["action"], "objet": "affaire_locale", "volets": [{"domaine": "voirie"}]}
PLACE["action"]["lieu"] = "france"


def test_a_place_fills_in_the_actor_and_what_the_base_cites_is_shown(answer) -> None:
    code, out, err = answer("", "fin", start=PLACE, words=("--lieu", "200000172"))
    assert code == 0
    assert "CC Faucigny - Glières" in err
    assert "Banatic" in out
    assert "Entrée : garder « le groupement pour une part" in out
    assert "(/action/volets/0/transfert) — Base nationale" in " ".join(out.split())
    corrected = answer("aucune", "fin", start=PLACE, words=("--lieu", "200000172"))[1]
    assert "— Base nationale" not in corrected


def test_a_place_that_may_be_several_is_told_with_their_codes(answer) -> None:
    code, _, err = answer("fin", start=PLACE, words=("--lieu", "Saint-Denis"))
    assert code == 2
    assert "93066" in err
    assert "97411" in err


def test_it_may_start_from_a_situation_and_asks_its_few_questions(monkeypatch, capsys) -> None:
    """In the words of the situation, the payee not asked again as a partner, and no tier."""
    words = ["avis", "--interroger", "--situation", "puits-ecole", "--lieu", "Cognac", "--json"]
    monkeypatch.setattr(sys, "argv", ["coopdec", *words])
    typed = ("eau", "une collectivité étrangère", "1", "Burkina Faso", *["?"] * 9)
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    with pytest.raises(SystemExit) as stop:
        main()
    out = capsys.readouterr().out
    assert stop.value.code == 0
    start = out.index('{"')
    asked, avis = out[:start], out[start:]
    assert asked.count("> ") <= 7
    assert "Que financez-vous ?" in asked
    assert "Quelle est la nature du partenaire" not in asked
    assert "Afghanistan" not in asked
    assert json.loads(avis)["habilitation"] == "sous_conditions"


def test_the_situations_are_listed(monkeypatch, capsys) -> None:
    monkeypatch.setattr(sys, "argv", ["coopdec", "situations"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    assert "un-pour-cent" in capsys.readouterr().out


def test_what_an_answer_also_says_never_replaces_what_was_said(advisor: Advisor) -> None:
    """As on the pages: the payee tells the partner's nature only when nobody told it."""
    situation = advisor.rulebook.situations["puits-ecole"]
    today = dt.date(2026, 6, 1)
    plain = situation.scenario(advisor.rulebook.facts) | {"acteur": {"nature": "commune"}}
    payee, value = ("contribution.beneficiaire", 0), "collectivite_etrangere"
    told = answered(advisor, situation, plain, payee, value, today)
    nature = advisor.read(told, today).base.items["partenaire"][0]["partenaire.nature"]
    assert nature == "collectivite_territoriale"
    before = plain | {"partenaire": {"nature": "groupement_collectivites"}}
    told = answered(advisor, situation, before, payee, value, today)
    nature = advisor.read(told, today).base.items["partenaire"][0]["partenaire.nature"]
    assert nature == "groupement_collectivites"
