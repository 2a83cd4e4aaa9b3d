import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, test } from 'vitest';
import { inLanguage } from '../src/language';
import { featureCollection, namesId, namesOf, namesSourceOf, shapesOf, sourceOf, styleLayers } from '../src/map_layers';
import type { LayerData, LayerStyle } from '../src/page_data';

const LOOK: LayerStyle = { fill: '#0072b2', fillOpacity: 0.5, stroke: '#ffffff', width: 2, dash: [6, 3], path: null, size: 8 };

function layer(change: Partial<LayerData>): LayerData {
  return {
    id: 'x',
    title: ['层', 'layer'],
    kind: 'point',
    style: LOOK,
    columns: [],
    labels: true,
    labelZoom: 0,
    features: [['a', ['陶乐镇', 'Taole'], { type: 'Point', coordinates: [106.7, 38.8] }, [], 5, [106.7, 38.8]]],
    ...change,
  };
}

const AREA = layer({ kind: 'polygon', features: [] });
const LINE = layer({ kind: 'line', features: [], style: { ...LOOK, fill: null } });
const SYMBOL = layer({ style: { ...LOOK, path: 'M0 0H1Z' } });

test.each([layer({}), AREA, LINE, SYMBOL, layer({ kind: 'line', style: { ...LOOK, dash: [] } })])(
  'the map accepts the style of every kind of layer',
  (one) => {
    const style = {
      version: 8 as const,
      sources: { [one.id]: sourceOf(one), [namesId(one)]: namesSourceOf(one) },
      layers: [...shapesOf(one, true), namesOf(one, 'zh', false)],
    };
    const faults = validateStyleMin(style).filter((fault) => !fault.message.includes('glyphs'));
    expect(faults.map((fault) => fault.message)).toEqual([]);
  },
);

test('an area is filled below its outline, a line is not', () => {
  expect(shapesOf(AREA, true).map((one) => one.id)).toEqual(['x:fill', 'x:line']);
  expect(shapesOf(LINE, true).map((one) => one.id)).toEqual(['x:line']);
});

test('names lie above circles and unnamed symbols, and below the symbols they keep clear of', () => {
  const unnamed = { ...SYMBOL, id: 'unnamed', labels: false };
  const all = [SYMBOL, unnamed, { ...layer({}), id: 'circle', labels: false }, { ...AREA, id: 'area' }];
  const ids = styleLayers(all, 'zh', () => true).map((one) => one.id);
  expect(ids).toEqual(['circle:point', 'area:fill', 'area:line', 'unnamed:point', 'x:names', 'area:names', 'x:point']);
});

test('dashes keep their length in pixels whatever the width', () => {
  const [line] = shapesOf(LINE, true);
  expect(line?.type === 'line' && line.paint?.['line-dasharray']).toEqual([3, 1.5]);
});

test('a layer that is switched off starts invisible', () => {
  expect(shapesOf(SYMBOL, false)[0]?.layout?.visibility).toBe('none');
});

test('features carry their row, both names and their radius', () => {
  expect(featureCollection(layer({})).features[0]?.properties).toEqual({ row: 0, zh: '陶乐镇', en: 'Taole', radius: 5 });
});

test('one word for both languages needs no pair', () => {
  expect(inLanguage('G6', 'en')).toBe('G6');
  expect(inLanguage(['路', 'road'], 'en')).toBe('road');
});
