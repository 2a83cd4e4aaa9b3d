// On the left: incidents, roads closed, layers.
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import type { Picked } from './desk_map';
import { drillSection } from './drill_clock';
import { isExercise } from './world';
import { nowMs } from './exercise_clock';
import { roadSearch } from './road_search';
import { GROUPS } from './map_layers';
import { legend, signOf } from './legend';
import { statusWord } from './plan_tabs';
import type { ClosureFeature, IncidentFeature } from './records';
import { may } from './session';
import { nameOf, say, term } from './speech';
import { age, count, since } from './times';
import type { Word } from './words';

const MOST_ENDED = 4;
/** More open incidents than this are sought by name. */
const MANY = 12;
let sought = '';

export interface SideDeeds {
  report: () => void;
  closeRoad: () => void;
  closeThis: (road: Picked) => void;
}

export function sidePanel(desk: Desk, deeds: SideDeeds): Child[] {
  return [isExercise() && drillSection(desk), incidents(desk, deeds), closures(desk, deeds), layers(desk)];
}

function incidents(desk: Desk, deeds: SideDeeds): HTMLElement {
  const open = desk.situation.incidents.filter((one) => one.properties.status === 'open');
  const shown = open.length > MANY ? open.filter((one) => titleOf(one).toLowerCase().includes(sought.toLowerCase())) : open;
  return h('section', { 'aria-labelledby': 'incidents-title', class: 'grow' },
    h('header', {}, h('h2', { id: 'incidents-title' }, say('openIncidents')),
      may('operate') && button(say('report'), deeds.report, { class: 'main', id: 'report', 'data-keep': 'report' })),
    open.length > MANY && h('input', {
      class: 'incident-filter', type: 'search', id: 'incident-filter', 'data-keep': 'incident-filter', value: sought, placeholder: say('incidentFilter'), 'aria-label': say('incidentFilter'),
      oninput: (event: Event) => {
        sought = (event.target as HTMLInputElement).value;
        desk.paint(true); // Chinese is composed: the field stays until the word is whole
      },
    }),
    open.length
      ? h('ul', { class: 'incidents', 'data-scroll': 'incidents' }, shown.map((one) => h('li', {}, incident(desk, one))))
      : h('p', { class: 'quiet' }, say('noIncidents')),
    ended(desk));
}

function titleOf(one: IncidentFeature): string {
  return `${nameOf(one.properties, '') || term('hazards', one.properties.hazard)} ${one.id}`;
}

/** The last ones that ended: their record is still to be written. */
function ended(desk: Desk): Child {
  const closed = desk.situation.incidents.filter((one) => one.properties.status === 'closed').slice(0, MOST_ENDED);
  if (!closed.length) return null;
  return h('ul', { class: 'ended', 'aria-label': say('endedIncidents') }, closed.map((one) => h('li', {},
    button(`${say('ended')}: ${nameOf(one.properties, '') || term('hazards', one.properties.hazard)} (${one.id})`, () => {
      desk.tab = 'log';
      void desk.situation.select(one.id);
    }, { class: 'text quiet', 'data-keep': `ended-${one.id}` }))));
}

function incident(desk: Desk, one: IncidentFeature): HTMLElement {
  const facts = one.properties;
  const zones = desk.situation.zones.filter((zone) => zone.properties.incident_id === one.id);
  const inside = Math.max(0, ...zones.map((zone) => zone.properties.people));
  const orders = desk.situation.heldOrders(one.id).length;
  const chosen = one.id === desk.situation.selected;
  return button(
    [
      h('span', { class: `badge level-${facts.level}` }, facts.level),
      h('span', { class: 'name' }, nameOf(facts, '') || term('hazards', facts.hazard)),
      h('span', { class: 'quiet' }, `${term('hazards', facts.hazard)} · ${age(since(facts.reported_at, nowMs()))}`),
      h('span', { class: 'quiet' }, zones.length ? `${count(inside)} ${say('people')}` : '', orders ? ` · ${orders} ${say('teams')}` : ''),
    ],
    () => void desk.situation.select(one.id).then(() => desk.frameIncident()),
    { class: 'incident', 'aria-pressed': chosen ? 'true' : 'false', 'data-keep': one.id },
  );
}

function closures(desk: Desk, deeds: SideDeeds): HTMLElement {
  const found = desk.situation.closures;
  return h('section', { 'aria-labelledby': 'closures-title' },
    h('header', {}, h('h2', { id: 'closures-title' }, say('closures')),
      may('operate') && button(say('closeRoad'), deeds.closeRoad, { id: 'close-road', 'data-keep': 'close-road' })),
    desk.drawing.tool === 'road' && roadSearch(desk, deeds.closeThis),
    found.length ? h('ul', { class: 'closures', 'data-scroll': 'closures' }, found.map((one) => closure(desk, one))) : h('p', { class: 'quiet' }, say('noClosures')));
}

function closure(desk: Desk, one: ClosureFeature): HTMLElement {
  const facts = one.properties;
  const how = facts.closed ? '' : facts.depth_m !== null ? ` ${facts.depth_m} m` : ` ×${facts.speed_factor}`;
  return h('li', {},
    h('span', {}, `${facts.reason || facts.road_ids.join(', ') || one.id}${how}`),
    h('span', { class: 'quiet' }, ` ${age(since(facts.reported_at, nowMs()))}`),
    may('operate') && button(say('lift'), () => void desk.lift(one.id), { 'data-keep': `lift-${one.id}` }));
}

function layers(desk: Desk): HTMLElement {
  return h('section', { 'aria-labelledby': 'layers-title' },
    h('h2', { id: 'layers-title' }, say('layers')),
    h('div', { class: 'layers' }, Object.keys(GROUPS).map((group) =>
      h('label', {},
        h('input', {
          type: 'checkbox',
          checked: desk.map.shown.has(group),
          'data-keep': `layer-${group}`,
          onchange: (event: Event) => desk.map.switchGroup(group, (event.target as HTMLInputElement).checked),
        }),
        signOf(group, document.documentElement.dataset['theme'] ?? 'dark'),
        groupName(group)))),
    legend(say('status'), TEAM_STATES.map((one) => [`team-${one}`, statusWord(one)])));
}

const TEAM_STATES = ['available', 'committed', 'en_route', 'on_scene', 'returning', 'off_duty'] as const;

/** The server names layers of the region in Chinese; in English as their files do. */
export function groupName(group: string): string {
  return group in GROUP_WORDS ? say(GROUP_WORDS[group]!) : term('layers', group);
}

const GROUP_WORDS: Record<string, Word> = {
  incidents: 'openIncidents', zones: 'zones', routes: 'routes', closures: 'closures', teams: 'layerTeams', stations: 'layerStations',
  depots: 'layerDepots', shelters: 'layerShelters', hazard_sites: 'layerHazardSites', hospitals: 'layerHospitals', townships: 'layerTownships',
  roads: 'layerRoads', flood_zones: 'layerFloodZones', demand: 'layerDemand', plans: 'layerPlans', units: 'layerUnits', contacts: 'layerContacts',
};
