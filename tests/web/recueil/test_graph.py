"""What the graphs say."""

from __future__ import annotations

from coopdec_rules.web.recueil.days import Days
from coopdec_rules.web.recueil.room import Room


def test_a_rule_with_what_it_reads_establishes_and_what_sets_it_aside(
    room: Room, then: Days
) -> None:
    graph = room.graphs.rule(then, "commune-dessaisie")
    assert ("c:volet.detenteur", "r:commune-dessaisie") in graph.edges
    assert ("r:commune-dessaisie", "v:volet.point_competence=empeche") in graph.edges
    aside = {start for (start, end), edge in graph.edges.items() if edge.aside}
    assert aside == {"r:engagement-poursuivi", "r:engagement-anterieur-etude"}


def test_a_conclusion_shows_every_rule_of_the_day_that_reaches_it(room: Room, then: Days) -> None:
    graph = room.graphs.conclusion(then, "volet.point_competence")
    drawn = {name for name in graph.nodes if name.startswith("r:")}
    expected = {
        f"r:{rule.id}"
        for rule in then.state.rules
        if any(name == "volet.point_competence" for name, _ in rule.concludes)
    }
    assert expected <= drawn


def test_rows_of_a_table_are_one_box(room: Room, then: Days) -> None:
    graph = room.graphs.conclusion(then, "volet.competence_legale")
    assert "t:competences" in graph.nodes
    assert sum(1 for name in graph.nodes if name.startswith("r:")) < 5
    assert graph.edges["t:competences", "r:competences:a-defaut"].aside


def test_the_whole_counts_each_rule_of_the_day(room: Room, then: Days) -> None:
    graph = room.graphs.whole(then)
    assert {f"c:{name}" for name in room.book.conclusions} >= {
        name for name in graph.nodes if name.startswith("c:")
    }
    edge = graph.edges["c:volet.point_competence", "c:volet.habilitation"]
    rules = [
        rule
        for rule in then.state.rules
        if "volet.point_competence" in room.index.reads[rule.key]
        and any(name == "volet.habilitation" for name, _ in rule.concludes)
    ]
    assert edge.count == len(rules) > 0


def test_two_days_are_joined_and_what_differs_is_marked(room: Room, both: Days) -> None:
    graph = room.graphs.conclusion(both, "volet.point_competence")
    assert graph.nodes["r:engagement-poursuivi"].mark == "moins"
    assert "plus" in {node.mark for node in graph.nodes.values()}
    same = room.graphs.conclusion(both.at(both.day, both.day), "volet.point_competence")
    assert {node.mark for node in same.nodes.values()} == {""}


def test_a_rule_out_of_force_has_no_graph_that_day(room: Room, then: Days) -> None:
    assert not room.graphs.rule(then, "voie-2007-article").nodes
