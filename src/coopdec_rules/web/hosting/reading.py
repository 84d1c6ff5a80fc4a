"""Reads the settings: an option goes before the environment, which goes before the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from coopdec_rules.errors import CoopdecError, suggest
from coopdec_rules.web.hosting.settings import Declared, Settings, declared

#: Names the configuration file; it is not a setting.
FILE_VARIABLE = "COOPDEC_CONFIGURATION"
#: Read when it is in the current folder and no other file is named.
DEFAULT_FILE = "coopdec.toml"
#: Variables that begin alike and belong to the tests.
_OTHERS = frozenset({FILE_VARIABLE, "COOPDEC_CHROMIUM"})
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)$")
_MISSING = object()


class SettingsError(CoopdecError):
    """Mistakes in the settings, one French sentence each."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(self.mistakes))


def configuration_file(option: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The configuration file named by the option or the environment, else the one found here."""
    if option is not None:
        return option
    if environ.get(FILE_VARIABLE):
        return Path(environ[FILE_VARIABLE])
    here = Path(DEFAULT_FILE)
    return here if here.is_file() else None


def read_settings(
    options: Mapping[str, str | None], environ: Mapping[str, str], file: Path | None
) -> Settings:
    """The settings.  ``options`` goes by the dotted names of settings; ``None``: not given.

    Raises ``SettingsError``, with every mistake found: where, what was found, what was expected.
    """
    known = {setting.dotted: setting for setting in declared()}
    text, tree = _file(file)
    mistakes = [*_unknown_variables(environ, known), *_unknown_keys(file, text, tree, known)]
    merged: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in known.values():
        value, origin = _given(setting, options, environ, file, text, tree)
        if value is not _MISSING:
            place = merged.setdefault(setting.section, {}) if setting.section else merged
            place[setting.name] = value
            origins[setting.dotted] = origin
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        mistakes += [_mistake(found, known, origins, file) for found in error.errors()]
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _file(file: Path | None) -> tuple[str, dict[str, Any]]:
    if file is None:
        return "", {}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SettingsError([f"{file} : ce fichier n'existe pas."]) from None
    except OSError as error:
        raise SettingsError([f"{file} : ne peut pas être lu ({error.strerror})."]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            [f"{file}, ligne {line} : ce n'est pas de l'UTF-8. Enregistrez le fichier en UTF-8."]
        ) from None
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{file}{_syntax(str(error))}"]) from None


def _syntax(message: str) -> str:
    """What is wrong in the TOML, with its place; the parser speaks English and is quoted."""
    found = _POSITION.search(message)
    place = f", ligne {found[1]}, colonne {found[2]}" if found else ", à la fin"
    reason = message[: found.start()].strip() if found else message
    return (
        f"{place} : ce n'est pas du TOML ({reason}). Un réglage s'écrit nom = valeur, un texte "
        "entre guillemets droits."
    )


def _given(
    setting: Declared,
    options: Mapping[str, str | None],
    environ: Mapping[str, str],
    file: Path | None,
    text: str,
    tree: Mapping[str, Any],
) -> tuple[object, str]:
    """The value of a setting and where it stands; ``_MISSING`` when nothing gives it."""
    option = options.get(setting.dotted)
    if option is not None:
        return option, f"--{setting.dotted}"
    # What is set and empty gives nothing, in the environment as in the file.
    if environ.get(setting.variable):
        return environ[setting.variable], setting.variable
    part = tree.get(setting.section, {}) if setting.section else tree
    if isinstance(part, dict) and part.get(setting.name, "") != "":
        return part[setting.name], _place(file, text, setting.section, setting.name)
    return _MISSING, ""


def _unknown_variables(environ: Mapping[str, str], known: Mapping[str, Declared]) -> list[str]:
    names = {setting.variable for setting in known.values()} | _OTHERS
    return [
        f"{name} : cette variable n'est pas un réglage.{_hint(name, names)}"
        for name in sorted(environ)
        if name.startswith("COOPDEC_") and name not in names
    ]


def _unknown_keys(
    file: Path | None, text: str, tree: Mapping[str, Any], known: Mapping[str, Declared]
) -> list[str]:
    sections = {setting.section for setting in known.values()} - {""}
    found = []
    for name, value in tree.items():
        if name in sections:
            if not isinstance(value, dict):
                where = _place(file, text, "", name)
                found.append(f"{where} : « {name} » est une section, qui s'écrit [{name}].")
                continue
            names = [s.name for s in known.values() if s.section == name]
            found += [
                f"{_place(file, text, name, key)} : ce réglage n'existe pas.{_hint(key, names)}"
                for key in value
                if key not in names
            ]
        elif name not in known:
            what = "cette section" if isinstance(value, dict) else "ce réglage"
            names = [*sections, *(s.name for s in known.values() if not s.section)]
            where = _place(file, text, *((name, "") if isinstance(value, dict) else ("", name)))
            found.append(f"{where} : {what} n'existe pas.{_hint(name, names)}")
    return found


def _hint(name: str, names: Iterable[str]) -> str:
    near = suggest(name, names)
    return f" Vouliez-vous dire « {near} » ?" if near else ""


def _place(file: Path | None, text: str, section: str, name: str) -> str:
    """Where a key (or the head of a section, with no ``name``) stands in the file."""
    here = ""
    dotted = ".".join(part for part in (section, name) if part)
    for number, line in enumerate(text.splitlines(), start=1):
        head = re.match(r"\s*\[\s*([\w.-]+)\s*\]", line)
        key = re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line)
        here = head[1] if head else here
        if (head and not name and head[1] == section) or (
            key and name and (f"{here}.{key[1]}" if here else key[1]) == dotted
        ):
            return f"{file}, ligne {number}, « {dotted} »"
    return f"{file}, « {dotted} »"


def _mistake(
    error: ErrorDetails,
    known: Mapping[str, Declared],
    origins: Mapping[str, str],
    file: Path | None,
) -> str:
    """One mistake found by pydantic, in French, with where its value comes from."""
    path = [part for part in error["loc"] if isinstance(part, str)]
    setting = known.get(".".join(path[:2])) or known.get(path[0] if path else "")
    reason = error["ctx"]["error"] if error["type"] == "value_error" else None
    if setting is None:  # what is wrong is the whole section, or several settings together
        prefix = f"{path[0]}." if path else ""
        there = [where for name, where in origins.items() if name.startswith(prefix)]
        place = f"[{path[0]}]" if path else (str(file) if file else there[0])
        return f"{place} : {reason}."
    found = "(caché)" if setting.secret else f"« {_shown(error['input'])} »"
    expected = str(reason) if reason is not None else _expected(setting.field)
    joined = f" ({setting.unit})" if setting.unit else ""
    return f"{origins[setting.dotted]} : {found} n'est pas possible ; attendu : {expected}{joined}."


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _expected(field: FieldInfo) -> str:
    """What a field accepts, in words."""
    kind = field.annotation
    if get_origin(kind) is Literal:
        return ", ".join(f"« {value} »" for value in get_args(kind)[:-1]) + (
            f" ou « {get_args(kind)[-1]} »"
        )
    if kind in (int, float):
        bounds = {
            name: getattr(rule, name)
            for rule in field.metadata
            for name in ("ge", "gt", "le")
            if hasattr(rule, name)
        }
        word = "un nombre entier" if kind is int else "un nombre"
        return f"{word}{_between(**bounds)}"
    if get_origin(kind) is list:
        return 'une liste de textes, comme ["127.0.0.1"]'
    return "un texte"


def _between(ge: float | None = None, gt: float | None = None, le: float | None = None) -> str:
    """The bounds of a number, in words."""
    if ge is not None and le is not None:
        return f" entre {ge} et {le}"
    low = f" plus grand que {gt}" if gt is not None else ""
    return low + (f", d'au plus {le}" if le is not None else "")
