// What to keep, and where: the reserve as a job; what changes at each depot, and what spending more buys.
import { h, table, type Child } from './dom';
import type { Desk } from './desk';
import { isRunning } from './jobs';
import { PlannerJob } from './planner_job';
import { costCurve, type Spending } from './reserve_curve';
import type { Named } from './records';
import { language, nameOf, say } from './speech';
import { count, span } from './times';

interface ReservePlan {
  status: string;
  windows_s: number[];
  service: number[];
  items: (Named & { id: string; unit: string })[];
  cost: Record<'first_stage' | 'use' | 'driving' | 'penalty' | 'total', number> | null;
  decisions: { held: Held[] };
  further: { curve: Spending[] };
  inputs: { scenario: { content: { reserve: { people: number | null; days: number; budget: number | null } } } };
}
interface Held {
  depot_id: string;
  item_id: string;
  mode: string;
  before: number;
  after: number;
}
const MOST_FLOODS = 6;
/** What is short weighs so much more or less for the other points of the curve. */
const WEIGHTS = [0.05, 0.2, 5];
const form = { people: 1200, days: 3, budget: 2_000_000 };
const asked = new PlannerJob<ReservePlan>('reserve', () => say('yuan'), takeForm);

export function reserve(desk: Desk): Child {
  if (!desk.situation.layers['flood_zones']?.features.length) return h('p', { class: 'quiet' }, say('noFloods'));
  asked.find(desk);
  const field = (key: keyof typeof form, label: string) =>
    h('label', { class: 'field' }, h('span', {}, label),
      h('input', { type: 'number', min: 1, required: true, value: String(form[key]), id: `reserve-${key}`, 'data-keep': `reserve-${key}`, oninput: (event: Event) => (form[key] = Number((event.target as HTMLInputElement).value)) }));
  const { plan } = asked;
  return [
    h('form', {
      class: 'line',
      onsubmit: (event: Event) => {
        event.preventDefault();
        void asked.run(desk, scenario(desk));
      },
    }, field('people', say('people')), field('days', say('days')), field('budget', say('budget')),
    h('button', { type: 'submit', class: 'main', id: 'reserve-run', disabled: isRunning(asked.job), 'data-keep': 'reserve-run' }, say('runReserve'))),
    asked.view(desk),
    plan?.cost && answer(desk, plan),
  ];
}

function takeForm(plan: ReservePlan): boolean {
  const { people, days, budget } = plan.inputs.scenario.content.reserve;
  if (people === null || budget === null) return false;
  Object.assign(form, { people, days, budget });
  return true;
}

/** The floods of the region that are drawn, each as likely as the other; the planner's file says better. */
function scenario(desk: Desk): Record<string, unknown> {
  const floods = desk.situation.layers['flood_zones']?.features ?? [];
  const today = new Date().toISOString().slice(0, 10);
  const year = today.slice(0, 4);
  const used = floods.slice(0, MOST_FLOODS);
  const each = Math.floor(1000 / used.length) / 1000;
  const zones = used.map((one, at) => ({
    id: `flood-${at + 1}`,
    probability: at ? each : Math.round(1000 * (1 - each * (used.length - 1))) / 1000,
    hazard: one.properties['hazard'],
    where: { flood_zones: [one.id] },
    at: one.properties['hazard'] === 'ice_jam' ? `${year}-02-17T06:00:00+08:00` : `${year}-07-21T16:00:00+08:00`,
  }));
  return { muster: 1, kind: 'reserve', reserve: { people: form.people, days: form.days, budget: form.budget, counted_on: today, curve: WEIGHTS, compare: false, validate_on: 0, windows: ['2 h', '10 h', '24 h', '72 h'], objective: { least: 'cost' }, scenarios: zones } };
}

function answer(desk: Desk, plan: ReservePlan): Child {
  return h('div', { id: 'reserve-tables' }, cost(plan), met(plan), curve(plan), changes(desk, plan));
}

/** What it costs; what is set against needs that stay unmet is no money that anybody pays. */
function cost(plan: ReservePlan): HTMLElement {
  const { first_stage, use, driving, penalty } = plan.cost!;
  const figure = (label: string, value: number) => h('div', {}, h('dt', {}, label), h('dd', {}, count(Math.round(value))));
  return h('dl', { class: 'measures costs' },
    figure(say('spendTotal'), first_stage + use + driving), figure(say('spendReserve'), first_stage),
    figure(say('spendUse'), use + driving), figure(say('spendPenalty'), penalty));
}

function met(plan: ReservePlan): HTMLElement {
  return table(say('reserveCurve'), [
    { title: say('window'), cell: (row) => span(row.window) },
    { title: say('served'), number: true, cell: (row) => percent(row.share) },
    { title: say('share'), cell: (row) => h('meter', { min: 0, max: 1, value: String(row.share), 'aria-label': say('served') }) },
  ], plan.windows_s.map((window, at) => ({ window, share: plan.service[at] ?? 0 })));
}

function curve(plan: ReservePlan): Child {
  const { first_stage, use, driving } = plan.cost!;
  const own: Spending = { spent: first_stage + use + driving, met: plan.service };
  const points = [...plan.further.curve, own].sort((one, other) => one.spent - other.spent);
  if (points.length < 2) return null;
  return [
    table(say('costCurve'), [
      { title: say('spent'), cell: (row) => [count(Math.round(row.spent)), row === own && h('b', {}, ` ${say('thisPlan')}`)] },
      ...plan.windows_s.map((window, at) => ({ title: span(window), number: true, cell: (row: Spending) => percent(row.met[at] ?? 0) })),
    ], points),
    h('p', { class: 'quiet' }, say('costCurveNote')),
    points.at(-1)!.spent > points[0]!.spent && costCurve(points, plan.windows_s, own),
  ];
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function changes(desk: Desk, plan: ReservePlan): Child {
  const depots = desk.situation.layers['depots']?.features ?? [];
  const lines = plan.decisions.held.filter((one) => one.after !== one.before);
  if (!lines.length) return h('p', { class: 'quiet' }, say('reserveAsIs'));
  return table(say('reserve'), [
    { title: say('depot'), cell: (row) => nameOf(depots.find((one) => one.id === row.depot_id)?.properties, row.depot_id) },
    { title: say('item'), cell: (row) => itemWords(plan, row.item_id) },
    { title: say('mode'), cell: (row) => say(MODES[row.mode] ?? 'modePhysical') },
    { title: say('before'), number: true, cell: (row) => count(row.before) },
    { title: say('after'), number: true, cell: (row) => h('b', {}, count(row.after)) },
    { title: say('change'), number: true, cell: (row) => `${row.after > row.before ? '+' : '−'}${count(Math.abs(row.after - row.before))}` },
  ], lines);
}

/** An item and what it is counted in; units come as `Chinese | English`. */
function itemWords(plan: ReservePlan, id: string): string {
  const item = plan.items.find((one) => one.id === id);
  if (!item) return id;
  const [zh = '', en = zh] = item.unit.split('|').map((one) => one.trim());
  const unit = language() === 'zh' ? zh : en;
  return unit && unit !== nameOf(item, id) ? `${nameOf(item, id)} (${unit})` : nameOf(item, id);
}

const MODES: Record<string, 'modePhysical' | 'modeAgreement' | 'modeCapacity'> = { physical: 'modePhysical', agreement: 'modeAgreement', capacity: 'modeCapacity' };
