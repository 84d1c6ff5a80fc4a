"""The page ``/lots``: a file is dropped, its answers are downloaded, nothing is kept."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from coopdec_rules.advice.today import today
from coopdec_rules.batch.choices import CHOICES, DEFAULT
from coopdec_rules.batch.columns import Vocabulary
from coopdec_rules.web.limits import told_size
from coopdec_rules.web.lots.asked import Asked
from coopdec_rules.web.lots.pool import Lots
from coopdec_rules.web.problems import Refused
from coopdec_rules.web.render import Render
from coopdec_rules.web.service import Service

PAGE = "/lots"
COLUMNS = "/lots/colonnes.csv"
#: Kinds of files of answers, by the end of their names.
OUTPUTS: Mapping[str, str] = {
    "xlsx": "un classeur Excel, avec les lignes écartées et le bilan dans d'autres feuilles",
    "csv": "des fichiers CSV, dans une archive ZIP",
    "parquet": "des fichiers Parquet, dans une archive ZIP",
    "jsonl": "des fichiers JSON Lines, dans une archive ZIP",
}
_FORM = "multipart/form-data"
_FIELDS = 40


class LotPages:
    """Serves the page, the names of columns, and the answers."""

    def __init__(self, service: Service, render: Render) -> None:
        self.service = service
        self.render = render
        self.lots: Lots = service.lots
        self._columns = _columns(service)
        self.router = APIRouter(include_in_schema=False, default_response_class=Response)
        self.router.add_api_route(PAGE, self._page, methods=["GET"])
        self.router.add_api_route(PAGE, self._answer, methods=["POST"])
        self.router.add_api_route(COLUMNS, self._names, methods=["GET"])

    async def _page(self) -> Response:
        return self._form((), DEFAULT, "xlsx", words=True, reasoning=True)

    async def _names(self) -> Response:
        return Response(
            self._columns,
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": "attachment; filename=colonnes.csv"},
        )

    async def _answer(self, request: Request) -> Response:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != _FORM:
            raise Refused("format", f"Le fichier s'envoie en {_FORM}.")
        with self.lots.taken():
            async with request.form(max_files=1, max_fields=_FIELDS) as form:
                # In the order of the page, whatever is sent.
                choices = tuple(name for name in CHOICES if name in form.getlist("colonnes"))
                output = str(form.get("sortie", "xlsx"))
                asked = Asked(
                    choices or DEFAULT, "libelles" in form, "raisonnement" in form, today()
                )
                file = form.get("fichier")
                if not isinstance(file, UploadFile) or not file.filename:
                    return self._refused(("Aucun fichier n'a été choisi.",), asked, output)
                if output not in OUTPUTS:
                    return self._refused(("Choisissez l'un des formats.",), asked, "xlsx")
                return await self.lots.run(self._made, file, file.filename, output, asked)

    def _made(self, file: UploadFile, name: str, output: str, asked: Asked) -> Response:
        # What reads and writes tables is only loaded by who needs it.
        from coopdec_rules.web.lots.answering import LotRefused, answered

        try:
            made = answered(
                file.file, name, output, asked, self.service.advisor, self.service.limits
            )
        except LotRefused as refused:
            return self._refused(refused.reasons, asked, output)
        return Response(
            made.body,
            media_type=made.media,
            headers={
                "Cache-Control": "no-store",
                "Content-Disposition": f"attachment; filename={made.name}",
            },
        )

    def _refused(self, reasons: Sequence[str], asked: Asked, output: str) -> Response:
        return self._form(
            reasons, asked.choices, output, words=asked.words, reasoning=asked.reasoning, status=422
        )

    def _form(
        self,
        reasons: Sequence[str],
        choices: Sequence[str],
        output: str,
        words: bool,
        reasoning: bool,
        status: int = 200,
    ) -> Response:
        limits = self.service.limits
        page = self.render(
            "lots.html",
            status,
            fautes=reasons,
            reponses=CHOICES,
            choisies=choices,
            sorties=OUTPUTS,
            sortie=output,
            libelles=words,
            raisonnement=reasoning,
            lignes=limits.lot_rows,
            taille=told_size(limits.lot_bytes),
            secondes=round(limits.lot_seconds),
            colonnes=COLUMNS,
        )
        page.headers["Cache-Control"] = "no-store"
        return page


def _columns(service: Service) -> bytes:
    """The names that columns may have, each with what it says and its values."""
    vocabulary = Vocabulary(service.book)
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\n")
    rows.writerow(("colonne", "ce qu'elle dit", "valeurs possibles"))
    for fact in service.book.facts.values():
        values = " ; ".join(f"{code} ({label})" for code, label in fact.kind.options(fact).items())
        rows.writerow((vocabulary.name(fact), fact.label, values))
    # Excel takes a file without a mark for Windows-1252.
    return text.getvalue().encode("utf-8-sig")
