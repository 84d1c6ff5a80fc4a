"""Documents as files: their formats, and what sets each."""

from __future__ import annotations

from coopdec_rules.documents.blocks import Document
from coopdec_rules.documents.writers import docx, odt, typst
from coopdec_rules.web import typeset

#: Formats offered, with the names that people know them by.
FORMATS = {"docx": "Word (.docx)", "odt": "LibreOffice (.odt)", "pdf": "PDF"}
MEDIA = {"docx": docx.MEDIA, "odt": odt.MEDIA, "pdf": typst.MEDIA}
#: Letters that the fonts may have one by one and not together: only Latin ones are sure.
_BEYOND_LATIN = "[^\u0000-\u024f\u2000-\u206f\u20ac\u25a1]"


def written(document: Document, form: str) -> bytes | typeset.Document:
    """The file of a document; for a PDF, what the press sets."""
    if form == "docx":
        return docx.write(document)
    if form == "odt":
        return odt.write(document)
    return typeset.Document(
        typst.template(),
        {"document": typst.data(document)},
        document.day.isoformat(),
        _BEYOND_LATIN,
    )
