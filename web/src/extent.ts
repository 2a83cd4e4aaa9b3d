// The box around a geometry, to bring what a table row names into view; and the point at a share of a line.
import type { Geometry, Position } from 'geojson';

export type Box = [west: number, south: number, east: number, north: number];

export function extentOf(geometry: Geometry): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of positionsOf(geometry)) {
    box[0] = Math.min(box[0], lon!);
    box[1] = Math.min(box[1], lat!);
    box[2] = Math.max(box[2], lon!);
    box[3] = Math.max(box[3], lat!);
  }
  return box;
}

export function* positionsOf(geometry: Geometry): Generator<Position> {
  if (geometry.type === 'GeometryCollection') {
    for (const part of geometry.geometries) yield* positionsOf(part);
  } else {
    yield* flat(geometry.coordinates);
  }
}

function* flat(coordinates: unknown): Generator<Position> {
  const list = coordinates as unknown[];
  if (typeof list[0] === 'number') yield list as Position;
  else for (const inner of list) yield* flat(inner);
}

export function middleOf(box: Box): [number, number] {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** The point at a share of a line's length, 0 to 1. */
export function along(line: Position[], share: number): Position {
  const stretch = Math.cos((line[0]![1]! * Math.PI) / 180);
  const steps = line.slice(1).map((to, at) => Math.hypot((to[0]! - line[at]![0]!) * stretch, to[1]! - line[at]![1]!));
  let left = share * steps.reduce((total, one) => total + one, 0);
  for (const [at, step] of steps.entries()) {
    if (left <= step && step > 0) {
      const part = left / step;
      const [from, to] = [line[at]!, line[at + 1]!];
      return [from[0]! + part * (to[0]! - from[0]!), from[1]! + part * (to[1]! - from[1]!)];
    }
    left -= step;
  }
  return line.at(-1)!;
}
