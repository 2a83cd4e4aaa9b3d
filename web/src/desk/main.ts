// Entry of the desk: sign in, read, show, listen.
import './desk.css';
import './drill.css';
import { Refusal, whenKeyEnds } from './client';
import { Desk, type Page } from './desk';
import { closeRoadByMap, closureDialog, commitDialog, helpDialog } from './dialogs';
import { startWorkers, tilesThere } from './desk_map';
import { drillsPanel } from './drills';
import { injectText, tickDrill, turnClock } from './drill_clock';
import { reviewPanel } from './drill_review';
import { button, h, renew, type Child } from './dom';
import { markPage, paintMark } from './exercise_mark';
import { nowMs } from './exercise_clock';
import { incidentPanel, TABS } from './incident_panel';
import { askKeyAgain, loginForm } from './login';
import { popupContent } from './map_popup';
import { openDialog } from './dialogs';
import { openPaper } from './paper';
import { etaWords } from './plan_tabs';
import { plannerPanel } from './planner';
import { drawSiting, isDrawn, moveStation } from './planner_siting';
import { ReportForm, type Prefilled } from './report_form';
import { refusalWords } from './refusals';
import { forgetKey, key, may } from './session';
import { isOnPaper, offPaper } from './paper_frame';
import { listenToKeys, type Deeds } from './shortcuts';
import { sidePanel } from './side_panel';
import { Situation } from './situation';
import { language, say, speak } from './speech';
import { clock } from './times';
import { timeline } from './timeline';
import { topBar } from './top_bar';
import { drillId, isExercise, leaveDrill, WrongWorld } from './world';

declare global {
  interface Window {
    /** The running map, for tests and for people who look under the hood. */
    map?: Desk['map']['map'];
  }
}

const THEME = 'muster-theme';
const AGAIN_MS = 3000;
const root = document.getElementById('desk')!;

let form: ReportForm | null = null;
let listener: ((event: KeyboardEvent) => void) | null = null;

function setTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(THEME, theme);
}

function start(told = ''): void {
  speak(language());
  setTheme(localStorage.getItem(THEME) === 'light' ? 'light' : 'dark');
  paintMark();
  if (!hasWebGL()) {
    renew(root, h('main', { class: 'login-page' }, h('p', { class: 'notice bad', role: 'alert' }, say('noWebGL'))));
    return;
  }
  if (!key()) {
    renew(root, loginForm(() => void begin(), () => {
      speak(language() === 'zh' ? 'en' : 'zh');
      start();
    }, told));
    root.querySelector<HTMLInputElement>('#key')?.focus();
    return;
  }
  void begin();
}

