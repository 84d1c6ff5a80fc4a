"""LibreOffice opens what is written and sets it on pages, where it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypdfium2

from coopdec_rules.advice.advisor import Advisor
from coopdec_rules.documents.room import Documents
from coopdec_rules.documents.writers import docx, odt

from .conftest import TODAY, advise, scenario, subsidy

SOFFICE = shutil.which("soffice")
#: Three documents, each in both formats.
MADE = (
    (subsidy(), "deliberation-subvention"),
    (scenario(), "convention-cooperation"),
    (scenario(), "lettre-ambassade"),
)

if SOFFICE is not None:
    _SOFFICE = SOFFICE

    def test_libreoffice_opens_and_sets_documents(
        documents: Documents, advisor: Advisor, tmp_path: Path
    ) -> None:
        files, expected = [], {}
        for found, ident in MADE:
            document = documents.make(advise(advisor, found), ident, TODAY)
            for form, write in (("docx", docx.write), ("odt", odt.write)):
                path = tmp_path / f"{ident}-{form}.{form}"
                path.write_bytes(write(document))
                files.append(str(path))
                expected[path.stem] = document
        home = f"-env:UserInstallation=file://{tmp_path}/profil"
        command = [_SOFFICE, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
        subprocess.run([*command, *files], check=True, capture_output=True, timeout=120)
        for stem, document in expected.items():
            pdf = pypdfium2.PdfDocument(tmp_path / f"{stem}.pdf")
            texts = [page.get_textpage().get_text_bounded() for page in pdf]
            whole = " ".join(" ".join(texts).split())
            assert 3 <= len(texts) <= 12, stem
            # Cover, document and annex each begin a page; the mark is on the pages of the act.
            assert "Avant d’utiliser ce document" in texts[0]
            assert any(text.strip().startswith("Annexe") for text in texts), stem
            assert sum(document.mark in text for text in texts) >= 1, stem
            assert document.mark not in texts[0]
            assert f"[À COMPLÉTER {len(document.blanks)}" in whole.replace("\u00a0", " "), stem
