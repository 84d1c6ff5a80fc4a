"""What may be made follows from the avis, whatever the scenario."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from coopdec_rules.advice.advisor import Advice, Advisor
from coopdec_rules.advice.scenario import Scenario
from coopdec_rules.documents.blocks import Document, Heading, Paragraph, lines_of, words_of
from coopdec_rules.documents.room import Closed, Documents
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.workshop.cases import Case, load_cases
from tests.effort import often
from tests.engine.scenarios import Scenarios
from tests.law.draws import draw

from .conftest import TODAY, advise, scenario, subsidy

#: Answers under which an act may be proposed.
OPEN = {"autorisee", "sous_conditions", "partielle"}
#: Moments of the law that random scenarios are drawn at.
DAYS = ("1994-06-01", "2006-03-01", "2010-06-01", "2021-10-01", "2026-12-10")
PER_DAY = 8


def text_of(document: Document) -> str:
    return "\n".join(
        words_of(line) for part in document.pages for block in part for line in lines_of(block)
    )


def check(documents: Documents, advice: Advice) -> int:
    """Everything that must hold of every document of an avis; how many there are."""
    answer, day = advice.avis["habilitation"], advice.scenario.day
    offers = documents.offers(advice, TODAY)
    for offer in offers:
        name = f"{offer.model.id}, {answer}"
        if offer.state != "possible":
            assert offer.reason, name
            with pytest.raises(Closed, match=r"\w"):
                documents.make(advice, offer.model.id, TODAY)
            continue
        assert not offer.act or answer in OPEN, name
        document = documents.make(advice, offer.model.id, TODAY)
        check_document(document, name)
        assert (document.mode == "reconstitution") == (day < TODAY), name
        if day < TODAY:
            signed = [b for b in document.body if isinstance(b, Heading) and _ends_act(b)]
            assert not signed, name
    return sum(offer.state == "possible" for offer in offers)


def _ends_act(heading: Heading) -> bool:
    return words_of(heading.line) in ("Vote", "Signatures", "Mentions à porter ensuite")


def check_document(document: Document, name: str) -> None:
    """No name of a model is left, every clause has a source, blanks are numbered in order."""
    for part in document.pages:
        assert isinstance(part[0], Heading | Paragraph), name
        for block in part:
            for line in lines_of(block):
                words = words_of(line)
                assert words.strip(), name
                assert "{" not in words, name
                assert "[?" not in words, name
    assert document.supports, name
    for support in document.supports:
        assert support.source, (name, support)
    assert [blank.number for blank in document.blanks] == list(range(1, len(document.blanks) + 1))
    assert document.mark, name
    levels = [b.level for b in document.body if isinstance(b, Heading)]
    assert levels[0] == 1, name
    assert all(b <= a + 1 for a, b in pairwise(levels)), (name, levels)


def drawn(rulebook: Rulebook, day: str) -> Iterator[Scenario]:
    rng = random.Random(day)
    scenarios = Scenarios(rulebook)
    for number in range(often(PER_DAY)):
        _, base = draw(scenarios, rng, dt.date.fromisoformat(day), rng.choice([0.0, 0.7, 0.95]))
        # Facts left out: most people know little.
        if number % 2:
            kept = {n: v for n, v in base.scenario.items() if rng.random() < 0.7 or n in _NEEDED}
            base = type(base)(kept, base.items)
        yield Scenario(dt.date.fromisoformat(day), base, ())


_NEEDED = ("date", "lecture", "acteur.nature")


@pytest.mark.parametrize("day", DAYS)
def test_gates_hold_on_random_scenarios(
    documents: Documents, advisor: Advisor, rulebook: Rulebook, day: str
) -> None:
    made = 0
    for read in drawn(rulebook, day):
        made += check(documents, advisor.advise_scenario(read, reasoning=False))
    assert made > PER_DAY  # the note at least, and more for many


@pytest.fixture(scope="module")
def few_cases(cases_root: Any) -> list[Case]:
    """Worked cases of one state of the law: each state takes a second to compile."""
    dated = [c for c in load_cases(cases_root) if str(c.scenario.get("date")) == "2006-03-01"]
    return dated[:: max(1, len(dated) // often(20))]


def test_gates_hold_on_what_really_happened(
    documents: Documents, advisor: Advisor, few_cases: list[Case]
) -> None:
    answers = set()
    for case in few_cases:
        advice = advisor.advise(case.scenario, TODAY, reasoning=False)
        answers.add(advice.avis["habilitation"])
        check(documents, advice)
    assert {"autorisee", "sous_conditions"} <= answers


def state(documents: Documents, advice: Advice, ident: str) -> str:
    found = {offer.model.id: offer.state for offer in documents.offers(advice, TODAY)}
    return found.get(ident, "sans objet")


def test_a_refusal_on_a_clear_text_leaves_no_act_and_no_question(
    documents: Documents, advisor: Advisor
) -> None:
    advice = advise(
        advisor, scenario(partenaire={"nom": "X", "nature": "etat", "convention_etat": "autre"})
    )
    assert advice.avis["habilitation"] == "interdite"
    assert state(documents, advice, "deliberation-convention") == "refuse"
    assert state(documents, advice, "convention-cooperation") == "refuse"
    assert state(documents, advice, "note-de-synthese") == "possible"
    letter = text_of(documents.make(advice, "lettre-partenaire", TODAY))
    assert "ne lui permet pas" in letter
    note = text_of(documents.make(advice, "note-de-synthese", TODAY))
    assert "Pourquoi cette réponse" in note


def test_the_draft_goes_only_with_the_request_marked_and_unsigned(
    documents: Documents, advisor: Advisor
) -> None:
    undecided = scenario(
        acteur={"nom": "CA Essai", "nature": "communaute_agglomeration"},
        action={"intitule": "Essai", "operation": "projet"},
        partenaire={"nom": "Ville de Podor"},
    )
    advice = advise(advisor, undecided)
    assert advice.avis["habilitation"] == "indeterminee"
    assert state(documents, advice, "deliberation-convention") == "refuse"
    request = documents.make(advice, "demande-prise-de-position", TODAY)
    text = text_of(request)
    assert "Projet joint à une demande de prise de position" in request.joined_mark
    assert request.joined
    assert "Article\u00a01er" in text
    drafts = (*request.body, *request.joined)
    titles = [words_of(b.line) for b in drafts if isinstance(b, Heading)]
    assert "Vote" not in titles
    assert "Mentions à porter ensuite" not in titles
    assert "Signatures" not in titles
    before = advise(advisor, {**undecided, "date": "2020-05-27"})
    assert state(documents, before, "demande-prise-de-position") == "sans objet"


def test_each_unmet_element_is_a_condition_or_seen_to_by_the_act(
    documents: Documents, advisor: Advisor
) -> None:
    advice = advise(advisor, subsidy(activites="a_verifier"))
    assert advice.avis["habilitation"] == "sous_conditions"
    text = text_of(documents.make(advice, "deliberation-subvention", TODAY))
    demands = {c["texte"].replace("'", "’") for c in advice.avis["conditions"]}
    # In the act they follow a colon.
    written = {d for d in demands if d.split("(")[0].strip()[1:40] in text}
    # What the act itself does: the vote, publication, transmission, interested members, the
    # separate vote of the subsidy, the contract of engagement, re-granting and the budget that pays
    # (articles of their own).
    done = ("Faire voter", "Publier", "Transmettre", "Vérifier qu’aucun élu", "Voter la subvention",
            "Obtenir de l’association", "Demander à l’organisme s’il reversera",
            "Dire quel budget paie")  # fmt: skip
    for demand in demands - written:
        assert demand.startswith(done), demand
    assert any("objet politique" in d for d in written)


def test_only_lawful_parts_when_part_of_the_action_is_lawful(
    documents: Documents, advisor: Advisor
) -> None:
    document = scenario(
        "2006-02-01",
        acteur={"nom": "CA Essai", "nature": "communaute_agglomeration"},
    )
    document["action"]["volets"] = [
        {"domaine": "sante", "transfert": "totale"},
        {"domaine": "eau", "transfert": "aucune"},
    ]
    document["action"]["contributions"] = [{"nature": "rien"}]
    advice = advise(advisor, document)
    assert advice.avis["habilitation"] == "partielle"
    text = text_of(documents.make(advice, "deliberation-convention", TODAY))
    assert "anté" in text
    assert "eau potable" not in text


def test_no_act_votes_more_than_the_ceiling(documents: Documents, advisor: Advisor) -> None:
    def about(amount: int) -> str:
        found = scenario()
        found["action"]["contributions"][0].update(
            montant=amount, budget="eau", service_exerce="oui", ressources_service=4000000,
            autres_prelevements="aucune",
        )  # fmt: skip
        return state(documents, advise(advisor, found), "deliberation-un-pour-cent")

    assert about(40000) == "possible"
    assert about(40001) == "refuse"


def test_what_is_presumed_is_a_blank_that_shows_it(documents: Documents, advisor: Advisor) -> None:
    found = scenario()
    found["action"]["contributions"] = [{"nature": "argent"}]
    blanks = documents.make(advise(advisor, found), "convention-cooperation", TODAY).blanks
    hints = [blank.hint for blank in blanks]
    assert "montant prévisionnel, en euros" in hints
    voyage = scenario(action={"operation": "projet", "volets": [{"domaine": "eau"}]})
    note = documents.make(advise(advisor, voyage), "note-de-synthese", TODAY)
    assert all(not b.presumed.startswith("à ") for b in note.blanks)


def test_visas_are_those_of_the_day(documents: Documents, advisor: Advisor) -> None:
    def visas(day: str) -> str:
        return text_of(
            documents.make(advise(advisor, scenario(day)), "deliberation-convention", TODAY)
        ).replace("\u00a0", " ")

    assert "loi n° 92-125 du 6 février 1992" in visas("1995-01-10")
    assert "code des communes" in visas("1995-01-10")
    assert "article L. 1112-1" in visas("2000-01-10")
    assert "article L. 1114-1" in visas("2004-01-10")
    assert "son article L. 1115-1 ;" in visas("2010-01-10").replace("\u202f", " ")
    assert "ses articles L. 1115-1 et suivants" in visas("2026-12-10")
    assert "code des communes" not in visas("2026-12-10")


def test_the_departement_comes_from_the_directory_of_the_year(
    documents: Documents, advisor: Advisor
) -> None:
    now = documents.make(advise(advisor, subsidy()), "deliberation-subvention", TODAY)
    assert "Département\u00a0: Isère" in text_of(now)
    past = documents.make(advise(advisor, scenario("2006-03-01")), "deliberation-convention", TODAY)
    assert "Isère" not in text_of(past)


def test_articles_follow_the_conclusion_that_answers(
    documents: Documents, advisor: Advisor
) -> None:
    for day in ("1992-02-08", "1996-02-23", "1996-02-24", "2003-08-01", "2003-08-02",
                "2004-07-30", "2004-07-31", "2026-01-01"):  # fmt: skip
        basis = str(advise(advisor, scenario(day)).avis["fondement"]["libelle"])
        article = documents.library.articles["pouvoir-d-agir"]
        found = [str(r) for p, r in article.versions if p.contains(dt.date.fromisoformat(day))]
        assert len(found) == 1
        assert basis.rsplit("art. ", 1)[1] in found[0], day
