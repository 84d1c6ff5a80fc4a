"""Draws the plots of ``/panorama`` into ``web/static/panorama`` and lists the columns of the data.

Run ``python -m scripts.panorama``; a test checks that what is shipped is what it makes.  The plots
are drawn 360 units wide, so that they read at their own size on a phone; colours are classes of
``panorama.css`` (see ``scripts/svg.py``), so that they follow the colour scheme and print well.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from coopdec_rules.panorama.data import Panorama, load_panorama, number, text
from scripts.svg import BAR, GRID, INK, OUTLINE, SOFT, svg_of

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "cases" / "panorama"
PLOTS = ROOT / "src" / "coopdec_rules" / "web" / "static" / "panorama"
README = DATA / "LISEZMOI.md"
_MARK = "<!-- colonnes : écrites par python -m scripts.panorama -->\n"

_WIDTH = 360
_TEXT, _SMALL = 12.5, 11
#: Towns named on the scatter plot: those that a reader looks for, far enough from one another.
_NAMED = {
    "ville-lille": ("right", -7, 4),
    "ville-valenciennes": ("right", -7, 4),
    "ville-roubaix": ("left", 7, 10),
    "ville-villeneuve-d-ascq": ("right", -7, 4),
    "ville-calais": ("left", 7, 4),
    "ville-dunkerque": ("left", 7, 4),
    "ville-lens": ("left", 7, 4),
}


def plots(panorama: Panorama) -> dict[str, str]:
    """Every plot, by the name of its file."""
    return {
        "paliers": _tiers(panorama),
        "aires": _areas(panorama),
        "villes-par-accords": _distribution(panorama),
        "accords-par-zone": _zones(panorama),
        "accords-par-pays": _countries(panorama),
        "accords-population": _population(panorama),
        "actions": _answers(panorama, "actions", "Genres d'actions des villes engagées"),
        "organisation": _answers(panorama, "organisation", "Organisation des villes engagées"),
    }


def _canvas(height: float) -> tuple[Figure, Axes]:
    """A figure whose units are pixels, from the top left corner."""
    figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=72)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, _WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return figure, axes


def _bars(
    title: str, bars: Sequence[tuple[str, float, str]], most: float, alternative: str = ""
) -> str:
    """Horizontal bars, each under its own label, so that long labels fit a phone."""
    step = 40
    figure, axes = _canvas(step * len(bars) + 4)
    longest = _WIDTH - 110
    for place, (label, value, shown) in enumerate(bars):
        top = place * step
        axes.text(0, top + 13, label, fontsize=_TEXT, color=INK)
        axes.barh(top + 27, longest * value / most, height=15, left=0, color=BAR)
        axes.text(
            longest * value / most + 6, top + 31.5, shown, fontsize=_TEXT, color=INK,
            fontweight="bold",
        )  # fmt: skip
    told = alternative or " ; ".join(f"{label} : {shown}" for label, _, shown in bars)
    return svg_of(figure, f"{title}. {told}.")


def _tiers(panorama: Panorama) -> str:
    rows = panorama.rows("paliers")
    bars = [
        (f"{rank}. {text(row['intitule'])}", number(row["imprime"]), str(row["imprime"]))
        for rank, row in enumerate(rows, start=1)
    ]
    return _bars("Communautés d'agglomération par palier", bars, max(value for _, value, _ in bars))


def _areas(panorama: Panorama) -> str:
    """A disc for each area and tier, its surface in proportion to the links."""
    cells: Counter[tuple[str, str]] = Counter()
    for community in panorama.communities.values():
        for link in community.links:
            cells[link.area, link.tier] += link.count
    areas = [
        area for area in panorama.areas if any((area, tier) in cells for tier in panorama.tiers)
    ]
    tiers = [tier for tier in panorama.tiers if any((area, tier) in cells for area in areas)]
    short = ("Ponctuelles\net réflexion", "Naissantes", "Avancées", "Trans-\nfrontalières")
    step, head, left = 44, 36, 112
    figure, axes = _canvas(head + step * len(areas))
    across = [left + 32 + 62 * place for place in range(len(tiers))]
    for x, name in zip(across, short, strict=True):
        lines = name.split("\n")
        for line, words in enumerate(lines):
            y = head - 10 - 13 * (len(lines) - 1 - line)
            axes.text(x, y, words, fontsize=10, color=SOFT, ha="center")
    told = []
    for place, area in enumerate(areas):
        y = head + step * place + step / 2
        axes.plot([0, _WIDTH], [y - step / 2] * 2, color=GRID, linewidth=1, zorder=0)
        words = _wrapped(panorama.areas[area], 17)
        for line, part in enumerate(words):
            axes.text(
                0, y + 4 + 14 * (line - (len(words) - 1) / 2), part, fontsize=_SMALL, color=INK
            )
        for x, tier in zip(across, tiers, strict=True):
            count = cells[area, tier]
            if count:
                axes.add_patch(
                    Circle((x, y), 7 * math.sqrt(count), facecolor=OUTLINE, edgecolor=BAR)
                )
                axes.text(
                    x, y + 4.5, str(count), fontsize=_TEXT, color=INK, ha="center",
                    fontweight="bold",
                )  # fmt: skip
        parts = [
            f"{panorama.tiers[tier].lower()} {cells[area, tier]}"
            for tier in tiers
            if cells[area, tier]
        ]
        told.append(f"{panorama.areas[area]} : {', '.join(parts)}")
    return svg_of(figure, f"Liens par aire et par palier. {' ; '.join(told)}.")


def _wrapped(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) > width and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _distribution(panorama: Panorama) -> str:
    """Two columns for each number of agreements: the printed table, and annex 2."""
    printed = {
        number(row["accords"]): number(row["imprime"])
        for row in panorama.rows("villes_par_accords")
    }
    annex = Counter(town.total for town in panorama.towns.values() if town.total)
    counts = range(max((*printed, *annex)) + 1)
    height, foot = 176, 40
    figure, axes = _canvas(height + foot)
    step = _WIDTH / len(counts)
    most = max((*printed.values(), *annex.values()))
    scale = (height - 34) / most
    for level in range(most + 1):
        axes.plot([0, _WIDTH], [height - scale * level] * 2, color=GRID, linewidth=1, zorder=0)
    wide = step * 0.4
    for place, count in enumerate(counts):
        middle = step * (place + 0.5)
        if value := printed.get(count, 0):
            axes.bar(middle - wide / 2, -scale * value, width=wide, bottom=height, color=BAR)
        if value := annex[count]:
            axes.bar(
                middle + wide / 2, -scale * value, width=wide - 1, bottom=height, color=OUTLINE,
                edgecolor=BAR,
            )  # fmt: skip
        axes.text(middle, height + 15, str(count), fontsize=_TEXT, color=INK, ha="center")
    axes.plot([0, _WIDTH], [height] * 2, color=SOFT, linewidth=1)
    for level in range(1, most + 1):
        axes.text(
            _WIDTH, height - scale * level - 3, str(level), fontsize=10, color=SOFT, ha="right"
        )
    axes.text(
        _WIDTH / 2, height + 33, "Nombre d'accords de la ville", fontsize=_SMALL, color=SOFT,
        ha="center",
    )  # fmt: skip
    for x, fill, name in ((2, BAR, "tableau imprimé"), (130, OUTLINE, "annexe 2")):
        axes.bar(x + 6, 11, width=11, bottom=2, color=fill, edgecolor=BAR)
        axes.text(x + 18, 12, name, fontsize=_SMALL, color=INK)
    told = [
        f"{count} accord{'s' if count > 1 else ''} : {printed.get(count, 0)} dans le tableau"
        + (f", {annex[count]} dans l'annexe" if count else "")
        for count in counts
        if printed.get(count) or annex[count]
    ]
    return svg_of(figure, f"Villes par nombre d'accords. {' ; '.join(told)}.")


def _zones(panorama: Panorama) -> str:
    rows = sorted(panorama.rows("zones"), key=lambda row: -number(row["imprime"]))
    bars = [(text(row["intitule"]), number(row["imprime"]), str(row["imprime"])) for row in rows]
    return _bars("Accords par zone", bars, max(value for _, value, _ in bars))


def _countries(panorama: Panorama) -> str:
    """One line for each country, zone by zone."""
    names = {text(row["zone"]): text(row["intitule"]) for row in panorama.rows("zones")}
    by_zone: dict[str, list[tuple[str, int]]] = {}
    for row in panorama.rows("accords_par_pays"):
        by_zone.setdefault(text(row["zone"]), []).append(
            (text(row["pays_imprime"]), number(row["imprime"]))
        )
    step, gap, left = 18, 30, 132
    lines = sum(len(zone) for zone in by_zone.values())
    figure, axes = _canvas(step * lines + gap * len(by_zone) + 4)
    most = max(value for zone in by_zone.values() for _, value in zone)
    longest = _WIDTH - left - 28
    y = 0.0
    told = []
    for zone, countries in by_zone.items():
        y += gap
        axes.text(0, y - 9, names[zone], fontsize=_SMALL, color=SOFT, fontweight="bold")
        for name, value in sorted(countries, key=lambda entry: (-entry[1], entry[0])):
            axes.text(left - 6, y + 10, name, fontsize=_SMALL, color=INK, ha="right")
            axes.barh(y + 6.5, longest * value / most, height=11, left=left, color=BAR)
            axes.text(
                left + longest * value / most + 5, y + 10.5, str(value), fontsize=_SMALL,
                color=INK, fontweight="bold",
            )  # fmt: skip
            told.append(f"{name} : {value}")
            y += step
    return svg_of(figure, f"Accords par pays. {' ; '.join(told)}.")


def _population(panorama: Panorama) -> str:
    """Agreements against population (on a logarithmic scale)."""
    height, left, foot = 250, 22, 44
    figure, axes = _canvas(height + foot)
    low, high = math.log(19000), math.log(240000)
    most = max(town.total for town in panorama.towns.values())

    def across(people: int) -> float:
        return left + 8 + (_WIDTH - left - 16) * (math.log(people) - low) / (high - low)

    def down(count: int) -> float:
        return height - (height - 16) * count / most

    for count in range(0, most + 1, 2):
        axes.plot([left, _WIDTH], [down(count)] * 2, color=GRID, linewidth=1, zorder=0)
        axes.text(left - 5, down(count) + 4, str(count), fontsize=10, color=SOFT, ha="right")
    for people in (20000, 50000, 100000, 200000):
        label = f"{people // 1000} 000"
        axes.text(across(people), height + 18, label, fontsize=10, color=SOFT, ha="center")
    for town in panorama.towns.values():
        x, y = across(town.population), down(town.total)
        fill = BAR if town.total else OUTLINE
        axes.add_patch(Circle((x, y), 4, facecolor=fill, edgecolor=BAR))
        if town.id in _NAMED:
            side, right, lower = _NAMED[town.id]
            axes.text(x + right, y + lower, town.name, fontsize=_SMALL, color=INK, ha=side)
    axes.text(
        (_WIDTH + left) / 2, height + 37, "Habitants en 1999 (échelle logarithmique)",
        fontsize=_SMALL, color=SOFT, ha="center",
    )  # fmt: skip
    idle = sum(not town.total for town in panorama.towns.values())
    ranked = sorted(panorama.towns.values(), key=lambda town: -town.total)
    told = " ; ".join(f"{t.name} : {t.population} habitants, {t.total} accords" for t in ranked[:6])
    return svg_of(
        figure,
        f"Accords de chaque ville selon sa population, d'après l'annexe 2. {told}. "
        f"Cercles vides : {idle} villes sans accord rapporté.",
    )


def _answers(panorama: Panorama, theme: str, title: str) -> str:
    rows = [row for row in panorama.rows("reponses") if row["theme"] == theme and row["villes"]]
    base = max(number(row["base"]) for row in rows)
    bars = [
        (_short(text(row["reponse"])), number(row["villes"]), f"{row['villes']} sur {base}")
        for row in rows
    ]
    return _bars(title, bars, base)


def _short(label: str) -> str:
    """A label without what it says between brackets or after the first 48 letters' last word."""
    label = label.partition(" (")[0]
    if len(label) <= 48:
        return label
    return label[:48].rsplit(" ", 1)[0] + "…"


