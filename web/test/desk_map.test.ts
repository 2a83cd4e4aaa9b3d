import './desk_globals';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, test } from 'vitest';
import { GROUPS } from '../src/desk/map_layers';
import { closedRoads, NOTHING, routeFeatures, teamFeatures, zoneFeatures } from '../src/desk/map_sources';
import { wholeStyle, type Shown } from '../src/desk/map_style';
import type { ClosureFeature, PlanShown, Team, TeamFeature, ZoneFeature } from '../src/desk/records';
import { coverOf, sitingScenario } from '../src/desk/siting_scenario';
import { age, clock, dayAndClock, keepTimeOf, metres, span } from '../src/desk/times';

test.each(['dark', 'light'])('the map accepts the whole style of the %s desk, and groups name its layers', (theme) => {
  const shown: Shown = { theme, scale: 1.5, roads: true, closed: ['r1'], isOn: (group) => group !== 'teams', data: () => NOTHING };
  const style = wholeStyle(shown);
  expect(validateStyleMin({ ...style, glyphs: 'local/{fontstack}/{range}' })).toEqual([]);
  const ids = style.layers.map((layer) => layer.id);
  for (const layers of Object.values(GROUPS)) for (const layer of layers) expect(ids, layer).toContain(layer);
  expect(ids.indexOf('roads-major')).toBeLessThan(ids.indexOf('zones-fill'));
  expect(ids.indexOf('roads-closed')).toBeGreaterThan(ids.indexOf('zones-fill'));
  const hidden = style.layers.filter((layer) => layer.layout?.visibility === 'none').map((layer) => layer.id);
  expect(hidden).toEqual(GROUPS['teams']);
  expect(wholeStyle({ ...shown, roads: false }).layers.some((layer) => layer.id.startsWith('roads'))).toBe(false);
});

test('on a wall letters, symbols and lines are larger', () => {
  const at = (scale: number) => wholeStyle({ theme: 'dark', scale, roads: false, closed: [], isOn: () => true, data: () => NOTHING }).layers.find((layer) => layer.id === 'incidents')!;
  expect(at(2).layout).toMatchObject({ 'text-size': 28, 'icon-size': 2 });
  expect(at(1).layout).toMatchObject({ 'text-size': 14 });
});

function team(change: Partial<Team>): TeamFeature {
  const properties = { name_zh: '一队', name_en: 'One', listed: true, status: 'available', seen: true, position_age_s: 10, order_id: null, ...change } as Team;
  return { type: 'Feature', id: 't1', geometry: { type: 'Point', coordinates: [106, 38] }, properties };
}

test('a team seen long ago is faint and says how long; one that is gone is not drawn', () => {
  const [fresh, old, edge] = [10, 1200, 900].map((position_age_s) => teamFeatures([team({ position_age_s })]).features[0]!.properties!);
  expect(fresh!['faint']).toBe(false);
  expect(edge!['faint'], 'the limit is inclusive').toBe(false);
  expect(old!['faint']).toBe(true);
  expect(old!['name']).toContain('20 min');
  expect(teamFeatures([team({ listed: false })]).features).toEqual([]);
  expect(teamFeatures([team({ status: 'en_route' })]).features[0]!.properties!['icon']).toBe('team-en_route');
});

test('the gravest zone is drawn last, above the others', () => {
  const zone = (level: number): ZoneFeature => ({
    type: 'Feature',
    id: `z${level}`,
    geometry: { type: 'Polygon', coordinates: [] },
    properties: { incident_id: 'i', plan_id: 'p', kind: 'x', level, depth_m: null, people: 1, closes_roads: true },
  });
  expect(zoneFeatures([zone(3), zone(1), zone(2)]).features.map((one) => one.properties!['level'])).toEqual([1, 2, 3]);
});

test('routes of a plan that is over are not drawn, those of one in force count down', () => {
  const plan = (status: string) => ({ status, document: { decisions: { teams: [{ id: 't1', arrival_s: 600, route: { geometry: [[0, 0], [1, 1]] } }] } } }) as unknown as PlanShown;
  expect(routeFeatures(plan('superseded'), new Map()).features).toEqual([]);
  expect(routeFeatures(plan('proposed'), new Map()).features[0]!.properties!['name']).toBe('10:00');
  expect(routeFeatures(plan('committed'), new Map([['t1', 61]])).features[0]!.properties!['name']).toBe('1:01');
});

test('closed roads are named by their ids', () => {
  const closure = { properties: { road_ids: ['r1', 'r2'] } } as unknown as ClosureFeature;
  expect(closedRoads([closure, closure])).toEqual(['r1', 'r2', 'r1', 'r2']);
});

test.each([
  [0, '0:00'], [271.3, '4:31'], [3599.4, '59:59'], [3600, '1 h 00'], [4075, '1 h 07'], [-65, '−1:05'], [null, '–'], [Infinity, '–'],
])('a span of %s s reads %s', (seconds, text) => {
  expect(span(seconds)).toBe(text);
});

test('ages and distances have one unit', () => {
  expect([age(59), age(60), age(7200), age(172_800)]).toEqual(['59 s', '1 min', '2 h', '2 d']);
  expect([metres(999), metres(1000), metres(null)]).toEqual(['999 m', '1.0 km', '–']);
});

test('a siting question has the form of a file; a place is gained, lost or neither', () => {
  const asked = sitingScenario({ open: 2, townWithin_min: 5, outskirtsWithin_min: 20 }, { sites: ['a'], places: [] }) as { siting: Record<string, unknown> };
  expect(asked.siting['open']).toBe(2);
  expect(asked.siting['drawn']).toEqual({ sites: ['a'], places: [] });
  expect([[true, true], [true, false], [false, true], [false, false]].map(([before, after]) => coverOf({ before: before!, after: after! }))).toEqual(['before', 'lost', 'gained', 'none']);
});

test('clocks show the time of the region, wherever the browser stands', () => {
  keepTimeOf(28_800);
  expect(clock('2026-01-15T18:10:05Z', true)).toBe('02:10:05');
  expect(dayAndClock('2026-01-15T18:10:05Z')).toBe('1-16 02:10');
  keepTimeOf(0);
  expect(clock('2026-01-15T18:10:05Z')).toBe('18:10');
});
