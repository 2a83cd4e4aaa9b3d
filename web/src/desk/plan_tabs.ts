// Tabs of a plan: who goes and how they fare, why, and what lies inside the zones.
import { button, h, table, type Child, type Column } from './dom';
import type { Desk } from './desk';
import { nowMs } from './exercise_clock';
import type { OrderShown, PlanDocument, PlanShown, TeamSent } from './records';
import { groupName } from './side_panel';
import { shortageOf, taskOf, whyOf } from './sentences';
import { may } from './session';
import { basis, language, nameOf, say, term } from './speech';
import { age, count, metres, span } from './times';

interface Going {
  id: string;
  sent: TeamSent | undefined;
  task: string;
  within_s: number;
  late: boolean;
  order: OrderShown | undefined;
  told: string;
}

export function teamsTab(desk: Desk, plan: PlanShown | null): Child {
  if (!plan) return h('p', { class: 'quiet pad' }, say('noPlan'));
  const rows = goingOf(desk, plan);
  const released = plan.document.orders.filter((one) => one.order === 'release');
  const columns: Column<Going>[] = [
    { title: say('team'), cell: (row) => teamCell(desk, row) },
    { title: say('task'), cell: (row) => row.task },
    { title: say('arrival'), number: true, cell: (row) => arrivalCell(row) },
    { title: say('limit'), number: true, cell: (row) => span(row.within_s) },
    ...(plan.document.orders.length ? [{ title: say('order'), cell: (row: Going) => term('orders', row.told) }] : []),
    ...(rows.some((row) => contact(desk, row)) ? [{ title: say('call'), cell: (row: Going) => callCell(desk, row) }] : []),
    ...(plan.status === 'committed' && may('operate') ? [{ title: say('deed'), cell: (row: Going) => deedCell(desk, row) }] : []),
  ];
  return [
    shortages(plan),
    table(say('teams'), columns, rows, (row) => ({ class: row.late ? 'late' : '', 'data-team': row.id })),
    released.length > 0 && h('p', { class: 'quiet' }, `${term('orders', 'release')}: ${released.map((one) => teamTitle(desk, one.team_id)).join(', ')}`),
    plan.document.warnings.length > 0 && h('ul', { class: 'quiet warnings' }, plan.document.warnings.map((one) =>
      h('li', {}, `${one.code} ${language() === 'zh' ? one.text_zh : one.text_en}: ${one.records.map((id) => teamTitle(desk, id)).join(', ')}`))),
  ];
}

export function teamTitle(desk: Desk, id: string): string {
  const known = desk.situation.team(id);
  return known ? nameOf(known.properties, id) : id;
}

function goingOf(desk: Desk, plan: PlanShown): Going[] {
  const { slots, teams } = plan.document.decisions;
  return teams
    .map((sent) => {
      const mine = slots.filter((one) => one.team_id === sent.id);
      return {
        id: sent.id,
        sent,
        task: taskOf(mine),
        within_s: Math.min(...mine.map((one) => one.within_s)),
        late: mine.some((one) => (one.late_s ?? 0) > 0),
        order: desk.situation.orders.find((one) => one.team_id === sent.id && one.ended_at === null && one.plan_id === plan.id),
        told: plan.document.orders.find((one) => one.team_id === sent.id)?.order ?? '',
      };
    })
    .sort((a, b) => a.sent.arrival_s - b.sent.arrival_s);
}

function shortages(plan: PlanShown): Child {
  const found = plan.document.shortages;
  if (!found.length) return null;
  return h('ul', { class: 'shortages', role: 'alert' }, found.map((one) => h('li', {}, shortageOf(one))));
}

const STATUS_WORDS = { available: 'available', committed: 'committedStatus', en_route: 'en_route', on_scene: 'on_scene', returning: 'returning', off_duty: 'off_duty' } as const;

export function statusWord(status: keyof typeof STATUS_WORDS): string {
  return say(STATUS_WORDS[status]);
}

function teamCell(desk: Desk, row: Going): Child {
  const team = desk.situation.team(row.id);
  const facts = team?.properties;
  return [
    button(nameOf(row.sent ?? facts, row.id), () => team?.geometry && desk.map.showGeometry(team.geometry), { class: 'text', 'data-keep': `team-${row.id}` }),
    facts && h('span', { class: 'quiet block' }, `${statusWord(facts.status)}${facts.seen ? ` · ${say('lastSeen', age(facts.position_age_s ?? 0))}` : ''}`),
  ];
}

function arrivalCell(row: Going): Child {
  const eta = row.order?.eta;
  const moving = eta && row.order?.status !== 'on_scene';
  return [
    moving ? h('span', { class: 'eta', 'data-eta': eta }, etaWords(eta)) : span(row.sent?.arrival_s),
    row.late && h('span', { class: 'flag' }, ` ▲${say('late')}`),
  ];
}

/** The time to an arrival; whoever should be there and has not said so is overdue. */
export function etaWords(eta: string): string {
  const left_s = (Date.parse(eta) - nowMs()) / 1000;
  return left_s >= 0 ? span(left_s) : say('overdue', span(-left_s));
}

