"""The server of assistants, by the SDK's own client: in this process, over HTTP, over stdio."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.advice.documents import MAX_BYTES
from coopdec_rules.assistants.desk import AssistantDesk
from coopdec_rules.assistants.server import make_server
from coopdec_rules.documents.room import load_documents
from coopdec_rules.web.app import create_app
from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.service import Service
from scripts.assistants import CONVERSATIONS, PAGE, TODAY, transcript, written
from tests.web.conftest import cases, service

__all__ = ["cases", "service"]  # fixtures

TOOLS = {
    "chercher_territoire", "questions_utiles", "rendre_avis", "voies", "lire_regle",
    "droit_du_jour", "projet_de_document",
}  # fmt: skip
SCENARIO = CONVERSATIONS[0][1][2].arguments["scenario"]


async def _direct(document: object, work: Callable[[], str]) -> str:
    return work()


@pytest.fixture(scope="module")
def desk(advisor: Advisor) -> AssistantDesk:
    documents = load_documents(advisor.rulebook)
    return AssistantDesk(advisor, documents, _direct, lambda: TODAY)


def talk(target: Any, conversation: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a conversation with a server gives."""

    async def held() -> Any:
        async with Client(target) as client:
            return await conversation(client)

    return asyncio.run(held())


def call(desk: AssistantDesk, tool: str, **arguments: Any) -> tuple[str, bool]:
    """The text that a tool answers, and whether it refuses."""

    async def conversation(client: Client) -> tuple[str, bool]:
        return _text(await client.call_tool(tool, arguments))

    return talk(make_server(desk), conversation)


def _text(result: Any) -> tuple[str, bool]:
    return "".join(part.text for part in result.content), bool(result.is_error)


def test_the_page_shows_the_conversations_as_they_are(desk: AssistantDesk) -> None:
    page = PAGE.read_text("utf-8")
    made = asyncio.run(transcript(desk.advisor, desk.documents))
    assert written(page, made) == page, "python -m scripts.assistants"


def test_tools_say_their_limits_and_only_read(desk: AssistantDesk) -> None:
    async def conversation(client: Client) -> Any:
        return client.instructions, (await client.list_tools()).tools

    instructions, tools = talk(make_server(desk), conversation)
    assert {tool.name for tool in tools} == TOOLS
    for tool in tools:
        assert tool.description.endswith("Ne jamais répondre au-delà de ce que cet outil rend.")
        assert tool.annotations.read_only_hint
        assert not tool.annotations.open_world_hint
        for name, argument in tool.input_schema["properties"].items():
            assert argument["description"], name
    assert "Ne jamais répondre au-delà de l'avis" in instructions


def test_an_avis_is_told_with_the_words_of_the_avis(desk: AssistantDesk) -> None:
    avis = desk.advisor.advise(SCENARIO, TODAY).avis
    text, refused = call(desk, "rendre_avis", scenario=SCENARIO)
    assert not refused
    for sentence in avis["resume"].values():
        assert sentence in text
    for task in (*avis["conditions"], *avis["formalites"]):
        assert (task["texte"] in text) == (task["etat"] != "remplie")
    for told in (*avis["elements"], *avis["avertissements"]):
        assert told.get("phrase", told.get("texte")) in text
    assert text.endswith(desk.book.wordbook.say("fin"))


def test_nothing_known_gives_questions_and_no_yes(desk: AssistantDesk) -> None:
    scenario = {"acteur": {"nature": "commune"}}
    text, refused = call(desk, "rendre_avis", scenario=scenario)
    assert not refused
    assert "Habilitation [indeterminee]" in text
    assert "Questions" in call(desk, "questions_utiles", scenario=scenario)[0]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("rendre_avis", {"scenario": {"acteur": {"nature": "royaume"}}}, "/acteur/nature"),
        ("voies", {"scenario": {"x": "y" * MAX_BYTES}}, "trop grand"),
        ("lire_regle", {"regle": "../../etc/passwd"}, "n'existe pas"),
        ("lire_regle", {"regle": "cadre-reconnu", "date": "hier"}, "AAAA-MM-JJ"),
        ("droit_du_jour", {"texte": "../../../pyproject.toml"}, "n'existe pas"),
        ("chercher_territoire", {"recherche": "x" * 500}, "de 1 à"),
        ("projet_de_document", {"scenario": {}, "document": "/etc/passwd"}, "n'existe pas"),
    ],
)
def test_refusals_are_told_in_french(
    desk: AssistantDesk, tool: str, arguments: dict[str, Any], said: str
) -> None:
    text, refused = call(desk, tool, **arguments)
    assert refused
    assert said in text
    assert "Error" not in text


