// Around an incident (一张图): plan documents, responsible units, targets, people, materials, vehicles.
import { get } from './client';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import { statusWord } from './plan_tabs';
import type { IncidentFeature, Named, Stock, TeamStatus } from './records';
import { groupName } from './side_panel';
import { refusalWords } from './refusals';
import { nameOf, say } from './speech';
import { count, metres } from './times';

interface Near extends Named {
  id: string;
  distance_m: number | null;
  lon: number;
  lat: number;
}
export interface Around {
  radius_m: number;
  plan_documents: (Near & { level: string; document: string })[];
  responsible_units: (Near & { unit: string; leader: string; phone: string | null; channel: string | null })[];
  key_targets: (Near & { layer: string; people: number | null })[];
  people: { people: number; places: number; nearest_m: number | null };
  materials: (Near & { stock: Stock[] })[];
  vehicles: (Near & { status: TeamStatus; vehicle_class: string; vehicles: number | null; phone: string | null; call_sign: string | null })[];
}
const RADII = [1000, 2000, 5000, 10_000, 20_000];
let radius_m = 5000;

export function around(desk: Desk, incident: IncidentFeature): Child {
  const key = `${incident.properties.version} ${radius_m} ${desk.situation.teams.map((one) => one.properties.status).join()}`;
  const { value, refusal } = lazily<Around>(desk, `around ${incident.id}`, key, () => get(`incidents/${incident.id}/around?radius_m=${radius_m}`));
  return [
    h('label', { class: 'inline' }, say('within'),
      h('select', {
        id: 'around-radius',
        'data-keep': 'around-radius',
        onchange: (event: Event) => {
          radius_m = Number((event.target as HTMLSelectElement).value);
          desk.paint();
        },
      }, RADII.map((one) => h('option', { value: one, selected: one === radius_m }, metres(one))))),
    value ? found(desk, value) : h('p', { class: 'quiet' }, refusal ? refusalWords(refusal.code, refusal.detail) : say('loading')),
  ];
}

function found(desk: Desk, near: Around): Child {
  const items = desk.situation.layers['items']?.features ?? [];
  const item = (id: string) => nameOf(items.find((one) => one.id === id)?.properties, id);
  const go = (one: Near) => button(nameOf(one, one.id), () => desk.map.showGeometry({ type: 'Point', coordinates: [one.lon, one.lat] }, 15), { class: 'text', 'data-keep': `near-${one.id}` });
  const far = { title: say('distance'), number: true, cell: (one: Near) => (one.distance_m === null ? say('wholeRegion') : metres(one.distance_m)) };
  return [
    h('p', { class: 'big', id: 'around-people' }, h('b', {}, count(near.people.people)), ` ${say('livesIn', near.people.places)}`),
    near.key_targets.length > 0 && table(`${say('keyTargets')} (${near.key_targets.length})`, [
      { title: say('place'), cell: go },
      { title: say('kind'), cell: (one) => groupName(one.layer) },
      { title: say('people'), number: true, cell: (one) => (one.people === null ? '–' : count(one.people)) },
      far,
    ], near.key_targets),
    near.vehicles.length > 0 && table(`${say('vehicles')} (${near.vehicles.length})`, [
      { title: say('team'), cell: go },
      { title: say('status'), cell: (one) => statusWord(one.status) },
      { title: say('vehicles'), cell: (one) => `${one.vehicles ?? '–'} ${one.vehicle_class}` },
      { title: say('call'), cell: (one) => [one.phone && h('a', { href: `tel:${one.phone}` }, one.phone), ` ${one.call_sign ?? ''}`] },
      far,
    ], near.vehicles),
    near.materials.length > 0 && table(`${say('materials')} (${near.materials.length})`, [
      { title: groupName('depots'), cell: go },
      { title: say('stockHere'), cell: (one) => one.stock.filter((row) => row.free > 0).slice(0, 8).map((row) => `${item(row.item_id)} ${count(row.free)} ${row.unit}`).join(', ') || say('noStock') },
      far,
    ], near.materials),
    near.responsible_units.length > 0 && table(`${groupName('units')} (${near.responsible_units.length})`, [
      { title: groupName('units'), cell: (one) => one.unit },
      { title: say('leader'), cell: (one) => one.leader },
      { title: say('call'), cell: (one) => [one.phone && h('a', { href: `tel:${one.phone}` }, one.phone), ` ${one.channel ?? ''}`] },
      far,
    ], near.responsible_units),
    near.plan_documents.length > 0 && table(`${groupName('plans')} (${near.plan_documents.length})`, [
      { title: groupName('plans'), cell: (one) => nameOf(one, one.id) },
      { title: say('level'), cell: (one) => one.level },
      { title: say('document'), cell: (one) => one.document },
      far,
    ], near.plan_documents),
  ];
}