def columns(panorama: Panorama) -> str:
    """The columns of every table, for ``LISEZMOI.md``."""
    lines: list[str] = []
    for table in panorama.tables.values():
        lines.append(f"\n### `{table.name}.csv`\n\n{table.title}. Date des faits : {table.date}.\n")
        lines.append("| Colonne | Type | Ce qu'elle contient |\n|---|---|---|")
        for column in table.columns:
            kind = column.type + (", clé" if column.key else "")
            kind += "" if column.required else ", peut être vide"
            values = _values(column.type, column.values)
            lines.append(f"| `{column.name}` | {kind} | {column.description}{values} |")
    return "\n".join(lines).lstrip() + "\n"


def _values(kind: str, values: Iterable[str]) -> str:
    listed = ", ".join(f"`{value}`" for value in values)
    match kind:
        case "choix":
            return f" Valeurs : {listed}."
        case "renvoi" | "liste_renvoi":
            return f" Renvoie à {listed}."
        case "code":
            return f" Valeurs du vocabulaire : {listed}."
        case _:
            return ""


def readme(panorama: Panorama) -> str:
    """``LISEZMOI.md`` with its list of columns as the data have it today."""
    head, _, _ = README.read_text(encoding="utf-8").partition(_MARK)
    return head + _MARK + "\n" + columns(panorama)


def main() -> None:
    """Write the plots and the list of columns."""
    panorama = load_panorama(DATA)
    PLOTS.mkdir(parents=True, exist_ok=True)
    for name, drawn in plots(panorama).items():
        (PLOTS / f"{name}.svg").write_text(drawn, encoding="utf-8")
    README.write_text(readme(panorama), encoding="utf-8")


if __name__ == "__main__":
    main()
