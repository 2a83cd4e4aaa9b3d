"""Labels turned from place by place, as sweeps leave them, to source by source, as tables are read.

Sixteen places by sixteen lanes are turned in registers: four rounds in which vectors half the square apart
are interleaved, the perfect shuffle. A table is then written in whole cache lines that follow one another;
writing what is known together, all times at one place, costs a distant line for every place instead.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from geo import _kernels  # noqa: F401 - sets numba's cache folder first

SIDE = 16
"""Places, and lanes, that are turned at once: 16 times 32 bits fill a cache line."""

_VECTOR = ir.VectorType(ir.IntType(32), SIDE)


def _interleaved(builder: Any, vectors: list[Any]) -> list[Any]:
    """One round: first halves, then second halves, of each two vectors element by element."""
    half = SIDE // 2
    masks = [
        ir.Constant(_VECTOR, [at for k in range(half) for at in (begin + k, SIDE + begin + k)])
        for begin in (0, half)
    ]
    return [
        builder.shuffle_vector(vectors[i], vectors[i + half], mask) for i in range(half) for mask in masks
    ]


@intrinsic
def _turn(typing: Any, tile: Any, lane: Any, count: Any, table: Any, at: Any) -> Any:
    """``table.flat[at[lane + k] + j] = tile[j, lane + k]`` for ``SIDE`` places ``j``, ``lane + k < count``.

    ``tile`` (SIDE, lanes); ``at`` (lanes,) int64 is where the run of each lane begins.
    """
    signature = types.void(tile, types.int64, types.int64, table, at)

    def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        square, out, begins = (context.make_array(sig.args[k])(context, builder, given[k]) for k in (0, 3, 4))
        first, stop = given[1], given[2]
        lanes = builder.extract_value(square.shape, 1)
        vectors = []
        for place in range(SIDE):
            offset = builder.add(builder.mul(lanes, ir.IntType(64)(place)), first)
            run = builder.bitcast(builder.gep(square.data, [offset]), _VECTOR.as_pointer())
            vectors.append(builder.load(run, align=4))
        for _ in range(SIDE.bit_length() - 1):
            vectors = _interleaved(builder, vectors)
        for k, vector in enumerate(vectors):
            own = builder.add(first, ir.IntType(64)(k))
            with builder.if_then(builder.icmp_signed("<", own, stop), likely=True):
                begin = builder.load(builder.gep(begins.data, [own]))
                run = builder.bitcast(builder.gep(out.data, [begin]), _VECTOR.as_pointer())
                builder.store(vector, run, align=4)
        return context.get_dummy_value()

    return signature, emit


@intrinsic
def _fetch(typing: Any, labels: Any, row: Any) -> Any:
    """Ask for the first two cache lines of a row that will be read soon; waits for nothing."""
    signature = types.void(labels, types.int64)

    def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        array = context.make_array(sig.args[0])(context, builder, given[0])
        word, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
        asked = ir.FunctionType(ir.VoidType(), [pointer, word, word, word])
        prefetch = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]  # numba says no types
            builder.module, asked, "llvm.prefetch.p0"
        )
        first = builder.mul(builder.extract_value(array.shape, 1), given[1])
        for lane in (0, SIDE):
            line = builder.gep(array.data, [builder.add(first, ir.IntType(64)(lane))])
            builder.call(prefetch, [builder.bitcast(line, pointer), word(0), word(3), word(1)])
        return context.get_dummy_value()

    return signature, emit


turn: Callable[..., None] = _turn
fetch: Callable[..., None] = _fetch
