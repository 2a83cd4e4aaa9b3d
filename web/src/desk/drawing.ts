// Pointing at the map: one place, or the outline of an area, by mouse or by typed coordinates.
import type { FeatureCollection, Polygon, Position } from 'geojson';
import type { DeskMap, Picked } from './desk_map';
import { NOTHING } from './map_sources';

export type Tool = 'point' | 'polygon' | 'road';
interface Job {
  tool: Tool;
  done: (result: Position | Polygon | Picked) => void;
  cancelled: () => void;
}

export class Drawing {
  onChange: () => void = () => {};
  private job: Job | null = null;
  private corners: Position[] = [];

  constructor(private readonly map: DeskMap) {
    map.map.on('dblclick', (event) => {
      if (this.job?.tool !== 'polygon') return;
      event.preventDefault();
      this.finish();
    });
  }

  get tool(): Tool | null {
    return this.job?.tool ?? null;
  }

  point(): Promise<Position | null> {
    return this.begin('point') as Promise<Position | null>;
  }

  polygon(): Promise<Polygon | null> {
    return this.begin('polygon') as Promise<Polygon | null>;
  }

  /** A road by a click on it, or an area by three clicks beside roads. */
  road(): Promise<Picked | Polygon | null> {
    return this.begin('road') as Promise<Picked | Polygon | null>;
  }

  private begin(tool: Tool): Promise<unknown> {
    this.cancel();
    return new Promise((resolve) => {
      this.job = { tool, done: resolve, cancelled: () => resolve(null) };
      this.map.map.getCanvas().style.cursor = 'crosshair';
      this.map.map.getCanvas().focus();
      this.onChange();
    });
  }

  /** A click on the map while something is drawn; false when nothing is. */
  take(at: Position, road: Picked | null): boolean {
    if (!this.job) return false;
    const place = at.map((value) => Math.round(value * 1e6) / 1e6);
    if (this.job.tool === 'point') this.end(place);
    else if (this.job.tool === 'road' && !this.corners.length && road) this.end(road);
    else {
      this.corners.push(place);
      this.draw();
    }
    return true;
  }

  /** End an area with the corners it has. */
  finish(): void {
    const corners = this.corners.filter((one, at) => at === 0 || String(one) !== String(this.corners[at - 1]));
    if (!this.job || this.job.tool === 'point' || corners.length < 3) return;
    this.end({ type: 'Polygon', coordinates: [[...corners, corners[0]!]] });
  }

  /** Take the last corner back. */
  undo(): void {
    this.corners.pop();
    this.draw();
  }

  cancel(): void {
    const job = this.job;
    this.clear();
    job?.cancelled();
  }

  private end(result: Position | Polygon | Picked): void {
    const job = this.job;
    this.clear();
    job?.done(result);
  }

  private clear(): void {
    this.job = null;
    this.corners = [];
    this.map.map.getCanvas().style.cursor = '';
    this.draw();
    this.onChange();
  }

  private draw(): void {
    const points = this.corners.map((coordinates) => ({
      type: 'Feature' as const,
      properties: {},
      geometry: { type: 'Point' as const, coordinates },
    }));
    const shape: FeatureCollection['features'] =
      this.corners.length < 2
        ? []
        : [
            {
              type: 'Feature',
              properties: {},
              geometry:
                this.corners.length === 2
                  ? { type: 'LineString', coordinates: this.corners }
                  : { type: 'Polygon', coordinates: [[...this.corners, this.corners[0]!]] },
            },
          ];
    this.map.set('draft', this.corners.length ? { type: 'FeatureCollection', features: [...shape, ...points] } : NOTHING);
  }
}
