"""Files that open, hold everything that was composed, and are the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
import odfdo
import pypdfium2
import pytest

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.documents.blocks import (
    Blank,
    Document,
    Heading,
    Paragraph,
    Table,
    Text,
    words_of,
)
from coopdec_rules.documents.room import Documents
from coopdec_rules.documents.writers import docx as word
from coopdec_rules.documents.writers import odt
from coopdec_rules.web.documents.files import written
from coopdec_rules.web.typeset import Document as Typeset
from coopdec_rules.web.typeset import pdf_of

from .conftest import TODAY, advise, scenario, subsidy

#: What people type, which no template and no markup may change or lose.
TYPED = "A & B <x> # [[ *gras* {acteur.nom} [? trou] $1 \\frac 🌍 " + "long " * 70


@pytest.fixture(scope="module")
def composed(documents: Documents, advisor: Advisor) -> Document:
    found = subsidy()
    found["action"]["intitule"] = TYPED.strip()
    return documents.make(advise(advisor, found), "deliberation-subvention", TODAY)


def paragraphs(document: Document) -> list[str]:
    """Headings and paragraphs, in order."""
    return [
        words_of(block.line)
        for part in document.pages
        for block in part
        if isinstance(block, Heading | Paragraph)
    ]


def test_word_reopens_with_headings_language_and_title(composed: Document) -> None:
    file = docx.Document(io.BytesIO(word.write(composed)))
    texts = [p.text for p in file.paragraphs]
    for text in paragraphs(composed):
        assert text in texts
    assert file.core_properties.title == composed.title
    assert file.core_properties.author == ""
    assert file.core_properties.language == "fr-FR"
    headings = [p.text for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert any(text.startswith("Article\u00a01er") for text in headings)
    assert all(t.rows[0]._tr.trPr.xpath("w:tblHeader") for t in file.tables)
    assert "w:lang" in file.styles.element.xml
    marks = {p.text for s in file.sections for p in s.header.paragraphs}
    top = "La commune de Vienne, conseil municipal du 10\u00a0décembre 2026"
    assert f"{top} – {composed.mark}" in marks


def test_opendocument_reopens_with_headings_language_and_title(composed: Document) -> None:
    file = odfdo.Document(io.BytesIO(odt.write(composed)))
    body = file.body
    texts = [e.inner_text for e in (*body.get_elements("//text:p"), *body.get_elements("//text:h"))]
    for text in paragraphs(composed):
        assert text in texts
    assert file.meta.title == composed.title
    assert body.get_elements("//table:table-header-rows")
    levels = {h.get_attribute("text:outline-level") for h in body.get_elements("//text:h")}
    assert levels <= {"1", "2", "3"}
    with zipfile.ZipFile(io.BytesIO(odt.write(composed))) as package:
        assert package.namelist()[0] == "mimetype"
        assert package.getinfo("mimetype").compress_type == zipfile.ZIP_STORED
        styles = package.read("styles.xml").decode()
    assert 'fo:language="fr"' in styles
    assert composed.mark in styles


def test_what_people_type_is_kept_as_typed(composed: Document) -> None:
    kept = " ".join(TYPED.split())
    assert any(kept in text for text in paragraphs(composed))
    assert composed.stem == "vienne_deliberation-subvention_2026-12-10"
    body = written(composed, "pdf")
    assert isinstance(body, Typeset)
    pdf = pypdfium2.PdfDocument(pdf_of(body))
    text = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "A & B <x> # [[ *gras* {acteur.nom} [? trou] $1" in " ".join(text.split())


def test_files_are_the_same_bytes_each_time(composed: Document) -> None:
    assert word.write(composed) == word.write(composed)
    assert odt.write(composed) == odt.write(composed)


def test_control_characters_do_no_harm() -> None:
    line = (Text("a\x00b\x07c\x0bd\ufffe"), Blank(1, "e\x00"))
    document = Document(
        id="x", title="T\x00", kind="note", mode="projet", mark="M\x07", running="",
        day=TODAY, cover=(),
        body=(Heading(1, line), Table(("A\x00",), ((line,),))), annex=(), joined=(), joined_mark="",
        blanks=(), supports=(), stem="x",
    )  # fmt: skip
    assert "abcd" in docx.Document(io.BytesIO(word.write(document))).paragraphs[0].text
    assert "abcd" in odfdo.Document(io.BytesIO(odt.write(document))).body.inner_text


@pytest.mark.parametrize(
    ("found", "ident"),
    [
        (scenario(), "convention-cooperation"),
        (scenario(), "lettre-ambassade"),
        (subsidy(), "note-de-synthese"),
        (scenario("1990-01-01"), "note-de-synthese"),
    ],
)
def test_other_documents_reopen(
    documents: Documents, advisor: Advisor, found: dict[str, Any], ident: str
) -> None:
    document = documents.make(advise(advisor, found), ident, TODAY)
    assert docx.Document(io.BytesIO(word.write(document))).paragraphs
    assert odfdo.Document(io.BytesIO(odt.write(document))).body.get_elements("//text:h")
