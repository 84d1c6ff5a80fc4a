"""``coopdec mcp``: assistants served over the standard input and output."""

from __future__ import annotations

from collections.abc import Callable

from coopdec_rules.cli.common import advisor
from coopdec_rules.cli.documents import documents_of


def mcp_command() -> None:
    """Sert les assistants (Model Context Protocol) sur l'entrée et la sortie, jusqu'à leur fin.

    Un assistant lance lui-même cette commande (docs/assistants.md). Rien n'est lu ni écrit
    d'autre que le recueil.
    """
    # Only here: the SDK takes a second to import, which other commands need not spend.
    import anyio.to_thread

    from coopdec_rules.assistants.desk import AssistantDesk
    from coopdec_rules.assistants.server import make_server

    async def run(document: object, work: Callable[[], str]) -> str:
        return await anyio.to_thread.run_sync(work)

    with advisor() as adviser:
        desk = AssistantDesk(adviser, documents_of(adviser.rulebook), run)
        make_server(desk).run("stdio")
