"""The pages that a public site owes its users: legal notice, accessibility, privacy, contact, map.

Their text is true of the program; who answers for the site fills in the rest by its settings.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from coopdec_rules.web.hosting.settings import Settings
from coopdec_rules.web.render import Render

#: The state of accessibility, as the law has it said.
CONFORMITY: Mapping[str, str] = {
    "non": "non conforme",
    "partielle": "partiellement conforme",
    "totale": "totalement conforme",
}
_LEGAL, _ACCESS, _PRIVACY, _CONTACT, _MAP = (
    "/mentions-legales",
    "/accessibilite",
    "/confidentialite",
    "/contact",
    "/plan-du-site",
)


def footer(settings: Settings) -> Sequence[tuple[str, str]]:
    """The links at the foot of every page: address and text."""
    return (
        (_MAP, "Plan du site"),
        (_ACCESS, f"Accessibilité : {CONFORMITY[settings.accessibility.state]}"),
        (_LEGAL, "Mentions légales"),
        (_PRIVACY, "Données personnelles"),
        (_CONTACT, "Contact"),
    )


class SitePages:
    """Routes of these pages."""

    def __init__(self, settings: Settings, render: Render) -> None:
        self.settings = settings
        self.render = render
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        for path, template in (
            (_LEGAL, "site/mentions.html"),
            (_ACCESS, "site/accessibilite.html"),
            (_PRIVACY, "site/confidentialite.html"),
            (_CONTACT, "site/contact.html"),
            (_MAP, "site/plan.html"),
        ):
            self._serve(path, template)

    def _serve(self, path: str, template: str) -> None:
        async def answer() -> Response:
            return self.render(
                template,
                site=self.settings.duties,
                conformite=CONFORMITY[self.settings.accessibility.state],
                plan=self._plan(),
            )

        self.router.add_api_route(path, answer, methods=["GET"])

    def _plan(self) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
        return (
            (
                "Avis",
                (
                    ("/", "Accueil"),
                    ("/demande", "Demander un avis"),
                    ("/lots", "Répondre à tout un fichier"),
                ),
            ),
            (
                "Le droit et les exemples",
                (
                    ("/recueil", "Le recueil de règles"),
                    ("/recueil/recherche", "Chercher dans le recueil"),
                    ("/recueil/sources", "Les sources"),
                    ("/panorama", "Le panorama des collectivités"),
                ),
            ),
            ("Pour les programmes", (("/api", "L'API"),)),
            ("Ce site", tuple(footer(self.settings))),
        )
