// The controls of a replay: a slider of time, play and stop, pace, and the event that was last.
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import { eventText } from './drill_review';
import { REPLAY_SPEEDS } from './replay';
import { say } from './speech';
import { clock, span } from './times';

export function replayControls(desk: Desk): Child {
  const { replay } = desk;
  void replay.prepare();
  const slider = h('input', {
    id: 'replay-time', type: 'range', min: 0, max: replay.longest_s, step: 1, 'aria-label': say('replay'), 'data-keep': 'replay-slider',
    oninput: (event: Event) => {
      const wanted_s = Number((event.target as HTMLInputElement).value); // stopping puts the slider where the replay is
      replay.stop();
      replay.goTo(wanted_s);
    },
  });
  const time = h('b', { id: 'replay-clock' });
  const last = h('p', { id: 'replay-said', class: 'replay-said' });
  const play = button('', () => replay.toggle(), { id: 'replay-play', class: 'main', 'data-keep': 'replay-play' });
  const show = () => {
    slider.value = String(replay.at_s);
    slider.setAttribute('aria-valuetext', replay.moment ? clock(new Date(replay.moment.at_ms), true) : '');
    time.textContent = replay.moment ? `${clock(new Date(replay.moment.at_ms), true)} (+ ${span(replay.at_s)})` : say('loading');
    play.textContent = replay.playing ? `❚❚ ${say('replayStop')}` : `▶ ${say('replayPlay')}`;
    const event = replay.moment?.said.at(-1);
    last.textContent = event ? `${clock(event.at, true)} ${eventText(desk, event)}` : '';
    markNow(replay.at_s);
  };
  replay.onMoment = show;
  slider.value = String(replay.at_s);
  queueMicrotask(show);
  return h('div', { class: 'replay', id: 'replay', 'data-ready': replay.moment ? 'true' : null },
    h('div', { class: 'line' }, play,
      button('|◀', () => replay.step(-1), { id: 'replay-before', 'aria-label': say('eventBefore'), title: say('eventBefore'), 'data-keep': 'replay-before' }),
      button('▶|', () => replay.step(1), { id: 'replay-after', 'aria-label': say('eventAfter'), title: say('eventAfter'), 'data-keep': 'replay-after' }),
      h('label', { class: 'inline' }, h('span', { class: 'quiet' }, say('speed')), h('select', { id: 'replay-speed', 'data-keep': 'replay-speed', onchange: (event: Event) => (replay.speed = Number((event.target as HTMLSelectElement).value)) }, REPLAY_SPEEDS.map((one) => h('option', { value: one, selected: one === replay.speed }, `×${one}`)))),
      time),
    slider, last, h('p', { class: 'quiet' }, say('replayNote')));
}

/** Rows of the course that have not happened yet are faint. */
function markNow(at_s: number): void {
  for (const row of document.querySelectorAll<HTMLElement>('#course tr[data-at]')) {
    row.classList.toggle('to-come', Number(row.dataset['at']) > at_s);
  }
}
