"""Who answers for the site: what a public service owes its users, filled in by its host.

Nothing is invented: what is not given is shown as missing, and told to whoever starts the service.
Sources of these duties: law n° 2004-575 (publisher and host), law n° 2005-102, art. 47, and decree
n° 2019-768 (accessibility), GDPR, art. 13 (privacy).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from coopdec_rules.web.hosting.declaring import Section, setting

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ADDRESS = re.compile(r"https?://\S+")


def _mail(value: str) -> str:
    if value and not _MAIL.fullmatch(value):
        raise ValueError("une adresse de courriel, comme contact@exemple.fr")
    return value


def _page(value: str) -> str:
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError("l'adresse d'une page, comme https://exemple.fr/schema")
    return value


def _day(value: str) -> str:
    if value:
        try:
            dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError("une date AAAA-MM-JJ") from None
    return value


Mail = Annotated[str, AfterValidator(_mail)]
Page = Annotated[str, AfterValidator(_page)]
Day = Annotated[str, AfterValidator(_day)]


class Publisher(Section):
    """Who publishes the site."""

    name: str = setting("", "nom", "L'éditeur du site : nom et forme. Obligatoire en public.")
    seat: str = setting("", "siege", "L'adresse de l'éditeur. Obligatoire en public.")
    phone: str = setting("", "telephone", "Le téléphone de l'éditeur. Obligatoire en public.")
    mail: Mail = setting("", "courriel", "Le courriel de l'éditeur. Obligatoire en public.")
    number: str = setting("", "siren", "Le numéro SIREN de l'éditeur, s'il en a un.")
    director: str = setting(
        "",
        "directeur",
        "Le directeur de la publication, par sa fonction (« le maire »). Obligatoire en public.",
    )


class Host(Section):
    """Who runs the machines."""

    name: str = setting("", "nom", "L'hébergeur du site. Obligatoire en public.")
    seat: str = setting("", "adresse", "L'adresse de l'hébergeur. Obligatoire en public.")
    phone: str = setting("", "telephone", "Le téléphone de l'hébergeur. Obligatoire en public.")


class Accessibility(Section):
    """What the host declares of the accessibility of its site."""

    state: Literal["non", "partielle", "totale"] = setting(
        "non",
        "etat",
        "La conformité au RGAA que l'audit de votre site a établie ; « non » sans audit.",
    )
    audited_on: Day = setting("", "audit_le", "Le jour de l'audit, AAAA-MM-JJ.")
    audit: str = setting("", "audit", "Qui l'a fait, et son résultat (part des critères).")
    exceptions: str = setting(
        "", "ecarts", "Ce que l'audit a trouvé de non conforme, et les dérogations."
    )
    plan: Page = setting("", "schema", "L'adresse du schéma pluriannuel d'accessibilité.")
    contact: Mail = setting(
        "", "contact", "Le courriel où signaler une difficulté ; par défaut, celui de l'éditeur."
    )

    @model_validator(mode="after")
    def _audited(self) -> Accessibility:
        if self.state != "non" and not (self.audited_on and self.audit):
            raise ValueError(
                "une conformité ne se déclare qu'avec « audit_le » et « audit » (etat : "
                f"« {self.state} »)"
            )
        return self


class Privacy(Section):
    """What the host says of personal data."""

    officer: str = setting(
        "",
        "delegue",
        "Comment joindre le délégué à la protection des données. Obligatoire en public.",
    )
    logs: str = setting(
        "",
        "journaux",
        "Ce que gardent vos serveurs placés devant le service, et combien de temps (« adresse IP, "
        "un an »). Obligatoire en public.",
    )


class Duties(Section):
    """Everything that the pages of the site say of its host."""

    publisher: Publisher
    host: Host
    accessibility: Accessibility
    privacy: Privacy

    @property
    def contact(self) -> str:
        """Where to write; "" when it is not known."""
        return self.publisher.mail

    @property
    def reporting(self) -> str:
        """Where to tell of a difficulty of access; "" when it is not known."""
        return self.accessibility.contact or self.publisher.mail

    def missing(self) -> Iterator[str]:
        """The compulsory settings that are not given, by their dotted names."""
        for section, part in (
            ("editeur", self.publisher),
            ("hebergeur", self.host),
            ("confidentialite", self.privacy),
        ):
            for name, field in type(part).model_fields.items():
                compulsory = (field.description or "").endswith(COMPULSORY)
                if compulsory and not str(getattr(part, name)).strip():
                    yield f"{section}.{field.alias}"


#: Ends the meaning of a setting without which a public site is not in order.
COMPULSORY = "Obligatoire en public."
