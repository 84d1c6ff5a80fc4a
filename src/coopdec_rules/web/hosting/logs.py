"""Logs on the error stream, as text or JSON, that never hold what a person asked.

The message of an exception may quote a scenario: only its type and the lines of code that led to
it are written, unless the level is ``debug``.
"""

from __future__ import annotations

import datetime as dt
import logging
import sys
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import TextIO

import orjson

from coopdec_rules.web.hosting.settings import Journal

#: Identifier of the request being answered; empty outside any.
REQUEST: ContextVar[str] = ContextVar("request", default="")
#: Attribute of a record that holds its fields, as ``extra={FIELDS: {...}}``.
FIELDS = "champs"

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def configure(journal: Journal, stream: TextIO | None = None) -> None:
    """Have every logger of the process write as the settings say, on the error stream."""
    handler = logging.StreamHandler(stream or sys.stderr)
    level = logging.getLevelNamesMapping()[journal.level.upper()]
    detailed = journal.level == "debug"
    handler.setFormatter((JsonLines if journal.format == "json" else TextLines)(detailed))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    # Libraries say nothing of use below « warning ».
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("coopdec_rules").setLevel(level)
    logging.getLogger("uvicorn").setLevel(level if detailed else max(level, logging.WARNING))


class _Lines(logging.Formatter):
    """``detailed``: the messages of exceptions are written too."""

    def __init__(self, detailed: bool) -> None:
        super().__init__()
        self.detailed = detailed

    def formatException(self, ei: _ExcInfo) -> str:
        if self.detailed:
            return super().formatException(ei)
        kind, error, _ = ei
        if kind is None or error is None:
            return ""
        told = []
        seen: set[int] = set()
        current: BaseException | None = error
        while current is not None and id(current) not in seen:
            seen.add(id(current))
            places = traceback.extract_tb(current.__traceback__)
            told.append(
                f"{type(current).__name__} : "
                + " > ".join(f"{place.filename}:{place.lineno} {place.name}" for place in places)
            )
            current = current.__cause__ or current.__context__
        return "\n".join(told)

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        fields: dict[str, object] = {
            "heure": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(
                timespec="milliseconds"
            ),
            "niveau": record.levelname.lower(),
        }
        if REQUEST.get():
            fields["requete"] = REQUEST.get()
        return fields


class JsonLines(_Lines):
    """One JSON object for each event."""

    def format(self, record: logging.LogRecord) -> str:
        fields = self._fields(record)
        fields["evenement"] = record.getMessage()
        fields.update(getattr(record, FIELDS, {}))
        if record.exc_info:
            fields["erreur"] = self.formatException(record.exc_info)
        return orjson.dumps(fields, default=str).decode()


class TextLines(_Lines):
    """One line for each event: time, level, message, then ``name=value``."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {**self._fields(record), **getattr(record, FIELDS, {})}
        head = f"{fields.pop('heure')} {fields.pop('niveau')} {record.getMessage()}"
        line = " ".join([head, *(f"{name}={value}" for name, value in fields.items())])
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
