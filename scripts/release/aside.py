"""``python -m scripts.release.aside``: puts the rulebook of a release aside in ``recueils/``.

To be done, and committed, before ``make release``, which refuses a version that is not there.
"""

from __future__ import annotations

import sys
from pathlib import Path

from coopdec_rules.errors import RulebookError
from coopdec_rules.rulebook.archives import Archives, put_aside
from coopdec_rules.rulebook.loader import fingerprint, version_of
from scripts.release.changelog import ChangelogError, date_of

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Put the rulebook aside on the date that the changelog gives its version; 0 when it is."""
    rules, folder = ROOT / "rules", ROOT / "recueils"
    try:
        day = date_of((ROOT / "CHANGELOG.md").read_text("utf-8"), version_of(rules))
        entry = put_aside(rules, folder, day)
    except (ChangelogError, RulebookError) as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"Recueil {entry.version}, empreinte {entry.fingerprint[:12]}, publié le "
        f"{entry.released.isoformat()} : {folder.name}/{entry.version}.tar.xz. À enregistrer (git)."
    )
    return 0


def missing(rules: Path, folder: Path) -> str | None:
    """Why the rulebook of a release is not put aside as it must be; ``None`` when it is."""
    version = version_of(rules)
    try:
        found = Archives(folder).all.get(version)
    except RulebookError as error:
        return str(error)
    if found is not None and found.fingerprint == fingerprint(rules):
        return None
    why = "n'y est pas" if found is None else "y est avec un autre contenu"
    return f"{folder.name}/ : le recueil {version} {why} (python -m scripts.release.aside)."


if __name__ == "__main__":
    sys.exit(main())
