import { expect, test } from 'vitest';
import { extentOf, middleOf, positionsOf } from '../src/extent';

test('a point is its own extent', () => {
  expect(extentOf({ type: 'Point', coordinates: [106.5, 38.9] })).toEqual([106.5, 38.9, 106.5, 38.9]);
});

test('the extent of nested parts holds every position', () => {
  const area = {
    type: 'MultiPolygon' as const,
    coordinates: [[[[1, 2], [3, 2], [3, 5], [1, 2]]], [[[-4, 0], [0, 0], [0, 1], [-4, 0]]]],
  };
  expect(extentOf(area)).toEqual([-4, 0, 3, 5]);
  expect([...positionsOf(area)]).toHaveLength(8);
});

test('the parts of a collection count too', () => {
  const both = {
    type: 'GeometryCollection' as const,
    geometries: [
      { type: 'Point' as const, coordinates: [0, 0] },
      { type: 'LineString' as const, coordinates: [[2, 2], [4, -2]] },
    ],
  };
  expect(extentOf(both)).toEqual([0, -2, 4, 2]);
});

test('the middle lies halfway', () => {
  expect(middleOf([0, 0, 4, 2])).toEqual([2, 1]);
});
