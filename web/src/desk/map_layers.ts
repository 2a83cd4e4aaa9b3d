// The style of the desk's map, from the ground up; groups can be switched off one by one.
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import { FONT } from '../map_layers';
import { palette, WATER_COLOUR, ZONE_COLOURS, type Palette } from './looks';
import { NOTHING } from './map_sources';

const DATA_SOURCES = [
  'townships', 'township_names', 'flood_zones', 'rivers', 'railways', 'boundary', 'zones', 'zone_names', 'closures', 'routes', 'shelters',
  'hospitals', 'hazard_sites', 'depots', 'stations', 'neighbours', 'staging', 'teams', 'incidents', 'siting', 'draft',
] as const;
export type DataSource = (typeof DATA_SOURCES)[number];

/** Groups that people switch, and the style layers of each. */
export const GROUPS: Record<string, string[]> = {
  incidents: ['incidents'],
  zones: ['zones-fill', 'zones-water', 'zones-line-1', 'zones-line-2', 'zones-line-3', 'zone_names-names'],
  teams: ['teams', 'teams-names'],
  routes: ['routes-case', 'routes', 'routes-names', 'staging'],
  stations: ['stations'],
  depots: ['depots'],
  shelters: ['shelters'],
  hazard_sites: ['hazard_sites'],
  hospitals: ['hospitals'],
  townships: ['townships-fill', 'townships-line', 'township_names-names'],
  roads: ['roads-minor', 'roads-major', 'roads-names'],
  closures: ['closures-fill', 'closures-line', 'roads-closed-case', 'roads-closed'],
  flood_zones: ['flood_zones-fill'],
};
/** Off until somebody asks: they would hide what is going on. */
export const OFF_AT_FIRST = new Set(['flood_zones', 'hospitals']);
export const ROADS_URL = 'pmtiles://roads';
const MAJOR = ['motorway', 'trunk', 'primary', 'secondary', 'motorway_link', 'trunk_link', 'primary_link'];

export function deskStyle(theme: string): StyleSpecification {
  const look = palette(theme);
  const sources: Record<string, SourceSpecification> = Object.fromEntries(
    DATA_SOURCES.map((name) => [name, { type: 'geojson', data: NOTHING, promoteId: 'id' }]),
  );
  return {
    version: 8,
    sources,
    layers: [{ id: 'ground', type: 'background', paint: { 'background-color': look.ground } }, ...deskLayers(look)],
  };
}

function deskLayers(look: Palette): LayerSpecification[] {
  return [
    area('townships', look.township, 0.75),
    line('townships', look.townshipLine, 0.8, [4, 2]),
    area('flood_zones', WATER_COLOUR.fill, 0.25),
    { id: 'rivers', type: 'line', source: 'rivers', paint: { 'line-color': look.water, 'line-width': 3 } },
    { id: 'railways', type: 'line', source: 'railways', paint: { 'line-color': look.townshipLine, 'line-width': 1.2, 'line-dasharray': [6, 4] } },
    { id: 'boundary', type: 'line', source: 'boundary', paint: { 'line-color': look.boundary, 'line-width': 1.8, 'line-dasharray': [3, 2] } },
    { ...area('zones', '', 0), paint: { 'fill-color': zoneColour('fill'), 'fill-opacity': zoneOpacity() }, filter: ['!', ['get', 'water']] },
    { id: 'zones-water', type: 'fill', source: 'zones', filter: ['get', 'water'], paint: { 'fill-color': WATER_COLOUR.fill, 'fill-opacity': WATER_COLOUR.opacity } },
    ...[1, 2, 3].map((level) => zoneLine(level)),
    area('closures', '#d55e00', 0.15),
    line('closures', '#d55e00', 2, [2, 1]),
    ...routeLayers(look),
    names('township_names', look.placeName, look, { size: 12, minzoom: 8 }),
    ...['hospitals', 'shelters', 'depots', 'hazard_sites', 'neighbours', 'stations'].map((layer) => symbols(layer, look)),
    names('zone_names', look.name, look, { size: 12 }),
    symbols('staging', look, { always: true }),
    ...teamLayers(look),
    symbols('incidents', look, { always: true, size: 14 }),
    ...siting(),
    ...draft(),
  ];
}

/** Layers of the road tiles; they lie below the hazard zones. */
export function roadLayers(theme: string): LayerSpecification[] {
  const look = palette(theme);
  const common = { source: 'roads', 'source-layer': 'roads' } as const;
  const major = ['in', ['get', 'class'], ['literal', MAJOR]] as const;
  const width = (thin: number, wide: number) => ['interpolate', ['exponential', 1.4], ['zoom'], 8, thin, 15, wide] as const;
  return [
    { ...common, id: 'roads-minor', type: 'line', filter: ['!', major] as never, paint: { 'line-color': look.road, 'line-width': width(0.5, 4) as never } },
    { ...common, id: 'roads-major', type: 'line', filter: major as never, paint: { 'line-color': look.roadMajor, 'line-width': width(1, 8) as never } },
    { ...common, id: 'roads-closed-case', type: 'line', filter: closedFilter([]) as never, paint: { 'line-color': '#ffffff', 'line-width': width(5, 14) as never } },
    { ...common, id: 'roads-closed', type: 'line', filter: closedFilter([]) as never, paint: { 'line-color': '#d55e00', 'line-width': width(3.4, 10) as never, 'line-dasharray': [1.5, 1] } },
    {
      ...common,
      id: 'roads-names',
      type: 'symbol',
      minzoom: 12,
      layout: { 'symbol-placement': 'line', 'text-field': ['coalesce', ['get', 'name_zh'], ['get', 'ref']], 'text-font': FONT, 'text-size': 11 },
      paint: { 'text-color': look.placeName, 'text-halo-color': look.nameHalo, 'text-halo-width': 1.4 },
    },
  ];
}

