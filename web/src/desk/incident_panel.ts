// On the right: the incident that is looked at, its plan, and what to do next.
import { around } from './around';
import { button, h, type Child } from './dom';
import type { Desk, Tab } from './desk';
import { nowMs } from './exercise_clock';
import { recordTab } from './record_tab';
import { placesTab, teamsTab, whyTab } from './plan_tabs';
import type { IncidentFeature, PlanShown, ZoneFeature } from './records';
import { changeWords } from './refusals';
import { may } from './session';
import { catalogue, nameOf, say, term } from './speech';
import { whatIfTab } from './what_if';
import { age, clock, count, dayAndClock, since, span } from './times';

export const TABS: Tab[] = ['teams', 'why', 'places', 'around', 'whatif', 'log'];
const TAB_WORDS = { teams: 'teams', why: 'why', places: 'placesInside', around: 'around', whatif: 'whatif', log: 'log' } as const;

export interface IncidentDeeds {
  commit: (plan: PlanShown) => void;
}

export function incidentPanel(desk: Desk, deeds: IncidentDeeds): Child[] {
  const incident = desk.situation.incident();
  if (!incident) return [notice(desk), h('p', { class: 'quiet pad' }, say('noIncidents'))];
  const plan = desk.situation.shown;
  const open = incident.properties.status === 'open';
  return [heading(desk, incident), notice(desk), planBox(desk, plan), open && buttons(desk, incident, plan, deeds), tabs(desk), tabBody(desk, incident, plan)];
}

function heading(desk: Desk, incident: IncidentFeature): HTMLElement {
  const facts = incident.properties;
  const zones = desk.situation.zones.filter((one) => one.properties.incident_id === incident.id);
  const inside = Math.max(0, ...zones.map((one) => one.properties.people));
  return h('header', { class: 'incident-head' },
    h('div', {},
      h('span', { class: `badge level-${facts.level}` }, facts.level),
      h('h2', { id: 'incident-title' }, nameOf(facts, '') || term('hazards', facts.hazard)),
      h('p', { class: 'quiet' }, `${[term('hazards', facts.hazard), ...causeOf(desk, incident)].join(' · ')} · ${dayAndClock(facts.reported_at)} · ${age(since(facts.reported_at, nowMs()))}${wind(facts.weather)}`)),
    h('div', { class: 'inside' }, h('b', { id: 'people-inside' }, zones.length ? count(inside) : '–'), h('span', {}, say('peopleInside'))),
    h('ul', { class: 'zones', 'aria-label': say('zones') }, zones.map(zone)));
}

/** The substance, and the site it comes from, where the report names them. */
export function causeOf(desk: Desk, incident: IncidentFeature): string[] {
  const { substance, where } = incident.properties.report;
  const known = catalogue().substances.find((one) => one.cas === substance?.cas);
  const site = desk.situation.layers['hazard_sites']?.features.find((one) => one.id === where?.hazard_site);
  return [known ? nameOf(known, known.id) : substance?.name ?? '', site ? nameOf(site.properties, site.id) : ''].filter(Boolean);
}

export function wind(weather: Record<string, number | string | null>): string {
  const words = windWords(weather);
  return words && ` · ${words.replaceAll(' ', '\u00a0')}`; // never broken across lines
}

/** Where the wind comes from, as an arrow and degrees, and how fast. */
export function windWords(weather: Record<string, number | string | null>): string {
  const from = weather['wind_from_deg'];
  const speed = weather['wind_m_s'];
  if (typeof from !== 'number' && typeof speed !== 'number') return '';
  const arrow = typeof from === 'number' ? '↓↙←↖↑↗→↘'[Math.round(from / 45) % 8] : '';
  return `${arrow} ${typeof from === 'number' ? `${from}° ` : ''}${typeof speed === 'number' ? `${speed} m/s` : ''}`;
}

function zone(one: ZoneFeature): HTMLElement {
  const facts = one.properties;
  const depth = facts.depth_m === null ? '' : ` ${facts.depth_m} m`;
  return h('li', { class: facts.depth_m === null ? `zone-${facts.level}` : 'zone-water' },
    `${term('zones', facts.kind)}${depth} · ${count(facts.people)} ${say('people')}`);
}

export function notice(desk: Desk): Child {
  const said = desk.notice;
  if (!said) return null;
  const refusal = said.refusal;
  const changes = (refusal?.facts['changes'] as { kind: string; id: string; what: string }[] | undefined) ?? [];
  const holders = (refusal?.facts['holders'] as { team_id: string; order_id: string; incident_id: string }[] | undefined) ?? [];
  return h('div', { class: `notice ${said.kind}`, role: said.kind === 'bad' ? 'alert' : 'status' },
    h('p', {}, said.text),
    refusal && refusal.faults.length > 0 && h('ul', {}, refusal.faults.map((one) => h('li', {}, `${one.where}: ${one.found} → ${one.wanted}`))),
    changes.length > 0 && h('ul', {}, changes.map((one) => h('li', {}, changeWords(one.kind, one.kind === 'team' ? nameOf(desk.situation.team(one.id)?.properties, one.id) : holderOf(desk, one.id), one.what)))),
    holders.length > 0 && h('ul', {}, holders.map((one) => h('li', {}, say('heldBy', nameOf(desk.situation.team(one.team_id)?.properties, one.team_id), one.order_id, holderOf(desk, one.incident_id))))));
}

