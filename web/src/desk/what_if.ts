// What if the wind turned, a road were closed or a team could not go; and how two plans differ.
import { get, post } from './client';
import { comparisonTables, type Comparison } from './compared';
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import { teamTitle } from './plan_tabs';
import type { IncidentFeature, PlanDocument, PlanShown } from './records';
import { may } from './session';
import { say } from './speech';

interface WhatIf {
  comparison: Comparison;
  then: PlanDocument;
}
const WINDS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
const asked = { from: '', speed: '', team: '', road: '', other: '' };
let answer: { incident: string; what: string; found: WhatIf } | null = null;

export function whatIfTab(desk: Desk, incident: IncidentFeature, plan: PlanShown | null): Child {
  return [may('plan') && question(desk, incident, plan), result(desk, incident), plan && comparison(desk, plan)];
}

function question(desk: Desk, incident: IncidentFeature, plan: PlanShown | null): HTMLElement {
  const teams = plan?.document.decisions.teams ?? [];
  return h('form', {
    class: 'what-if',
    onsubmit: (event: Event) => {
      event.preventDefault();
      void ask(desk, incident);
    },
  },
    h('span', { id: 'wind-label' }, say('windTurns')),
    h('div', { class: 'winds', role: 'group', 'aria-labelledby': 'wind-label' }, WINDS.map((one, at) => button(one, () => {
      asked.from = String(at * 45);
      void ask(desk, incident);
    }, { 'aria-pressed': asked.from === String(at * 45) ? 'true' : 'false', 'data-keep': `if-${one}` }))),
    h('div', { class: 'line' },
      input('if-speed', say('windSpeed'), asked.speed, (value) => (asked.speed = value)),
      h('label', { class: 'field' }, h('span', {}, say('withoutTeam')),
        h('select', { id: 'if-team', 'data-keep': 'if-team', onchange: (event: Event) => (asked.team = (event.target as HTMLSelectElement).value) },
          h('option', { value: '' }, say('none')), teams.map((one) => h('option', { value: one.id, selected: one.id === asked.team }, teamTitle(desk, one.id))))),
      h('div', { class: 'field' }, h('span', {}, say('road')), button(asked.road || say('pickOnMap'), () => void pickRoad(desk), { 'data-keep': 'if-road' })),
      h('button', { type: 'submit', class: 'main', id: 'if-ask', 'data-keep': 'if-ask' }, say('ask'))));
}

function input(id: string, label: string, value: string, changed: (value: string) => void): HTMLElement {
  return h('label', { class: 'field' }, h('span', {}, label),
    h('input', { id, type: 'number', min: 0, max: 75, step: 0.1, value, 'data-keep': id, oninput: (event: Event) => changed((event.target as HTMLInputElement).value) }));
}

async function pickRoad(desk: Desk): Promise<void> {
  const found = await desk.drawing.road();
  asked.road = found && 'layer' in found ? found.id : '';
  desk.paint();
}

async function ask(desk: Desk, incident: IncidentFeature): Promise<void> {
  const wind = { ...(asked.from ? { wind_from_deg: Number(asked.from) } : {}), ...(asked.speed ? { wind_m_s: Number(asked.speed) } : {}) };
  const body = {
    ...(Object.keys(wind).length ? { wind } : {}),
    ...(asked.road ? { close_roads: [asked.road] } : {}),
    ...(asked.team ? { without_teams: [asked.team] } : {}),
  };
  const what = [asked.from && `${asked.from}°`, asked.speed && `${asked.speed} m/s`, asked.road, asked.team && teamTitle(desk, asked.team)].filter(Boolean).join(', ');
  const found = await desk.act(say('planning'), () => post<WhatIf>(`incidents/${incident.id}/what-if`, body));
  if (!found) return;
  answer = { incident: incident.id, what, found };
  desk.preview(found.then);
}

function result(desk: Desk, incident: IncidentFeature): Child {
  if (answer?.incident !== incident.id) return null;
  return h('section', { id: 'what-if-answer' },
    h('h3', {}, `${say('whatif')}: ${answer.what} `, button(say('backToNow'), () => {
      answer = null;
      desk.preview(null);
    }, { id: 'if-clear', 'data-keep': 'if-clear' })),
    comparisonTables(desk, answer.found.comparison, [say('asIs'), say('thenIs')]));
}

function comparison(desk: Desk, plan: PlanShown): Child {
  const others = desk.situation.plansOf().filter((one) => one.id !== plan.id);
  if (!others.length) return null;
  const other = others.find((one) => one.id === asked.other) ?? others[0]!;
  const { value } = lazily<Comparison>(desk, 'compare', `${other.id} ${plan.id}`, () => get(`plans/${other.id}/compare/${plan.id}`));
  return h('section', {},
    h('h3', {}, h('label', {}, `${say('compareWith')} `,
      h('select', {
        id: 'compare-with',
        'data-keep': 'compare-with',
        onchange: (event: Event) => {
          asked.other = (event.target as HTMLSelectElement).value;
          desk.paint();
        },
      }, others.map((one) => h('option', { value: one.id, selected: one.id === other.id }, one.id))))),
    value ? comparisonTables(desk, value, [other.id, plan.id]) : h('p', { class: 'quiet' }, say('loading')));
}
