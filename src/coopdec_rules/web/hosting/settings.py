"""Every setting of the service, declared once: name, meaning, unit, default, bounds.

Fields bear English names; their ``alias`` is the name that an operator writes, in the file
(``port = 8000``, ``[journal]``), in the environment (``COOPDEC_PORT``, ``COOPDEC_JOURNAL_NIVEAU``)
and on the command line (``--port``).  ``declared`` lists them all.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    model_validator,
)
from pydantic.fields import FieldInfo

from coopdec_rules.web.avis.seal import KEY_BYTES
from coopdec_rules.web.hosting.bounds import Bounds
from coopdec_rules.web.hosting.declaring import Section, Texts, Whole, setting
from coopdec_rules.web.hosting.publisher import (
    Accessibility,
    Duties,
    Host,
    Privacy,
    Publisher,
)
from coopdec_rules.web.serving import Limits

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_ADDRESS = re.compile(rf"https?://[A-Za-z0-9.-]+(?::\d{{1,5}})?(?:{_PREFIX.pattern})?")


def _networks(value: list[str]) -> list[str]:
    for text in value:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            raise ValueError(
                f"des adresses IP ou des réseaux, comme 10.0.0.0/8 (« {text} » n'en est pas)"
            ) from None
    return value


def _prefix(value: str) -> str:
    value = value.rstrip("/")
    if value and not _PREFIX.fullmatch(value):
        raise ValueError("un chemin comme « /cooperation », de lettres et de chiffres")
    return value


def _public(value: str) -> str:
    value = value.rstrip("/")
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError("une adresse comme « https://avis.exemple.fr », sans rien après le chemin")
    return value


def _key(value: str | None) -> str | None:
    if value is not None and len(value) < KEY_BYTES:
        raise ValueError(f"{KEY_BYTES} caractères au moins")
    return value


def _origins(value: list[str]) -> list[str]:
    for text in value:
        if text != "*" and not _ORIGIN.fullmatch(text):
            raise ValueError(
                "des adresses comme « https://exemple.fr », sans chemin, ou « * » seule "
                f"(« {text} » n'en est pas)"
            )
    if "*" in value and len(value) > 1:
        raise ValueError("« * » seule, ou des adresses")
    return value


class Admitted(Section):
    """Who may ask the API."""

    file: Path | None = setting(
        None,
        "fichier_cles",
        "Le fichier des clés de l'API, qui ne contient que leurs empreintes ; sans lui, aucune clé "
        "n'est demandée.",
    )
    without: Literal["refuse", "permis"] = setting(
        "refuse",
        "sans_cle",
        "Avec un fichier de clés : ce que devient une demande qui n'en porte pas.",
    )
    origins: Annotated[Texts, AfterValidator(_origins)] = setting(
        [],
        "origines",
        "Les sites dont les pages peuvent appeler l'API depuis un navigateur (CORS), comme "
        "« https://exemple.fr » ; « * » : tous.",
    )


class Journal(Section):
    """What the service writes of its own work, on the error stream."""

    level: Literal["debug", "info", "warning", "error"] = setting(
        "info",
        "niveau",
        "Ce qui est écrit : « info », chaque demande ; « warning », les anomalies seulement ; "
        "« debug » ajoute les sondes et le texte des erreurs, où un scénario peut paraître.",
    )
    format: Literal["texte", "json"] = setting(
        "texte", "format", "Une ligne de texte ou un objet JSON par évènement."
    )


class Settings(Section):
    """Settings of ``coopdec servir``."""

    address: str = setting("127.0.0.1", "adresse", "L'adresse d'écoute.", min_length=1)
    port: Whole = setting(8000, "port", "Le port d'écoute ; 0 : un port libre.", ge=0, le=65535)
    workers: Whole = setting(
        1,
        "workers",
        "Combien de processus répondent ; à partir de 2, un surveillant relance celui qui meurt et "
        "les remplace un à un au signal HUP.",
        unit="processus",
        ge=1,
        le=64,
    )
    proxies: Annotated[Texts, AfterValidator(_networks)] = setting(
        [],
        "mandataires",
        "Les adresses ou réseaux des serveurs placés devant celui-ci, dont les en-têtes "
        "X-Forwarded-For et X-Forwarded-Proto sont crus.",
    )
    prefix: Annotated[str, AfterValidator(_prefix)] = setting(
        "", "prefixe", "Le chemin sous lequel le service est publié, comme « /cooperation »."
    )
    public_address: Annotated[str, AfterValidator(_public)] = setting(
        "",
        "adresse_publique",
        "L'adresse où le public trouve le service, préfixe compris, comme "
        "« https://avis.exemple.fr/cooperation » : le PDF porte alors un code à scanner, "
        "qui ramène à l'avis.",
    )
    hsts: Whole = setting(
        0,
        "hsts",
        "La durée de l'en-tête Strict-Transport-Security ; 0 : pas d'en-tête. À ne donner que si "
        "le site n'est servi qu'en HTTPS.",
        unit="secondes",
        ge=0,
        le=63_072_000,
    )
    metrics: Literal["non", "locales", "ouvertes"] = setting(
        "non",
        "mesures",
        "Qui peut lire /metrics : personne ; « locales », une demande faite depuis cette machine "
        "sans passer par un mandataire ; « ouvertes », quiconque atteint le port.",
    )
    assistants: Literal["non", "oui"] = setting(
        "non",
        "assistants",
        "Sert aussi les assistants à /mcp (Model Context Protocol), aux mêmes limites que l'API ; "
        "derrière un mandataire, « adresse_publique » dit à quelle adresse ils viennent.",
    )
    secret: Annotated[str | None, AfterValidator(_key)] = setting(
        None,
        "cle",
        "La clé qui signe les liens. Sans elle, celle de « fichier_cle ».",
        secret=True,
    )
    key_file: Path | None = setting(
        None,
        "fichier_cle",
        "Le fichier où la clé est gardée, fait au premier démarrage ; par défaut « coopdec.cle » à "
        "côté du fichier de configuration, sinon « coopdec/cle » dans le dossier d'état de "
        "l'utilisateur.",
    )
    rulebook: Path | None = setting(
        None, "recueil", "Le dossier du recueil ; par défaut, celui du paquet."
    )
    archives: Path | None = setting(
        None,
        "recueils",
        "Le dossier des recueils publiés, gardés pour relire les avis d'avant ; par défaut, celui "
        "du paquet.",
    )
    cases: Path | None = setting(
        None, "cas", "Le dossier des cas d'étude ; par défaut, celui du paquet."
    )
    banatic: Path | None = setting(
        None,
        "banatic",
        "L'extrait de la base des groupements, écrit par « coopdec territoires importer » ; par "
        "défaut, celui du paquet.",
    )
    bounds: Bounds = Field(default=Bounds(), alias="limites")
    journal: Journal = Field(default=Journal(), alias="journal")
    admitted: Admitted = Field(default=Admitted(), alias="acces")
    publisher: Publisher = Field(default=Publisher(), alias="editeur")
    host: Host = Field(default=Host(), alias="hebergeur")
    accessibility: Accessibility = Field(default=Accessibility(), alias="accessibilite")
    privacy: Privacy = Field(default=Privacy(), alias="confidentialite")

    _signing_key: bytes | None = PrivateAttr(default=None)

    @property
    def duties(self) -> Duties:
        """What the pages of the site say of its host."""
        return Duties(
            publisher=self.publisher,
            host=self.host,
            accessibility=self.accessibility,
            privacy=self.privacy,
        )

    @property
    def limits(self) -> Limits:
        """What each worker accepts, waits for and keeps."""
        return self.bounds.limits()

    @property
    def key(self) -> bytes | None:
        """The key that signs links; ``None`` until ``with_key`` gave one."""
        return self._signing_key

    def with_key(self, key: bytes) -> Settings:
        """These settings with the key that signs links."""
        copy = self.model_copy()
        copy._signing_key = key
        return copy

    @model_validator(mode="after")
    def _one_key(self) -> Settings:
        if self.secret is not None and self.key_file is not None:
            raise ValueError("« cle » et « fichier_cle » ne se donnent pas ensemble")
        return self


@dataclass(frozen=True, slots=True)
class Declared:
    """A setting as it is written; ``section`` is empty for those outside any."""

    section: str
    name: str
    field: FieldInfo

    @property
    def dotted(self) -> str:
        """Its name with its section, as ``journal.niveau``."""
        return f"{self.section}.{self.name}" if self.section else self.name

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return "COOPDEC_" + self.dotted.replace(".", "_").upper()

    @property
    def meaning(self) -> str:
        """What it sets, in French."""
        return self.field.description or ""

    @property
    def unit(self) -> str:
        """What its number counts; empty for other settings."""
        return str(self._extra.get("unit", ""))

    @property
    def secret(self) -> bool:
        """Whether its value is never shown."""
        return bool(self._extra.get("secret"))

    @property
    def default(self) -> object:
        """What it is when nothing gives it."""
        return self.field.default

    @property
    def _extra(self) -> dict[str, Any]:
        extra = self.field.json_schema_extra
        return extra if isinstance(extra, dict) else {}


def declared(model: type[Section] = Settings, section: str = "") -> Iterator[Declared]:
    """Every setting, those outside sections first."""
    sections = []
    for field in model.model_fields.values():
        name = field.alias or ""
        if isinstance(field.annotation, type) and issubclass(field.annotation, Section):
            sections.append((field.annotation, name))
        else:
            yield Declared(section, name, field)
    for part, name in sections:
        yield from declared(part, name)
