// Where to build: a siting question as a job with its live bound; before and after on the map; stations dragged.
import type { Feature } from 'geojson';
import { post } from './client';
import { button, h, table, type Child, type Column } from './dom';
import type { Desk } from './desk';
import { isRunning } from './jobs';
import { legend } from './legend';
import { NOTHING } from './map_sources';
import { PlannerJob } from './planner_job';
import { coverOf, sitingScenario, takeForm, type DrawnMeasured, type DrawnPlace, type Measures, type SitingForm, type SitingPlan } from './siting_scenario';
import { language, nameOf, say } from './speech';
import { count, span } from './times';

const form: SitingForm = { open: 3, townWithin_min: 5, outskirtsWithin_min: 20 };
let measured: DrawnMeasured | null = null;
/** What stands on the map: chosen candidates that were not moved, and places drawn or moved by hand. */
let drawn: { sites: string[]; places: DrawnPlace[] } = { sites: [], places: [] };

const asked = new PlannerJob<SitingPlan>('siting', () => say('people'), (plan) => takeForm(form, plan), async (desk, plan) => {
  drawn = { sites: plan.decisions.open.map((one) => one.id), places: [] };
  await measure(desk);
});

export function siting(desk: Desk): Child {
  asked.find(desk);
  return [question(desk), asked.view(desk), drawing(desk), tables(), curve()];
}

function question(desk: Desk): HTMLElement {
  const field = (key: keyof SitingForm, label: string, most: number) =>
    h('label', { class: 'field' }, h('span', {}, label),
      h('input', { type: 'number', min: 1, max: most, value: String(form[key]), id: `siting-${key}`, 'data-keep': `siting-${key}`, oninput: (event: Event) => (form[key] = Number((event.target as HTMLInputElement).value)) }));
  return h('form', {
    class: 'line',
    onsubmit: (event: Event) => {
      event.preventDefault();
      void asked.run(desk, sitingScenario(form, null));
    },
  },
    field('open', say('openNew'), 100), field('townWithin_min', say('townWithin'), 240), field('outskirtsWithin_min', say('outskirtsWithin'), 240),
    h('button', { type: 'submit', class: 'main', id: 'siting-run', disabled: isRunning(asked.job), 'data-keep': 'siting-run' }, say('runSiting')));
}

const STATION_WORDS = { existing: 'stationExisting', under_construction: 'stationBuilding', planned: 'stationPlanned', candidate: 'stationCandidate', chosen: 'stationChosen' } as const;
const COVER_WORDS = { before: 'coverBefore', gained: 'coverGained', lost: 'coverLost', none: 'coverNone' } as const;

function drawing(desk: Desk): HTMLElement {
  const name = (id: string) => nameOf(desk.situation.layers['stations']?.features.find((one) => one.id === id)?.properties, id);
  return h('section', {},
    h('h3', {}, say('drawnPlan')),
    h('p', { class: 'quiet' }, say('dragHint')),
    legend(say('layerStations'), (['existing', 'under_construction', 'planned', 'candidate', 'chosen'] as const).map((one) => [`station_${one}`, say(STATION_WORDS[one])])),
    measured && h('ul', { class: 'cover-legend', 'aria-label': say('service') }, (['before', 'gained', 'lost', 'none'] as const).map((one) => h('li', { class: `cover-${one}` }, say(COVER_WORDS[one])))),
    h('ul', { class: 'drawn' },
      drawn.sites.map((id) => h('li', {}, `★ ${name(id)} `, button('✕', () => void change(desk, () => (drawn.sites = drawn.sites.filter((one) => one !== id))), { 'aria-label': `${say('remove')} ${name(id)}`, 'data-keep': `drop-${id}` }))),
      drawn.places.map((one) => h('li', {}, `★ ${one.id} ${one.lon.toFixed(4)}, ${one.lat.toFixed(4)} `, nudge(desk, one), button('✕', () => void change(desk, () => (drawn.places = drawn.places.filter((other) => other !== one))), { 'aria-label': `${say('remove')} ${one.id}`, 'data-keep': `drop-${one.id}` })))),
    button(say('addStation'), () => void addPlace(desk), { id: 'siting-add', 'data-keep': 'siting-add' }),
    measured && measured.drawn.breaks.length > 0 && h('ul', { class: 'shortages' }, measured.drawn.breaks.map((one) => h('li', {}, language() === 'zh' ? one.text_zh : one.text_en))));
}

/** The same as dragging, by keyboard: a kilometre to each side. */
function nudge(desk: Desk, place: DrawnPlace): Child {
  const step = 0.009;
  const by: [string, number, number][] = [['←', -step, 0], ['↑', 0, step], ['↓', 0, -step], ['→', step, 0]];
  return by.map(([arrow, east, north]) => button(arrow, () => void change(desk, () => {
    place.lon += east;
    place.lat += north;
  }), { 'aria-label': `${say('move')} ${arrow}`, 'data-keep': `move-${place.id}${arrow}` }));
}

