// From the page's layers to sources and style layers of MapLibre; pure, so that it can be tested without a map.
import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { inLanguage } from './language';
import type { LayerData, Language } from './page_data';

/** Chinese and Latin letters are drawn by the browser itself: no glyph server. */
export const FONT = ['Noto Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, sans-serif'];

const NAME_PX = 12.5;
const SYMBOL_REACH = 1.3; // the tips of a star reach beyond its nominal radius
type Side = 'left' | 'right' | 'top' | 'bottom' | 'top-left' | 'top-right' | 'bottom-left' | 'bottom-right';
const BESIDE: Side[] = [
  'left',
  'right',
  'top',
  'bottom',
  'top-left',
  'top-right',
  'bottom-left',
  'bottom-right',
];

export function sourceOf(layer: LayerData): SourceSpecification {
  return { type: 'geojson', data: featureCollection(layer) };
}

export function featureCollection(layer: LayerData): FeatureCollection {
  const features = layer.features.map(([, title, geometry, , radius], row) => ({
    type: 'Feature' as const,
    geometry,
    properties: { row, zh: inLanguage(title, 'zh'), en: inLanguage(title, 'en'), radius },
  }));
  return { type: 'FeatureCollection', features };
}

/**
 * All style layers, bottom first: areas, lines and circles, symbols without names, names, symbols with names.
 * The map places names from the top down, so they keep clear of what lies above them; symbols without names
 * (thirty candidates) must not drive township names away, and lie below them.
 */
export function styleLayers(
  layers: LayerData[],
  language: Language,
  shown: (id: string) => boolean,
): LayerSpecification[] {
  const isNamedSymbol = (layer: LayerData) => layer.labels && layer.style.path !== null;
  const shapes = (some: LayerData[]) => some.flatMap((layer) => shapesOf(layer, shown(layer.id)));
  const rest = shapes(layers.filter((layer) => !isNamedSymbol(layer)));
  return [
    ...rest.filter((shape) => shape.type !== 'symbol'),
    ...rest.filter((shape) => shape.type === 'symbol'),
    ...layers.filter((layer) => layer.labels).map((layer) => namesOf(layer, language, shown(layer.id))),
    ...shapes(layers.filter(isNamedSymbol)),
  ];
}

/** The style layers of one page layer, bottom first, without its names. */
export function shapesOf(layer: LayerData, shown: boolean): LayerSpecification[] {
  const common = { source: layer.id, layout: { visibility: visibility(shown) } };
  const { style } = layer;
  if (layer.kind === 'point') return [pointLayer(layer, shown)];
  const line: LayerSpecification = {
    ...common,
    id: `${layer.id}:line`,
    type: 'line',
    layout: { ...common.layout, 'line-join': 'round', 'line-cap': style.dash.length ? 'butt' : 'round' },
    paint: {
      'line-color': style.stroke,
      'line-width': widthByZoom(layer),
      ...(style.dash.length ? { 'line-dasharray': style.dash.map((part) => part / style.width) } : {}),
    },
  };
  if (layer.kind === 'line' || style.fill === null) return [line];
  const fill: LayerSpecification = {
    ...common,
    id: `${layer.id}:fill`,
    type: 'fill',
    paint: { 'fill-color': style.fill, 'fill-opacity': style.fillOpacity },
  };
  return [fill, line];
}

function pointLayer(layer: LayerData, shown: boolean): LayerSpecification {
  const common = { id: `${layer.id}:point`, source: layer.id };
  const { style } = layer;
  if (style.path !== null) {
    return {
      ...common,
      type: 'symbol',
      layout: {
        visibility: visibility(shown),
        'icon-image': layer.id,
        'icon-allow-overlap': true,
        'icon-padding': 0,
        'icon-ignore-placement': !layer.labels,
      },
    };
  }
  return {
    ...common,
    type: 'circle',
    layout: { visibility: visibility(shown) },
    paint: {
      'circle-radius': ['interpolate', ['exponential', 1.6], ['zoom'], 8, ['*', 0.7, ['get', 'radius']], 11, ['get', 'radius'], 15, ['*', 2.2, ['get', 'radius']]],
      'circle-color': style.fill ?? 'rgba(0,0,0,0)',
      'circle-opacity': style.fillOpacity,
      'circle-stroke-color': style.stroke,
      'circle-stroke-width': style.width,
    },
  };
}

/** Lines grow a little with the zoom, as on printed maps of larger scales. */
function widthByZoom(layer: LayerData): ['interpolate', ['linear'], ['zoom'], number, number, number, number] {
  const { width } = layer.style;
  return ['interpolate', ['linear'], ['zoom'], 9, width, 15, width * 2.2];
}

/** Names stand at places of their own, so that an area cut by tiles is named once. */
export function namesSourceOf(layer: LayerData): SourceSpecification {
  const features = layer.features.flatMap(([, title, , , radius, place], row) =>
    place === null
      ? []
      : [
          {
            type: 'Feature' as const,
            geometry: { type: 'Point' as const, coordinates: place },
            properties: { row, zh: inLanguage(title, 'zh'), en: inLanguage(title, 'en'), radius },
          },
        ],
  );
  return { type: 'geojson', data: { type: 'FeatureCollection', features } };
}

export function namesId(layer: LayerData): string {
  return `${layer.id}:names`;
}

/** The names of a layer; the map leaves out those that would cover others. */
export function namesOf(layer: LayerData, language: Language, shown: boolean): LayerSpecification {
  const point = layer.kind === 'point';
  return {
    id: namesId(layer),
    source: namesId(layer),
    type: 'symbol',
    minzoom: layer.labelZoom,
    layout: {
      visibility: visibility(shown),
      'text-field': ['get', language],
      'text-font': FONT,
      'text-size': NAME_PX,
      'text-letter-spacing': point ? 0 : 0.05,
      'text-variable-anchor': point ? BESIDE : ['center', ...BESIDE],
      'text-radial-offset': point ? 0.35 + (SYMBOL_REACH * layer.style.size) / NAME_PX : 0.3,
      'text-justify': 'auto',
      'symbol-sort-key': ['-', 0, ['get', 'radius']],
    },
    paint: { 'text-color': point ? '#10161c' : '#5c5340', 'text-halo-color': '#ffffff', 'text-halo-width': 1.6 },
  };
}

export function visibility(shown: boolean): 'visible' | 'none' {
  return shown ? 'visible' : 'none';
}
