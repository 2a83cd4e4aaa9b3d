// The interactive map: layers of the page on MapLibre, no base map, no tiles, nothing loaded.
import { Map as GLMap, NavigationControl, Popup, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerCode from 'virtual:worker-code';
import { extentOf, middleOf } from './extent';
import { namesId, namesSourceOf, sourceOf, styleLayers, visibility } from './map_layers';
import type { Language, LayerData, PageData } from './page_data';
import { popupContent } from './popup';
import { symbolImage } from './symbols';

const SYMBOL_SCALE = 2;
const CLOSEST_ZOOM = 12;
const CLICK_PX = 4;
/** Names stand beside their places, and must not be cut at the edge. */
const ROOM_FOR_NAMES = { top: 12, bottom: 12, left: 40, right: 40 };

export class LiveMap {
  readonly map: GLMap;
  private readonly layers: Map<string, LayerData>;
  private readonly popup = new Popup({ maxWidth: '320px', closeOnClick: false });
  private readonly hint = new Popup({ closeButton: false, closeOnClick: false, offset: 8 });
  private opened: { layer: LayerData; row: number } | null = null;

  constructor(container: HTMLElement, data: PageData, private language: Language, shown: (id: string) => boolean) {
    setWorkerUrl(workerUrl());
    this.layers = new Map(data.layers.map((layer) => [layer.id, layer]));
    const named = data.layers.filter((layer) => layer.labels);
    this.map = new GLMap({
      container,
      bounds: data.frame,
      fitBoundsOptions: { padding: ROOM_FOR_NAMES },
      attributionControl: false,
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 18,
      renderWorldCopies: false,
      style: {
        version: 8,
        sources: Object.fromEntries([
          ...data.layers.map((layer) => [layer.id, sourceOf(layer)]),
          ...named.map((layer) => [namesId(layer), namesSourceOf(layer)]),
        ]),
        layers: [
          { id: 'ground', type: 'background', paint: { 'background-color': '#fbfaf6' } },
          ...styleLayers(data.layers, language, shown),
        ],
      },
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), 'bottom-left');
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.drawSymbolsOf(data.layers);
    this.map.on('click', (event) => this.click([event.point.x, event.point.y]));
    this.map.on('mousemove', (event) => this.hover([event.point.x, event.point.y]));
    this.map.on('mouseout', () => this.hint.remove());
    this.popup.on('close', () => (this.opened = null));
  }

  show(id: string, shown: boolean): void {
    for (const layer of this.styleLayers(id)) {
      this.map.setLayoutProperty(layer, 'visibility', visibility(shown));
    }
  }

  speak(language: Language): void {
    this.language = language;
    this.hint.remove();
    for (const layer of this.layers.values()) {
      if (layer.labels) this.map.setLayoutProperty(namesId(layer), 'text-field', ['get', language]);
    }
    if (this.opened) this.popup.setDOMContent(popupContent(this.opened.layer, this.opened.layer.features[this.opened.row]!, language));
  }

  /** Bring a feature into view and open its popup; false when the map does not hold it. */
  goTo(layerId: string, featureId: string): boolean {
    const layer = this.layers.get(layerId);
    const row = layer?.features.findIndex((feature) => feature[0] === featureId) ?? -1;
    if (!layer || row < 0) return false;
    const box = extentOf(layer.features[row]![2]);
    this.map.fitBounds(box, { padding: 60, maxZoom: Math.max(CLOSEST_ZOOM, this.map.getZoom()), animate: false });
    this.open(layer, row, middleOf(box));
    return true;
  }

  private drawSymbolsOf(layers: LayerData[]): void {
    this.map.setMissingStyleImageResolver(async (id) => {
      const layer = layers.find((one) => one.id === id);
      if (!layer) return;
      this.map.addImage(id, symbolImage(layer.style, SYMBOL_SCALE), { pixelRatio: SYMBOL_SCALE });
    });
  }

  private styleLayers(id: string): string[] {
    return ['fill', 'line', 'point', 'names'].map((part) => `${id}:${part}`).filter((name) => this.map.getLayer(name));
  }

  /** The topmost feature within a finger's breadth of a pixel; areas only where nothing smaller lies. */
  private at([x, y]: [number, number]): { layer: LayerData; row: number } | null {
    const around: [[number, number], [number, number]] = [[x - CLICK_PX, y - CLICK_PX], [x + CLICK_PX, y + CLICK_PX]];
    const found = this.map.queryRenderedFeatures(around);
    const small = found.find((feature) => feature.layer.type !== 'fill') ?? found[0];
    const layer = small && this.layers.get(String(small.source).replace(/:names$/, ''));
    return layer ? { layer, row: Number(small.properties['row']) } : null;
  }

  private click(pixel: [number, number]): void {
    const hit = this.at(pixel);
    if (!hit) {
      this.popup.remove();
      return;
    }
    const geometry = hit.layer.features[hit.row]![2];
    const place = geometry.type === 'Point' ? middleOf(extentOf(geometry)) : this.map.unproject(pixel).toArray();
    this.open(hit.layer, hit.row, place);
  }

  private open(layer: LayerData, row: number, place: [number, number]): void {
    this.hint.remove();
    this.popup
      .setLngLat(place)
      .setDOMContent(popupContent(layer, layer.features[row]!, this.language))
      .addTo(this.map);
    this.opened = { layer, row };
  }

  private hover(pixel: [number, number]): void {
    const hit = this.at(pixel);
    this.map.getCanvas().style.cursor = hit ? 'pointer' : '';
    const named = hit && hit.layer.kind === 'point' && !this.popup.isOpen();
    if (!named) {
      this.hint.remove();
      return;
    }
    const feature = hit.layer.features[hit.row]!;
    const title = feature[1];
    this.hint
      .setLngLat(middleOf(extentOf(feature[2])))
      .setText(typeof title === 'string' ? title : title[this.language === 'zh' ? 0 : 1])
      .addTo(this.map);
  }
}

/** The worker as a blob; the ending tells MapLibre that it is a classic script. */
function workerUrl(): string {
  const blob = new Blob([workerCode], { type: 'text/javascript' });
  return `${URL.createObjectURL(blob)}#worker.cjs`;
}
