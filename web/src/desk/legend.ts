// What the symbols, lines and areas of the map mean, drawn as the map draws them.
import { h, svg, type Child } from './dom';
import { palette, styleOf, WATER_COLOUR, ZONE_COLOURS } from './looks';

const SYMBOL_OF: Record<string, string> = {
  incidents: 'incident', teams: 'team-available', stations: 'station_existing', depots: 'depot', shelters: 'shelter',
  hazard_sites: 'hazard_site', hospitals: 'hospital',
};
const REACH = 12;

/** The sign of a group of layers. */
export function signOf(group: string, theme: string): Child {
  const look = palette(theme);
  if (group in SYMBOL_OF) return symbolSign(SYMBOL_OF[group]!);
  if (group === 'zones') return areaSign(ZONE_COLOURS[3]!.fill, ZONE_COLOURS[3]!.line, 0.4);
  if (group === 'flood_zones') return areaSign(WATER_COLOUR.fill, WATER_COLOUR.fill, 0.35);
  if (group === 'townships') return areaSign(look.township, look.townshipLine, 1, '3 2');
  if (group === 'routes') return lineSign(look.route, 3);
  if (group === 'closures') return lineSign('#d55e00', 4, '5 3');
  return lineSign(look.roadMajor, 2);
}

/** A symbol at its own size. */
export function symbolSign(key: string): SVGElement {
  const style = styleOf(key);
  const size = 0.9 * Math.min(1.25, style.size / 8);
  return sign(svg('path', { d: style.path ?? '', transform: `scale(${size})`, fill: style.fill ?? 'none', stroke: style.stroke, 'stroke-width': style.width }));
}

function areaSign(fill: string, stroke: string, opacity: number, dash = ''): SVGElement {
  return sign(svg('rect', { x: -9, y: -6, width: 18, height: 12, fill, 'fill-opacity': opacity, stroke, 'stroke-width': 1.5, 'stroke-dasharray': dash || null }));
}

function lineSign(stroke: string, width: number, dash = ''): SVGElement {
  return sign(svg('path', { d: 'M-11 0H11', stroke, 'stroke-width': width, 'stroke-dasharray': dash || null }));
}

function sign(drawn: SVGElement): SVGElement {
  return svg('svg', { class: 'sign', viewBox: `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, 'aria-hidden': 'true' }, drawn);
}

/** Symbols with their words. */
export function legend(label: string, rows: [symbol: string, words: string][]): HTMLElement {
  return h('ul', { class: 'symbols', 'aria-label': label }, rows.map(([key, words]) => h('li', {}, symbolSign(key), words)));
}
