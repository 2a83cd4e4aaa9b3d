// The one map: base of the region's own road tiles, and what is going on above it.
import { addProtocol, Map as GLMap, NavigationControl, Popup, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import type { GeoJSONSource, MapGeoJSONFeature } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { FeatureCollection, Geometry } from 'geojson';
import { FetchSource, PMTiles, Protocol } from 'pmtiles';
import { extentOf, type Box } from '../extent';
import { headers } from './client';
import { symbol, SYMBOL_SCALE } from './looks';
import { closedFilter, deskStyle, GROUPS, OFF_AT_FIRST, roadLayers, type DataSource } from './map_layers';
import * as sources from './map_sources';
import type { PlanDocument } from './records';
import type { Situation } from './situation';
import { STILL_LAYERS } from './situation';

const CLICK_PX = 5;
const TILES = './region/roads.pmtiles';
const AGAIN_MS = 1500;

export interface Picked {
  layer: string;
  id: string;
  properties: Record<string, unknown>;
}

export class DeskMap {
  readonly map: GLMap;
  readonly shown = new Set(Object.keys(GROUPS).filter((group) => !OFF_AT_FIRST.has(group)));
  /** A thing that may be dragged, and what hears of it. */
  draggable: (id: string) => boolean = () => false;
  onDrag: (id: string, lon: number, lat: number, ended: boolean) => void = () => {};
  /** What was clicked, where, and the road that lies there, whatever lies above it. */
  onPick: (picked: Picked | null, at: [number, number], road: Picked | null) => void = () => {};
  private readonly protocol = new Protocol();
  private readonly popup = new Popup({ maxWidth: '340px', closeOnClick: false });
  /** Resolves when everything there is has been drawn, the roads too. */
  readonly drawn: Promise<void>;
  private tellRoads: () => void = () => {};
  private hasRoads = false;
  private isQuiet = false;

  constructor(
    container: HTMLElement,
    private readonly situation: Situation,
    private theme: string,
  ) {
    setWorkerUrl(workerUrl);
    addProtocol('pmtiles', this.protocol.tile);
    this.map = new GLMap({
      container,
      bounds: this.frame(),
      fitBoundsOptions: { padding: 30 },
      attributionControl: false,
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 18,
      renderWorldCopies: false,
      style: deskStyle(theme),
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), 'bottom-left');
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setMissingStyleImageResolver(async (id) => {
      if (!this.map.hasImage(id)) this.map.addImage(id, symbol(id), { pixelRatio: SYMBOL_SCALE });
    });
    this.map.on('click', (event) => this.click([event.point.x, event.point.y]));
    this.map.on('mousemove', (event) => {
      const hit = this.pickable([event.point.x, event.point.y]);
      this.map.getCanvas().style.cursor = hit ? 'pointer' : '';
    });
    this.map.on('mousedown', 'siting', (event) => {
      const id = String(event.features?.[0]?.properties['id'] ?? '');
      if (!this.draggable(id)) return;
      event.preventDefault();
      this.drag(id);
    });
    const roads = new Promise<void>((done) => (this.tellRoads = done));
    this.drawn = roads.then(() => this.map.once('idle').then(() => undefined));
    this.map.once('load', () => this.begin());
  }

  /** Draw in other colours; the data are given anew. */
  setTheme(theme: string): void {
    this.theme = theme;
    this.map.setStyle(deskStyle(theme), { diff: false });
    this.map.once('styledata', () => this.begin());
  }

  private begin(): void {
    for (const group of Object.keys(GROUPS)) this.applyGroup(group);
    this.drawStill();
    this.draw(new Map());
    if (this.hasRoads) this.addRoads();
    else void this.findRoads();
  }

  private async findRoads(): Promise<void> {
    for (;;) {
      const answer = await fetch(TILES, { headers: headers({ Range: 'bytes=0-6' }) }).catch(() => null);
      if (answer?.ok) break;
      const facts = (await answer?.json().catch(() => null)) as { expected?: boolean } | null | undefined;
      if (answer && !facts?.expected) return this.tellRoads();
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
    const file = new PMTiles(new FetchSource(new URL(TILES, location.href).href, new Headers(headers())));
    this.protocol.tiles.set('roads', file);
    this.hasRoads = true;
    this.addRoads();
    this.tellRoads();
  }

  private addRoads(): void {
    if (this.map.getSource('roads')) return;
    this.map.addSource('roads', { type: 'vector', url: 'pmtiles://roads' });
    for (const layer of roadLayers(this.theme)) {
      this.map.addLayer(layer, layer.id === 'roads-names' ? 'township_names-names' : layer.id.includes('closed') ? 'routes-case' : 'boundary');
    }
    this.applyGroup('roads');
    this.applyGroup('closures');
    this.drawClosures();
  }

  drawStill(): void {
    for (const layer of STILL_LAYERS) {
      if (this.map.getSource(layer)) this.set(layer as DataSource, sources.stillFeatures(layer, this.situation.layers[layer]));
    }
    this.set('township_names', sources.nameFeatures(this.situation.layers['townships']));
  }

  /** What moves: teams, incidents, zones, closures, routes; `etas`: seconds to arrival by team. */
  draw(etas: Map<string, number>, preview: PlanDocument | null = null): void {
    if (!this.map.getSource('teams')) return;
    const { teams, incidents, zones, closures, selected, shown } = this.situation;
    this.set('teams', sources.teamFeatures(teams));
    this.set('incidents', sources.incidentFeatures(incidents, selected));
    this.set('zones', preview ? sources.plannedZoneFeatures(preview) : sources.zoneFeatures(zones));
    this.set('closures', sources.closureFeatures(closures));
    this.set('staging', sources.stagingFeatures(shown));
    this.drawRoutes(etas);
    this.drawClosures();
  }

  drawRoutes(etas: Map<string, number>): void {
    if (this.map.getSource('routes')) this.set('routes', sources.routeFeatures(this.situation.shown, etas));
  }

  private drawClosures(): void {
    if (!this.map.getLayer('roads-closed')) return;
    const filter = closedFilter(sources.closedRoads(this.situation.closures)) as never;
    this.map.setFilter('roads-closed', filter);
    this.map.setFilter('roads-closed-case', filter);
  }

  set(source: DataSource, data: FeatureCollection): void {
    (this.map.getSource(source) as GeoJSONSource | undefined)?.setData(data);
  }

  /** Switch a group of layers on or off. */
  switchGroup(group: string, on: boolean): void {
    if (on) this.shown.add(group);
    else this.shown.delete(group);
    this.applyGroup(group);
  }

  /** The planner sees the county without what is going on in it. */
  quiet(on: boolean): void {
    this.isQuiet = on;
    for (const group of GOING_ON) this.applyGroup(group);
  }

  private applyGroup(group: string): void {
    const shown = this.shown.has(group) && !(this.isQuiet && GOING_ON.includes(group));
    for (const layer of GROUPS[group] ?? []) {
      if (this.map.getLayer(layer)) {
        this.map.setLayoutProperty(layer, 'visibility', shown ? 'visible' : 'none');
      }
    }
  }

  /** The whole region. */
  showAll(): void {
    this.map.fitBounds(this.frame(), { padding: 30, animate: false });
  }

  showGeometry(geometry: Geometry, closest = 13): void {
    this.map.fitBounds(extentOf(geometry), { padding: 60, maxZoom: closest, animate: false });
  }

  /** What the map shows now, as a picture for paper; always in the colours of the day. */
  async picture(): Promise<string> {
    const night = this.theme !== 'light';
    if (night) {
      this.setTheme('light');
      await this.map.once('idle');
    }
    const taken = new Promise<string>((done) => {
      this.map.once('render', () => done(this.map.getCanvas().toDataURL('image/png')));
    });
    this.map.triggerRepaint();
    const found = await taken;
    if (night) this.setTheme('dark');
    return found;
  }

  openPopup(at: [number, number], content: HTMLElement): void {
    this.popup.setLngLat(at).setDOMContent(content).addTo(this.map);
  }

  closePopup(): void {
    this.popup.remove();
  }

  private frame(): Box {
    const shapes = ['boundary', 'townships', 'stations'].flatMap((layer) => this.situation.layers[layer]?.features ?? []);
    const geometries = shapes.flatMap((one) => (one.geometry ? [one.geometry] : []));
    return geometries.length ? extentOf({ type: 'GeometryCollection', geometries }) : [73, 18, 135, 54];
  }

  /** The topmost feature within a finger's breadth; areas only where nothing smaller lies. */
  private pickable([x, y]: [number, number], roads = false): MapGeoJSONFeature | undefined {
    const around: [[number, number], [number, number]] = [[x - CLICK_PX, y - CLICK_PX], [x + CLICK_PX, y + CLICK_PX]];
    const found = this.map
      .queryRenderedFeatures(around)
      .filter((one) => one.source !== 'draft' && (roads || one.source !== 'roads') && !STILL_GROUND.has(one.source));
    return found.find((one) => one.layer.type === 'symbol') ?? found.find((one) => one.layer.type !== 'fill') ?? found[0];
  }

  private roadAt([x, y]: [number, number]): Picked | null {
    const layers = ['roads-minor', 'roads-major'].filter((layer) => this.map.getLayer(layer));
    const around: [[number, number], [number, number]] = [[x - CLICK_PX, y - CLICK_PX], [x + CLICK_PX, y + CLICK_PX]];
    const found = layers.length ? this.map.queryRenderedFeatures(around, { layers }) : [];
    const first = found.find((one) => one.properties['bridge'] === 'yes') ?? found[0];
    return first ? picked(first) : null;
  }

  private drag(id: string): void {
    const move = (event: { lngLat: { lng: number; lat: number } }) => this.onDrag(id, event.lngLat.lng, event.lngLat.lat, false);
    this.map.on('mousemove', move);
    this.map.once('mouseup', (event) => {
      this.map.off('mousemove', move);
      this.onDrag(id, event.lngLat.lng, event.lngLat.lat, true);
    });
  }

  private click(pixel: [number, number]): void {
    const hit = this.pickable(pixel, true);
    const at = this.map.unproject(pixel).toArray() as [number, number];
    this.onPick(hit ? picked(hit) : null, at, this.roadAt(pixel));
  }
}

function picked(hit: MapGeoJSONFeature): Picked {
  return { layer: String(hit.source), id: String(hit.properties['id']), properties: hit.properties };
}

const GOING_ON = ['incidents', 'zones', 'teams', 'routes', 'closures'];
const STILL_GROUND = new Set(['townships', 'township_names', 'boundary', 'rivers', 'railways', 'flood_zones']);
