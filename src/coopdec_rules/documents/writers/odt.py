"""OpenDocument files: the same blocks as in Word, with real headings, French, a title."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import odfdo
from odfdo import Cell, Element, Header, HeaderRows, List, ListItem, Row, Span
from odfdo import Paragraph as OdfParagraph
from odfdo import Table as OdfTable

from coopdec_rules.documents.blocks import (
    Blank,
    Block,
    Break,
    Document,
    Heading,
    Items,
    Line,
    Paragraph,
    Table,
)
from coopdec_rules.documents.writers.package import plain, repacked, widths_of

MEDIA = "application/vnd.oasis.opendocument.text"
_HEADINGS = {level: f"Heading_20_{level}" for level in (1, 2, 3)}
_STYLES = {
    "corps": "Corps", "titre_acte": "Titre_acte", "marque": "Marque", "signature": "Signature_acte",
    "note": "Corps",
}  # fmt: skip
_FAMILY = 'style:family="paragraph" style:class="text"'
_FONT = 'style:font-name="Liberation Serif" fo:font-family="\'Liberation Serif\'"'
_FRENCH = 'fo:language="fr" fo:country="FR"'
#: Styles of the file, none of which holds a text of anybody.
_PARAGRAPHS = (
    f'<style:style style:name="Corps" {_FAMILY} style:parent-style-name="Standard">'
    '<style:paragraph-properties fo:margin-bottom="0.2cm" fo:orphans="2" fo:widows="2"/>'
    f'<style:text-properties {_FONT} fo:font-size="11pt" {_FRENCH}/></style:style>',
    f'<style:style style:name="Titre_acte" {_FAMILY} style:parent-style-name="Corps">'
    '<style:paragraph-properties fo:text-align="center"/>'
    '<style:text-properties fo:font-weight="bold"/></style:style>',
    f'<style:style style:name="Marque" {_FAMILY} style:parent-style-name="Corps">'
    '<style:paragraph-properties fo:text-align="end"/>'
    '<style:text-properties fo:font-style="italic" fo:font-size="9pt"/></style:style>',
    f'<style:style style:name="Signature_acte" {_FAMILY} style:parent-style-name="Corps">'
    '<style:paragraph-properties fo:margin-left="8cm" fo:keep-with-next="always"/></style:style>',
    f'<style:style style:name="Cellule" {_FAMILY} style:parent-style-name="Corps">'
    '<style:paragraph-properties fo:margin-bottom="0.05cm"/>'
    '<style:text-properties fo:font-size="9.5pt"/></style:style>',
    f'<style:style style:name="Cellule_titre" {_FAMILY} style:parent-style-name="Cellule">'
    '<style:text-properties fo:font-weight="bold"/></style:style>',
    *(
        f'<style:style style:name="{name}" style:display-name="Heading {level}" {_FAMILY} '
        f'style:default-outline-level="{level}" style:parent-style-name="Heading">'
        '<style:paragraph-properties fo:margin-top="0.4cm" fo:margin-bottom="0.15cm" '
        'fo:keep-with-next="always"/>'
        f'<style:text-properties {_FONT} fo:font-size="{size}pt" fo:font-weight="bold" {_FRENCH}/>'
        "</style:style>"
        for (level, name), size in zip(_HEADINGS.items(), (18, 14, 12), strict=True)
    ),
)
_BLANK = (
    '<style:style style:name="Blanc" style:family="text">'
    '<style:text-properties fo:background-color="#fff200"/></style:style>'
)
_CELL = (
    '<style:style style:name="Case" style:family="table-cell">'
    '<style:table-cell-properties fo:border="0.5pt solid #808080" fo:padding="0.1cm"/>'
    "</style:style>"
)
_BULLETS = (
    '<text:list-style style:name="Puces"><text:list-level-style-bullet text:level="1" '
    'text:bullet-char="–"><style:list-level-properties '
    'text:list-level-position-and-space-mode="label-alignment">'
    '<style:list-level-label-alignment text:label-followed-by="listtab" '
    'text:list-tab-stop-position="0.6cm" fo:text-indent="-0.5cm" fo:margin-left="0.6cm"/>'
    "</style:list-level-properties></text:list-level-style-bullet></text:list-style>"
)
_LAYOUT = (
    '<style:page-layout style:name="Mise_en_page"><style:page-layout-properties '
    'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-left="2.3cm" fo:margin-right="2.3cm" '
    'fo:margin-top="1.6cm" fo:margin-bottom="2.2cm"/>'
    '<style:header-style><style:header-footer-properties fo:min-height="0.6cm" '
    'fo:margin-bottom="0.3cm"/></style:header-style></style:page-layout>'
)
_PAGE = "Page_"


def write(document: Document) -> bytes:
    """The document as an .odt file; the same bytes for the same document."""
    file = odfdo.Document("text")
    body = file.body
    body.clear()
    _settings(file, document)
    tables = 0
    for place, (blocks, _) in enumerate(document.sections):
        broken = page = f"{_PAGE}{place}"
        for block in blocks:
            if isinstance(block, Break):
                broken = page
                continue
            tables += isinstance(block, Table)
            for element in _elements(file, block, broken, tables):
                body.append(element)
            broken = ""
    made = io.BytesIO()
    file.save(made)
    return repacked(made.getvalue())


def _settings(file: odfdo.Document, document: Document) -> None:
    meta = file.meta
    meta.title = plain(document.title)
    meta.language = "fr-FR"
    stamp = dt.datetime(document.day.year, document.day.month, document.day.day)
    meta.creation_date = meta.date = stamp
    meta.creator = meta.initial_creator = ""
    for xml in _PARAGRAPHS:
        file.insert_style(xml)
    file.insert_style(_BLANK, automatic=True)
    file.insert_style(_CELL, automatic=True)
    file.insert_style(_BULLETS, automatic=True)
    styles = file.styles
    automatic = styles.get_element("//office:automatic-styles")
    masters = styles.get_element("//office:master-styles")
    if automatic is None or masters is None:
        raise TypeError("the template of OpenDocument files has no styles")
    automatic.append(Element.from_tag(_LAYOUT))
    numbering = styles.get_element("//text:outline-style")
    if numbering is not None:
        styles.delete_element(numbering)  # headings bear no number of their own
    for place, (_, mark) in enumerate(document.sections):
        master = Element.from_tag(
            f'<style:master-page style:name="{_PAGE}{place}" '
            'style:page-layout-name="Mise_en_page"/>'
        )
        if mark:
            header = Element.from_tag("<style:header/>")
            header.append(_paragraph((), "Marque", mark))
            master.append(header)
        masters.append(master)


def _elements(file: odfdo.Document, block: Block, page: str, number: int) -> list[Element]:
    """The elements of a block; ``page``: it begins a page of that kind."""
    match block:
        case Heading(level, line):
            heading = Header(level)
            heading.style = _broken(file, _HEADINGS[level], page)
            _runs(heading, line)
            return [heading]
        case Paragraph(line, style):
            return [_paragraph(line, _broken(file, _STYLES[style], page))]
        case Items(lines):
            listed = List(style="Puces")
            for line in lines:
                item = ListItem()
                item.append(_paragraph(line, "Corps"))
                listed.append(item)
            return [listed]
        case Table(columns, rows):
            return [_table(file, columns, rows, number), _paragraph((), "Corps")]
    return []


def _broken(file: odfdo.Document, style: str, page: str) -> str:
    """A style, or the same one that begins a page."""
    if not page:
        return style
    name = f"{style}_{page}"
    if file.get_style("paragraph", name) is None:
        file.insert_style(
            f'<style:style style:name="{name}" style:family="paragraph" '
            f'style:parent-style-name="{style}" style:master-page-name="{page}"/>',
            automatic=True,
        )
    return name


def _paragraph(line: Line, style: str, text: str = "") -> OdfParagraph:
    paragraph = OdfParagraph(style=style)
    if text:
        paragraph.append_plain_text(plain(text))
    _runs(paragraph, line)
    return paragraph


def _runs(paragraph: OdfParagraph, line: Line) -> None:
    for piece in line:
        text = plain(piece.text)
        if isinstance(piece, Blank):
            span = Span(style="Blanc")
            span.append_plain_text(text)
            paragraph.append(span)
        else:
            paragraph.append_plain_text(text)


def _wide(file: odfdo.Document, width: float) -> str:
    """The style of a column of this width, in centimetres."""
    name = f"Colonne_{round(width * 100)}"
    if file.get_style("table-column", name) is None:
        file.insert_style(
            f'<style:style style:name="{name}" style:family="table-column">'
            f'<style:table-column-properties style:column-width="{width:.2f}cm"/></style:style>',
            automatic=True,
        )
    return name


def _table(
    file: odfdo.Document, columns: Sequence[str], rows: Sequence[Sequence[Line]], number: int
) -> OdfTable:
    table = OdfTable(f"Tableau{number}")
    for width in widths_of(columns, rows):
        table.append(
            Element.from_tag(f'<table:table-column table:style-name="{_wide(file, width)}"/>')
        )
    head = HeaderRows()
    head.append(_row([_paragraph((), "Cellule_titre", name) for name in columns]))
    table.append(head)
    for row in rows:
        table.append(_row([_paragraph(line, "Cellule") for line in row]))
    return table


def _row(cells: Sequence[OdfParagraph]) -> Row:
    row = Row()
    for paragraph in cells:
        cell = Cell(cell_type="string")
        cell.clear()
        cell.style = "Case"
        cell.append(paragraph)
        row.append(cell)
    return row
