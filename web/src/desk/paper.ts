// What goes on paper: the order sheet of each team, the incident's map, the roster; with the map review number.
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import type { OrderShown, PlanShown, TeamFeature } from './records';
import { nowMs } from './exercise_clock';
import { causeOf, wind } from './incident_panel';
import { onPaper } from './paper_frame';
import { statusWord, teamTitle } from './plan_tabs';
import { capability, taskOf } from './sentences';
import { nameOf, say, term } from './speech';
import { count, dayAndClock, metres, span } from './times';
import { ZONE_COLOURS, WATER_COLOUR } from './looks';

type Sheet = 'orders' | 'map' | 'roster';
const SHEETS: Record<Sheet, 'orderSheets' | 'incidentMap' | 'roster'> = { orders: 'orderSheets', map: 'incidentMap', roster: 'roster' };
const REVIEW = 'muster-map-review';
const chosen = { sheet: 'orders' as Sheet, size: 'A4' };

export function openPaper(desk: Desk): void {
  void draw(desk);
}

async function draw(desk: Desk): Promise<void> {
  const again = () => void draw(desk);
  const review = h('input', {
    id: 'map-review',
    value: localStorage.getItem(REVIEW) ?? '',
    onchange: (event: Event) => {
      localStorage.setItem(REVIEW, (event.target as HTMLInputElement).value);
      again();
    },
  });
  const picture = chosen.sheet === 'map' ? await desk.map.picture() : '';
  const body: Record<Sheet, () => Child> = { orders: () => orders(desk), map: () => incidentMap(desk, picture), roster: () => roster(desk) };
  const bar = [
    (Object.keys(SHEETS) as Sheet[]).map((sheet) => button(say(SHEETS[sheet]), () => {
      chosen.sheet = sheet;
      again();
    }, { 'aria-pressed': chosen.sheet === sheet ? 'true' : 'false', id: `sheet-${sheet}`, 'data-keep': `sheet-${sheet}` })),
    h('select', {
      'aria-label': say('paperSize'),
      id: 'paper-size',
      'data-keep': 'paper-size',
      onchange: (event: Event) => {
        chosen.size = (event.target as HTMLSelectElement).value;
        again();
      },
    }, ['A4', 'A3'].map((one) => h('option', { value: one, selected: one === chosen.size }, one))),
    h('label', {}, `${say('mapReview')} `, review),
  ];
  onPaper(chosen.size, chosen.sheet !== 'orders', bar, body[chosen.sheet]());
}

function head(desk: Desk, title: string): HTMLElement {
  const incident = desk.situation.incident();
  return h('header', {},
    h('h1', {}, title),
    h('p', {}, `${nameOf(desk.situation.region, '')} · ${incident ? `${nameOf(incident.properties, '') || term('hazards', incident.properties.hazard)} (${incident.id}) · ${incident.properties.level}` : ''}`),
    incident && h('p', {}, `${[...causeOf(desk, incident), dayAndClock(incident.properties.reported_at)].join(' · ')}${wind(incident.properties.weather)}`),
    h('p', {}, `${say('printedAt')} ${dayAndClock(new Date(nowMs()))}`));
}

function orders(desk: Desk): Child {
  const plan = desk.situation.shown;
  if (!plan) return h('p', {}, say('noPlan'));
  return plan.document.decisions.teams.map((sent) => orderSheet(desk, plan, sent.id, desk.situation.orders.find((one) => one.team_id === sent.id && one.plan_id === plan.id)));
}

