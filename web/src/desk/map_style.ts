// The whole style at once: layers with their data, the roads among them, groups on or off, grown to the screen.
import type { FeatureCollection } from 'geojson';
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { closedFilter, deskStyle, GROUPS, roadLayers, ROADS_URL, type DataSource } from './map_layers';

export interface Shown {
  theme: string;
  /** How much larger than on a laptop. */
  scale: number;
  roads: boolean;
  closed: string[];
  isOn: (group: string) => boolean;
  data: (source: DataSource) => FeatureCollection;
}

export function wholeStyle(shown: Shown): StyleSpecification {
  const style = deskStyle(shown.theme);
  for (const [name, source] of Object.entries(style.sources)) {
    if (source.type === 'geojson') source.data = shown.data(name as DataSource);
  }
  if (shown.roads) {
    style.sources['roads'] = { type: 'vector', url: ROADS_URL };
    style.layers = withRoads(style.layers, roadLayers(shown.theme), shown.closed);
  }
  const off = new Set(Object.entries(GROUPS).flatMap(([group, layers]) => (shown.isOn(group) ? [] : layers)));
  style.layers = style.layers.map((layer) => grown(switched(layer, off), shown.scale));
  return style;
}

/** Roads lie on the ground, closed ones above zones, names of roads below those of townships. */
function withRoads(layers: LayerSpecification[], roads: LayerSpecification[], closed: string[]): LayerSpecification[] {
  const before = (id: string) => (id.includes('closed') ? 'routes-case' : id === 'roads-names' ? 'township_names-names' : 'boundary');
  return layers.flatMap((layer) => [
    ...roads
      .filter((road) => before(road.id) === layer.id)
      .map((road) => (road.id.includes('closed') ? ({ ...road, filter: closedFilter(closed) } as LayerSpecification) : road)),
    layer,
  ]);
}

function switched(layer: LayerSpecification, off: Set<string>): LayerSpecification {
  return off.has(layer.id) ? ({ ...layer, layout: { ...layer.layout, visibility: 'none' } } as LayerSpecification) : layer;
}

/** Letters, symbols and lines of a fixed size grow; those that follow the zoom stay. */
export function grown(layer: LayerSpecification, scale: number): LayerSpecification {
  if (scale === 1) return layer;
  if (layer.type === 'symbol') {
    const size = layer.layout?.['text-size'];
    const larger = typeof size === 'number' ? { 'text-size': size * scale } : {};
    return { ...layer, layout: { ...layer.layout, ...larger, 'icon-size': scale } };
  }
  const width = layer.type === 'line' ? layer.paint?.['line-width'] : undefined;
  return typeof width === 'number' ? ({ ...layer, paint: { ...layer.paint, 'line-width': width * scale } } as LayerSpecification) : layer;
}
