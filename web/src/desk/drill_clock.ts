// Inside an exercise, on the left: its clock and who turns it, and what has come in by the script.
import { post } from './client';
import { openDialog } from './dialogs';
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import { drillHere, elapsed_s, nowMs, type DrillShown } from './exercise_clock';
import { stateWord } from './exercise_mark';
import { windWords } from './incident_panel';
import { teamTitle } from './plan_tabs';
import type { DrillEvent } from './records';
import { entitled } from './session';
import { nameOf, say } from './speech';
import { clock, span } from './times';
import type { Word } from './words';

export const SPEEDS = [1, 2, 4, 10, 20, 60];
const KINDS: Record<string, Word> = { incident: 'kindIncident', closure: 'kindClosure', team_out: 'kindTeamOut', wind: 'kindWind', message: 'kindMessage' };

export function kindWord(kind: string): string {
  const word = KINDS[kind];
  return word ? say(word) : kind;
}

export function drillSection(desk: Desk): Child {
  const drill = drillHere();
  if (!drill) return null;
  const given = injectsGiven(desk);
  return h('section', { 'aria-labelledby': 'exercise-title', class: 'exercise-section' },
    h('header', {}, h('h2', { id: 'exercise-title' }, say('exerciseTime')), h('span', { class: `state ${drill.status}`, id: 'drill-status', 'data-status': drill.status }, stateWord(drill.status))),
    h('p', { class: 'exercise-time' }, h('b', { id: 'exercise-clock' }, clock(new Date(nowMs()), true)), h('span', { class: 'quiet', id: 'exercise-passed' }, passed(drill))),
    drill.status !== 'running' && h('p', { class: 'quiet', id: 'clock-stands' }, say('clockStands')),
    entitled('operate') && turns(desk, drill),
    h('h3', { class: 'quiet' }, `${say('injects')}: ${say('injectsOf', given.length, drill.injects)}`),
    h('ul', { class: 'injects', 'data-scroll': 'injects', tabindex: given.length ? 0 : null, 'aria-label': say('injects') }, [...given].reverse().map((one) =>
      h('li', { 'data-inject': one.subject }, h('time', {}, clock(one.at)), ' ', injectText(desk, one)))));
}

function passed(drill: DrillShown): string {
  return `${say('passed')} ${span(elapsed_s())} · ×${drill.speed}`;
}

/** Only what runs with the clock. */
export function tickDrill(root: HTMLElement): void {
  const time = root.querySelector('#exercise-clock');
  const drill = drillHere();
  if (!time || !drill) return;
  time.textContent = clock(new Date(nowMs()), true);
  root.querySelector('#exercise-passed')!.textContent = passed(drill);
}

function turns(desk: Desk, drill: DrillShown): Child {
  if (drill.status === 'ended') return null;
  const { status } = drill;
  return h('div', { class: 'turns' },
    button(status === 'running' ? say('pause') : status === 'paused' ? say('resume') : say('start'), () => void turnClock(desk), { class: status === 'running' ? '' : 'main', id: 'drill-turn', 'data-keep': 'drill-turn' }),
    h('label', { class: 'inline' }, h('span', { class: 'quiet' }, say('speed')), h('select', {
      id: 'drill-speed',
      'data-keep': 'drill-speed',
      disabled: status === 'planned',
      onchange: (event: Event) => void turn(desk, 'resume', { speed: Number((event.target as HTMLSelectElement).value) }),
    }, [...new Set([...SPEEDS, drill.speed])].sort((a, b) => a - b).map((one) => h('option', { value: one, selected: one === drill.speed }, `×${one}`)))),
    button(say('endDrill'), () => endDialog(desk), { id: 'drill-end', 'data-keep': 'drill-end' }));
}

/** Start, pause or resume: whichever comes next. */
export async function turnClock(desk: Desk): Promise<void> {
  const drill = drillHere();
  if (!drill || drill.status === 'ended' || !entitled('operate')) return;
  await turn(desk, drill.status === 'running' ? 'pause' : drill.status === 'paused' ? 'resume' : 'start', {});
}

async function turn(desk: Desk, how: 'start' | 'pause' | 'resume' | 'end', body: unknown): Promise<void> {
  await desk.act(say('turning'), () => post(`drills/${drillHere()!.id}/${how}`, how === 'resume' ? body : undefined));
  await desk.situation.refresh(['drills', 'course', 'incidents', 'plans', 'orders', 'teams', 'closures']);
}

function endDialog(desk: Desk): void {
  const end = async () => {
    dialog.close();
    await turn(desk, 'end', {});
    if (drillHere()?.status !== 'ended') return;
    desk.page = 'review';
    desk.redraw();
  };
  const dialog = openDialog(`${say('endDrill')}: ${drillHere()!.title}`, h('p', {}, say('endSure')),
    h('footer', {}, button(say('endDrill'), () => void end(), { class: 'main', id: 'drill-end-send' }), button(say('cancel'), () => dialog.close(), { id: 'drill-end-cancel' })));
  dialog.querySelector<HTMLElement>('#drill-end-cancel')?.focus();
}

export function injectsGiven(desk: Desk): DrillEvent[] {
  return desk.situation.course.filter((one) => one.action === 'inject.given');
}

/** What an inject says to those who play. */
export function injectText(desk: Desk, event: DrillEvent): string {
  const { kind, text, made, team_id, weather, without_effect } = event.detail as Record<string, string | null> & { weather?: Record<string, number | null> };
  const left = without_effect ? ` (${say('withoutEffect', without_effect)})` : '';
  const what = kind === 'message' ? text
    : kind === 'incident' ? nameOf(desk.situation.incident(made ?? null)?.properties, made ?? event.subject)
    : kind === 'closure' ? (desk.situation.closures.find((one) => one.id === made)?.properties.reason ?? made)
    : kind === 'team_out' && team_id ? teamTitle(desk, team_id)
    : kind === 'wind' && weather ? windWords(weather)
    : event.subject;
  return `${kindWord(String(kind))}: ${what ?? event.subject}${left}`;
}

/** Injects that nobody has noted yet, over the map. */
export class InjectNews {
  private noted: number | null = null;

  /** What was there when the desk began is not news. */
  unnoted(desk: Desk): DrillEvent[] {
    const given = injectsGiven(desk);
    this.noted ??= given.at(-1)?.number ?? 0;
    return given.filter((one) => one.number > this.noted!);
  }

  note(desk: Desk): void {
    this.noted = injectsGiven(desk).at(-1)?.number ?? 0;
  }
}
