import './desk_globals';
import { expect, test } from 'vitest';
import { elapsedAt, type DrillShown } from '../src/desk/exercise_clock';
import type { DrillEvent, IncidentFeature, PlanShown, TeamFeature } from '../src/desk/records';
import { momentAt, type Played } from '../src/desk/replay_course';
import { addressIn, belongs, drillOf, WrongWorld } from '../src/desk/world';
import { along } from '../src/extent';
import { clockAt, featuresAt, type ReplayData } from '../src/replay';

const DRILL = 'drill-000007';

test('what an exercise asks for goes to its own world, or nowhere', () => {
  for (const path of ['incidents', '/plans/p-1/commit', 'orders/o/complete', 'teams?limit=3', './closures', 'reports/r', 'depots/d/stock']) {
    expect(addressIn(DRILL, path)).toMatch(/^\.\/drills\/drill-000007\//);
    expect(addressIn(null, path)).not.toContain('drills');
  }
  expect(addressIn(DRILL, 'region/layers/roads')).toBe('./region/layers/roads');
  expect(addressIn(DRILL, 'drills/drill-000007/end')).toBe('./drills/drill-000007/end');
  for (const path of ['places', 'jobs/1', 'processes/siting/execution', 'alerts', 'stations', 'incidentsx', '../incidents', '']) {
    expect(() => addressIn(DRILL, path), path).toThrow(WrongWorld);
  }
});

test('a name of an exercise cannot climb out of it', () => {
  for (const name of ['..', '../..', '', '.', 'a/b', 'a?b', '%2e%2e']) expect(() => addressIn(name, 'incidents'), name).toThrow(WrongWorld);
  expect(() => addressIn(DRILL, 'plans/../../../plans/p/commit')).toThrow(WrongWorld);
  expect(() => addressIn(DRILL, 'drills/../incidents')).toThrow(WrongWorld);
  expect(drillOf('?drill=drill-1&x=2')).toBe('drill-1');
  expect(drillOf('?drill=')).toBe('');
  expect(drillOf('?other=1')).toBe(null);
});

test('an answer of the other world is not taken', () => {
  const marked = new Response('{}', { headers: { 'X-Exercise': 'true' } });
  const real = new Response('{}');
  expect(belongs('./drills/d/plans', marked)).toBe(true);
  expect(belongs('./drills/d/plans', real)).toBe(false);
  expect(belongs('./plans', real)).toBe(true);
  expect(belongs('./plans', marked)).toBe(false);
  expect(belongs('./drills/d/plans', new Response('', { status: 409 }))).toBe(true);
});

test('the clock runs at its pace and stands otherwise', () => {
  const drill = { elapsed_s: 100, speed: 4, status: 'running' } as DrillShown;
  expect(elapsedAt(drill, 2500)).toBe(110);
  expect(elapsedAt({ ...drill, status: 'paused' }, 2500)).toBe(100);
});

const event = (number: number, after_s: number, action: string, subject: string, detail: Record<string, unknown> = {}): DrillEvent => ({ number, at: '', after_s, actor: 'x', action, subject, text: { zh: '', en: '' }, detail });
const team = { type: 'Feature', id: 't', geometry: { type: 'Point', coordinates: [106, 38] }, properties: { status: 'available' } } as unknown as TeamFeature;
const incident = { type: 'Feature', id: 'i', geometry: { type: 'Point', coordinates: [106.1, 38] }, properties: { status: 'closed' } } as unknown as IncidentFeature;
const plan = {
  id: 'p', incidents: ['i'],
  document: { decisions: { teams: [{ id: 't', incident_id: 'i', turnout_s: 60, travel_s: 100, arrival_s: 160, route: { geometry: [[106, 38], [106.1, 38]] } }], incidents: [] } },
} as unknown as PlanShown;
const played: Played = {
  starts_ms: 0,
  teams: [team],
  incidents: [incident],
  plans: new Map([['p', plan]]),
  course: [
    event(1, 0, 'incident.reported', 'i'),
    event(2, 10, 'plan.proposed', 'p'),
    event(3, 40, 'plan.committed', 'p', { orders: { t: 'o' } }),
    event(4, 100, 'closure.reported', 'c', { road_ids: ['r'], reason: 'ice' }),
    event(5, 120, 'closure.lifted', 'c'),
    event(6, 300, 'order.completed', 'o'),
    event(7, 500, 'incident.closed', 'i'),
  ],
};

test('a team waits, drives its road, stands there, drives back', () => {
  const at = (at_s: number) => {
    const one = momentAt(played, at_s).teams[0]!;
    return [one.properties.status, Number(one.geometry.coordinates[0]!.toFixed(3))];
  };
  expect(at(0)).toEqual(['available', 106]);
  expect(at(99)).toEqual(['committed', 106]);
  expect(at(150)).toEqual(['en_route', 106.05]);
  expect(at(250)).toEqual(['on_scene', 106.1]);
  expect(at(350)).toEqual(['returning', 106.05]);
  expect(at(401)).toEqual(['available', 106]);
});

test('incidents, plans, closures and routes are there from their event to their end', () => {
  const counts = (at_s: number) => {
    const now = momentAt(played, at_s);
    return [now.incidents.length, now.plans.length, now.closures.length, now.routes.features.length, now.said.length];
  };
  expect(counts(-1)).toEqual([0, 0, 0, 0, 0]);
  expect(counts(10)).toEqual([1, 1, 0, 0, 2]);
  expect(counts(100)).toEqual([1, 1, 1, 1, 4]);
  expect(counts(120)).toEqual([1, 1, 0, 1, 5]);
  expect(counts(200)).toEqual([1, 1, 0, 0, 5]);
  expect(counts(500)).toEqual([0, 0, 0, 0, 7]);
});

test('the page of a drill draws calls that wait and teams that drive', () => {
  const data: ReplayData = {
    startsMs: Date.UTC(2026, 0, 1), fromS: 0, toS: 86_400, symbols: { waits: '', there: '', out: '', free: '' },
    calls: [['1', 100, 900, 400, 1, 2], ['2', 200, null, null, 3, 4]],
    teams: [[['队', 'Team'], [0, 0], [[200, 400, [[0, 0], [0.1, 0], [0.1, 0.1]]]], [[150, 800]]]],
  };
  const states = (at_s: number) => featuresAt(data, at_s).features.map((one) => one.properties?.['state'] ?? 'road');
  expect(states(50)).toEqual(['free']);
  expect(states(300)).toEqual(['road', 'out', 'waits', 'waits']);
  expect(states(400)).toEqual(['out', 'there', 'waits']);
  expect(states(900)).toEqual(['free', 'waits']);
  expect(clockAt(data, 3660)).toBe('01-01 01:01');
  expect(along([[0, 0], [0, 0], [2, 0]], 0.5)).toEqual([1, 0]);
});
