"""Drives durable-rules in the one way that is stable and fast; see ``docs/decisions/0002``.

A *panel* is one durable-rules ruleset: one pattern per rule over text properties, one flat fact
asserted and taken back each time, one fixed sid.  The extension is called directly, since the
public API starts threads, copies every message and leaks.

Two limits of the extension are kept by construction, not by luck: a matched fact may have at most
254 properties, and its alpha network is walked with a stack of 64 nodes, which can never hold more
nodes than the panel has branches.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from itertools import count

import durable_rules_engine as extension

from coopdec_rules.errors import EngineError
from coopdec_rules.rulebook.formula import Formula, Lit, branches, literals

MAX_BRANCHES = 60
MAX_PROPERTIES = 250
_HANDLED = 0
_NAMES = count(1)

#: One lock for every panel: the extension keeps the GIL anyway, and shares state between rulesets.
_LOCK = threading.Lock()


class Panel:
    """A compiled ruleset.  ``properties`` are the atoms it reads, ``rules`` what it may fire."""

    def __init__(self, rules: Sequence[tuple[int, Formula]], possible: bool) -> None:
        self.properties = sorted({lit.atom for _, f in rules for lit in literals(f)})
        self.rules = tuple(index for index, _ in rules)
        definition = {
            str(index): {"all": [{"m": _pattern(formula, possible)}]} for index, formula in rules
        }
        with _LOCK:
            self._handle: int | None = extension.create_ruleset(
                f"panel{next(_NAMES)}", json.dumps(definition)
            )
        self._fragments = [
            {value: f',"a{atom}":"{value}"' for value in "vfu"} for atom in self.properties
        ]

    def fire(self, values: str) -> frozenset[int]:
        """Rules whose pattern matches; ``values`` has one letter (v, f, u) for each property.

        Raises ``EngineError`` when the extension refuses the fact.
        """
        parts = [pieces[v] for pieces, v in zip(self._fragments, values, strict=True)]
        body = f'{{"id":"1","sid":"0"{"".join(parts)}}}'
        fired = []
        handle = self._handle
        if handle is None:
            raise EngineError("Ce moteur a été fermé.")
        with _LOCK:
            try:
                code, state = extension.assert_fact(handle, body)
                if code == _HANDLED:
                    first = extension.start_action_for_state(handle, state)
                    message = first[1] if first else None
                    while message:
                        fired.append(int(message[2 : message.index('"', 2)]))
                        message = extension.complete_and_start_action(handle, state)
                extension.retract_fact(handle, body)
            except extension.error as error:
                raise EngineError(f"Le moteur de règles a refusé un fait ({error}).") from error
        return frozenset(fired)

    def close(self) -> None:
        """Free the ruleset; the panel must not be used again."""
        with _LOCK:
            if self._handle is not None:
                extension.delete_ruleset(self._handle)
                self._handle = None


def make_panels(
    rules: Iterable[tuple[int, Formula]], name: Callable[[int], str], possible: bool
) -> list[Panel]:
    """Spread rules over as few panels as the extension's limits allow.

    ``name`` gives a rule's name for messages.  Raises ``EngineError`` when a single rule has too
    many alternatives, or reads too many facts, to be matched.
    """
    panels: list[Panel] = []
    current: list[tuple[int, Formula]] = []
    size, properties = 0, set[int]()
    for index, formula in rules:
        weight = branches(formula)
        needed = {lit.atom for lit in literals(formula)}
        if weight > MAX_BRANCHES:
            raise EngineError(
                f"La règle « {name(index)} » a {weight} combinaisons de cas "
                f"(maximum {MAX_BRANCHES}) : la scinder."
            )
        if len(needed) > MAX_PROPERTIES:
            raise EngineError(
                f"La règle « {name(index)} » lit {len(needed)} comparaisons "
                f"(maximum {MAX_PROPERTIES}) : la scinder."
            )
        if size + weight > MAX_BRANCHES or len(properties | needed) > MAX_PROPERTIES:
            panels.append(Panel(current, possible))
            current, size, properties = [], 0, set()
        current.append((index, formula))
        size += weight
        properties |= needed
    if current:
        panels.append(Panel(current, possible))
    return panels


def _pattern(formula: Formula, possible: bool) -> dict[str, object]:
    """A formula in the matcher's own form.

    *Certain*: every literal must be known to hold.  *Possible*: no literal is known not to.
    """
    if isinstance(formula, Lit):
        name = f"a{formula.atom}"
        if possible:
            return {"$neq": {name: "f" if formula.positive else "v"}}
        return {name: "v" if formula.positive else "f"}
    parts = [_pattern(p, possible) for p in formula.parts]
    if len(parts) == 1:
        return parts[0]
    return {"$and" if type(formula).__name__ == "And" else "$or": parts}
