// The mark of an exercise on everything: words in both languages, stripes, colours, title, icon, paper. It is put on
// before anything else is shown, and nothing takes it off while the page lives.
import { drillHere } from './exercise_clock';
import { h, renew } from './dom';
import { say } from './speech';
import { drillId, isExercise } from './world';

export const MARK = '演练 EXERCISE';
const STATES = { planned: 'planned', running: 'running', paused: 'paused', ended: 'drillEnded' } as const;

export function stateWord(status: keyof typeof STATES): string {
  return say(STATES[status]);
}

/** Before the page shows anything. */
export function markPage(): void {
  if (!isExercise()) return;
  document.documentElement.dataset['world'] = 'drill';
  document.body.prepend(h('aside', { class: 'exercise-banner', id: 'exercise-banner', 'aria-label': MARK }), h('div', { class: 'exercise-frame', 'aria-hidden': 'true' }));
  document.querySelector('link[rel="icon"]')?.setAttribute('href', icon());
  paintMark();
}

/** The words of the mark as they are now; also the title of the window. */
export function paintMark(): void {
  const title = `Muster ${say('title')}`;
  if (!isExercise()) {
    document.title = title;
    return;
  }
  const drill = drillHere();
  document.title = `【${MARK}】${drill?.title ?? title}`;
  const plate = () => h('b', { class: 'plate' }, MARK);
  const state = drill ? `${drill.title} · ${stateWord(drill.status)}` : (drillId() ?? '');
  renew(document.getElementById('exercise-banner')!, plate(), h('span', { class: 'said', role: 'status', id: 'exercise-state', 'data-status': drill?.status ?? '' }, `${state} · ${say('notReal')}`), plate());
}

/** What a title of a dialog or a sheet begins with in this world. */
export function marked(title: string): string {
  return isExercise() ? `【${MARK}】${title}` : title;
}

/** A strip for the top of each sheet. */
export function paperMark(): HTMLElement | null {
  if (!isExercise()) return null;
  return h('p', { class: 'sheet-mark' }, `${MARK} · ${drillHere()?.title ?? ''} · ${say('notReal')}`);
}

/** Stands across every page that is printed, also the second of a long sheet. */
export function wholeMark(): HTMLElement | null {
  return isExercise() ? h('div', { class: 'paper-mark', 'aria-hidden': 'true' }, `${MARK}  ${MARK}`) : null;
}

function icon(): string {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" fill="#f0e442"/><path d="M0 32L32 0M-16 32L16 0M16 32L48 0" stroke="#000" stroke-width="7"/><rect x="5" y="8" width="22" height="16" fill="#fff"/><text x="16" y="21" font-size="13" font-weight="bold" text-anchor="middle">演</text></svg>';
  return `data:image/svg+xml,${encodeURIComponent(drawing)}`;
}
