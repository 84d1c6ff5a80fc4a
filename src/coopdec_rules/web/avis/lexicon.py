"""Words of the field explained where a page uses them: the first time each, on a click."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup, escape

from coopdec_rules.rulebook.wordbook import Term, Wordbook

#: What is marked of a word of the field: as many whole words as fit a narrow screen.
_SHORT = re.compile(r".{1,28}(?!\w)")


class Lexicon:
    """Marks the words of one page; ``used`` are those it marked, in order.

    Without JavaScript: a button shows what it controls by the attribute ``popovertarget``.
    """

    def __init__(self, wordbook: Wordbook) -> None:
        self._pattern, self._terms = _compiled(wordbook.terms)
        self._used: dict[str, Term] = {}

    def __call__(self, text: str) -> Markup:
        """The text, escaped, each word not yet marked on the page made to open its meaning."""
        written = escape(text)
        if self._pattern is None:
            return written
        # Escaped already, and what is put in comes from the rulebook.
        return Markup(self._pattern.sub(self._marked, written))  # noqa: S704

    def _marked(self, match: re.Match[str]) -> str:
        term = self._terms[match[0].lower()]
        if term.id in self._used:
            return match[0]
        self._used[term.id] = term
        attributes = f'type="button" class="mot" popovertarget="mot-{term.id}"'
        # A button is not broken over two lines: of a long name, its first words open it.
        shown = _SHORT.match(match[0])
        head = shown[0] if shown else match[0]
        return f"<button {attributes}>{head}</button>{match[0][len(head) :]}"

    @property
    def used(self) -> tuple[Term, ...]:
        return tuple(self._used.values())


@lru_cache(maxsize=4)
def _compiled(terms: tuple[Term, ...]) -> tuple[re.Pattern[str] | None, Mapping[str, Term]]:
    known = {str(escape(form)).lower(): term for term in terms for form in term.forms}
    if not known:
        return None, known
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE), known
