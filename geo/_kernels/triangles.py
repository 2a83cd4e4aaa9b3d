"""Runs of lower triangles: the inner loops of customization, eight weights at once.

A hierarchy arc has two weights, up and down, side by side. Where the upward neighbours of a node stand
without a gap among those of a neighbour (nearly always near the top, where most triangles are), a whole run
is handled at once. Unsigned arithmetic as in ``geo._kernels.lanes``.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from geo._kernels.lanes import _I32, _data, _least

_WIDTH = 8
_VECTOR = ir.VectorType(_I32, _WIDTH)


def _alternating(builder: Any, even: Any, odd: Any) -> Any:
    vector = ir.Constant(_VECTOR, ir.Undefined)
    for lane in range(_WIDTH):
        vector = builder.insert_element(vector, odd if lane % 2 else even, _I32(lane))
    return vector


def _load(builder: Any, base: Any, index: Any) -> Any:
    at = builder.bitcast(builder.gep(base, [index]), _VECTOR.as_pointer())
    return builder.load(at, align=4), at


@intrinsic
def _relax_four(typing: Any, target: Any, t: Any, source: Any, s: Any, up_ds: Any, down_ds: Any) -> Any:
    """Four arcs: ``target[t + k] = min(target[t + k], source[s + k] + (up_ds, down_ds)[k % 2])``, k < 8."""
    signature = types.void(target, types.int64, source, types.int64, types.int32, types.int32)

    def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        base = _data(context, builder, sig.args[0], given[0])
        other = _data(context, builder, sig.args[2], given[2])
        old, place = _load(builder, base, given[1])
        added, _ = _load(builder, other, given[3])
        total = builder.add(added, _alternating(builder, given[4], given[5]))
        builder.store(_least(builder, old, total), place, align=4)
        return context.get_dummy_value()

    return signature, emit


relax_four: Callable[..., None] = _relax_four