function hasWebGL(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

async function begin(): Promise<void> {
  renew(root, h('main', { class: 'login-page' }, h('p', { role: 'status' }, say('loading'))));
  const situation = new Situation();
  startWorkers();
  try {
    const [tiles] = await Promise.all([tilesThere(), situation.load()]);
    show(situation, tiles === 'there');
  } catch (error) {
    if (isExercise() && isUnknown(error)) return noSuchDrill();
    if (error instanceof Refusal && error.status === 401) {
      forgetKey();
      return start(say('keyWrong'));
    }
    beginAgain(error instanceof Refusal ? refusalWords(error.code, error.detail) : '');
  }
}

/** Whether the server, or the address itself, says that there is no such world; not that nobody answers. */
function isUnknown(error: unknown): boolean {
  return error instanceof WrongWorld || (error instanceof Refusal && error.status !== 401 && error.status !== 429 && error.status < 500);
}

/** The server is away or refuses for a while: whoever opened the page stays signed in. */
function beginAgain(told: string): void {
  renew(root, h('main', { class: 'login-page' }, h('div', { class: 'login' },
    h('p', { class: 'notice bad', role: 'alert', id: 'away' }, told || say('awayAtStart')))));
  setTimeout(() => void begin(), AGAIN_MS);
}

/** An address of an exercise that is not there never shows real life in its place. */
function noSuchDrill(): void {
  renew(root, h('main', { class: 'login-page' }, h('div', { class: 'login' },
    h('p', { class: 'notice bad', role: 'alert' }, say('unknownDrill', drillId()!)),
    button(say('toReal'), leaveDrill, { class: 'main', id: 'to-real' }))));
}

function show(situation: Situation, hasRoads: boolean): void {
  const parts = {
    top: h('header', { class: 'top' }),
    left: h('aside', { class: 'left', 'aria-label': say('openIncidents') }),
    map: h('main', { class: 'map', id: 'map', 'aria-label': say('keyMap') }),
    hint: h('p', { class: 'map-hint', role: 'status', hidden: true }),
    news: h('div', { class: 'inject-news', role: 'alert', hidden: true }),
    away: h('p', { class: 'away', id: 'away', role: 'alert', hidden: true }),
    right: h('aside', { class: 'right-panel', 'aria-label': say('plan') }),
    bottom: h('section', { class: 'bottom', 'aria-label': say('timeline') }),
  };
  const canvas = h('div', { class: 'map-canvas' });
  parts.map.append(canvas, parts.away, parts.hint, parts.news);
  if (isExercise()) parts.map.append(h('div', { class: 'map-mark', 'aria-hidden': 'true' }));
  renew(root, h('div', { class: 'desk' }, parts.top, parts.left, parts.map, parts.right, parts.bottom));
  const made = new Desk(situation, canvas, document.documentElement.dataset['theme'] ?? 'dark', hasRoads);
  window.map = made.map.map;
  made.paint = (live = false) => {
    if (live && isChoosing()) later = () => paint(made, parts);
    else paint(made, parts);
  };
  made.tick = () => tick(parts);
  made.drawing.onChange = () => {
    hint(made, parts.hint);
    made.paint();
    parts.left.querySelector<HTMLElement>('#road-search')?.focus();
  };
  made.map.draggable = (id) => made.page === 'planner' && isDrawn(id);
  made.map.onDrag = (id, lon, lat, ended) => moveStation(made, id, lon, lat, ended);
  made.map.onPick = (picked, at, road) => {
    if (made.drawing.take(at, road)) return;
    const content = picked && popupContent(made, picked, {
      reportAt: (site) => report(made, { site }),
      closeRoad: (road) => {
        made.map.closePopup();
        closureDialog(made, road);
      },
    });
    if (picked?.layer === 'incidents') void situation.select(picked.id);
    else if (content) made.map.openPopup(at, content);
    else made.map.closePopup();
  };
  whenKeyEnds(() => askKeyAgain(() => made.map.takeNewKey()));
  made.paint();
  if (situation.selected) made.frameIncident();
  void made.live.run();
  if (listener) document.removeEventListener('keydown', listener);
  listener = listenToKeys(() => deeds(made), () => escape(made), () => finish(made), () => back(made));
  void made.map.drawn.then(() => {
    document.documentElement.dataset['ready'] = String(Math.round(performance.now()));
  });
}

/** A list that is open, a button held down, a word being composed must not vanish under somebody's hand. */
let held = false;
let composing = false;
let later: (() => void) | null = null;
function isChoosing(): boolean {
  return held || composing || document.activeElement instanceof HTMLSelectElement;
}
function catchUp(): void {
  setTimeout(() => {
    if (isChoosing()) return;
    later?.();
    later = null;
  });
}
document.addEventListener('pointerdown', () => (held = true));
document.addEventListener('pointerup', () => {
  held = false;
  catchUp();
});
document.addEventListener('focusout', catchUp);
document.addEventListener('compositionstart', () => (composing = true));
document.addEventListener('compositionend', () => {
  composing = false;
  catchUp();
});

type Parts = Record<'top' | 'left' | 'right' | 'bottom' | 'hint' | 'news' | 'away', HTMLElement>;

function paint(made: Desk, parts: Parts): void {
  renew(parts.top, topBar(made, {
    language: () => changeLanguage(made),
    theme: () => changeTheme(made),
    help: helpDialog,
    logout: () => leave(made),
    leave: leaveDialog,
    page: (page) => turnTo(made, page),
  }));
  paintMark();
  news(made, parts.news);
  away(made, parts.away);
  const planning = document.querySelector('.desk')?.classList;
  const wide = made.page !== 'dispatch';
  if (planning && planning.contains('planning') !== wide) {
    planning.toggle('planning', wide);
    made.map.map.resize();
  }
  if (shownPage !== made.page) {
    made.map.quiet(made.page === 'planner' || made.page === 'drills');
    if (made.page === 'planner') made.map.showAll();
    if (!isExercise()) drawSiting(made);
    shownPage = made.page;
  }
  if (form && parts.left.firstChild !== form.element) renew(parts.left, form.element);
  else if (!form) renew(parts.left, sidePanel(made, { report: () => report(made, {}), closeRoad: () => void closeRoadByMap(made), closeThis: (road) => {
    made.drawing.cancel();
    closureDialog(made, road);
  } }));
  const panels: Record<Page, () => Child[]> = {
    dispatch: () => incidentPanel(made, { commit: (plan) => commitDialog(made, plan) }),
    planner: () => plannerPanel(made),
    drills: () => drillsPanel(made),
    review: () => reviewPanel(made),
  };
  renew(parts.right, panels[made.page]());
  renew(parts.bottom, timeline(made));
  if (form && made.notice?.kind === 'bad') form.element.scrollIntoView();
}

let shownPage: Page = 'dispatch';

/** Another page of this world; an exercise has a review, real life a planner and exercises. */
function turnTo(made: Desk, page: Page): void {
  made.page = page;
  form = null;
  made.replay.stop();
  made.redraw();
}

/** What the script has just brought in, until somebody has noted it. */
function news(made: Desk, element: HTMLElement): void {
  const unnoted = isExercise() ? made.news.unnoted(made) : [];
  element.hidden = unnoted.length === 0;
  const key = `${language()} ${unnoted.map((one) => one.number).join()}`;
  if (!unnoted.length || element.dataset['shown'] === key) return;
  element.dataset['shown'] = key;
  renew(element, h('ul', {}, unnoted.map((one) => h('li', {}, h('b', {}, `${say('inject')} ${clock(one.at)}`), ` ${injectText(made, one)}`))), button(say('noted'), () => note(made), { id: 'inject-noted' }));
}

/** What the page shows is old: nobody may take it for what is. */
function away(made: Desk, element: HTMLElement): void {
  element.hidden = made.link !== 'lost' || !made.wasLive;
  const words = say('awaySince', clock(new Date(made.situation.readAt), true));
  if (element.textContent !== words) element.textContent = words;
}

function note(made: Desk): void {
  made.news.note(made);
  made.paint();
}

/** Nobody comes to real life by a slip of the hand. */
function leaveDialog(): void {
  const dialog = openDialog(say('leaveTitle'), h('p', {}, say('leaveText')),
    h('footer', {}, button(say('cancel'), () => dialog.close(), { class: 'main', id: 'stay' }), button(say('toReal'), leaveDrill, { id: 'to-real' })));
  dialog.querySelector<HTMLElement>('#stay')?.focus();
}

/** Only what runs with the clock. */
function tick(parts: Parts): void {
  const now = nowMs();
  const time = parts.top.querySelector('#clock');
  if (time) time.textContent = clock(new Date(now), true);
  tickDrill(parts.left);
  for (const eta of parts.right.querySelectorAll<HTMLElement>('[data-eta]')) {
    eta.textContent = etaWords(eta.dataset['eta']!);
  }
  const line = parts.bottom.querySelector<HTMLElement>('[data-now]');
  if (line) line.style.left = `${Math.min(100, ((now - Date.parse(line.dataset['now']!)) / 10 / Number(line.dataset['longest'])))}%`;
}

function hint(made: Desk, element: HTMLElement): void {
  const words = { point: 'clickPlace', polygon: 'clickArea', road: 'roadOrArea' } as const;
  const { tool } = made.drawing;
  element.hidden = tool === null;
  element.textContent = tool ? say(words[tool]) : '';
}

function report(made: Desk, prefilled: Prefilled): void {
  if (!may('operate')) return;
  made.map.closePopup();
  made.page = 'dispatch';
  form = new ReportForm(made, prefilled, () => {
    form = null;
    made.drawing.cancel();
    made.paint();
  });
  made.paint();
  form.focus();
}

function deeds(made: Desk): Deeds {
  if (isOnPaper()) return {};
  const { situation } = made;
  const move = (by: number) => {
    const open = situation.incidents.filter((one) => one.properties.status === 'open').map((one) => one.id);
    const next = open[(open.indexOf(situation.selected ?? '') + by + open.length) % open.length];
    if (next) void situation.select(next).then(() => made.frameIncident());
  };
  const { shown } = situation;
  const { replay } = made;
  const own: Deeds = isExercise()
    ? { e: () => turnTo(made, made.page === 'review' ? 'dispatch' : 'review'), s: () => void turnClock(made), i: () => note(made) }
    : { e: () => turnTo(made, made.page === 'drills' ? 'dispatch' : 'drills'), g: () => turnTo(made, made.page === 'planner' ? 'dispatch' : 'planner') };
  if (replay.on) Object.assign(own, { ' ': () => replay.toggle(), ',': () => replay.step(-1), '.': () => replay.step(1) });
  return {
    '?': helpDialog,
    n: () => report(made, {}),
    p: () => may('plan') && void made.plan(),
    c: () => shown?.status === 'proposed' && may('commit') && commitDialog(made, shown),
    x: () => may('operate') && void closeRoadByMap(made),
    j: () => move(1),
    k: () => move(-1),
    z: () => made.frameIncident(),
    f: () => made.map.showAll(),
    m: () => made.map.map.getCanvas().focus(),
    o: () => openPaper(made),
    l: () => changeLanguage(made),
    d: () => changeTheme(made),
    ...own,
    ...Object.fromEntries(TABS.map((tab, at) => [String(at + 1), () => {
      made.tab = tab;
      made.paint();
    }])),
  };
}

function escape(made: Desk): boolean {
  if (isOnPaper()) {
    offPaper();
    return true;
  }
  if (made.drawing.tool) made.drawing.cancel();
  else if (form) {
    form = null;
    made.paint();
  } else made.map.closePopup();
  return true;
}

function finish(made: Desk): boolean {
  if (!made.drawing.tool) return false;
  made.drawing.finish();
  return true;
}

function back(made: Desk): boolean {
  if (!made.drawing.tool) return false;
  made.drawing.undo();
  return true;
}

function changeLanguage(made: Desk): void {
  speak(language() === 'zh' ? 'en' : 'zh');
  paintMark();
  form?.paint();
  made.map.drawStill();
  made.redraw();
}

function changeTheme(made: Desk): void {
  const theme = document.documentElement.dataset['theme'] === 'light' ? 'dark' : 'light';
  setTheme(theme);
  made.map.setTheme(theme);
}

function leave(made: Desk): void {
  made.end();
  forgetKey();
  location.reload(); // nothing that this person saw stays for the next
}

markPage();
start();
