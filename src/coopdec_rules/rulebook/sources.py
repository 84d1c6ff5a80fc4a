"""Reads the two registries of the rulebook: ``sources.yaml`` and ``normes.yaml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from coopdec_rules.errors import suggest
from coopdec_rules.rulebook.articles import FILE, SIGN, Article, Citation
from coopdec_rules.rulebook.files import read_text
from coopdec_rules.rulebook.model import CONFIDENCES, Source, SourceRef
from coopdec_rules.rulebook.yamlmarks import Node, Reader, read_yaml

PINPOINT_SIGN = " § "
SOURCE_KEYS = {
    "titre", "rang", "date", "applicable_des", "confiance", "note", "adresse", "lu_jusqu_au",
}  # fmt: skip
_ADDRESS = re.compile(r"https://[a-z0-9.-]+\.[a-z]+/[^\s\"'<>]*")


def load_sources(root: Path, reader: Reader, ranks: Iterable[str]) -> dict[str, Source]:
    """Every source, by identifier; each is of one of ``ranks``."""
    node = _read(root, "sources.yaml", reader)
    sources, known = {}, tuple(ranks)
    for ident, child in reader.mapping(node, "Sources").items() if node else ():
        what = f"Source « {ident} »"
        entries = reader.mapping(child, what, SOURCE_KEYS)
        rank = reader.required_text(entries, "rang", what, child)
        check_rank(reader, entries, what, rank, known)
        confidence = reader.required_text(entries, "confiance", what, child)
        check_confidence(reader, entries, what, confidence)
        address = reader.text(entries, "adresse", what)
        if address and not _ADDRESS.fullmatch(address):
            reader.report(
                entries["adresse"],
                f"{what} : « {address} » n'est pas l'adresse d'une page (https://…).",
            )
            address = ""
        sources[ident] = Source(
            id=ident,
            title=reader.required_text(entries, "titre", what, child),
            rank=rank,
            date=reader.text(entries, "date", what),
            applies_from=reader.date(entries, "applicable_des", what),
            read_until=reader.date(entries, "lu_jusqu_au", what),
            confidence=confidence,
            note=reader.text(entries, "note", what),
            address=address,
        )
    return sources


def check_rank(
    reader: Reader, entries: Mapping[str, Node], what: str, rank: str, ranks: Collection[str]
) -> bool:
    """Whether there is such a rank; one that is written and unknown is reported."""
    if rank and rank not in ranks:
        reader.report(
            entries["rang"],
            f"{what} : le rang « {rank} » n'existe pas (rangs : {', '.join(ranks)}).",
            suggest(rank, ranks),
        )
    return rank in ranks


def check_confidence(reader: Reader, entries: Mapping[str, Node], what: str, found: str) -> bool:
    """Whether there is such a confidence; one that is written and unknown is reported."""
    if found and found not in CONFIDENCES:
        reader.report(
            entries["confiance"],
            f"{what} : la confiance « {found} » n'existe pas ({', '.join(CONFIDENCES)}).",
            suggest(found, CONFIDENCES),
        )
    return found in CONFIDENCES


def load_norms(root: Path, reader: Reader) -> dict[str, str]:
    """Every norm the rulebook means to encode: identifier and title."""
    node = _read(root, "normes.yaml", reader)
    if node is None:
        return {}
    return {ident: child.raw for ident, child in reader.mapping(node, "Normes").items()}


def _read(root: Path, name: str, reader: Reader) -> Node | None:
    path = root / name
    if not path.is_file():
        reader.report((name, 0), "Le fichier manque.")
        return None
    return read_yaml(read_text(path, name), name)


def source_refs(
    reader: Reader, entries: dict[str, Node], what: str, place: Node, sources: dict[str, Source]
) -> tuple[SourceRef, ...]:
    """The sources of a block that cites no dated article: ``identifiant § repérage``."""
    found = citations(reader, entries, what, place, sources, {})
    return tuple(c.ref for c in found if c.ref is not None)


def citations(
    reader: Reader,
    entries: dict[str, Node],
    what: str,
    place: Node,
    sources: Mapping[str, Source],
    articles: Mapping[str, Article],
) -> list[Citation]:
    """What a rule cites, one or a list: ``identifiant § repérage``, or ``@article § alinéa``."""
    nodes = reader.texts(entries, "source", what)
    if "source" not in entries:
        reader.report(place, f"{what} : la source manque ; aucune règle n'existe sans source.")
    found = []
    for node in nodes:
        ident, _, pinpoint = (part.strip() for part in node.raw.partition(PINPOINT_SIGN))
        if ident.startswith(SIGN):
            name = ident.removeprefix(SIGN)
            if name in articles:
                found.append(Citation(None, articles[name], pinpoint))
            else:
                reader.report(
                    node,
                    f"{what} : l'article « {ident} » n'est pas dans {FILE}.",
                    suggest(name, articles),
                )
        elif ident in sources:
            found.append(Citation(SourceRef(sources[ident], pinpoint)))
        else:
            reader.report(
                node,
                f"{what} : la source « {ident} » n'est pas dans sources.yaml.",
                suggest(ident, sources),
            )
    return found
