"""The server that assistants talk to, by the official SDK of the Model Context Protocol.

Imported only when asked for: the SDK takes a second to load.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from coopdec_rules import __version__
from coopdec_rules.assistants.desk import AssistantDesk, Unanswered

_INSTRUCTIONS = """\
Avis juridiques sur la coopération décentralisée des communes et de leurs groupements, tirés d'un \
recueil de règles lisible et sourcé.

Règles à suivre, sans exception :
1. Ne jamais répondre au-delà de l'avis : aucune règle, source, date ni montant qui n'y soit.
2. Ce qui est inconnu n'est ni oui ni non. « indéterminée » se dit telle quelle, avec les \
questions ouvertes ; ne jamais deviner un fait à la place de la personne.
3. Dire ce qui est présumé, et le faire confirmer.
4. Citer les sources comme l'outil les donne, avec l'identifiant de la règle entre crochets.
5. Garder les avertissements, et la phrase finale : un avis ne remplace ni un juriste, ni le \
contrôle de légalité.

Marche ordinaire : chercher_territoire (pour remplir « acteur »), questions_utiles (poser les \
questions à la personne, écrire ses réponses à leur pointeur), rendre_avis, puis voies, lire_regle \
ou projet_de_document. Un scénario est un objet JSON ; ce qui n'y est pas est inconnu. La \
ressource coopdec://vocabulaire donne tout ce qu'il peut dire.
"""
_NEVER_BEYOND = " Ne jamais répondre au-delà de ce que cet outil rend."
_READS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
_REWORD = """\
Reformule l'avis ci-dessous pour {public}, en français simple.

N'emploie que ses réponses, ses motifs, ses conditions, ses avertissements et ses sources. \
N'ajoute ni règle, ni source, ni date, ni montant, ni conseil. Garde ce qui est indéterminé comme \
tel, ce qui est présumé comme présumé, et nomme chaque règle citée par son identifiant entre \
crochets. Termine par la phrase finale de l'avis, mot pour mot. Si une question n'a pas de réponse \
dans l'avis, dis que l'avis n'en dit rien.

--- AVIS ---
{avis}
"""

Scenario = Annotated[
    dict[str, Any],
    Field(description="Le scénario : un objet JSON (date, acteur, action, acte, partenaire…)."),
]
_Document = Annotated[
    str | None,
    Field(description="Identifiant d'un document ; sans lui, la liste de ceux qui sont possibles."),
]
_Date = Annotated[str | None, Field(description="AAAA-MM-JJ ; aujourd'hui par défaut.")]


def make_server(desk: AssistantDesk) -> MCPServer:
    """A server with the tools, resources and prompt of ``desk``."""
    server = _quiet_server()
    tool = _adder(server)

    @tool("chercher_territoire", "Trouver une commune ou un groupement")
    async def chercher_territoire(
        recherche: Annotated[str, Field(description="Un nom, un code INSEE, un SIREN.")],
    ) -> str:
        """Trouve une commune ou un groupement d'aujourd'hui, avec ce qui s'en déduit pour
        « acteur » dans un scénario."""
        return await desk.territory(recherche)

    @tool("questions_utiles", "Les questions qui comptent")
    async def questions_utiles(scenario: Scenario) -> str:
        """Exactement les faits inconnus qui peuvent encore changer une réponse, le plus utile
        d'abord, chacun avec le pointeur où écrire sa réponse. À poser à la personne, jamais à
        deviner."""
        return await desk.questions(scenario)

    @tool("rendre_avis", "Rendre un avis")
    async def rendre_avis(scenario: Scenario) -> str:
        """L'avis sur un scénario : réponses, éléments, choses à faire, motifs sourcés, ce qui est
        présumé, ce qui reste à savoir. Ce qui n'est pas dit reste inconnu."""
        return await desk.avis(scenario)

    @tool("voies", "Ce qui changerait la réponse")
    async def voies(scenario: Scenario) -> str:
        """Les changements les plus proches qui donnent une meilleure réponse, chacun dit comme une
        chose à faire, par qui, et sur quel fondement."""
        return await desk.ways(scenario)

    @tool("lire_regle", "Une règle et ses sources")
    async def lire_regle(
        regle: Annotated[
            str, Field(description="Identifiant de la règle, tel qu'un avis le cite.")
        ],
        date: _Date = None,
    ) -> str:
        """Une règle du recueil à une date : conditions, conclusions, sources, doute, relecture."""
        return await desk.rule(regle, date)

    @tool("droit_du_jour", "Le droit d'un jour")
    async def droit_du_jour(
        date: _Date = None,
        texte: Annotated[
            str | None, Field(description="Un texte de la liste ; sans lui, la liste des textes.")
        ] = None,
    ) -> str:
        """Les règles en vigueur un jour donné : les textes, ou les règles d'un texte."""
        return await desk.law(date, texte)

    @tool("projet_de_document", "Préparer un document")
    async def projet_de_document(scenario: Scenario, document: _Document = None) -> str:
        """Les documents que la situation appelle, ou le projet de l'un d'eux, avec ses blancs à
        compléter. Aucun acte n'est préparé quand l'avis refuse ou ne sait pas répondre. Le projet
        se rend tel quel : ne remplir un blanc qu'avec ce que la personne a dit."""
        return await desk.draft(scenario, document)

    _resources(server, desk)

    @server.prompt(
        name="reformuler_avis",
        title="Reformuler un avis",
        description="Un avis redit pour quelqu'un, sans rien y ajouter.",
    )
    async def reformuler_avis(
        avis: Annotated[str, Field(description="Le texte que rendre_avis a donné.")],
        public: Annotated[str, Field(description="Pour qui.")] = "une élue ou un élu",
    ) -> str:
        return _REWORD.format(public=public, avis=avis)

    return server