function holderOf(desk: Desk, id: string): string {
  const facts = desk.situation.incident(id)?.properties;
  return facts ? `${nameOf(facts, '') || term('hazards', facts.hazard)}, ${id}` : id;
}

const STATUS = { proposed: 'proposed', committed: 'committedWord', superseded: 'superseded', ended: 'ended' } as const;

function planBox(desk: Desk, plan: PlanShown | null): HTMLElement {
  if (!plan) return h('div', { class: 'plan-box' }, h('p', { class: 'quiet' }, say('noPlan')));
  const measures = plan.document.measures.incidents.filter((one) => plan.incidents.includes(one.incident_id));
  const sum = (of: (one: (typeof measures)[number]) => number) => measures.reduce((total, one) => total + of(one), 0);
  const shortage = plan.document.shortages.reduce((total, one) => total + one.count, 0);
  const arrivals = plan.document.decisions.teams.map((one) => one.arrival_s);
  const others = desk.situation.plansOf().slice(0, 6);
  const figure = (label: string, value: Child, bad = false) => h('div', { class: bad ? 'bad' : '' }, h('dt', {}, label), h('dd', {}, value));
  return h('div', { class: `plan-box ${plan.status}` },
    h('div', { class: 'plan-line' },
      h('select', { 'aria-label': say('plan'), id: 'plan-choice', 'data-keep': 'plan-choice', onchange: (event: Event) => void desk.situation.show((event.target as HTMLSelectElement).value) },
        others.map((one) => h('option', { value: one.id, selected: one.id === plan.id }, `${one.id} · ${say(STATUS[one.status])} · ${clock(one.made_at)}`))),
      h('span', { class: `state ${plan.status}`, id: 'plan-status', 'data-status': plan.status }, say(STATUS[plan.status]))),
    h('dl', { class: 'measures' },
      figure(say('slotsFilled'), `${sum((one) => one.filled)}/${sum((one) => one.asked)}`),
      figure(say('inTime'), `${sum((one) => one.in_time)}/${sum((one) => one.filled)}`, sum((one) => one.in_time) < sum((one) => one.filled)),
      figure(say('short'), shortage, shortage > 0),
      figure(say('firstThere'), span(arrivals.length ? Math.min(...arrivals) : null)),
      figure(say('lastThere'), span(arrivals.length ? Math.max(...arrivals) : null))),
    isOutdated(desk, plan) && h('p', { class: 'confirm', id: 'outdated' }, say('affected')),
    plan.approved_verbally_by && !plan.confirmed_at &&
      h('p', { class: 'confirm' }, say('waitsConfirm', plan.approved_verbally_by), may('approve') && button(say('confirm'), () => void desk.confirm(plan.id), { id: 'confirm', 'data-keep': 'confirm' })));
}

/** Roads were closed after the plan was made; whether that matters, planning again says. */
function isOutdated(desk: Desk, plan: PlanShown): boolean {
  if (plan.status !== 'proposed' && plan.status !== 'committed') return false;
  return desk.situation.closures.some((one) => one.properties.reported_at > plan.made_at);
}

/** What comes next stands first and is marked. */
function buttons(desk: Desk, incident: IncidentFeature, plan: PlanShown | null, deeds: IncidentDeeds): HTMLElement {
  const held = desk.situation.heldOrders(incident.id);
  const force = desk.situation.inForce(incident.id);
  const proposed = plan?.status === 'proposed';
  const over = !proposed && held.length === 0 && plan !== null;
  return h('div', { class: 'deeds' },
    proposed && may('commit') && button(may('approve') ? say('commit') : say('commitVerbal'), () => deeds.commit(plan), { class: 'main', id: 'commit', 'data-keep': 'commit' }),
    may('plan') && button(force ? say('replan') : say('askPlan'), () => void desk.plan(), { class: plan ? '' : 'main', id: 'plan', 'data-keep': 'plan' }),
    held.length > 0 && may('operate') && button(say('completeAll'), () => void desk.completeAll(incident.id), { id: 'complete-all', 'data-keep': 'complete-all' }),
    held.length === 0 && may('operate') && button(say('endIncident'), () => void desk.closeIncident(incident.id), { class: over ? 'main' : '', id: 'end-incident', 'data-keep': 'end-incident' }));
}

function tabs(desk: Desk): HTMLElement {
  return h('div', { class: 'tabs', role: 'tablist', 'aria-label': say('plan') }, TABS.map((tab, at) =>
    button([h('kbd', {}, at + 1), say(TAB_WORDS[tab])], () => {
      desk.tab = tab;
      desk.paint();
    }, { role: 'tab', id: `tab-${tab}`, 'aria-selected': desk.tab === tab ? 'true' : 'false', 'aria-controls': 'tab-body', 'data-keep': `tab-${tab}` })));
}

function tabBody(desk: Desk, incident: IncidentFeature, plan: PlanShown | null): HTMLElement {
  const body: Record<Tab, () => Child> = {
    teams: () => teamsTab(desk, plan),
    why: () => whyTab(desk, plan),
    places: () => placesTab(desk, plan),
    around: () => around(desk, incident),
    whatif: () => whatIfTab(desk, incident, plan),
    log: () => recordTab(desk, incident),
  };
  return h('div', { class: 'tab-body', id: 'tab-body', role: 'tabpanel', 'aria-labelledby': `tab-${desk.tab}`, tabindex: 0, 'data-scroll': `tab-${desk.tab}` }, body[desk.tab]());
}
