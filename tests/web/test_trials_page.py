"""The page of the territories tried through the form."""

from __future__ import annotations

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.territories import load_directory
from scripts import essais as script


def test_the_page_tells_what_the_form_tells(advisor: Advisor) -> None:
    """One territory of each part of the page; the script itself compares all (``--verifier``)."""
    written = script.PAGE.read_text(encoding="utf-8")
    labels = script.labels_of(advisor.rulebook)
    form = script.Form(advisor)
    domains = [d for d in labels["domaine"] if d != "eau"]
    trials = [*script.APART, *script.drawn(load_directory(), domains)]
    assert len(trials) == len(script.APART) + script.DRAWN
    assert all(f"### {trial.query}\n" in written for trial in trials)
    for trial in (script.APART[4], trials[-1]):
        assert "\n".join(script.told(form, trial, labels)) in written, "python -m scripts.essais"