def test_every_rule_and_text_can_be_read(desk: AssistantDesk) -> None:
    for ident in list({rule.id: None for rule in desk.book.rules})[::40]:
        text = asyncio.run(desk.rule(ident, None))
        assert text.startswith(f"Règle {ident}, ")
        assert "Sources :" in text
    for name in desk.texts:
        assert desk.text(name).startswith("#") == desk.texts[name].endswith(".md")
        assert name in asyncio.run(desk.law(None, None)) or not any(
            rule.file == desk.texts[name] for rule in desk.book.at(TODAY).rules
        )


def test_resources_and_the_prompt(desk: AssistantDesk) -> None:
    async def conversation(client: Client) -> Any:
        listed = {str(r.uri) for r in (await client.list_resources()).resources}
        models = {
            r.uri_template for r in (await client.list_resource_templates()).resource_templates
        }
        texts = await client.read_resource("coopdec://textes")
        first = texts.contents[0].text.splitlines()[0]
        text = await client.read_resource(f"coopdec://textes/{first}")
        for wrong in ("coopdec://textes/..%2F..%2FREADME", "coopdec://regles/tout-est-permis"):
            with pytest.raises(Exception, match=r"n'existe pas|[Uu]nknown|not"):
                await client.read_resource(wrong)
        facts = await client.read_resource("coopdec://vocabulaire")
        asked = await client.get_prompt(
            "reformuler_avis", {"avis": "UN AVIS", "public": "le maire"}
        )
        return listed, models, text, facts, asked.messages[0].content.text

    listed, models, text, facts, prompt = talk(make_server(desk), conversation)
    assert listed == {"coopdec://vocabulaire", "coopdec://textes"}
    assert models == {"coopdec://textes/{texte}", "coopdec://regles/{regle}"}
    assert text.contents[0].text.startswith("#")
    assert "/acteur/nature" in facts.contents[0].text
    assert "UN AVIS" in prompt
    assert "N'emploie que ses réponses, ses motifs" in prompt


def test_the_logs_of_the_program_stay_as_they_are(desk: AssistantDesk, caplog) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    with caplog.at_level(logging.INFO):
        call(desk, "rendre_avis", scenario={"acteur": {"nature": "un secret"}})
    assert (list(root.handlers), root.level) == before
    assert "un secret" not in caplog.text


# -- over HTTP -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(service: Service) -> FastAPI:
    settings = Settings.model_validate(
        {
            "assistants": "oui",
            "adresse_publique": "https://avis.exemple.fr/coop",
            "prefixe": "/coop",
        }
    )
    return create_app(service=service, settings=settings)


def test_assistants_come_over_http_under_the_same_guards(served: FastAPI) -> None:
    async def held() -> None:
        transport = httpx2.ASGITransport(app=served)
        life = served.router.lifespan_context(served)
        async with life, httpx2.AsyncClient(transport=transport) as http:
            address = "https://avis.exemple.fr/coop/mcp"
            async with Client(streamable_http_client(address, http_client=http)) as client:
                assert {t.name for t in (await client.list_tools()).tools} == TOOLS
                result = await client.call_tool("rendre_avis", {"scenario": SCENARIO})
                text, refused = _text(result)
                assert not refused
                assert "Habilitation [" in text
            body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
            for headers, status in (
                ({"Host": "autre.exemple.fr"}, 421),
                ({"Origin": "https://autre.exemple.fr"}, 403),
            ):
                sent = {"Accept": "application/json, text/event-stream", **headers}
                refusal = await http.post(address, json=body, headers=sent)
                assert refusal.status_code == status
                assert refusal.headers["x-content-type-options"] == "nosniff"
            large = await http.post(address, content=b"x" * (MAX_BYTES + 1))
            assert large.status_code == 413
            assert (await http.get(address)).status_code == 405

    asyncio.run(held())


def test_assistants_are_not_served_unless_asked_for(service: Service) -> None:
    app = create_app(service=service, settings=Settings())
    assert not [route for route in app.routes if getattr(route, "path", "") == "/mcp"]


# -- over the standard input and output ------------------------------------------------------


def test_the_command_serves_an_assistant() -> None:
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "coopdec_rules.cli", "mcp"],
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    async def conversation(client: Client) -> tuple[str, bool]:
        return _text(await client.call_tool("lire_regle", {"regle": "cadre-reconnu"}))

    text, refused = talk(parameters, conversation)
    assert not refused
    assert text.startswith("Règle cadre-reconnu, ")


def test_nothing_else_loads_the_sdk() -> None:
    """A second at the start of everything else."""
    code = (
        "import sys, coopdec_rules.cli.app, coopdec_rules.web.app; "
        "sys.exit(any(name == 'mcp' or name.startswith('mcp.') for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": ":".join(sys.path)}, check=False
    )
    assert done.returncode == 0
