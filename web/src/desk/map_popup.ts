// What the map says of a thing that was clicked, and what can be done with it from there.
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import type { Picked } from './desk_map';
import { statusWord } from './plan_tabs';
import type { Team } from './records';
import { capability } from './sentences';
import { may } from './session';
import { groupName } from './side_panel';
import { nameOf, say, term } from './speech';
import { age, count } from './times';

export interface PopupDeeds {
  reportAt: (site: string) => void;
  closeRoad: (picked: Picked) => void;
}

export function popupContent(desk: Desk, picked: Picked, deeds: PopupDeeds): HTMLElement | null {
  const { layer, id } = picked;
  if (layer === 'teams') return team(desk, id);
  if (layer === 'roads') return road(picked, deeds);
  const record = desk.situation.layers[layer]?.features.find((one) => String(one.id) === id);
  if (!record) return picked.properties['name'] ? box(String(picked.properties['name']), '') : null;
  const facts = record.properties;
  const rows: [string, Child][] = [];
  if (facts['capacity_people'] !== undefined && facts['capacity_people'] !== null) rows.push([say('capacity'), count(Number(facts['capacity_people']))]);
  if (facts['cas']) rows.push([say('substance'), String(facts['cas'])]);
  if (facts['container']) rows.push([say('container'), String(facts['container'])]);
  const content = box(nameOf(facts, id), groupName(layer), rows);
  if (layer === 'depots') void stock(desk, id, content);
  if (layer === 'hazard_sites' && may('operate')) content.append(button(say('reportHere'), () => deeds.reportAt(id), { class: 'main' }));
  return content;
}

function box(title: string, kind: string, rows: [string, Child][] = []): HTMLElement {
  return h('div', { class: 'popup' }, h('h4', {}, title), h('p', { class: 'layer' }, kind),
    rows.length > 0 && h('table', {}, h('tbody', {}, rows.map(([name, value]) => h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, value))))));
}

function team(desk: Desk, id: string): HTMLElement | null {
  const facts: Team | undefined = desk.situation.team(id)?.properties;
  if (!facts) return null;
  return box(nameOf(facts, id), statusWord(facts.status), [
    [say('age'), facts.seen ? say('lastSeen', age(facts.position_age_s ?? 0)) : say('atBase')],
    [say('members'), `${facts.crew ?? facts.people ?? '–'} · ${facts.vehicles ?? '–'} × ${term('vehicles', facts.vehicle_class)}`],
    [say('task'), Object.entries(facts.capabilities).map(([name, level]) => capability(name, level)).join(' ')],
    ...(facts.phone ? [[say('call'), h('a', { href: `tel:${facts.phone}` }, facts.phone)] as [string, Child]] : []),
    ...(facts.call_sign ? [['', facts.call_sign] as [string, Child]] : []),
  ]);
}

function road(picked: Picked, deeds: PopupDeeds): HTMLElement {
  const { name_zh, name_en, ref } = picked.properties as Record<string, string>;
  const content = box(nameOf({ name_zh: name_zh ?? '', name_en: name_en ?? '' }, ref || picked.id), `${picked.properties['class'] ?? ''} ${ref ?? ''}`);
  if (may('operate')) content.append(button(say('closeHere'), () => deeds.closeRoad(picked), { class: 'main' }));
  return content;
}

async function stock(desk: Desk, depot: string, content: HTMLElement): Promise<void> {
  const rows = await desk.situation.readStock(depot).catch(() => []);
  const items = desk.situation.layers['items']?.features ?? [];
  const name = (id: string) => nameOf(items.find((one) => one.id === id)?.properties, id);
  content.append(rows.length
    ? h('table', { class: 'stock' }, h('thead', {}, h('tr', {}, [say('item'), say('free'), say('onHand')].map((one) => h('th', { scope: 'col' }, one)))),
        h('tbody', {}, rows.slice(0, 12).map((one) => h('tr', {}, h('th', { scope: 'row' }, name(one.item_id)), h('td', {}, `${count(one.free)} ${one.unit}`), h('td', {}, count(one.on_hand))))))
    : h('p', { class: 'quiet' }, say('noStock')));
}
