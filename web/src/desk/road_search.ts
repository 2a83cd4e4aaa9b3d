// Roads by name, number or id, for those who close one without a mouse; read when first asked for.
import { get } from './client';
import type { Picked } from './desk_map';
import { button, h, renew } from './dom';
import type { Desk } from './desk';
import type { Records } from './records';
import { nameOf, say } from './speech';

const MOST_FOUND = 8;
let roads: Promise<Records> | null = null;

/** A field and the roads that fit it; bridges first. */
export function roadSearch(desk: Desk, chosen: (road: Picked) => void): HTMLElement {
  const list = h('ul', { class: 'found-roads', 'aria-live': 'polite' });
  const field = h('input', { id: 'road-search', autocomplete: 'off', 'aria-label': say('roadSearch'), placeholder: say('roadSearch') });
  field.addEventListener('input', () => void search(field.value.trim().toLowerCase()));
  async function search(words: string): Promise<void> {
    roads ??= get<Records>('region/layers/roads');
    const all = (await roads).features;
    if (field.value.trim().toLowerCase() !== words) return;
    const found = words.length < 2 ? [] : all.filter((one) => text(one).includes(words));
    found.sort((a, b) => Number(b.properties['bridge'] === 'yes') - Number(a.properties['bridge'] === 'yes'));
    renew(list, found.slice(0, MOST_FOUND).map((one) => h('li', {}, button(`${nameOf(one.properties, one.id)} ${String(one.properties['ref'] ?? '')} (${one.id})`, () => {
      if (one.geometry) desk.map.showGeometry(one.geometry, 14);
      chosen({ layer: 'roads', id: String(one.id), properties: one.properties });
    }, { class: 'text' }))));
  }
  return h('div', { class: 'road-search' }, field, list);
}

function text(one: Records['features'][number]): string {
  const { name_zh, name_en } = one.properties;
  return [name_zh, name_en, one.properties['ref'], one.id].join(' ').toLowerCase();
}
