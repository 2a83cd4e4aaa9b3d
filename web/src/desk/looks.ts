// How the desk's map looks by day and by night. Symbols and their colours are those of the report pages.
import table from '../../../scenarios/report/assets/map_style.json';
import type { LayerStyle } from '../page_data';
import { symbolImage } from '../symbols';

interface Row {
  fill?: string | null;
  stroke: string;
  width: number;
  symbol?: string;
  size?: number;
}
const STYLES = table.styles as unknown as Record<string, Row>;
const SYMBOLS = table.symbols as Record<string, string>;

/** What teams do, told apart by colour and by the form of the symbol: Okabe and Ito's colours. */
const TEAM_ROWS: Record<string, Row> = {
  'team-available': { symbol: 'pentagon', size: 6.5, fill: '#0072b2', stroke: '#ffffff', width: 1.2 },
  'team-committed': { symbol: 'pentagon', size: 9, fill: '#f0e442', stroke: '#1a1a1a', width: 1.6 },
  'team-en_route': { symbol: 'triangle', size: 9, fill: '#f0e442', stroke: '#1a1a1a', width: 1.6 },
  'team-on_scene': { symbol: 'square', size: 8, fill: '#cc79a7', stroke: '#1a1a1a', width: 1.6 },
  'team-returning': { symbol: 'diamond', size: 7.5, fill: '#56b4e9', stroke: '#1a1a1a', width: 1.2 },
  'team-off_duty': { symbol: 'pentagon', size: 6.5, fill: '#8a8f94', stroke: '#ffffff', width: 1 },
};
const EXTRA_ROWS: Record<string, Row> = {
  staging: { symbol: 'flag', size: 10, fill: '#009e73', stroke: '#ffffff', width: 1.2 },
  drawn: { symbol: 'diamond', size: 6, fill: '#ffffff', stroke: '#d55e00', width: 2 },
};
export const SYMBOL_SCALE = 2;

export interface Palette {
  ground: string;
  township: string;
  townshipLine: string;
  name: string;
  nameHalo: string;
  placeName: string;
  road: string;
  roadMajor: string;
  boundary: string;
  water: string;
  route: string;
  routeCase: string;
}

const NIGHT: Palette = {
  ground: '#10161c',
  township: '#18212a',
  townshipLine: '#3b4854',
  name: '#f2f5f7',
  nameHalo: '#0b1015',
  placeName: '#9fb0bf',
  road: '#46545f',
  roadMajor: '#8b7d5c',
  boundary: '#8796a3',
  water: '#2f5b7a',
  route: '#4fb3ff',
  routeCase: '#04121d',
};
const DAY: Palette = {
  ground: '#fbfaf6',
  township: '#f4f1e8',
  townshipLine: '#b3ab96',
  name: '#10161c',
  nameHalo: '#ffffff',
  placeName: '#5c5340',
  road: '#b9b2a4',
  roadMajor: '#857c6c',
  boundary: '#3d4650',
  water: '#7fb2d6',
  route: '#0072b2',
  routeCase: '#ffffff',
};

export function palette(theme: string): Palette {
  return theme === 'light' ? DAY : NIGHT;
}

/** Zones by level, 3 the gravest: fill, outline, dashes; floods are blue whatever their level. */
export const ZONE_COLOURS: Record<number, { fill: string; line: string; opacity: number; dash: number[] }> = {
  1: { fill: '#f0e442', line: '#c9bd1c', opacity: 0.16, dash: [2, 2] },
  2: { fill: '#e69f00', line: '#e69f00', opacity: 0.22, dash: [5, 2] },
  3: { fill: '#d55e00', line: '#d55e00', opacity: 0.34, dash: [1, 0] },
};
export const WATER_COLOUR = { fill: '#56b4e9', line: '#2b83ba', opacity: 0.35 };

export function styleOf(key: string): LayerStyle {
  const row = TEAM_ROWS[key] ?? EXTRA_ROWS[key] ?? STYLES[key];
  if (!row) throw new Error(`no look ${key}`);
  return {
    fill: row.fill ?? null,
    fillOpacity: 1,
    stroke: row.stroke,
    width: row.width,
    dash: [],
    path: SYMBOLS[row.symbol ?? ''] ?? 'M-8 0A8 8 0 1 0 8 0A8 8 0 1 0 -8 0Z',
    size: row.size ?? 7,
  };
}

export function symbol(key: string): ImageData {
  return symbolImage(styleOf(key), SYMBOL_SCALE);
}
