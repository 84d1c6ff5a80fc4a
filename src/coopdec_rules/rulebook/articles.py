"""Articles that only changed their number: cited by one name that resolves at the date.

``rules/articles.yaml`` gives, for each name, the text and the number that carry it, period by
period.  A rule that cites ``@name`` becomes one version per period, so that no rule has to be
written again because an article moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import Period, Source, SourceRef
from coopdec_rules.rulebook.periods import intersection, read_bounds
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

FILE = "articles.yaml"
SIGN = "@"


@dataclass(frozen=True, slots=True)
class Article:
    """A provision under the successive numbers it had."""

    name: str
    versions: tuple[tuple[Period, SourceRef], ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """One entry of ``source``: a text with its pinpoint, or an article and a part of it."""

    ref: SourceRef | None
    article: Article | None = None
    part: str = ""

    def on(self, period: Period) -> list[tuple[Period, SourceRef]]:
        """What it cites over a period, piece by piece; days without the article are left out."""
        if self.article is None:
            return [(period, self.ref)] if self.ref is not None else []
        return [
            (common, SourceRef(ref.source, ", ".join(p for p in (ref.pinpoint, self.part) if p)))
            for version, ref in self.article.versions
            if (common := intersection(version, period)) is not None
        ]


def load_articles(root: Path, reader: Reader, sources: Mapping[str, Source]) -> dict[str, Article]:
    """Articles by name; the file is optional.  Mistakes go to ``reader``."""
    path = root / FILE
    if not path.is_file():
        return {}
    found = {}
    for name, node in reader.mapping(read_yaml(read_text(path, FILE), FILE), "Articles").items():
        what = f"Article « {name} »"
        items = node.value if isinstance(node.value, list) else []
        if not items:
            reader.report(node, f"{what} : une liste de périodes (du, au, source) est attendue.")
        versions = [v for item in items if (v := _version(reader, item, what, sources))]
        for (first, _), (second, _) in pairwise(versions):
            if second.start is None or first.end is None or second.start <= first.end:
                reader.report(node, f"{what} : ses périodes doivent se suivre, sans se chevaucher.")
        found[name] = Article(name, tuple(versions))
    return found


def _version(
    reader: Reader, node: Node, what: str, sources: Mapping[str, Source]
) -> tuple[Period, SourceRef] | None:
    entries = reader.mapping(node, what, {"du", "au", "source"})
    period = read_bounds(reader, entries, what, node)
    text = reader.required_text(entries, "source", what, node)
    ident, _, pinpoint = (part.strip() for part in text.partition("§"))
    if ident not in sources:
        if text:
            reader.report(
                entries["source"],
                f"{what} : la source « {ident} » n'est pas dans sources.yaml.",
                suggest(ident, sources),
            )
        return None
    return period, SourceRef(sources[ident], pinpoint)


def versions_of(
    reader: Reader, citations: Sequence[Citation], period: Period, what: str, place: Node
) -> list[tuple[Period, tuple[SourceRef, ...]]]:
    """The rule's periods, cut where an article it cites changes its number.

    A day on which a cited article does not exist is a mistake of the rule.
    """
    cuts = [c for c in citations if c.article is not None]
    pieces = [period]
    for citation in cuts:
        pieces = [
            common
            for piece in pieces
            for version, _ in citation.on(piece)
            if (common := intersection(version, piece)) is not None
        ]
    if cuts and not _covers(pieces, period):
        names = ", ".join(f"{SIGN}{c.article.name}" for c in cuts if c.article)
        reader.report(
            place,
            f"{what} : {names} n'existe pas tous les jours de la période ({period}) ; réduire la "
            f"période, ou compléter {FILE}.",
        )
    return [
        (piece, tuple(ref for c in citations for _, ref in c.on(piece))) for piece in pieces
    ] or [(period, tuple(c.ref for c in citations if c.ref is not None))]


def _covers(pieces: Iterable[Period], period: Period) -> bool:
    """Whether the pieces, in order, leave no day of the period out."""
    ordered = sorted(pieces, key=lambda p: p.start or dt.date.min)
    if not ordered or (ordered[0].start or dt.date.min) > (period.start or dt.date.min):
        return False
    for first, second in pairwise(ordered):
        if first.end is None or second.start != first.end + dt.timedelta(days=1):
            return False
    return (ordered[-1].end or dt.date.max) >= (period.end or dt.date.max)
