// The replay on a report page: calls and teams of some hours, on the page's own map.
// What it reads is written by scenarios/report/replay_block.py.
import type { Feature, FeatureCollection, Position } from 'geojson';
import type { GeoJSONSource, LayerSpecification, Map as GLMap } from 'maplibre-gl';
import { along } from './extent';
import { onLanguageChange } from './language';
import { FONT } from './map_layers';
import type { LayerStyle } from './page_data';
import { symbolImage } from './symbols';

type State = 'waits' | 'there' | 'out' | 'free';
/** Id, when it came in, when it ended, when the first team came, longitude, latitude; seconds from the start. */
export type Call = [id: string, at_s: number, ended_s: number | null, came_s: number | null, lon: number, lat: number];
/** Names, where it is at first, drives, and when it is out on a call. */
export type Team = [name: [string, string], home: [number, number], drives: [from_s: number, to_s: number, line: Position[]][], out: [from_s: number, to_s: number][]];
export interface ReplayData {
  startsMs: number;
  fromS: number;
  toS: number;
  symbols: Record<State, string>;
  calls: Call[];
  teams: Team[];
}

const FRAME_MS = 60;
const SCALE = 2;
const LOOKS: Record<State, { fill: string; size: number }> = {
  waits: { fill: '#d55e00', size: 12 },
  there: { fill: '#e69f00', size: 10 },
  out: { fill: '#0072b2', size: 9 },
  free: { fill: '#ffffff', size: 6 },
};
const CLUTTER = ['busy-teams', 'township-response'];

export function wireReplay(page: Document, map: GLMap, switchOff: (layer: string) => void): void {
  const text = page.getElementById('replay-data')?.textContent;
  const box = page.getElementById('replay');
  if (!text || !box) return;
  const data = JSON.parse(text) as ReplayData;
  const slider = page.getElementById('replay-time') as HTMLInputElement;
  const clock = page.getElementById('replay-clock')!;
  const speed = page.getElementById('replay-speed') as HTMLSelectElement;
  let timer = 0;
  let begun = false;
  let at_s = data.fromS;

  const draw = () => {
    slider.value = String(at_s);
    const said = clockAt(data, at_s);
    clock.textContent = said;
    slider.setAttribute('aria-valuetext', said);
    if (begun) (map.getSource('replay') as GeoJSONSource | undefined)?.setData(featuresAt(data, at_s));
  };
  const goTo = (to_s: number) => {
    at_s = Math.min(data.toS, Math.max(data.fromS, to_s));
    if (!begun) {
      begun = true;
      for (const layer of CLUTTER) switchOff(layer);
      addTo(map, data);
    }
    draw();
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    box.classList.remove('playing');
  };
  const play = () => {
    if (timer) return stop();
    let last = performance.now();
    goTo(at_s >= data.toS ? data.fromS : at_s);
    box.classList.add('playing');
    timer = window.setInterval(() => {
      const now = performance.now();
      goTo(at_s + ((now - last) / 1000) * Number(speed.value));
      last = now;
      if (at_s >= data.toS) stop();
    }, FRAME_MS);
  };
  page.getElementById('replay-play')!.addEventListener('click', play);
  slider.addEventListener('input', () => {
    stop();
    goTo(Number(slider.value));
  });
  for (const row of page.querySelectorAll<HTMLElement>('[data-layer="replay-calls"]')) {
    const call = data.calls.find((one) => one[0] === row.dataset['feature']);
    const go = () => {
      stop();
      if (call) goTo(call[1]);
    };
    row.addEventListener('click', go);
    row.addEventListener('keydown', (event) => event.key === 'Enter' && go());
  }
  onLanguageChange(page, draw);
  draw();
}

function addTo(map: GLMap, data: ReplayData): void {
  for (const state of Object.keys(LOOKS) as State[]) {
    map.addImage(`replay-${state}`, symbolImage(look(data, state), SCALE), { pixelRatio: SCALE });
  }
  map.addSource('replay', { type: 'geojson', data: featuresAt(data, data.fromS) });
  for (const layer of LAYERS) map.addLayer(layer);
}

function look(data: ReplayData, state: State): LayerStyle {
  const { fill, size } = LOOKS[state];
  return { fill, fillOpacity: 1, stroke: '#1a1a1a', width: 1.4, dash: [], path: data.symbols[state], size };
}

const LAYERS: LayerSpecification[] = [
  { id: 'replay-roads', type: 'line', source: 'replay', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': '#0072b2', 'line-width': 2.4, 'line-opacity': 0.75 } },
  {
    id: 'replay',
    type: 'symbol',
    source: 'replay',
    filter: ['==', ['geometry-type'], 'Point'],
    layout: { 'icon-image': ['concat', 'replay-', ['get', 'state']], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['get', 'rank'] },
  },
  {
    id: 'replay-names',
    type: 'symbol',
    source: 'replay',
    filter: ['==', ['get', 'state'], 'out'],
    layout: { 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11.5, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.9 },
    paint: { 'text-color': '#10161c', 'text-halo-color': '#ffffff', 'text-halo-width': 1.6 },
  },
];

/** Local time of the drill. */
export function clockAt(data: ReplayData, at_s: number): string {
  return new Date(data.startsMs + 1000 * at_s).toISOString().slice(5, 16).replace('T', ' ');
}

export function featuresAt(data: ReplayData, at_s: number): FeatureCollection {
  const english = typeof document !== 'undefined' && document.documentElement.lang === 'en';
  return {
    type: 'FeatureCollection',
    features: [
      ...data.teams.flatMap((team) => teamAt(team, at_s, english)),
      ...data.calls.filter((one) => one[1] <= at_s && at_s < (one[2] ?? Infinity)).map((one) => callAt(one, at_s)),
    ],
  };
}

function callAt(call: Call, at_s: number): Feature {
  const state: State = call[3] !== null && call[3] <= at_s ? 'there' : 'waits';
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [call[4], call[5]] }, properties: { state, rank: 2 } };
}

/** A team where it is, and the road it drives. */
function teamAt([names, home, drives, out]: Team, at_s: number, english: boolean): Feature[] {
  let place: Position = home;
  let road: Feature[] = [];
  for (const [from_s, to_s, line] of drives) {
    if (from_s > at_s) break;
    const share = to_s > from_s ? Math.min(1, (at_s - from_s) / (to_s - from_s)) : 1;
    place = along(line, share);
    road = share < 1 ? [{ type: 'Feature', geometry: { type: 'LineString', coordinates: line }, properties: {} }] : [];
  }
  const state: State = out.some(([from_s, to_s]) => from_s <= at_s && at_s < to_s) ? 'out' : 'free';
  return [...road, { type: 'Feature', geometry: { type: 'Point', coordinates: place }, properties: { state, name: names[english ? 1 : 0], rank: state === 'out' ? 3 : 1 } }];
}
