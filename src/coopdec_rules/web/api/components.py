"""Named components: what generators of typed clients need of the schemas of a description.

A generator names a class after a component, or after what it can make of an inline schema, which
changes with the next version.  So every object and every list of values becomes a component, named
by ``x-nom`` or its title when it has one, else by where it stands; and what a text is a code of
(``x-conclusion`` and the like, ``advice/codes``) is looked up in the rulebook.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coopdec_rules.advice import answers
from coopdec_rules.advice.codes import CONCLUSION, FACT, RANK, UNSETTLED
from coopdec_rules.advice.schema import NAME as SCENARIO
from coopdec_rules.advice.schema import pascal
from coopdec_rules.rulebook.rulebook import Rulebook
from coopdec_rules.rulebook.types.base import NAME

Schemas = dict[str, Any]
#: Where the components of a description stand.
REF = "#/components/schemas/"
#: What is said of one use of a list of values, beside what they are.
_SAID = ("description", "default", "examples", "x-libelle", "x-presume")
_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")


def named(schemas: Mapping[str, Any], book: Rulebook) -> Schemas:
    """The same schemas, with everything that deserves a name in a component of its own.

    Raises ``ValueError`` when two schemas that differ would bear one name, or a name cannot be that
    of a class.
    """
    return _Components(book).of(schemas)


class _Components:
    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.found: Schemas = {}

    def of(self, schemas: Mapping[str, Any]) -> Schemas:
        for name, schema in schemas.items():
            self._keep(name, self._inside(schema, name))
        return dict(sorted(self.found.items()))

    def _keep(self, name: str, schema: Any) -> dict[str, str]:
        if not _NAME.fullmatch(name):
            raise ValueError(f"« {name} » cannot name a class")
        schema = {"title": name, **{k: v for k, v in schema.items() if k != "title"}}
        if self.found.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas that differ are named « {name} »")
        return {"$ref": f"{REF}{name}"}

    def _inside(self, schema: Any, place: str) -> Schemas:
        """A schema, what it holds being named; ``place`` names what has no title."""
        schema = self._coded(schema)
        found: Schemas = {}
        for key, value in schema.items():
            if key == "properties":
                found[key] = {
                    name: self._property(child, f"{place}{pascal(name)}")
                    for name, child in value.items()
                }
            elif key in ("items", "additionalProperties") and isinstance(value, dict):
                found[key] = self._named(value, place)
            elif key in ("anyOf", "oneOf", "allOf"):
                found[key] = [self._named(part, place) for part in value]
            elif key == "const":
                # A list of one value: some generators read no constant.
                found |= {"type": "string", "enum": [value]}
            else:
                found[key] = value
        return found

    def _property(self, schema: Any, place: str) -> Schemas:
        made = self._named(schema, place)
        return made if "$ref" in made else {k: v for k, v in made.items() if k != "title"}

    def _named(self, schema: Any, place: str) -> Schemas:
        """What stands for a schema: a reference to its component, when it deserves one."""
        if "$ref" in schema:
            return dict(schema)
        schema = self._coded(schema)
        listed = "enum" in schema or "const" in schema
        if not listed and "properties" not in schema:
            return self._inside(schema, place)
        said = {key: schema[key] for key in _SAID if key in schema and listed}
        kept = {key: value for key, value in schema.items() if key not in {*said, NAME}}
        # The title of a list is only that of the key that has it.
        name = schema.get(NAME) or (place if listed else kept["title"])
        return {**self._keep(name, self._inside(kept, name)), **said}

    def _coded(self, schema: Any) -> Schemas:
        """The same schema, with the values of what it is a code of."""
        book = self.book
        if CONCLUSION in schema:
            name = schema[CONCLUSION]
            unsettled = schema.get(UNSETTLED)
            values = dict(book.conclusions[name].values)
            if unsettled:
                values.setdefault(answers.UNDETERMINED, "indéterminée")
            return _listing(schema, ("Reponse" if unsettled else "Valeur") + pascal(name), values)
        if FACT in schema:
            fact = book.facts[schema[FACT]]
            # As the scenario names it: what one answer gives, another scenario takes.
            path = (*((fact.scope,) if fact.scope else ()), *fact.path)
            return _listing(schema, SCENARIO + "".join(map(pascal, path)), fact.values)
        if RANK in schema:
            return _listing(schema, "Rang", {rank.id: rank.label for rank in book.ranks.values()})
        return dict(schema)


def _listing(schema: Any, name: str, values: Mapping[str, str]) -> Schemas:
    """A schema with its values, in place of the mark that told whose they are."""
    marks = (CONCLUSION, UNSETTLED, FACT, RANK)
    kept = {key: value for key, value in schema.items() if key not in marks}
    return {**kept, NAME: name, "type": "string", "enum": list(values), "x-libelles": dict(values)}
