"""``restriction`` relations of OpenStreetMap made into records of the layer ``turns``."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.osm_pieces import Piece
from geo.osm_scan import Restriction

NO = frozenset(("no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"))
ONLY = frozenset(("only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"))
EXEMPT = frozenset(("motorcar", "motor_vehicle", "vehicle"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn between two pieces at a node; ``kind`` is ``no`` or ``only``."""

    id: str
    from_piece: str
    to_piece: str
    node: int
    kind: str
    restriction: str


def turns(restrictions: Sequence[Restriction], pieces: Sequence[Piece]) -> tuple[list[Turn], list[int]]:
    """Turns in the order of the relations' numbers, and the relations that cannot be used.

    Not usable: another way as ``via``, an unknown kind, a road that does not end at the node or goes on
    beyond it (which of its two halves is meant stays open). Relations about roads that the file or the road
    classes leave out, and those that exempt motor cars, are passed over without a word.
    """
    ends = _ends(pieces)
    found: list[Turn] = []
    unusable: list[int] = []
    known = {way for way, _ in ends}
    for relation in sorted(restrictions, key=lambda relation: relation.osm_id):
        if EXEMPT & {word.strip() for word in relation.exempt.split(";")}:
            continue
        if not {*relation.from_ways, *relation.to_ways} <= known:
            continue
        if made := list(_turns_of(relation, ends)):
            found += made
        else:
            unusable.append(relation.osm_id)
    return found, unusable


def _turns_of(relation: Restriction, ends: Mapping[tuple[int, int], Sequence[str]]) -> Iterator[Turn]:
    kind = "no" if relation.kind in NO else "only" if relation.kind in ONLY else None
    if kind is None or relation.via_ways or len(relation.via_nodes) != 1:
        return
    node = relation.via_nodes[0]
    pairs = [(a, b) for a in relation.from_ways for b in relation.to_ways]
    for number, (from_way, to_way) in enumerate(pairs):
        from_pieces, to_pieces = ends.get((from_way, node), ()), ends.get((to_way, node), ())
        if len(from_pieces) == len(to_pieces) == 1:
            yield Turn(
                id=f"r{relation.osm_id}" + (f"-{number}" if len(pairs) > 1 else ""),
                from_piece=from_pieces[0],
                to_piece=to_pieces[0],
                node=node,
                kind=kind,
                restriction=relation.kind,
            )


def _ends(pieces: Sequence[Piece]) -> dict[tuple[int, int], list[str]]:
    """Pieces by way and end node, each piece once."""
    ends: dict[tuple[int, int], list[str]] = {}
    for piece in pieces:
        for node in {piece.nodes[0], piece.nodes[-1]}:
            ends.setdefault((piece.osm_ids[0], node), []).append(piece.id)
    return ends
