// The page of exercises in real life: prepare one from a script, enter one that is there.
import { get, post } from './client';
import { kindWord, SPEEDS } from './drill_clock';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import type { DrillShown } from './exercise_clock';
import { stateWord } from './exercise_mark';
import { notice, windWords } from './incident_panel';
import { lazily } from './lazily';
import { teamTitle } from './plan_tabs';
import { entitled } from './session';
import { language, say } from './speech';
import { atRegion, dayAndClock, localInput, span } from './times';
import { enterDrill } from './world';

interface Inject {
  id: string;
  after_s: number;
  [kind: string]: unknown;
}
interface DrillAsked {
  title: string;
  starts_at?: string | null;
  speed?: number;
  script?: Inject[];
}
interface Shipped {
  title_zh: string;
  title_en: string;
  drill: DrillAsked;
}
const NONE: DrillAsked = { title: '', starts_at: null, speed: 1, script: [] };
const FILE = 'file';
const form = { script: '0', title: '', starts: '', speed: 1, file: null as DrillAsked | null, wrong: '' };
let filled = '';

export function drillsPanel(desk: Desk): Child[] {
  return [notice(desk), h('div', { class: 'tab-body drills', id: 'drills', tabindex: 0, 'aria-label': say('drills'), 'data-scroll': 'drills' },
    entitled('operate') && preparing(desk), all(desk))];
}

function all(desk: Desk): Child {
  const { drills } = desk.situation;
  return h('section', {},
    h('h2', {}, say('allDrills')),
    drills.length === 0 ? h('p', { class: 'quiet' }, say('noDrills')) : table(say('allDrills'), [
      { title: say('drillTitle'), cell: (one) => [h('b', {}, one.title), h('span', { class: 'quiet block' }, one.id)] },
      { title: say('status'), cell: (one) => h('span', { class: `state ${one.status}` }, stateWord(one.status)) },
      { title: say('exerciseTime'), cell: (one) => [one.now ? dayAndClock(one.now) : one.starts_at ? dayAndClock(one.starts_at) : '–', h('span', { class: 'quiet block' }, `${say('passed')} ${span(one.elapsed_s)}`)] },
      { title: say('by'), cell: (one) => one.made_by },
      { title: say('deed'), cell: (one: DrillShown) => button(say('enter'), () => enterDrill(one.id), { class: 'exercise-button', 'data-keep': `enter-${one.id}`, 'data-enter': one.id }) },
    ], drills));
}

function preparing(desk: Desk): Child {
  const { value } = lazily<{ items: Shipped[] }>(desk, 'scripts', '', () => get('drills/scripts'));
  if (!value) return h('p', { class: 'quiet' }, say('loading'));
  const asked = chosen(value.items);
  fill(asked);
  return h('form', {
    class: 'prepare',
    onsubmit: (event: Event) => {
      event.preventDefault();
      void prepare(desk, value.items);
    },
  },
    h('h2', {}, say('newDrill')),
    h('div', { class: 'fields' },
      h('label', { class: 'field wide' }, h('span', {}, say('script')), choice(desk, value.items)),
      form.script === FILE && h('label', { class: 'field wide' }, h('span', {}, say('scriptFile')), h('input', { id: 'drill-file', type: 'file', accept: '.json,application/json', onchange: (event: Event) => void read(desk, event.target as HTMLInputElement) })),
      form.wrong && h('p', { class: 'notice bad wide', role: 'alert' }, form.wrong),
      h('label', { class: 'field wide' }, h('span', {}, say('drillTitle')), h('input', { id: 'drill-title', required: true, maxlength: 200, value: form.title, 'data-keep': 'drill-title', oninput: (event: Event) => (form.title = (event.target as HTMLInputElement).value) })),
      h('label', { class: 'field' }, h('span', {}, say('startsAt')), h('input', { id: 'drill-starts', type: 'datetime-local', step: 60, value: form.starts, 'data-keep': 'drill-starts', oninput: (event: Event) => (form.starts = (event.target as HTMLInputElement).value) })),
      h('label', { class: 'field' }, h('span', {}, say('speed')), h('select', { id: 'drill-pace', 'data-keep': 'drill-pace', onchange: (event: Event) => (form.speed = Number((event.target as HTMLSelectElement).value)) }, [...new Set([...SPEEDS, form.speed])].sort((a, b) => a - b).map((one) => h('option', { value: one, selected: one === form.speed }, `×${one}`))))),
    (asked.script?.length ?? 0) > 0 && table(say('script'), [
      { title: say('time'), cell: (one) => h('span', { class: 'number' }, `+${span(one.after_s)}`) },
      { title: say('kind'), cell: (one) => kindWord(kindOf(one)) },
      { title: say('event'), cell: (one) => what(desk, one) },
    ], [...asked.script!].sort((a, b) => a.after_s - b.after_s)),
    h('p', {}, h('button', { type: 'submit', class: 'main', id: 'drill-prepare', 'data-keep': 'drill-prepare' }, say('prepare'))));
}

