// The form that reports an incident: what, where, how grave; substance and wind, or water drawn with its depth.
import type { Polygon, Position } from 'geojson';
import { button, h, renew, type Child } from './dom';
import type { Desk } from './desk';
import { catalogue, nameOf, say, term } from './speech';
import type { Word } from './words';

const FLOODS = ['gully_flood', 'river_flood', 'ice_jam'];
const RELEASES = ['toxic_gas', 'flammable_liquid'];
const WINDS = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'];
const CONTAINERS: Record<string, [string, string]> = {
  rail_car: ['铁路槽车', 'rail car'],
  tank_truck: ['槽罐车', 'tank truck'],
  nurse_tank: ['农用储罐', 'nurse tank'],
  ton_cylinders: ['吨瓶', 'ton cylinders'],
  cylinder: ['钢瓶', 'cylinder'],
  drum: ['桶', 'drum'],
  tank: ['储罐', 'tank'],
  pipeline: ['管道', 'pipeline'],
};

export interface Prefilled {
  hazard?: string;
  site?: string;
  place?: Position;
}

export class ReportForm {
  readonly element = h('form', { class: 'report-form', 'aria-labelledby': 'report-title' });
  private hazard: string;
  private place: Position | null;
  private site: string;
  private water: { polygon: Polygon; depth_m: number }[] = [];
  private readonly values: Record<string, string> = { level: 'II', cloud: '', size: 'large', depth: '1' };

