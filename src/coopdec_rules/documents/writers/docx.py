"""Word files: real headings, French, a title, tables with a row of headings."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

import docx
from docx.document import Document as Word
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

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
    Text,
)
from coopdec_rules.documents.writers.package import plain, repacked, widths_of

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FONT = "Liberation Serif"
_INK = RGBColor(0x1A, 0x1A, 0x1A)
_SIZES = {1: 18, 2: 14, 3: 12}


def write(document: Document) -> bytes:
    """The document as a .docx file; the same bytes for the same document."""
    word = docx.Document()
    _settings(word, document)
    first = True
    for blocks, mark in document.sections:
        section = word.sections[0] if first else word.add_section(WD_SECTION.NEW_PAGE)
        _page(section, mark)
        for block in blocks:
            _block(word, block)
        first = False
    made = io.BytesIO()
    word.save(made)
    return repacked(made.getvalue())


def _settings(word: Word, document: Document) -> None:
    # The template that python-docx starts from says who wrote it, and when.
    properties = word.core_properties
    properties.title = plain(document.title)
    properties.author = properties.last_modified_by = ""
    properties.comments = properties.keywords = ""
    properties.language = "fr-FR"
    properties.revision = 1
    day = document.day
    stamp = dt.datetime(max(day.year, 1980), day.month, day.day)
    properties.created = properties.modified = stamp
    styles = word.styles
    normal = styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(11)
    normal.paragraph_format.space_after = Pt(6)
    element = normal.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    for key in ("val", "eastAsia"):
        language.set(qn(f"w:{key}"), "fr-FR")
    element.append(language)
    for level, size in _SIZES.items():
        style = styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), True
        style.font.color.rgb = _INK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        style.paragraph_format.space_before = Pt(12)
        style.paragraph_format.space_after = Pt(4)
        style.paragraph_format.keep_with_next = True


def _page(section: Section, mark: str) -> None:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.3)
    section.top_margin = section.bottom_margin = Cm(2.2)
    header = section.header
    header.is_linked_to_previous = False
    paragraph = header.paragraphs[0]
    paragraph.text = plain(mark)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in paragraph.runs:
        run.italic, run.font.size = True, Pt(9)


def _block(word: Word, block: Block) -> None:
    match block:
        case Heading(level, line):
            _runs(word.add_heading(level=level), line)
        case Paragraph(line, style):
            paragraph = word.add_paragraph()
            _runs(paragraph, line)
            if style == "titre_acte":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                for run in paragraph.runs:
                    run.bold = True
            elif style == "signature":
                paragraph.paragraph_format.left_indent = Cm(8)
                paragraph.paragraph_format.keep_with_next = True
            elif style == "marque":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                for run in paragraph.runs:
                    run.italic = True
        case Items(lines):
            for line in lines:
                _runs(word.add_paragraph(style="List Bullet"), line)
        case Table(columns, rows):
            _table(word, columns, rows)
        case Break():
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _runs(paragraph: WordParagraph, line: Line) -> None:
    for piece in line:
        run = paragraph.add_run(plain(piece.text))
        if isinstance(piece, Blank):
            run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _table(word: Word, columns: Sequence[str], rows: Sequence[Sequence[Line]]) -> None:
    table = word.add_table(rows=len(rows) + 1, cols=len(columns), style="Table Grid")
    table.autofit = False
    widths = [Cm(width) for width in widths_of(columns, rows)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    lines: list[Sequence[Line]] = [[(Text(name),) for name in columns], *rows]
    for place, (row, line) in enumerate(zip(table.rows, lines, strict=True)):
        properties = row._tr.get_or_add_trPr()
        for name in ("w:cantSplit", *(() if place else ("w:tblHeader",))):
            properties.append(OxmlElement(name))
        for cell, text, width in zip(row.cells, line, widths, strict=True):
            cell.width = width
            _small(cell, text, bold=not place)
    word.add_paragraph()


def _small(cell: _Cell, line: Line, bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    _runs(paragraph, line)
    for run in paragraph.runs:
        run.font.size = Pt(9.5)
        run.bold = bold or None
