"""A code to scan (QR) that leads from paper back to a page."""

from __future__ import annotations

import io

import segno


def code_to_scan(address: str) -> str:
    """The address as an SVG drawing, or "" when no code holds it.

    Correction "L": a clean print needs no more, and long addresses stay readable by a telephone.
    """
    try:
        code = segno.make_qr(address, error="l", boost_error=False)
    except segno.DataOverflowError:
        return ""
    drawn = io.BytesIO()
    code.save(drawn, kind="svg", border=4, xmldecl=False, nl=False)
    return drawn.getvalue().decode("ascii")