function contact(desk: Desk, row: Going): boolean {
  const facts = desk.situation.team(row.id)?.properties;
  return Boolean(facts?.phone || facts?.call_sign);
}

function callCell(desk: Desk, row: Going): Child {
  const facts = desk.situation.team(row.id)?.properties;
  if (!facts) return '–';
  return [facts.phone && h('a', { href: `tel:${facts.phone}` }, facts.phone), facts.call_sign && h('span', { class: 'quiet block' }, facts.call_sign)];
}

function deedCell(desk: Desk, row: Going): Child {
  const { order } = row;
  if (!order) return '';
  const next = order.status === 'issued' ? 'en_route' : order.status === 'en_route' ? 'on_scene' : null;
  return h('div', { class: 'small-deeds' },
    next && button(say(next), () => void desk.teamStatus(row.id, next), { 'data-keep': `next-${row.id}` }),
    button('✓', () => void desk.endOrder(order, 'complete'), { 'data-keep': `complete-${row.id}`, 'aria-label': say('complete'), title: say('complete') }),
    button('↩', () => void desk.endOrder(order, 'release'), { 'data-keep': `release-${row.id}`, 'aria-label': say('release'), title: say('release') }));
}

export function whyTab(desk: Desk, plan: PlanShown | null): Child {
  if (!plan) return h('p', { class: 'quiet pad' }, say('noPlan'));
  const { reasons, shortages: short, cover } = plan.document;
  const lost = cover.townships.filter((one) => one.covered_after < one.covered_before);
  return [
    h('h3', {}, say('short')),
    short.length ? h('ul', { class: 'shortages' }, short.map((one) => h('li', {}, shortageOf(one)))) : h('p', { class: 'quiet' }, say('nothingShort')),
    table(say('why'), [
      { title: say('team'), cell: (row) => teamTitle(desk, row.team_id) },
      { title: say('why'), cell: (row) => whyOf(row, (id) => teamTitle(desk, id)).join(language() === 'zh' ? '；' : '; ') },
    ], reasons),
    lost.length > 0 && table(say('coverLeft'), [
      { title: say('township'), cell: (row) => nameOf(row, row.id) },
      { title: say('before'), number: true, cell: (row) => count(row.covered_before) },
      { title: say('after'), number: true, cell: (row) => count(row.covered_after) },
    ], lost),
  ];
}

export function placesTab(desk: Desk, plan: PlanShown | null): Child {
  const incident = plan?.document.decisions.incidents.find((one) => one.id === desk.situation.selected);
  if (!incident) return h('p', { class: 'quiet pad' }, say('noPlan'));
  return [
    table(say('zones'), [
      { title: say('zone'), cell: (row) => term('zones', row.kind) },
      { title: say('reach'), number: true, cell: (row) => (row.depth_m === null ? metres(row.reach_m) : `${row.depth_m} m`) },
      { title: say('people'), number: true, cell: (row) => count(row.people) },
      { title: say('basis'), cell: (row) => h('span', { class: 'quiet' }, `${basis(row.formula)} (${term('certainty', row.certainty)})`) },
    ], incident.zones),
    incident.key_places.length
      ? table(say('placesInside'), [
          { title: say('place'), cell: (row) => nameOf(row, row.id) },
          { title: say('kind'), cell: (row) => groupName(row.layer) },
          { title: say('advice'), cell: (row) => [h('b', {}, term('actions', row.action)), h('span', { class: 'quiet block' }, language() === 'zh' ? row.reason_zh : row.reason_en)] },
          { title: say('cloudIn'), number: true, cell: (row) => span(row.cloud_s) },
        ], incident.key_places, (row) => ({ class: `zone-row-${row.level}` }))
      : h('p', { class: 'quiet' }, say('nothingInside')),
    relief(desk, plan!.document),
  ];
}

/** Who is taken where, and what is brought there. */
function relief(desk: Desk, plan: PlanDocument): Child {
  const rides = plan.relief?.evacuation.rides ?? [];
  const trips = plan.relief?.materials?.trips ?? [];
  const named = (layer: string, id: string) => nameOf(desk.situation.layers[layer]?.features.find((one) => one.id === id)?.properties, id);
  return [
    rides.length > 0 && table(`${say('evacuation')} (${count(rides.reduce((total, one) => total + one.people, 0))} ${say('people')})`, [
      { title: say('team'), cell: (row) => teamTitle(desk, row.team_id) },
      { title: say('fromPlace'), cell: (row) => row.place_id },
      { title: groupName('shelters'), cell: (row) => named('shelters', row.shelter_id) },
      { title: say('people'), number: true, cell: (row) => count(row.people) },
    ], rides),
    trips.length > 0 && table(`${say('materials')} (${trips.length})`, [
      { title: say('team'), cell: (row) => teamTitle(desk, row.team_id) },
      { title: groupName('depots'), cell: (row) => named('depots', row.depot_id) },
      { title: groupName('shelters'), cell: (row) => named('shelters', row.shelter_id) },
      { title: say('item'), cell: (row) => row.load.map((one) => `${named('items', one.item_id)} ${count(one.pieces)}`).join(', ') },
    ], trips),
  ];
}
