// What the page carries for the map: written by scenarios/report/map_data.py, read here and nowhere else.
import type { Geometry } from 'geojson';

/** Words that are the same in both languages, or the pair Chinese, English. */
export type Words = string | [zh: string, en: string];
export type Language = 'zh' | 'en';

export interface LayerStyle {
  fill: string | null;
  fillOpacity: number;
  stroke: string;
  /** Pixels. */
  width: number;
  dash: number[];
  /** Outline of a symbol as an SVG path about 9 units to each side; null is a circle. */
  path: string | null;
  /** Radius in pixels. */
  size: number;
}

/** Id, name, geometry in WGS84, popup values (one per column), radius of a point in pixels, place of its name. */
export type FeatureRow = [
  id: string,
  title: Words,
  geometry: Geometry,
  values: Words[],
  radius: number,
  namePlace: [lon: number, lat: number] | null,
];

export interface LayerData {
  id: string;
  title: Words;
  kind: 'point' | 'line' | 'polygon';
  style: LayerStyle;
  columns: Words[];
  labels: boolean;
  labelZoom: number;
  features: FeatureRow[];
}

export interface PageData {
  /** West, south, east, north in degrees. */
  frame: [number, number, number, number];
  layers: LayerData[];
}

export function readPageData(page: Document): PageData {
  const element = page.getElementById('map-data');
  if (!element?.textContent) throw new Error('the page holds no map data');
  return JSON.parse(element.textContent) as PageData;
}
