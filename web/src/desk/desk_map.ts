// The one map: base of the region's own road tiles, and what is going on above it.
import { addProtocol, Map as GLMap, NavigationControl, Popup, prewarm, ScaleControl, setWorkerUrl } from 'maplibre-gl';
import type { GeoJSONSource, MapGeoJSONFeature, StyleSpecification } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { FeatureCollection, Geometry } from 'geojson';
import { FetchSource, PMTiles, Protocol } from 'pmtiles';
import { extentOf, type Box } from '../extent';
import { headers } from './client';
import { symbol, SYMBOL_SCALE } from './looks';
import { closedFilter, GROUPS, OFF_AT_FIRST, type DataSource } from './map_layers';
import { wholeStyle } from './map_style';
import * as sources from './map_sources';
import type { PlanDocument } from './records';
import type { Moment } from './replay_course';
import type { Situation } from './situation';
import { STILL_LAYERS } from './situation';
import { say } from './speech';
import type { Word } from './words';

const CLICK_PX = 5;
const TILES = './region/roads.pmtiles';
const AGAIN_MS = 1500;
/** Names stand beside their places: more room to the right, where most of them go. */
const ROOM_FOR_NAMES = { top: 60, bottom: 60, left: 90, right: 150 };
/** Size of letters at 1366 pixels; on a wall the map grows with the rest. */
const LAPTOP_FONT_PX = 13.5;

/** Whether the tiles of the roads are there, soon will be, or never. */
export async function tilesThere(): Promise<'there' | 'soon' | 'never'> {
  const answer = await fetch(TILES, { headers: headers({ Range: 'bytes=0-6' }) }).catch(() => null);
  if (answer?.ok) return 'there';
  const facts = (await answer?.json().catch(() => null)) as { expected?: boolean } | null | undefined;
  return !answer || facts?.expected ? 'soon' : 'never';
}