export function closedFilter(ids: string[]): unknown[] {
  return ['in', ['get', 'id'], ['literal', ids]];
}

function area(source: string, colour: string, opacity: number): LayerSpecification & { type: 'fill' } {
  return { id: `${source}-fill`, type: 'fill', source, paint: { 'fill-color': colour, 'fill-opacity': opacity } };
}

function line(source: string, colour: string, width: number, dash: number[]): LayerSpecification {
  return { id: `${source}-line`, type: 'line', source, paint: { 'line-color': colour, 'line-width': width, 'line-dasharray': dash } };
}

function zoneColour(part: 'fill' | 'line'): never {
  return ['match', ['get', 'level'], 3, ZONE_COLOURS[3]![part], 2, ZONE_COLOURS[2]![part], ZONE_COLOURS[1]![part]] as never;
}

function zoneOpacity(): never {
  return ['match', ['get', 'level'], 3, ZONE_COLOURS[3]!.opacity, 2, ZONE_COLOURS[2]!.opacity, ZONE_COLOURS[1]!.opacity] as never;
}

function zoneLine(level: number): LayerSpecification {
  const { line: colour, dash } = ZONE_COLOURS[level]!;
  return {
    id: `zones-line-${level}`,
    type: 'line',
    source: 'zones',
    filter: ['==', ['get', 'level'], level],
    paint: { 'line-color': colour, 'line-width': 1 + level * 0.7, 'line-dasharray': dash },
  };
}

function routeLayers(look: Palette): LayerSpecification[] {
  const round = { 'line-join': 'round', 'line-cap': 'round' } as const;
  return [
    { id: 'routes-case', type: 'line', source: 'routes', layout: round, paint: { 'line-color': look.routeCase, 'line-width': 5 } },
    {
      id: 'routes',
      type: 'line',
      source: 'routes',
      layout: round,
      paint: { 'line-color': look.route, 'line-width': 2.6, 'line-opacity': ['case', ['get', 'proposed'], 0.65, 1] },
    },
    {
      id: 'routes-names',
      type: 'symbol',
      source: 'routes',
      layout: { 'symbol-placement': 'line-center', 'text-field': ['get', 'name'], 'text-font': FONT, 'text-size': 11.5, 'text-rotation-alignment': 'viewport' },
      paint: { 'text-color': look.route, 'text-halo-color': look.nameHalo, 'text-halo-width': 1.8 },
    },
  ];
}

function teamLayers(look: Palette): LayerSpecification[] {
  const faint = ['case', ['get', 'faint'], 0.45, 1] as never;
  return [
    {
      id: 'teams',
      type: 'symbol',
      source: 'teams',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'symbol-sort-key': ['get', 'rank'] },
      paint: { 'icon-opacity': faint },
    },
    {
      ...names('teams', look.name, look, { size: 11 }),
      filter: ['any', ['get', 'busy'], ['>=', ['zoom'], 12]],
    } as LayerSpecification,
  ];
}

function names(source: string, colour: string, look: Palette, { size = 12, minzoom = 0 } = {}): LayerSpecification {
  return {
    id: `${source}-names`,
    type: 'symbol',
    source,
    minzoom,
    layout: {
      'text-field': ['get', 'name'],
      'text-font': FONT,
      'text-size': size,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 0.9,
      'text-justify': 'auto',
    },
    paint: { 'text-color': colour, 'text-halo-color': look.nameHalo, 'text-halo-width': 1.6 },
  };
}

function symbols(source: string, look: Palette, { always = false, size = 11 } = {}): LayerSpecification {
  return {
    id: source,
    type: 'symbol',
    source,
    layout: {
      'icon-image': ['get', 'icon'],
      'icon-allow-overlap': true,
      'icon-ignore-placement': !always,
      'text-field': always ? ['get', 'name'] : ['step', ['zoom'], '', 12, ['get', 'name']],
      'text-font': FONT,
      'text-size': size,
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 1.1,
      'text-justify': 'auto',
      'text-optional': true,
    },
    paint: { 'text-color': look.name, 'text-halo-color': look.nameHalo, 'text-halo-width': 1.6 },
  };
}

/** Before and after of a siting plan: demand by whether it is covered, stations chosen. */
function siting(): LayerSpecification[] {
  return [
    {
      id: 'siting-demand',
      type: 'circle',
      source: 'siting',
      filter: ['has', 'people'],
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['sqrt', ['get', 'people']], 0, 1.5, 100, 14],
        'circle-color': ['match', ['get', 'cover'], 'before', '#56b4e9', 'gained', '#009e73', 'lost', '#ffffff', '#d55e00'],
        // the rim tells what was gained and lost apart where red and green look alike
        'circle-stroke-color': ['match', ['get', 'cover'], ['gained', 'lost'], '#10161c', '#ffffff'],
        'circle-stroke-width': ['match', ['get', 'cover'], 'gained', 1.2, 'lost', 2.4, 0.6],
        'circle-opacity': 0.8,
      },
    },
    { id: 'siting', type: 'symbol', source: 'siting', filter: ['has', 'icon'], layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true } },
  ];
}

/** What is being drawn. */
function draft(): LayerSpecification[] {
  return [
    { id: 'draft-fill', type: 'fill', source: 'draft', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': '#56b4e9', 'fill-opacity': 0.3 } },
    { id: 'draft-line', type: 'line', source: 'draft', paint: { 'line-color': '#d55e00', 'line-width': 2.5, 'line-dasharray': [2, 1] } },
    { id: 'draft', type: 'symbol', source: 'draft', filter: ['==', ['geometry-type'], 'Point'], layout: { 'icon-image': 'drawn', 'icon-allow-overlap': true } },
  ];
}
