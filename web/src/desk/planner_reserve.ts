// What to keep, and where: the reserve as a job; its table, and what a further budget buys.
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { cancelJob, isRunning, resultOf, runJob, type Job } from './jobs';
import type { Named } from './records';
import { nameOf, say } from './speech';
import { count, span } from './times';

interface ReservePlan {
  status: string;
  objective: { value: number; unit: string } | null;
  bound: { value: number } | null;
  gap: number | null;
  windows_s: number[];
  service: number[];
  items: (Named & { id: string; unit: string; needed?: number })[];
  cost: Record<string, number> | null;
  decisions: { moves: Line[]; held: Held[] };
  further: { curve: { spent: number; met: number[] }[] };
}
interface Line {
  action: string;
  depot_id: string;
  item_id: string;
  mode: string;
  units: number;
}
interface Held {
  depot_id: string;
  item_id: string;
  mode: string;
  before: number;
  after: number;
}
const MOST_FLOODS = 6;
const form = { people: 1200, days: 3, budget: 2_000_000 };
let job: Job | null = null;
let plan: ReservePlan | null = null;
let problem = '';

export function reserve(desk: Desk): Child {
  const field = (key: keyof typeof form, label: string) =>
    h('label', { class: 'field' }, h('span', {}, label),
      h('input', { type: 'number', min: 1, value: String(form[key]), id: `reserve-${key}`, 'data-keep': `reserve-${key}`, oninput: (event: Event) => (form[key] = Number((event.target as HTMLInputElement).value)) }));
  return [
    h('form', {
      class: 'line',
      onsubmit: (event: Event) => {
        event.preventDefault();
        void run(desk);
      },
    }, field('people', say('people')), field('days', say('days')), field('budget', say('budget')),
    h('button', { type: 'submit', class: 'main', id: 'reserve-run', disabled: isRunning(job), 'data-keep': 'reserve-run' }, say('runReserve'))),
    progress(desk),
    plan && answer(desk, plan),
  ];
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
  return { muster: 1, kind: 'reserve', reserve: { people: form.people, days: form.days, budget: form.budget, counted_on: today, curve: [0.5, 2], compare: false, validate_on: 0, windows: ['2 h', '10 h', '24 h', '72 h'], objective: { least: 'cost' }, scenarios: zones } };
}

async function run(desk: Desk): Promise<void> {
  plan = null;
  problem = '';
  const done = await desk.act(say('computing'), () => runJob('reserve', scenario(desk), (news) => {
    job = news;
    desk.paint();
  }));
  if (done?.status === 'successful') plan = await resultOf<ReservePlan>(done.jobID);
  else if (done) problem = `${done.problem?.code ?? ''} ${done.problem?.detail ?? done.message}`;
  desk.paint();
}

function progress(desk: Desk): Child {
  if (!job) return null;
  return h('div', { class: 'job', role: 'status', id: 'reserve-job', 'data-status': job.status },
    h('progress', { max: 100, value: String(job.status === 'successful' ? 100 : job.progress), 'aria-label': say('progress') }),
    h('span', {}, `${problem || job.message} · ${say('best')} ${job.value === null ? '–' : count(job.value)} · ${say('bound')} ${job.bound === null ? '–' : count(job.bound)}`),
    isRunning(job) && button(say('cancel'), () => void cancelJob(job!.jobID).then((news) => {
      job = news;
      desk.paint();
    }), { 'data-keep': 'reserve-cancel' }));
}

function answer(desk: Desk, found: ReservePlan): Child {
  const depots = desk.situation.layers['depots']?.features ?? [];
  const items = desk.situation.layers['items']?.features ?? [];
  const name = (list: typeof depots, id: unknown) => nameOf(list.find((one) => one.id === id)?.properties, String(id));
  const lines = found.decisions.held.filter((one) => one.after !== one.before);
  return h('div', { id: 'reserve-tables' },
    h('p', { class: 'big' }, h('b', {}, found.objective ? `${count(found.objective.value)} ${found.objective.unit}` : '–'), ` ${say('bound')} ${found.bound ? count(found.bound.value) : '–'}`),
    table(say('reserveCurve'), [
      { title: say('within'), cell: (row) => span(row.window) },
      { title: say('served'), number: true, cell: (row) => `${(row.share * 100).toFixed(1)} %` },
      { title: '', cell: (row) => h('meter', { min: 0, max: 1, value: String(row.share), 'aria-label': say('served') }) },
    ], found.windows_s.map((window, at) => ({ window, share: found.service[at] ?? 0 }))),
    found.further.curve.length > 0 && table(say('costCurve'), [
      { title: say('spent'), cell: (row) => count(Math.round(row.spent)) },
      { title: say('served'), number: true, cell: (row) => `${((row.met.at(-1) ?? 0) * 100).toFixed(1)} %` },
      { title: '', cell: (row) => h('meter', { min: 0, max: 1, value: String(row.met.at(-1) ?? 0), 'aria-label': say('served') }) },
    ], found.further.curve),
    table(say('reserve'), [
      { title: say('depot'), cell: (row) => name(depots, row.depot_id) },
      { title: say('item'), cell: (row) => name(items, row.item_id) },
      { title: say('mode'), cell: (row) => say(MODES[row.mode] ?? 'modePhysical') },
      { title: say('before'), number: true, cell: (row) => count(row.before) },
      { title: say('after'), number: true, cell: (row) => h('b', {}, count(row.after)) },
    ], lines));
}

const MODES: Record<string, 'modePhysical' | 'modeAgreement' | 'modeCapacity'> = { physical: 'modePhysical', agreement: 'modeAgreement', capacity: 'modeCapacity' };
