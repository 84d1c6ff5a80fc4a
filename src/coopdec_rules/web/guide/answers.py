"""What the guided form does with the answers it is sent, and with the button pressed."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from coopdec_rules.errors import Problem
from coopdec_rules.territories import load_directory
from coopdec_rules.web.avis.permalink import MAX_LINK
from coopdec_rules.web.field_view import field_id
from coopdec_rules.web.fields import ADD, REMOVE
from coopdec_rules.web.guide import places
from coopdec_rules.web.guide.draft import SUMMARY, Draft, shown
from coopdec_rules.web.guide.steps import PRIVATE, Shown, Steps
from coopdec_rules.web.problems import Refused

#: Where a button leads, besides the steps: the next one, the avis; or fill in the actor found.
NEXT, AVIS, FILL = "suite", "avis", "remplir"
_TOP = "contenu"
#: Fields that are not answers.
_OWN = {"s", "etape", "aller", "fait", ADD, REMOVE, "chercher", "q", "deja", "lieu", "propose"}


class Answers:
    """Reads what is sent, and answers with the step it leads to."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.codec = steps.codec

    def sent(self, fields: list[tuple[str, str]], part: bool) -> Response:
        """``part``: only the questions are wanted, to replace those of the page."""
        own: dict[str, str] = {}
        rest: list[tuple[str, str]] = []
        for name, text in fields:
            if name in _OWN and name not in own:
                own[name] = text
            else:
                rest.append((name, text))
        step = own.get("etape", self.steps.names[0])
        if step not in self.steps.names:
            raise Refused("introuvable", "Cette étape n'existe pas.")
        before = self.steps.draft(self.steps.opened(own.get("s")))
        state = self.steps.opened(own.get("s"))
        extra = self.codec.overlay(state, rest)
        assumed = self.codec.assumed(rest)
        draft = self.steps.draft(state, extra)
        if part and step != SUMMARY:
            return self.steps.part(step, before, draft)
        if extra:
            return self.steps.go(step, draft, Shown(missing=True))
        if assumed:
            return self.steps.go(step, draft, Shown(assumed=True))
        return self._pressed(step, own, before, draft)

    def _pressed(self, step: str, own: dict[str, str], before: Draft, draft: Draft) -> Response:
        """What the button pressed does."""
        for name in (ADD, REMOVE):
            if name in own:
                return self._repeat(step, name, own[name], draft)
        query = own.get("q", "").strip()
        target = own.get("aller", NEXT)
        leaving = target not in (NEXT, FILL)
        searching = "chercher" in own or (query != "" and query != own.get("deja", "").strip())
        place = own.get("lieu", "")
        # Chosen beforehand, not by the user: it replaces neither a search nor answers given.
        if (
            place == own.get("propose")
            and target != FILL
            and (searching or draft.document.get(places.ACTOR))
        ):
            place = ""
        if place and not leaving and "chercher" not in own:
            return self._fill(step, place, draft)
        if "chercher" in own or (searching and not leaving):
            return self.steps.go(step, draft, Shown(query=query), "recherche")
        if target == FILL:
            return self.steps.go(step, draft, Shown(query=query, unchosen=True), "recherche")
        if "fait" in own:
            return self.to_fact(own["fait"], draft)
        if target == AVIS:
            return self.to_avis(draft)
        if target in self.steps.names:
            return self.steps.go(target, draft, Shown(), _TOP)
        if target != NEXT:
            raise Refused("introuvable", "Ce bouton n'existe pas.")
        if step == SUMMARY:
            return self.to_avis(draft)
        return self._onward(step, before, draft)

    def _onward(self, step: str, before: Draft, draft: Draft) -> Response:
        """To the next step, unless this one holds mistakes or now asks something more."""
        now = self.steps.view(step, draft)
        fields = {f.name for g in now.groups for i in g.items for f in (*i.fields, *i.aside)}
        here = [p for p in draft.problems if p.pointer in fields]
        known = {(p.pointer, p.message) for p in before.problems}
        new = [p for p in draft.typed if (p.pointer, p.message) not in known]
        if here or new:
            return self.steps.go(step, draft, Shown(missing=True))
        asked = set(self.steps.view(step, before).asked)
        more = [n for n in now.asked if n not in asked and not draft.state.values.get(n)]
        if more:
            return self.steps.go(step, draft, Shown(brought=True), field_id(more[0]))
        return self.steps.go(self.steps.presenter.following(step), draft, Shown(), _TOP)

    def _repeat(self, step: str, name: str, text: str, draft: Draft) -> Response:
        change = self.codec.change(name, text)
        if change is None:
            problem = Problem(name, "Ce bouton n'existe pas.")
            return self.steps.go(
                step, self.steps.draft(draft.state, [problem]), Shown(missing=True)
            )
        changed = self.steps.draft(self.codec.apply(draft.state, change))
        anchor = f"groupe-{change.group}"
        if change.index is None:
            anchor += f"-{changed.state.counts[change.group]}"
        return self.steps.go(step, changed, Shown(), anchor)

    def _fill(self, step: str, code: str, draft: Draft) -> Response:
        territory = load_directory().by_code(code)
        if territory is None:
            raise Refused("introuvable", "Cette commune ou ce groupement n'existe pas.")
        document = places.filled(draft.document, territory)
        return self.steps.go(
            step, self.steps.draft(self.codec.fill(document)), Shown(found=True), "rempli"
        )

    def to_fact(self, pointer: str, draft: Draft) -> Response:
        found = self.codec.place(pointer, draft.state)
        if found is None:
            raise Refused("introuvable", f"Aucune question ne porte sur « {shown(pointer)} ».")
        return self.steps.go(
            self.steps.presenter.theme_of(found[0]).id, draft, Shown(), field_id(pointer)
        )

    def to_avis(self, draft: Draft, situation: str = "") -> Response:
        """To the avis, or to the first mistake that stands in its way.

        ``situation``: the one that the person came with.
        """
        if draft.problems:
            found = self.codec.place(draft.problems[0].pointer, draft.state)
            step = self.steps.presenter.theme_of(found[0]).id if found else SUMMARY
            return self.steps.go(step, draft, Shown(missing=True))
        address = f"/avis?s={draft.code}" + (f"&de={situation}" if situation else "")
        if len(address) <= MAX_LINK:
            return RedirectResponse(address, 303, headers=PRIVATE)
        sent = [
            (name, draft.state.values.get(name, "")) for name, _ in self.codec.names(draft.state)
        ]
        return self.steps.render("formulaire_long.html", champs=sent)
