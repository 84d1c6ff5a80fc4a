"""Addresses of the reading room."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.location import rules_folder
from coopdec_rules.rulebook.model import Rule
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.recueil import contents, tables, vocabulary
from coopdec_rules.web.recueil.booklet import Booklets
from coopdec_rules.web.recueil.days import Days, read_days
from coopdec_rules.web.recueil.drawing import draw
from coopdec_rules.web.recueil.graph import Graph
from coopdec_rules.web.recueil.room import Room, Today
from coopdec_rules.web.recueil.search import MAX_QUERY, Entry
from coopdec_rules.web.recueil.texts import PROPERTIES, SPACE
from coopdec_rules.web.render import Render
from coopdec_rules.web.service import Service


class ReadingRoom:
    """Pages of the rulebook.  Their handlers run in their turn, in threads of their own."""

    def __init__(
        self, service: Service, render: Render, today: Today | None = None, root: Path | None = None
    ) -> None:
        folder = root or rules_folder()
        self.room = Room(service, folder, today) if today else Room(service, folder)
        self.render = render
        self.booklets = Booklets(self.room)
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        for path, handler in (
            ("/recueil", self.contents),
            ("/recueil/textes/{text}", self.text),
            ("/recueil/themes/{theme}", self.theme),
            *((f"/recueil/{name}", self.declarations) for name in (SPACE, PROPERTIES)),
            *((f"/recueil/{name}/{{text}}", self.declared) for name in (SPACE, PROPERTIES)),
            ("/recueil/sources", self.sources),
            ("/recueil/normes", self.norms),
            ("/recueil/vocabulaire", self.vocabulary),
            ("/recueil/tables/{table}", self.table),
            ("/recueil/changements", self.changes),
            ("/recueil/recherche", self.search),
            ("/recueil/graphe", self.graph),
            ("/recueil/graphe/conclusions/{conclusion}", self.conclusion_graph),
            ("/recueil/graphe/regles/{rule:path}", self.rule_graph),
        ):
            answer = service.desk.pages.endpoint(handler)
            self.router.add_api_route(path, answer, methods=["GET"])
        rule = service.desk.examples.endpoint(self.rule)
        self.router.add_api_route("/recueil/regles/{rule:path}", rule, methods=["GET"])
        self.router.add_api_route("/recueil.pdf", self.booklet, methods=["GET"])

    # -- pages -------------------------------------------------------------------------------

    def contents(self, request: Request) -> Response:
        days = self._days(request)
        return self._page(
            "sommaire", request, days,
            textes=contents.by_text(self.room.book.ranks, self.room.texts, days),
            themes=contents.by_theme(self.room.book, self.room.index, days),
            chiffres=[contents.figures(state) for _, state in days.states],
            ecarts=contents.between(days),
        )  # fmt: skip

    def text(self, request: Request) -> Response:
        days = self._days(request)
        text = self._known(request, "text", self.room.texts, "Ce texte")
        return self._page("texte", request, days, texte=self.room.texts[text])

    def rule(self, request: Request) -> Response:
        days = self._days(request)
        ident = self._rule_id(request)
        room = self.room
        shown = room.cards.nearest(ident, days.day)
        if shown is None:  # the identifier is known: it has a version
            raise Refused("introuvable")
        now = room.cards.in_force(ident, days.today)
        example_of = room.cards.in_force(ident, days.day) or shown
        read = room.decided.ready()
        return self._page(
            "regle", request, days,
            ident=ident,
            montree=shown,
            cartes=room.pair(shown, days),
            versions=[room.cards.card(v, v.period.start or v.period.end or days.day)
                      for v in room.book.versions(ident)],
            aujourdhui=now,
            suite=room.cards.followed(shown), avant=room.cards.preceded(shown),
            texte=room.text_of.get(shown.key),
            cas_lus=read,
            exemple=room.decided.example(example_of) if read else None, exemple_de=example_of,
            usages=room.decided.uses(example_of) if read else (),
        )  # fmt: skip

    def theme(self, request: Request) -> Response:
        days = self._days(request)
        book, index = self.room.book, self.room.index
        theme = self._known(request, "theme", (*book.conclusions, contents.ADDS), "Ce thème")
        if theme == contents.ADDS:
            rules: Iterable[Rule] = [r for r in book.rules if not r.concludes]
        else:
            rules = index.concluded_by.get(theme, [])
        groups: dict[str, list[Rule]] = {}
        for rule in vocabulary.listed(rules, days):
            for name, value in rule.concludes or (("", ""),):
                if name in (theme, ""):
                    groups.setdefault(value, []).append(rule)
        return self._page(
            "theme", request, days,
            theme=theme, conclusion=book.conclusions.get(theme), groupes=groups,
            lignes=vocabulary.rows(rules, days),
            lecteurs=vocabulary.listed(index.read_by.get(theme, ()), days),
        )  # fmt: skip

    def declarations(self, request: Request) -> Response:
        days, folder = self._days(request), request.url.path.split("/")[2]
        found = self.room.declarations
        listed, texts = found.listed(folder, days), list(found.texts[folder].values())
        return self._page(
            "declarations", request, days,
            dossier=folder, listes=listed, texte=texts[0] if len(texts) == 1 else None,
        )  # fmt: skip

    def declared(self, request: Request) -> Response:
        days, folder = self._days(request), request.url.path.split("/")[2]
        found = self.room.declarations
        ident = self._known(request, "text", found.texts[folder], "Ce texte")
        listed = [entry for entry in found.listed(folder, days) if entry.id == ident]
        return self._page(
            "declarations", request, days,
            dossier=folder, listes=listed, texte=found.texts[folder][ident],
        )  # fmt: skip

    def sources(self, request: Request) -> Response:
        return self._page("sources", request, self._days(request))

    def norms(self, request: Request) -> Response:
        return self._page("normes", request, self._days(request))

    def vocabulary(self, request: Request) -> Response:
        return self._page("vocabulaire", request, self._days(request))

    def table(self, request: Request) -> Response:
        days = self._days(request)
        table = self._known(request, "table", self.room.tables, "Cette table")
        found = tables.grid(days, self.room.cards.sentences, table)
        return self._page("table", request, days, table=found)

    def changes(self, request: Request) -> Response:
        days = self._days(request)
        return self._page(
            "changements", request, days, changements=contents.changes(self.room.book)
        )

    def search(self, request: Request) -> Response:
        days, others = self._days_and(request, "q")
        query = others.get("q", "")[:MAX_QUERY]
        cards = self.room.cards

        def sunk(entry: Entry) -> bool:
            if entry.kind == "regle":
                return not any(cards.in_force(entry.id, day) for day, _ in days.states)
            declared = entry.declared
            return declared is not None and days.presence(declared) == "aucun"

        found = self.room.search.find(query, sunk)
        return self._page("recherche", request, days, question=query, trouve=found)

    def graph(self, request: Request) -> Response:
        days = self._days(request)
        return self._graph_page(request, days, self.room.graphs.whole(days), "recueil", "")

    def conclusion_graph(self, request: Request) -> Response:
        days = self._days(request)
        known = self.room.book.conclusions
        name = self._known(request, "conclusion", known, "Cette conclusion")
        graph = self.room.graphs.conclusion(days, name)
        return self._graph_page(request, days, graph, "conclusion", name)

    def rule_graph(self, request: Request) -> Response:
        days = self._days(request)
        ident = self._rule_id(request)
        return self._graph_page(request, days, self.room.graphs.rule(days, ident), "regle", ident)

    async def booklet(self, request: Request) -> Response:
        days = self._days(request)
        if days.other is not None:
            raise Refused("parametre", "Le recueil en PDF se lit à une seule date (« au »).")
        name = f"recueil-{days.day.isoformat()}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"'}
        body = await self.booklets.pdf(days)
        return Response(body, headers=headers, media_type="application/pdf")

    # -- what they share ---------------------------------------------------------------------

    def _page(self, name: str, request: Request, days: Days, /, **values: object) -> Response:
        return self.render(
            f"recueil/{name}.html", 200, jours=days, salle=self.room, ici=request.url.path, **values
        )

    def _graph_page(
        self, request: Request, days: Days, graph: Graph, kind: str, name: str
    ) -> Response:
        return self._page(
            "graphe", request, days, graphe=graph, dessin=draw(graph), genre=kind, nom=name
        )

    def _days(self, request: Request) -> Days:
        return read_days(request, self.room.book, self.room.today())[0]

    def _days_and(self, request: Request, *others: str) -> tuple[Days, dict[str, str]]:
        days, found = read_days(request, self.room.book, self.room.today(), others)
        return days, dict(found)

    def _rule_id(self, request: Request) -> str:
        known = dict.fromkeys(rule.id for rule in self.room.book.rules)
        return self._known(request, "rule", known, "Cette règle")

    @staticmethod
    def _known(request: Request, name: str, known: Iterable[str], what: str) -> str:
        """The identifier in the address.  Raises ``Refused`` when there is no such thing."""
        ident = str(request.path_params[name])
        known = list(known)
        if ident not in known:
            near = suggest(ident, known)
            hint = f" Vouliez-vous dire « {near} » ?" if near else ""
            raise Refused("introuvable", f"{what} n'est pas dans le recueil.{hint}")
        return ident