def _quiet_server() -> MCPServer:
    """An empty server, the logs of this program left as they were.

    The SDK logs at level INFO what it was sent, where a scenario may appear, and sets up the logs
    of the whole program when nobody has.
    """
    logging.getLogger("mcp").setLevel(logging.WARNING)
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    server = MCPServer(
        "coopdec",
        title="Coopération décentralisée : avis",
        instructions=_INSTRUCTIONS,
        version=__version__,
        log_level="WARNING",
        subscriptions=False,
    )
    root.handlers[:], root.level = handlers, level
    return server


_Tool = Callable[..., Awaitable[str]]


def _adder(server: MCPServer) -> Callable[[str, str], Callable[[_Tool], _Tool]]:
    """Adds tools whose refusals are told to the assistant, and whose text says its own limits."""

    def tool(name: str, title: str) -> Callable[[_Tool], _Tool]:
        def added(function: _Tool) -> _Tool:
            said = " ".join((function.__doc__ or "").split())
            server.add_tool(
                _told(function),
                name=name,
                title=title,
                description=said + _NEVER_BEYOND,
                annotations=_READS,
                structured_output=False,
            )
            return function

        return added

    return tool


def _told(function: _Tool) -> Callable[..., Awaitable[CallToolResult]]:
    @functools.wraps(function)
    async def told(*args: Any, **kwargs: Any) -> CallToolResult:
        refused = False
        try:
            text = await function(*args, **kwargs)
        except Unanswered as error:
            # A ``ToolError`` would be told in English first.
            text, refused = str(error), True
        return CallToolResult(content=[TextContent(text=text)], is_error=refused)

    # The SDK reads the signature: that of the tool, with what is returned here.
    told.__annotations__ = {**function.__annotations__, "return": CallToolResult}

    return told


def _resources(server: MCPServer, desk: AssistantDesk) -> None:
    @server.resource(
        "coopdec://vocabulaire",
        title="Ce qu'un scénario peut dire",
        mime_type="text/plain",
    )
    def vocabulaire() -> str:
        """Chaque fait : son pointeur, sa question, ses valeurs."""
        return desk.vocabulary()

    @server.resource("coopdec://textes", title="Les textes du recueil", mime_type="text/plain")
    def textes() -> str:
        """Les noms des textes, pour coopdec://textes/{texte}."""
        return "\n".join(desk.texts)

    @server.resource(
        "coopdec://textes/{texte}", title="Un texte du recueil", mime_type="text/markdown"
    )
    def texte(texte: str) -> str:
        """Un texte du recueil, tel que le juriste l'écrit, avec ses règles."""
        try:
            return desk.text(texte)
        except Unanswered as error:
            raise ResourceNotFoundError(str(error)) from None

    @server.resource("coopdec://regles/{regle}", title="Une règle", mime_type="text/plain")
    async def regle(regle: str) -> str:
        """Une règle aujourd'hui, avec ses sources."""
        try:
            return await desk.rule(regle, None)
        except Unanswered as error:
            raise ResourceNotFoundError(str(error)) from None