function orderSheet(desk: Desk, plan: PlanShown, team: string, order: OrderShown | undefined): HTMLElement {
  const sent = plan.document.decisions.teams.find((one) => one.id === team)!;
  const incident = plan.document.decisions.incidents.find((one) => one.id === sent.incident_id);
  const slots = plan.document.decisions.slots.filter((one) => one.team_id === team);
  const staging = incident?.staging;
  const facts = desk.situation.team(team)?.properties;
  const rows: [string, Child][] = [
    [say('order'), order ? `${order.id} · ${dayAndClock(order.issued_at)}` : h('b', {}, say('notIssued'))],
    [say('team'), `${teamTitle(desk, team)} · ${sent.people} ${say('people')} · ${sent.vehicles} × ${term('vehicles', facts?.vehicle_class ?? '')}`],
    [say('incident'), whatAndWhere(desk, sent.incident_id)],
    [say('task'), taskOf(slots)],
    [say('limit'), span(Math.min(...slots.map((one) => one.within_s)))],
    [say('arrival'), order?.eta ? `${dayAndClock(order.eta)} (${span(sent.arrival_s)})` : span(sent.arrival_s)],
    [say('staging'), staging ? `${staging.lat.toFixed(5)} N, ${staging.lon.toFixed(5)} E · ${metres(staging.distance_m)} · ${term('sides', staging.side)} ${staging.street}` : '–'],
    [say('route'), `${metres(sent.route.length_m)} ${sent.route.streets.join(' → ')}`],
    [say('zones'), incident?.zones.map((one) => `${term('zones', one.kind)}${one.reach_m ? ` ${metres(one.reach_m)}` : ''}`).join(', ') ?? '–'],
    [say('call'), [facts?.phone, facts?.call_sign].filter(Boolean).join(' · ') || '–'],
    [say('approvedBy'), plan.approved_by ?? plan.approved_verbally_by ?? '–'],
    [say('signature'), ''],
  ];
  return h('article', { class: 'sheet' }, head(desk, `${say('orderSheet')}: ${teamTitle(desk, team)}`),
    h('table', {}, h('tbody', {}, rows.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))))));
}

/** What happened, with the substance and its container, and the coordinates to drive to. */
function whatAndWhere(desk: Desk, id: string): string {
  const incident = desk.situation.incident(id);
  if (!incident) return '–';
  const [lon, lat] = incident.geometry?.coordinates ?? [];
  const at = lon === undefined || lat === undefined ? '' : `${lat.toFixed(5)} N, ${lon.toFixed(5)} E`;
  return [term('hazards', incident.properties.hazard), ...causeOf(desk, incident), at].filter(Boolean).join(' · ');
}

function incidentMap(desk: Desk, picture: string): HTMLElement {
  const zones = desk.situation.zones.filter((one) => one.properties.incident_id === desk.situation.selected);
  return h('article', { class: 'sheet map-sheet' }, head(desk, say('incidentMap')),
    h('img', { src: picture, alt: say('incidentMap') }),
    h('ul', { class: 'legend' }, zones.map((one) => {
      const look = one.properties.depth_m === null ? ZONE_COLOURS[one.properties.level]! : { ...WATER_COLOUR };
      return h('li', {}, h('i', { style: { background: look.fill, borderColor: look.line } }), `${term('zones', one.properties.kind)} · ${count(one.properties.people)} ${say('people')}`);
    })),
    h('footer', {}, `${say('mapReview')}: ${localStorage.getItem(REVIEW) || '____________________'}`));
}

function roster(desk: Desk): HTMLElement {
  const teams = desk.situation.teams.filter((one) => one.properties.listed);
  return h('article', { class: 'sheet' }, head(desk, say('roster')),
    table<TeamFeature>(say('roster'), [
      { title: say('team'), cell: (one) => nameOf(one.properties, one.id) },
      { title: say('status'), cell: (one) => statusWord(one.properties.status) },
      { title: say('members'), number: true, cell: (one) => `${one.properties.crew ?? one.properties.people ?? '–'}` },
      { title: say('vehicles'), cell: (one) => `${one.properties.vehicles ?? '–'} × ${term('vehicles', one.properties.vehicle_class)}` },
      { title: say('task'), cell: (one) => Object.entries(one.properties.capabilities).map(([name, level]) => capability(name, level)).join(', ') },
      { title: say('call'), cell: (one) => [one.properties.phone, one.properties.call_sign].filter(Boolean).join(' · ') },
    ], teams));
}