function choice(desk: Desk, shipped: Shipped[]): HTMLElement {
  return h('select', {
    id: 'drill-script',
    'data-keep': 'drill-script',
    onchange: (event: Event) => {
      form.script = (event.target as HTMLSelectElement).value;
      form.wrong = '';
      desk.paint();
    },
  }, shipped.map((one, at) => h('option', { value: at, selected: String(at) === form.script }, language() === 'zh' ? one.title_zh : one.title_en)),
  h('option', { value: FILE, selected: form.script === FILE }, say('scriptFile')),
  h('option', { value: '', selected: form.script === '' }, say('scriptNone')));
}

function chosen(shipped: Shipped[]): DrillAsked {
  if (form.script === FILE) return form.file ?? NONE;
  const one = shipped[Number(form.script || NaN)];
  return one ? { ...one.drill, title: language() === 'zh' ? one.drill.title : one.title_en } : NONE;
}

/** A script that was just chosen says title, time and pace; what is typed afterwards stays. */
function fill(asked: DrillAsked): void {
  const key = `${form.script} ${asked.title}`;
  if (filled === key) return;
  filled = key;
  form.title = asked.title;
  form.starts = asked.starts_at ? localInput(asked.starts_at) : '';
  form.speed = asked.speed ?? 1;
}

function kindOf(one: Inject): string {
  return Object.keys(one).find((key) => key !== 'id' && key !== 'after_s' && one[key] !== null) ?? '';
}

function what(desk: Desk, one: Inject): string {
  const kind = kindOf(one);
  const said = one[kind];
  if (typeof said === 'string') return kind === 'team_out' ? teamTitle(desk, said) : said;
  if (kind === 'wind') return windWords((said as { weather?: Record<string, number> }).weather ?? {});
  const facts = said as Record<string, string>;
  const name = language() === 'zh' ? facts['name_zh'] : facts['name_en'];
  return name || facts['name_zh'] || facts['reason'] || one.id;
}

async function read(desk: Desk, field: HTMLInputElement): Promise<void> {
  form.file = null;
  form.wrong = '';
  try {
    const text = await field.files?.[0]?.text();
    if (!text) return;
    const found = JSON.parse(text) as DrillAsked & { drill?: DrillAsked };
    const asked = found.drill ?? found;
    if (!Array.isArray(asked.script)) throw new Error('script');
    form.file = { ...asked, title: asked.title ?? '' };
  } catch (error) {
    form.wrong = say('scriptWrong', String((error as Error).message));
  }
  desk.paint();
}

async function prepare(desk: Desk, shipped: Shipped[]): Promise<void> {
  if (form.script === FILE && !form.file) return void document.getElementById('drill-file')?.focus();
  const body = {
    title: form.title.trim(),
    speed: form.speed,
    script: chosen(shipped).script ?? [],
    ...(form.starts ? { starts_at: atRegion(form.starts) } : {}),
  };
  const made = await desk.act(say('preparing'), () => post<DrillShown>('drills', body));
  if (made) enterDrill(made.id);
}