/** The map's workers start while the desk still reads what it will show. */
export function startWorkers(): void {
  setWorkerUrl(workerUrl);
  prewarm();
}

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
  /** What sources were given, also for a style that takes the place of this one. */
  private readonly given = new Map<DataSource, FeatureCollection>();
  private readonly texts = new Map<DataSource, string>();
  private isQuiet = false;

  constructor(
    container: HTMLElement,
    private readonly situation: Situation,
    private theme: string,
    private hasRoads: boolean,
  ) {
    addProtocol('pmtiles', this.protocol.tile);
    if (hasRoads) this.openTiles();
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
      style: this.style(),
    });
    this.map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.map.addControl(new ScaleControl({ maxWidth: 140 }), 'bottom-left');
    this.nameControls();
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setMissingStyleImageResolver(async (id) => {
      if (!this.map.hasImage(id)) this.map.addImage(id, symbol(id), { pixelRatio: SYMBOL_SCALE });
    });
    this.listen();
    this.drawn = this.map.once('idle').then(() => undefined);
    if (!hasRoads) void this.findRoads();
  }

  private listen(): void {
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
  }

  /** The style with all that is known, so that it is drawn once and not piece by piece. */
  private style(): StyleSpecification {
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / LAPTOP_FONT_PX;
    return wholeStyle({
      theme: this.theme,
      scale: Math.max(1, scale),
      roads: this.hasRoads,
      closed: sources.closedRoads(this.situation.closures),
      isOn: (group) => this.isOn(group),
      data: (source) => this.begun(source),
    });
  }

  private begun(source: DataSource): FeatureCollection {
    const data = this.given.get(source) ?? this.known(source);
    this.given.set(source, data);
    this.texts.set(source, JSON.stringify(data));
    return data;
  }

  /** What the desk knows of a source when the map begins. */
  private known(source: DataSource): FeatureCollection {
    const { layers, teams, incidents, zones, closures, selected, shown } = this.situation;
    if (source === 'township_names') return sources.nameFeatures(layers['townships']);
    if (source in layers) return sources.stillFeatures(source, layers[source]);
    if (source === 'teams') return sources.teamFeatures(teams);
    if (source === 'incidents') return sources.incidentFeatures(incidents, selected);
    if (source === 'zones') return sources.zoneFeatures(zones);
    if (source === 'zone_names') return sources.zoneNames(sources.zoneFeatures(zones));
    if (source === 'closures') return sources.closureFeatures(closures);
    if (source === 'staging') return sources.stagingFeatures(shown);
    return sources.NOTHING;
  }

  /** Draw in other colours. */
  setTheme(theme: string): void {
    this.theme = theme;
    this.map.setStyle(this.style(), { diff: false });
  }

  /** Tiles that the server still makes: asked for until they are there, then drawn with the rest. */
  private async findRoads(): Promise<void> {
    for (let found = await tilesThere(); found !== 'there'; found = await tilesThere()) {
      if (found === 'never') return;
      await new Promise((done) => setTimeout(done, AGAIN_MS));
    }
    this.openTiles();
    this.hasRoads = true;
    this.map.setStyle(this.style(), { diff: false });
  }

  /** Tiles are read under the key of this window. */
  takeNewKey(): void {
    if (this.hasRoads) this.openTiles();
  }

  private openTiles(): void {
    const file = new PMTiles(new FetchSource(new URL(TILES, location.href).href, new Headers(headers())));
    this.protocol.tiles.set('roads', file);
  }

  drawStill(): void {
    this.nameControls();
    for (const layer of STILL_LAYERS) {
      if (layer !== 'items') this.set(layer as DataSource, sources.stillFeatures(layer, this.situation.layers[layer]));
    }
    this.set('township_names', sources.nameFeatures(this.situation.layers['townships']));
  }

  /** For those who hear the page. */
  private nameControls(): void {
    const names: [string, Word][] = [['canvas.maplibregl-canvas', 'keyMap'], ['.maplibregl-ctrl-zoom-in', 'zoomIn'], ['.maplibregl-ctrl-zoom-out', 'zoomOut']];
    for (const [selector, word] of names) {
      const control = this.map.getContainer().querySelector(selector);
      control?.setAttribute('aria-label', say(word));
      if (control instanceof HTMLButtonElement) control.title = say(word);
    }
  }

  /** What moves: teams, incidents, zones, closures, routes; `etas`: seconds to arrival by team. */
  draw(etas: Map<string, number>, preview: PlanDocument | null = null): void {
    const { teams, incidents, zones, closures, selected, shown } = this.situation;
    this.set('teams', sources.teamFeatures(teams));
    this.set('incidents', sources.incidentFeatures(incidents, selected));
    const drawn = preview ? sources.plannedZoneFeatures(preview) : sources.zoneFeatures(zones);
    this.set('zones', drawn);
    this.set('zone_names', sources.zoneNames(drawn));
    this.set('closures', sources.closureFeatures(closures));
    this.set('staging', sources.stagingFeatures(shown));
    this.drawRoutes(etas);
    this.drawClosures();
  }

  /** An instant of an exercise that is replayed. */
  drawMoment(moment: Moment): void {
    this.set('teams', sources.teamFeatures(moment.teams));
    this.set('incidents', sources.incidentFeatures(moment.incidents, null));
    const zones = sources.zonesOfPlans(moment.plans, moment.incidents);
    this.set('zones', zones);
    this.set('zone_names', sources.zoneNames(zones));
    this.set('closures', sources.closureFeatures(moment.closures));
    this.set('staging', sources.stagingOfPlans(moment.plans));
    this.set('routes', sources.replayedRoutes(moment.routes));
    this.drawClosures(moment.closures);
  }

  drawRoutes(etas: Map<string, number>): void {
    this.set('routes', sources.routeFeatures(this.situation.shown, etas));
  }

  private drawClosures(closures = this.situation.closures): void {
    if (!this.map.getLayer('roads-closed')) return;
    const filter = closedFilter(sources.closedRoads(closures)) as never;
    this.map.setFilter('roads-closed', filter);
    this.map.setFilter('roads-closed-case', filter);
  }

  /** Give a source its features; the same as before are not drawn again. */
  set(source: DataSource, data: FeatureCollection): void {
    const text = JSON.stringify(data);
    if (this.texts.get(source) === text) return;
    this.texts.set(source, text);
    this.given.set(source, data);
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

  private isOn(group: string): boolean {
    return this.shown.has(group) && !(this.isQuiet && GOING_ON.includes(group));
  }

  private applyGroup(group: string): void {
    for (const layer of GROUPS[group] ?? []) {
      if (this.map.getLayer(layer)) {
        this.map.setLayoutProperty(layer, 'visibility', this.isOn(group) ? 'visible' : 'none');
      }
    }
  }

  /** The whole region. */
  showAll(): void {
    this.map.fitBounds(this.frame(), { padding: 30, animate: false });
  }

  showGeometry(geometry: Geometry, closest = 13): void {
    this.map.fitBounds(extentOf(geometry), { padding: ROOM_FOR_NAMES, maxZoom: closest, animate: false });
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
