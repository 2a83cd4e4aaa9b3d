"""Many int32 travel times at once: vector instructions that numba does not find by itself.

numba promotes ``int32 + int32`` to ``int64`` and cannot exclude aliasing, so plain loops over lanes stay
scalar. The functions here emit LLVM vectors directly; LLVM lowers them on every processor it knows.

All arithmetic is on *unsigned* 32 bit: ``UNREACHED + UNREACHED`` is 2**31, which does not wrap, and a least
value with ``UNREACHED`` brings every sum back to at most ``UNREACHED``.
"""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from geo import _kernels  # noqa: F401 - sets numba's cache folder first

UNREACHED = np.int32(2**30)
"""The travel time of a place that cannot be reached, deciseconds; equals ``geo.metric.IMPASSABLE``."""

FEW, MANY = 16, 32
"""How many sources one sweep serves: ``FEW`` for a handful, ``MANY`` otherwise."""

_I32, _I64 = ir.IntType(32), ir.IntType(64)


def _vector(lanes: int) -> ir.VectorType:
    return ir.VectorType(_I32, lanes)


def _constant(lanes: int, value: int) -> ir.Constant:
    return ir.Constant(_vector(lanes), [value] * lanes)


def _spread(builder: Any, scalar: Any, lanes: int) -> Any:
    """The same scalar in every lane."""
    undefined = ir.Constant(_vector(lanes), ir.Undefined)
    first = builder.insert_element(undefined, scalar, _I32(0))
    return builder.shuffle_vector(first, undefined, _constant(lanes, 0))


def _least(builder: Any, left: Any, right: Any) -> Any:
    return builder.select(builder.icmp_unsigned("<", left, right), left, right)


def _row(builder: Any, base: Any, index: Any, lanes: int) -> Any:
    """Pointer to row ``index`` of a (rows, lanes) array that starts at ``base``."""
    return builder.gep(builder.bitcast(base, _vector(lanes).as_pointer()), [index])


def _element(builder: Any, base: Any, index: Any) -> Any:
    return builder.load(builder.gep(base, [index]), align=4)


def _data(context: Any, builder: Any, array_type: Any, value: Any) -> Any:
    return context.make_array(array_type)(context, builder, value).data


def _sweep_row(lanes: int) -> Callable[..., None]:
    """Make ``sweep_row(labels, heads, weights, row, begin, end, started)`` for so many lanes."""

    @intrinsic
    def sweep_row(
        typing: Any, labels: Any, heads: Any, weights: Any, row: Any, begin: Any, end: Any, started: Any
    ) -> Any:
        """``labels[row] = min(labels[row], labels[heads[a]] + weights[a])`` over ``begin <= a < end``."""
        signature = types.void(labels, heads, weights, types.int64, types.int64, types.int64, types.boolean)

        def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
            base, head, weight = (_data(context, builder, sig.args[k], given[k]) for k in range(3))
            row_at, first, stop, is_started = given[3:]
            target = _row(builder, base, row_at, lanes)
            with builder.if_else(builder.trunc(is_started, ir.IntType(1))) as (then, otherwise):
                with then:
                    loaded = builder.load(target, align=4)
                    loaded_block = builder.basic_block
                with otherwise:
                    blank_block = builder.basic_block
            start = builder.phi(_vector(lanes))
            start.add_incoming(loaded, loaded_block)
            start.add_incoming(_constant(lanes, int(UNREACHED)), blank_block)
            before = builder.basic_block
            loop, done = builder.append_basic_block("arcs"), builder.append_basic_block("done")
            builder.cbranch(builder.icmp_signed("<", first, stop), loop, done)
            builder.position_at_end(loop)
            at, best = builder.phi(_I64), builder.phi(_vector(lanes))
            at.add_incoming(first, before)
            best.add_incoming(start, before)
            above = builder.load(
                _row(builder, base, builder.zext(_element(builder, head, at), _I64), lanes), align=4
            )
            better = _least(
                builder, builder.add(above, _spread(builder, _element(builder, weight, at), lanes)), best
            )
            after = builder.add(at, _I64(1))
            at.add_incoming(after, loop)
            best.add_incoming(better, loop)
            builder.cbranch(builder.icmp_signed("<", after, stop), loop, done)
            builder.position_at_end(done)
            final = builder.phi(_vector(lanes))
            final.add_incoming(start, before)
            final.add_incoming(better, loop)
            builder.store(final, target, align=4)
            return context.get_dummy_value()

        return signature, emit

    return sweep_row