  constructor(
    private readonly desk: Desk,
    prefilled: Prefilled,
    private readonly done: () => void,
  ) {
    this.hazard = prefilled.hazard ?? 'toxic_gas';
    this.site = prefilled.site ?? '';
    this.place = prefilled.place ?? null;
    if (this.site) this.takeSite(this.site);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.send();
    });
    this.paint();
  }

  focus(): void {
    this.element.querySelector<HTMLElement>('select')?.focus();
  }

  paint(): void {
    const flood = FLOODS.includes(this.hazard);
    renew(this.element,
      h('header', {}, h('h2', { id: 'report-title' }, say('report')), button(say('cancel'), this.done, { 'data-keep': 'report-cancel' })),
      h('div', { class: 'fields' },
        this.select('hazard', 'hazard', Object.keys(catalogue().words['hazards'] ?? {}).map((one) => [one, term('hazards', one)]), this.hazard, (value) => {
          this.hazard = value;
          this.paint();
        }),
        this.select('level', 'level', ['I', 'II', 'III', 'IV'].map((one) => [one, one])),
        flood ? this.floodFields() : this.placeFields(),
        RELEASES.includes(this.hazard) && this.substanceFields(),
        !flood && this.hazard !== 'collapse' && this.weatherFields(),
        this.text('name', 'name'),
        this.text('relocate', 'relocate', { placeholder: `${say('none')} / ${say('all')} / 1200` })),
      h('footer', {}, h('button', { type: 'submit', class: 'main', id: 'report-send', 'data-keep': 'report-send' }, say('report'))));
  }

  private placeFields(): Child {
    const sites = this.desk.situation.layers['hazard_sites']?.features ?? [];
    const chosen = this.place;
    return [
      this.select('site', 'hazardSite', [['', say('none')], ...sites.map((one) => [String(one.id), nameOf(one.properties, String(one.id))] as [string, string])], this.site, (value) => {
        this.takeSite(value);
        this.paint();
      }),
      h('div', { class: 'field pair' },
        button(say('pickOnMap'), () => void this.pick(), { id: 'pick-place', 'data-keep': 'pick-place' }),
        h('span', { class: 'quiet', id: 'place-chosen' }, chosen && !this.site ? say('placeChosen', chosen[0]!.toFixed(5), chosen[1]!.toFixed(5)) : '')),
      this.number('lon', 'lon', { step: 'any', min: -180, max: 180 }),
      this.number('lat', 'lat', { step: 'any', min: -85, max: 85 }),
    ];
  }

  private floodFields(): Child {
    const zones = (this.desk.situation.layers['flood_zones']?.features ?? []).filter((one) => one.properties['hazard'] === this.hazard);
    return [
      this.number('depth', 'depth', { step: 0.1, min: 0.1, max: 50 }),
      h('div', { class: 'field pair' },
        button(say('drawWater'), () => void this.drawWater(), { id: 'draw-water', 'data-keep': 'draw-water' }),
        h('span', { class: 'quiet', id: 'water-drawn' }, say('waterDrawn', this.water.length))),
      zones.length > 0 && this.select('floodZone', 'floodZones', [['', say('none')], ...zones.map((one) => [String(one.id), nameOf(one.properties, String(one.id))] as [string, string])]),
    ];
  }

  private substanceFields(): Child {
    const { substances, containers } = catalogue();
    return [
      this.select('cas', 'substance', [['', this.site ? say('hazardSite') : say('unknown')], ...substances.map((one) => [one.cas, `${nameOf(one, one.id)} ${one.cas}`] as [string, string])]),
      this.select('container', 'container', [['', say('unknown')], ...containers.map((one) => [one, containerName(one)] as [string, string])]),
      this.select('size', 'size', [['large', say('large')], ['small', say('small')]]),
      this.number('isolate', 'isolate', { min: 1, max: 100_000 }),
      this.number('protect', 'protect', { min: 1, max: 100_000 }),
    ];
  }

  private weatherFields(): Child {
    return [
      h('div', { class: 'field wide' },
        h('span', { id: 'winds-label' }, say('windFrom')),
        h('div', { class: 'winds', role: 'group', 'aria-labelledby': 'winds-label' }, WINDS.map((one, at) =>
          button(one, () => {
            this.values['wind'] = String(at * 45);
            this.paint();
          }, { 'aria-pressed': this.values['wind'] === String(at * 45) ? 'true' : 'false', 'data-keep': `wind-${one}` })))),
      this.number('wind', 'windFrom', { min: 0, max: 360 }),
      this.number('speed', 'windSpeed', { step: 0.1, min: 0, max: 75 }),
      this.number('cloud', 'cloud', { min: 0, max: 10 }),
      this.number('temperature', 'temperature', { min: -60, max: 60 }),
    ];
  }

  private select(id: string, label: Word, choices: [string, string][], value = this.values[id] ?? '', changed?: (value: string) => void): HTMLElement {
    return h('label', { class: 'field' }, h('span', {}, say(label)),
      h('select', {
        id: `report-${id}`,
        'data-keep': `report-${id}`,
        onchange: (event: Event) => {
          const chosen = (event.target as HTMLSelectElement).value;
          this.values[id] = chosen;
          changed?.(chosen);
        },
      }, choices.map(([key, words]) => h('option', { value: key, selected: key === value }, words))));
  }

  private text(id: string, label: Word, more: Record<string, string | number> = {}): HTMLElement {
    return h('label', { class: 'field' }, h('span', {}, say(label)),
      h('input', {
        id: `report-${id}`,
        'data-keep': `report-${id}`,
        value: this.values[id] ?? '',
        autocomplete: 'off',
        ...more,
        oninput: (event: Event) => {
          this.values[id] = (event.target as HTMLInputElement).value;
        },
      }));
  }

  private number(id: string, label: Word, more: Record<string, string | number> = {}): HTMLElement {
    return this.text(id, label, { type: 'number', inputmode: 'decimal', ...more });
  }

  private takeSite(id: string): void {
    this.site = id;
    const found = this.desk.situation.layers['hazard_sites']?.features.find((one) => one.id === id);
    if (!found) return;
    this.values['cas'] = String(found.properties['cas'] ?? '');
    this.values['container'] = String(found.properties['container'] ?? '');
    this.values['lon'] = this.values['lat'] = '';
    if (found.geometry) this.desk.map.showGeometry(found.geometry);
  }

  private async pick(): Promise<void> {
    const place = await this.desk.drawing.point();
    if (!place) return;
    this.place = place;
    this.site = '';
    [this.values['lon'], this.values['lat']] = [String(place[0]), String(place[1])];
    this.paint();
  }

  private async drawWater(): Promise<void> {
    const polygon = await this.desk.drawing.polygon();
    if (!polygon) return;
    this.water.push({ polygon, depth_m: this.figure('depth') ?? 1 });
    this.paint();
  }

  private figure(id: string): number | null {
    const text = this.values[id] ?? '';
    return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
  }

  private async send(): Promise<void> {
    if (await this.desk.report(this.body())) this.done();
  }

  /** What is not known is left out. */
  body(): Record<string, unknown> {
    const flood = FLOODS.includes(this.hazard);
    const lonlat = { lon: this.figure('lon'), lat: this.figure('lat') };
    const where = flood
      ? { flood_zones: this.values['floodZone'] ? [this.values['floodZone']] : [] }
      : this.site
        ? { hazard_site: this.site }
        : lonlat;
    const release = RELEASES.includes(this.hazard);
    const isolate = this.figure('isolate');
    const relocate = (this.values['relocate'] ?? '').trim();
    const name = (this.values['name'] ?? '').trim();
    return known({
      name_zh: name,
      name_en: name,
      hazard: this.hazard,
      level: this.values['level'],
      where,
      substance: release && this.values['cas'] ? known({ cas: this.values['cas'], container: this.values['container'], size: this.values['size'] }) : null,
      distances: release && isolate !== null ? known({ isolate_m: isolate, protect_m: this.figure('protect'), source: 'entered at the desk' }) : null,
      water: flood ? this.water.map((one, at) => ({ id: `drawn-${at + 1}`, ...one })) : null,
      relocate: relocate === say('all') || relocate === 'all' ? 'all' : Number(relocate) || null,
      weather: known({
        wind_from_deg: this.figure('wind'),
        wind_m_s: this.figure('speed'),
        cloud_tenths: this.figure('cloud'),
        temperature_c: this.figure('temperature'),
      }),
    });
  }
}

function known(facts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null && value !== '' && value !== undefined));
}

function containerName(one: string): string {
  const both = CONTAINERS[one];
  return both ? both[document.documentElement.lang === 'en' ? 1 : 0] : one;
}
