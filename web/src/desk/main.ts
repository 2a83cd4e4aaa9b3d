// Entry of the desk: sign in, read, show, listen.
import './desk.css';
import { Desk } from './desk';
import { closeRoadByMap, closureDialog, commitDialog, helpDialog } from './dialogs';
import { tilesThere } from './desk_map';
import { h, renew } from './dom';
import { incidentPanel, TABS } from './incident_panel';
import { loginForm } from './login';
import { popupContent } from './map_popup';
import { openPaper } from './paper';
import { plannerPanel } from './planner';
import { drawSiting, isDrawn, moveStation } from './planner_siting';
import { ReportForm, type Prefilled } from './report_form';
import { forgetKey, key, may } from './session';
import { isOnPaper, offPaper } from './paper_frame';
import { listenToKeys, type Deeds } from './shortcuts';
import { sidePanel } from './side_panel';
import { Situation } from './situation';
import { language, say, speak } from './speech';
import { clock, span } from './times';
import { timeline } from './timeline';
import { topBar } from './top_bar';

declare global {
  interface Window {
    /** The running map, for tests and for people who look under the hood. */
    map?: Desk['map']['map'];
  }
}

const THEME = 'muster-theme';
const root = document.getElementById('desk')!;

let form: ReportForm | null = null;
let listener: ((event: KeyboardEvent) => void) | null = null;

function setTheme(theme: string): void {
  document.documentElement.dataset['theme'] = theme;
  localStorage.setItem(THEME, theme);
}

function start(): void {
  speak(language());
  setTheme(localStorage.getItem(THEME) === 'light' ? 'light' : 'dark');
  document.title = `Muster ${say('title')}`;
  if (!hasWebGL()) {
    renew(root, h('main', { class: 'login-page' }, h('p', { class: 'notice bad', role: 'alert' }, say('noWebGL'))));
    return;
  }
  if (!key()) {
    renew(root, loginForm(() => void begin(), () => {
      speak(language() === 'zh' ? 'en' : 'zh');
      start();
    }));
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
  try {
    const [tiles] = await Promise.all([tilesThere(), situation.load()]);
    show(situation, tiles === 'there');
  } catch {
    forgetKey();
    start();
  }
}

function show(situation: Situation, hasRoads: boolean): void {
  const parts = {
    top: h('header', { class: 'top' }),
    left: h('aside', { class: 'left', 'aria-label': say('openIncidents') }),
    map: h('main', { class: 'map', id: 'map', 'aria-label': say('keyMap') }),
    hint: h('p', { class: 'map-hint', role: 'status', hidden: true }),
    right: h('aside', { class: 'right-panel', 'aria-label': say('plan') }),
    bottom: h('section', { class: 'bottom', 'aria-label': say('timeline') }),
  };
  const canvas = h('div', { class: 'map-canvas' });
  parts.map.append(canvas, parts.hint);
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
  made.paint();
  if (situation.selected) made.frameIncident();
  void made.live.run();
  if (listener) document.removeEventListener('keydown', listener);
  listener = listenToKeys(() => deeds(made), () => escape(made), () => finish(made), () => back(made));
  void made.map.drawn.then(() => {
    document.documentElement.dataset['ready'] = String(Math.round(performance.now()));
  });
}

/** A list that is open or a button that is held down must not vanish under somebody's hand. */
let held = false;
let later: (() => void) | null = null;
function isChoosing(): boolean {
  return held || document.activeElement instanceof HTMLSelectElement;
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

type Parts = Record<'top' | 'left' | 'right' | 'bottom' | 'hint', HTMLElement>;

function paint(made: Desk, parts: Parts): void {
  renew(parts.top, topBar(made, {
    language: () => changeLanguage(made),
    theme: () => changeTheme(made),
    help: helpDialog,
    logout: () => leave(made),
    page: (page) => {
      made.page = page;
      form = null;
      made.redraw();
    },
  }));
  const planning = document.querySelector('.desk')?.classList;
  if (planning && planning.contains('planning') !== (made.page === 'planner')) {
    planning.toggle('planning', made.page === 'planner');
    made.map.quiet(made.page === 'planner');
    made.map.map.resize();
    if (made.page === 'planner') made.map.showAll();
    drawSiting(made);
  }
  if (form && parts.left.firstChild !== form.element) renew(parts.left, form.element);
  else if (!form) renew(parts.left, sidePanel(made, { report: () => report(made, {}), closeRoad: () => void closeRoadByMap(made), closeThis: (road) => {
    made.drawing.cancel();
    closureDialog(made, road);
  } }));
  renew(parts.right, made.page === 'planner' ? plannerPanel(made) : incidentPanel(made, { commit: (plan) => commitDialog(made, plan) }));
  renew(parts.bottom, timeline(made));
  if (form && made.notice?.kind === 'bad') form.element.scrollIntoView();
}

/** Only what runs with the clock. */
function tick(parts: Parts): void {
  const now = Date.now();
  const time = parts.top.querySelector('#clock');
  if (time) time.textContent = clock(new Date(now), true);
  for (const eta of parts.right.querySelectorAll<HTMLElement>('[data-eta]')) {
    eta.textContent = span((Date.parse(eta.dataset['eta']!) - now) / 1000);
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
    g: () => {
      made.page = made.page === 'planner' ? 'dispatch' : 'planner';
      made.redraw();
    },
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
  document.title = `Muster ${say('title')}`;
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

  form = null;
  forgetKey();
  start();
}

start();
