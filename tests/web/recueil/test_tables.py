"""The table of competences as one reads it."""

from __future__ import annotations

from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room
from coopdec_rules.web.recueil.tables import grid, table_ids


def test_every_row_in_force_has_its_cell(room: Room, then: Days) -> None:
    assert table_ids(room.book)
    for name in table_ids(room.book):
        found = grid(then, room.cards.sentences, name)
        told = [c.rules[0].key for _, cells in found.rows for c in cells if c.rules[0] is not None]
        rows = [r for r in then.state.rules if r.table == name and not r.id.endswith(":a-defaut")]
        assert sorted(told) == sorted(r.key for r in rows)
        assert found.default is not None


def test_rows_and_columns_bear_the_names_of_the_vocabulary(room: Room, then: Days) -> None:
    found = grid(then, room.cards.sentences, "competences")
    facts = room.book.facts
    assert {domain for domain, _ in found.rows} <= set(facts["volet.domaine"].values.values())
    natures = set(facts["acteur.nature"].values.values())
    assert all(column.split(" — ")[0] in natures for column in found.columns)


def test_cells_that_differ_between_two_days_are_told(room: Room, both: Days) -> None:
    found = grid(both, room.cards.sentences, "competences")
    cells = {
        (domain, column): cell
        for domain, row in found.rows
        for column, cell in zip(found.columns, row, strict=True)
    }
    water = cells["eau potable", "communauté d'agglomération"]
    assert water.differs
    assert [values[0] for values in water.values] == [
        "compétence optionnelle", "compétence obligatoire",
    ]  # fmt: skip
    assert not all(cell.differs for cell in cells.values())
    assert all(len(cell.values) == len(cell.rules) == 2 for cell in cells.values())
