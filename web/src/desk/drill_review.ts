// The review of an exercise: replay, scores with their rules, after-action report, course of events.
import { get } from './client';
import { injectText, kindWord } from './drill_clock';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { drillHere } from './exercise_clock';
import { notice } from './incident_panel';
import { lazily } from './lazily';
import { onPaper } from './paper_frame';
import type { Both, DrillEvent } from './records';
import { replayControls } from './replay_panel';
import { both, download, reportSheet, type ReportContent } from './reports';
import { nameOf, language, say } from './speech';
import { clock, span } from './times';

interface Scores {
  as_of: string;
  incidents: { inject: string; incident_id: string | null; to_plan_s: number | null; to_commit_s: number | null; orders: number; late_orders: number; slots: number; slots_in_time: number }[];
  changes: { inject: string; kind: string; concerned: boolean; to_plan_s: number | null }[];
  missed: string[];
  rules: { key: string; text: Both }[];
}

export function reviewPanel(desk: Desk): Child[] {
  const drill = drillHere();
  if (!drill) return [notice(desk)];
  return [notice(desk), h('div', { class: 'tab-body review', id: 'review', tabindex: 0, 'aria-label': say('review'), 'data-scroll': 'review' },
    h('section', {}, h('h2', {}, say('replay')), drill.status === 'ended' ? replayControls(desk) : h('p', { class: 'quiet' }, say('replayAfter'))),
    report(desk, drill.id),
    scored(desk, drill.id),
    courseTable(desk))];
}

function report(desk: Desk, id: string): Child {
  const path = `drills/${id}/report`;
  const read = async () => {
    const content = await desk.act(say('loading'), () => get<ReportContent>(path));
    if (!content) return;
    const docx = button('DOCX', () => void download(desk, `${path}/docx`, `${id}-${language()}.docx`), { id: 'report-docx' });
    onPaper('A4', false, [docx], reportSheet(content, 'after-action', ''));
  };
  return h('section', {}, h('h2', {}, say('afterAction')), h('div', { class: 'line' },
    button(say('readReport'), () => void read(), { class: 'main', id: 'after-action', 'data-keep': 'after-action' }),
    button('DOCX', () => void download(desk, `${path}/docx`, `${id}-${language()}.docx`), { id: 'after-action-docx', 'data-keep': 'after-action-docx' }),
    button(say('reportPage'), () => void download(desk, `${path}/page`, `${id}-${language()}.html`), { id: 'after-action-page', 'data-keep': 'after-action-page' })));
}

function scored(desk: Desk, id: string): Child {
  const { value } = lazily<Scores>(desk, 'scores', `${desk.situation.course.length} ${drillHere()?.status}`, () => get(`drills/${id}/scores`));
  if (!value) return null;
  const names = new Map(desk.situation.course.filter((one) => one.action === 'inject.given').map((one) => [one.subject, injectText(desk, one)]));
  const named = (inject: string) => names.get(inject) ?? inject;
  return h('section', { id: 'scores' },
    h('h2', {}, say('scores'), h('span', { class: 'quiet' }, ` ${say('scoresNow', clock(value.as_of))}`)),
    value.missed.length ? h('ul', { class: 'shortages' }, value.missed.map((one) => h('li', {}, say('missed', named(one))))) : h('p', { class: 'quiet' }, say('nothingMissed')),
    value.incidents.length > 0 && table(say('openIncidents'), [
      { title: say('inject'), cell: (one) => (one.incident_id ? nameOf(desk.situation.incident(one.incident_id)?.properties, one.inject) : one.inject) },
      { title: say('toPlan'), number: true, cell: (one) => span(one.to_plan_s) },
      { title: say('toCommit'), number: true, cell: (one) => span(one.to_commit_s) },
      { title: say('slotsInTime'), number: true, cell: (one) => `${one.slots_in_time}/${one.slots}` },
      { title: say('lateTeams'), number: true, cell: (one) => one.late_orders },
    ], value.incidents),
    value.changes.length > 0 && table(say('changes'), [
      { title: say('inject'), cell: (one) => named(one.inject) },
      { title: say('kind'), cell: (one) => kindWord(one.kind) },
      { title: say('concerned'), cell: (one) => (one.concerned ? say('yes') : say('no')) },
      { title: say('toPlan'), number: true, cell: (one) => span(one.to_plan_s) },
    ], value.changes),
    h('details', {}, h('summary', {}, say('rules')), h('dl', { class: 'rules' }, value.rules.map((one) => [h('dt', {}, RULE_WORDS[one.key] ? say(RULE_WORDS[one.key]!) : one.key), h('dd', {}, both(one.text))]))));
}

const RULE_WORDS: Record<string, 'toPlan' | 'toCommit' | 'slotsInTime' | 'lateTeams' | 'missedRule'> = { to_plan_s: 'toPlan', to_commit_s: 'toCommit', slots_in_time: 'slotsInTime', late_orders: 'lateTeams', missed: 'missedRule' };

function courseTable(desk: Desk): Child {
  const ended = drillHere()?.status === 'ended';
  const go = (one: DrillEvent) => (ended ? button(clock(one.at, true), () => desk.replay.goTo(one.after_s), { class: 'text', 'data-keep': `go-${one.number}`, 'aria-label': `${say('replay')} ${clock(one.at, true)}` }) : clock(one.at, true));
  return h('section', { id: 'course' }, h('h2', {}, say('course')), table(say('course'), [
    { title: say('time'), cell: go },
    { title: say('event'), cell: (one) => eventText(desk, one) },
    { title: say('by'), cell: (one) => one.actor },
  ], desk.situation.course, (one) => ({ 'data-at': one.after_s, class: `event-${one.action.split('.')[0]}` })));
}

export function eventText(desk: Desk, one: DrillEvent): string {
  return one.action === 'inject.given' ? `${say('inject')} · ${injectText(desk, one)}` : both(one.text);
}
