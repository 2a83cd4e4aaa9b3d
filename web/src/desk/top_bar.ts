// The strip on top: where one is, how things stand, and the switches.
import { button, h, type Child } from './dom';
import type { Desk, Page } from './desk';
import { whoami } from './session';
import { MARK } from './exercise_mark';
import { drillHere, nowMs } from './exercise_clock';
import { nameOf, say } from './speech';
import { clock } from './times';
import { isExercise } from './world';

export interface Switches {
  language: () => void;
  theme: () => void;
  help: () => void;
  logout: () => void;
  page: (page: Page) => void;
  leave: () => void;
}

export function topBar(desk: Desk, switches: Switches): HTMLElement[] {
  const { situation } = desk;
  const open = situation.incidents.filter((one) => one.properties.status === 'open').length;
  const listed = situation.teams.filter((one) => one.properties.listed);
  const free = listed.filter((one) => one.properties.status === 'available').length;
  const out = listed.filter((one) => one.properties.order_id !== null).length;
  const unconfirmed = situation.plans.filter((one) => one.approved_verbally_by && !one.confirmed_at).length;
  const figure = (id: string, label: string, value: number, warn = false) =>
    h('div', { class: `figure${warn ? ' warn' : ''}`, id }, h('b', {}, value), h('span', {}, label));
  const page = (id: Page, label = say(id)) =>
    button(label, () => switches.page(id), { 'aria-pressed': desk.page === id ? 'true' : 'false', 'data-keep': `page-${id}` });
  return [
    h('h1', {}, isExercise() ? `【${MARK}】${drillHere()?.title ?? ''}` : `${nameOf(situation.region, '')} ${say('title')}`),
    h('nav', { class: 'pages', 'aria-label': say('title') }, page('dispatch'), isExercise() ? page('review') : [page('planner'), page('drills')]),
    h('div', { class: 'figures' },
      figure('figure-open', say('openIncidents'), open, open > 0),
      figure('figure-free', say('teamsFree'), free),
      figure('figure-out', say('teamsOut'), out),
      unconfirmed > 0 && figure('figure-confirm', say('toConfirm'), unconfirmed, true)),
    h('div', { class: 'right' },
      desk.busy && h('span', { class: 'busy', role: 'status' }, `${desk.busy}…`),
      h('span', { class: `link ${desk.link}`, role: 'status' }, say(desk.link)),
      !isExercise() && running(situation.drills.filter((one) => one.status === 'running').map((one) => one.title)),
      h('time', { id: 'clock', title: isExercise() ? say('exerciseTime') : null }, clock(new Date(nowMs()), true)),
      h('span', { class: 'who', title: whoami()?.key_id ?? '' }, `${whoami()?.name ?? ''} · ${whoami()?.role ?? ''}`),
      button(say('otherLanguage'), switches.language, { 'data-keep': 'language', id: 'language', lang: say('otherLanguage') === 'English' ? 'en' : 'zh-CN' }),
      button('◐', switches.theme, { 'aria-label': say('theme'), title: say('theme'), 'data-keep': 'theme' }),
      button('?', switches.help, { 'aria-label': say('help'), title: say('help'), 'data-keep': 'help' }),
      isExercise()
        ? button(say('leave'), switches.leave, { class: 'exercise-button', id: 'leave-drill', 'data-keep': 'leave-drill' })
        : button(say('logout'), switches.logout, { 'data-keep': 'logout' })),
  ];
}

/** Real life says that somebody plays beside it. */
function running(titles: string[]): Child {
  return titles.length > 0 && h('span', { class: 'drill-runs', role: 'status', title: titles.join(', ') }, say('drillRuns', titles[0]!));
}
