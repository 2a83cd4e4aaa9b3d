"""Pieces of road that nothing forks, joined end to end where all their tags agree.

Ends are numbered as arcs are: piece ``i`` has its first node at end ``2 i`` and its last at ``2 i + 1``; to
name an end of a chain is also to say which way its piece is driven, namely out of it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from geo.osm_pieces import Piece
from geo.osm_tags import RoadTags

_REVERSED = {"yes": "reverse", "reverse": "yes", "no": "no"}


def joined(pieces: Sequence[Piece], *, keep: Collection[int] = ()) -> tuple[list[Piece], dict[str, str]]:
    """Pieces joined at nodes where exactly two of them end with equal tags, and the new id of each old one.

    One-way pieces join only head to tail. Nodes of ``keep`` stay ends. A joined piece has the id and the
    direction of its first piece in the given order, and stands in its place.
    """
    follows = _follows(pieces, keep)
    done: set[int] = set()
    records: list[Piece] = []
    new_ids: dict[str, str] = {}
    for i in range(len(pieces)):
        if i not in done:
            links = _links(i, follows)
            done.update(end // 2 for end in links)
            record = _record(pieces, links, first=i)
            new_ids.update({pieces[end // 2].id: record.id for end in links})
            records.append(record)
    return records, new_ids


def _follows(pieces: Sequence[Piece], keep: Collection[int]) -> dict[int, int]:
    """The end by which the next piece of the chain is entered, for each end that leads on."""
    ends: dict[int, list[int]] = {}
    for i, piece in enumerate(pieces):
        ends.setdefault(piece.nodes[0], []).append(2 * i)
        ends.setdefault(piece.nodes[-1], []).append(2 * i + 1)
    follows: dict[int, int] = {}
    for node, meeting in ends.items():
        if len(meeting) == 2 and node not in keep:
            one, other = meeting
            if one // 2 != other // 2 and _tags_out(pieces, one) == _tags_out(pieces, other ^ 1):
                follows[one], follows[other] = other, one
    return follows


def _tags_out(pieces: Sequence[Piece], end: int) -> RoadTags:
    """Tags as seen by who drives out of a piece by this end."""
    tags = pieces[end // 2].tags
    return tags if end % 2 or tags.oneway == "no" else replace(tags, oneway=_REVERSED[tags.oneway])


def _links(piece: int, follows: Mapping[int, int]) -> list[int]:
    """The chain through a piece, as the end by which each of its pieces is left, in order."""
    after = _walk(2 * piece + 1, follows)
    if len(after) > 1 and follows.get(after[-1]) == 2 * piece:
        return after  # a ring, walked all round
    before = _walk(2 * piece, follows)
    return [end ^ 1 for end in reversed(before[1:])] + after


def _walk(end: int, follows: Mapping[int, int]) -> list[int]:
    walked = [end]
    while (entered := follows.get(walked[-1])) is not None and entered // 2 != end // 2:
        walked.append(entered ^ 1)
    return walked


def _record(pieces: Sequence[Piece], links: Sequence[int], *, first: int) -> Piece:
    if len(links) == 1:
        return pieces[first]
    runs = [pieces[end // 2].nodes if end % 2 else pieces[end // 2].nodes[::-1] for end in links]
    ways = chain.from_iterable(pieces[end // 2].osm_ids for end in links)
    return replace(
        pieces[first],
        nodes=(runs[0][0], *chain.from_iterable(run[1:] for run in runs)),
        osm_ids=tuple(dict.fromkeys(ways)),
    )
