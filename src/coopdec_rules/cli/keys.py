"""``coopdec cle``: a new API key, and what the file of keys holds of it."""

from __future__ import annotations

from typing import Annotated

import typer

from coopdec_rules.cli.common import err, fail, out


def key_command(
    nom: Annotated[str, typer.Argument(help="À qui la clé est donnée.")],
) -> None:
    """Fait une clé de l'API ; ce qui s'ajoute au fichier des clés va sur la sortie."""
    # The library of limits takes a while to load: only this command waits for it.
    from coopdec_rules.web.hosting.keys import new_key

    if '"' in nom or "\\" in nom or not nom.strip() or not nom.isprintable():
        fail(f"« {nom} » : un nom sans guillemet ni barre oblique inverse est attendu.")
    key, mark = new_key()
    err.print(
        f"Clé, à donner une fois et à ne garder nulle part ici : {key}",
        markup=False, soft_wrap=True,
    )  # fmt: skip
    out.print(
        f'[[cle]]\nnom = "{nom}"\nempreinte = "{mark}"\nlimites = ["60 par minute"]',
        markup=False, soft_wrap=True,
    )  # fmt: skip