async function addPlace(desk: Desk): Promise<void> {
  const place = await desk.drawing.point();
  if (!place) return;
  await change(desk, () => drawn.places.push({ id: freshId(), lon: place[0]!, lat: place[1]! }));
}

function freshId(): string {
  let number = drawn.places.length + 1;
  while (drawn.places.some((one) => one.id === `drawn-${number}`)) number += 1;
  return `drawn-${number}`;
}

async function change(desk: Desk, deed: () => unknown): Promise<void> {
  deed();
  await measure(desk);
}

let asking = 0;

/** Service of the drawing, and the map of it; an answer that a newer one overtook is left aside. */
async function measure(desk: Desk): Promise<void> {
  const mine = ++asking;
  const found = await desk.act(say('computing'), () => post<DrawnMeasured>('siting/evaluation', sitingScenario(form, drawn)));
  if (!found || mine !== asking) return;
  measured = found;
  drawSiting(desk);
  desk.paint();
}

let isShown = true;

/** Other questions of the planner are looked at without the drawing. */
export function showSiting(desk: Desk, on: boolean): void {
  isShown = on;
  drawSiting(desk);
}

/** What lies under the drawing, and how each place fares by it. */
export function drawSiting(desk: Desk): void {
  if (desk.page !== 'planner' || !isShown) return desk.map.set('siting', NOTHING);
  const at = (id: string) => desk.situation.layers['stations']?.features.find((one) => one.id === id)?.geometry ?? null;
  const stations: Feature[] = [
    ...drawn.sites.flatMap((id) => (at(id) ? [{ type: 'Feature' as const, geometry: at(id)!, properties: { id, icon: 'station_chosen' } }] : [])),
    ...drawn.places.map((one) => ({ type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [one.lon, one.lat] }, properties: { id: one.id, icon: 'station_chosen' } })),
  ];
  const places: Feature[] = (measured?.points ?? []).map((one) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [one.lon, one.lat] },
    properties: { id: `point ${one.id}`, people: one.people, cover: coverOf(one) },
  }));
  desk.map.set('siting', { type: 'FeatureCollection', features: [...places, ...stations] });
}

/** A station that was dragged; a candidate becomes a drawn place. */
export function moveStation(desk: Desk, id: string, lon: number, lat: number, ended: boolean): void {
  let place = drawn.places.find((one) => one.id === id || one.id === `${id}-moved`);
  if (!place) {
    if (!drawn.sites.includes(id)) return;
    drawn.sites = drawn.sites.filter((one) => one !== id);
    drawn.places.push((place = { id: `${id}-moved`, lon, lat }));
  }
  [place.lon, place.lat] = [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5];
  drawSiting(desk);
  if (ended) void measure(desk);
}

export function isDrawn(id: string): boolean {
  return drawn.sites.includes(id) || drawn.places.some((one) => one.id === id || one.id === `${id}-moved`);
}

function tables(): Child {
  const before = measured?.before ?? asked.plan?.measures.before;
  const after = measured?.drawn.measures ?? asked.plan?.measures.after;
  if (!before || !after) return null;
  const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);
  const rows = before.townships.map((one, at) => ({ one, then: after.townships[at]! }));
  const columns: Column<(typeof rows)[number]>[] = [
    { title: say('township'), cell: (row) => nameOf(row.one, row.one.id) },
    { title: say('people'), number: true, cell: (row) => count(row.one.people) },
    { title: say('before'), number: true, cell: (row) => percent(row.one.share) },
    { title: say('after'), number: true, cell: (row) => (row.then.covered === row.one.covered ? percent(row.then.share) : h('b', {}, percent(row.then.share))) },
    { title: say('mean'), number: true, cell: (row) => `${span(row.one.mean_response_s)} → ${span(row.then.mean_response_s)}` },
  ];
  return h('div', { id: 'siting-tables' }, standards(before, after), table(say('service'), columns, rows));
}

function standards(before: Measures, after: Measures): HTMLElement {
  const rows = before.standards.map((one, at) => ({ one, then: after.standards[at]! }));
  return table(say('standards'), [
    { title: say('standard'), cell: (row) => `${row.one.zone === 'town' ? say('zoneTown') : say('zoneOutskirts')} ≤ ${span(row.one.within_s)}` },
    { title: say('people'), number: true, cell: (row) => count(row.one.people) },
    { title: say('before'), number: true, cell: (row) => count(row.one.covered) },
    { title: say('after'), number: true, cell: (row) => h('b', { class: 'after-covered' }, count(row.then.covered)) },
  ], rows);
}

function curve(): Child {
  const points = asked.plan?.curve.points.filter((one) => one.covered !== null) ?? [];
  if (points.length < 2) return null;
  return table(say('curve'), [
    { title: say('openNew'), cell: (row) => row.open },
    { title: say('covered'), number: true, cell: (row) => count(row.covered!) },
    { title: say('bound'), number: true, cell: (row) => (row.bound === null ? '–' : count(row.bound)) },
    { title: say('share'), cell: (row) => h('meter', { min: 0, max: Math.max(...points.map((one) => one.covered!)), value: String(row.covered), 'aria-label': say('covered') }) },
  ], points);
}