def _relax_row(lanes: int) -> Callable[..., None]:
    """Make ``relax_row(labels, to, by, ds)`` for so many lanes."""

    @intrinsic
    def relax_row(typing: Any, labels: Any, to: Any, by: Any, ds: Any) -> Any:
        """``labels[to] = min(labels[to], labels[by] + ds)``."""
        signature = types.void(labels, types.int64, types.int64, types.int32)

        def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
            base = _data(context, builder, sig.args[0], given[0])
            place = _row(builder, base, given[1], lanes)
            legs = builder.load(_row(builder, base, given[2], lanes), align=4)
            total = builder.add(legs, _spread(builder, given[3], lanes))
            builder.store(_least(builder, total, builder.load(place, align=4)), place, align=4)
            return context.get_dummy_value()

        return signature, emit

    return relax_row


def _arrive(lanes: int) -> Callable[..., None]:
    """Make ``arrive(labels, row, ds, out, at, is_first)`` for so many lanes."""

    @intrinsic
    def arrive(typing: Any, labels: Any, row: Any, ds: Any, out: Any, at: Any, is_first: Any) -> Any:
        """``out.flat[at:][lane] = min(labels[row] + ds, UNREACHED if is_first else out.flat[at:][lane])``."""
        signature = types.void(labels, types.int64, types.int32, out, types.int64, types.boolean)

        def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
            base = _data(context, builder, sig.args[0], given[0])
            first = builder.gep(_data(context, builder, sig.args[3], given[3]), [given[4]])
            place = builder.bitcast(first, _vector(lanes).as_pointer())
            label = builder.load(_row(builder, base, given[1], lanes), align=4)
            total = builder.add(label, _spread(builder, given[2], lanes))
            with builder.if_else(builder.trunc(given[5], ir.IntType(1))) as (then, otherwise):
                with then:  # what stands there is not even read: it would have to be fetched
                    blank = _constant(lanes, int(UNREACHED))
                    builder.store(_least(builder, total, blank), place, align=4)
                with otherwise:
                    before = builder.load(place, align=4)
                    builder.store(_least(builder, total, before), place, align=4)
            return context.get_dummy_value()

        return signature, emit

    return arrive


def _within(lanes: int) -> Callable[..., np.int64]:
    """Make ``within(labels, row, ds, limit)`` for so many lanes."""

    @intrinsic
    def within(typing: Any, labels: Any, row: Any, ds: Any, limit: Any) -> Any:
        """Bit ``k`` is set where ``labels[row, k] + ds <= limit``."""
        signature = types.int64(labels, types.int64, types.int32, types.int32)

        def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
            base = _data(context, builder, sig.args[0], given[0])
            values = builder.load(_row(builder, base, given[1], lanes), align=4)
            total = builder.add(values, _spread(builder, given[2], lanes))
            small = builder.icmp_unsigned("<=", total, _spread(builder, given[3], lanes))
            return builder.zext(builder.bitcast(small, ir.IntType(lanes)), _I64)

        return signature, emit

    return within


@intrinsic
def _lowest_bit(typing: Any, bits: Any) -> Any:
    """Number of the lowest bit that is set, of at least one."""

    def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.int64), emit


@intrinsic
def _bits_set(typing: Any, bits: Any) -> Any:
    """How many bits are set."""

    def emit(context: Any, builder: Any, sig: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.int64(types.int64), emit


lowest_bit = cast(Callable[[np.int64], int], _lowest_bit)
bits_set = cast(Callable[[np.int64], int], _bits_set)
sweep_row_few, sweep_row_many = _sweep_row(FEW), _sweep_row(MANY)
arrive_few, arrive_many = _arrive(FEW), _arrive(MANY)
within_few, within_many = _within(FEW), _within(MANY)
relax_row_few, relax_row_many = _relax_row(FEW), _relax_row(MANY)
