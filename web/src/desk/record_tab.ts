// The record of an incident: at which level it is answered, its log, its reports.
import { get, post } from './client';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import { openPaper } from './paper';
import type { IncidentFeature } from './records';
import { reports } from './reports';
import { may } from './session';
import { language, say } from './speech';
import { clock, dayAndClock } from './times';

interface LogLine {
  at: string;
  by: string;
  text_zh: string;
  text_en: string;
  by_hand: boolean;
}
interface ResponseShown {
  level: string | null;
  steps: { id: string; step: string; level: string; at: string; by: string; why: string }[];
}

export function recordTab(desk: Desk, incident: IncidentFeature): Child {
  return [
    h('div', { class: 'line' }, button(say('paper'), () => openPaper(desk), { id: 'paper-open', 'data-keep': 'paper-open' })),
    response(desk, incident),
    reports(desk, incident),
    log(desk, incident),
  ];
}

function stateOf(desk: Desk): string {
  return String(desk.situation.readAt);
}

let chosenLevel: { of: string; level: string } | null = null;

function response(desk: Desk, incident: IncidentFeature): Child {
  const { value } = lazily<ResponseShown>(desk, `response ${incident.id}`, stateOf(desk), () => get(`incidents/${incident.id}/response`));
  if (!value) return null;
  const wanted = chosenLevel?.of === incident.id ? chosenLevel.level : (value.level ?? incident.properties.level);
  const approver = h('input', { id: 'level-approver', 'aria-label': say('approvedBy'), placeholder: say('approvedBy'), 'data-keep': 'level-approver' });
  const level: HTMLSelectElement = h('select', { id: 'response-level', onchange: () => (chosenLevel = { of: incident.id, level: level.value }), 'aria-label': say('responseLevel'), 'data-keep': 'response-level' }, ['I', 'II', 'III', 'IV'].map((one) => h('option', { value: one, selected: one === wanted }, one)));
  const verbal = () => (may('approve') ? {} : { approved_verbally_by: approver.value.trim() });
  const send = async (path: string, body: Record<string, unknown>) => {
    await desk.act(say('saving'), () => post(`incidents/${incident.id}/${path}`, { ...body, ...verbal() }));
    await desk.situation.refresh(['incidents']);
  };
  return h('section', {},
    h('h3', {}, `${say('responseLevel')}: `, h('b', { id: 'response-now' }, value.level ?? say('none'))),
    may('commit') && incident.properties.status === 'open' && h('div', { class: 'line' }, level, !may('approve') && approver,
      button(say('startLevel'), () => void send('response', { level: level.value, why: '' }), { id: 'response-set', 'data-keep': 'response-set' }),
      value.level !== null && button(say('endLevel'), () => void send('response/end', { why: '' }), { id: 'response-end', 'data-keep': 'response-end' })),
    value.steps.length > 0 && h('p', { class: 'quiet' }, value.steps.map((one) => `${clock(one.at)} ${say(STEP_WORDS[one.step] ?? 'startLevel')} ${one.level} (${one.by})`).join(' → ')));
}

const STEP_WORDS: Record<string, 'startLevel' | 'raiseLevel' | 'lowerLevel' | 'endLevel'> = { start: 'startLevel', raise: 'raiseLevel', lower: 'lowerLevel', end: 'endLevel' };

function log(desk: Desk, incident: IncidentFeature): Child {
  const { value } = lazily<{ lines: LogLine[] }>(desk, `log ${incident.id}`, stateOf(desk), () => get(`incidents/${incident.id}/log`));
  const text = h('input', { id: 'log-text', 'data-keep': 'log-text', 'aria-label': say('logEntry'), placeholder: say('logEntry'), maxlength: 2000 });
  return h('section', {},
    h('h3', {}, say('logTitle')),
    may('operate') && h('form', {
      class: 'line',
      onsubmit: (event: Event) => {
        event.preventDefault();
        const entry = text.value.trim();
        text.value = '';
        if (entry) void desk.act(say('saving'), () => post(`incidents/${incident.id}/log`, { text: entry })).then(() => desk.situation.refresh(['incidents']));
      },
    }, text, h('button', { type: 'submit', id: 'log-send', 'data-keep': 'log-send' }, say('save'))),
    value && table(say('logTitle'), [
      { title: say('time'), cell: (one) => dayAndClock(one.at) },
      { title: say('event'), cell: (one) => (language() === 'zh' ? one.text_zh : one.text_en) },
      { title: say('by'), cell: (one) => one.by },
    ], [...value.lines].reverse()));
}
