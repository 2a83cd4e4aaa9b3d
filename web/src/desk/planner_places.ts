// Records that the region's files give no coordinates: placed by a click on the map.
import type { Feature, Point } from 'geojson';
import { get, put } from './client';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import type { Named } from './records';
import { may } from './session';
import { groupName } from './side_panel';
import { nameOf, say } from './speech';

type Unplaced = Feature<Point | null, Named & { layer: string; placed_by: string | null }> & { id: string };
let version = 0;

export function placing(desk: Desk): Child {
  const { value } = lazily<{ features: Unplaced[] }>(desk, 'places', String(version), () => get('places'));
  if (!value) return h('p', { class: 'quiet' }, say('loading'));
  if (!value.features.length) return h('p', { class: 'quiet', id: 'all-placed' }, say('allPlaced'));
  return [
    h('p', { class: 'quiet' }, say('placingHint')),
    table(say('placing'), [
      { title: say('name'), cell: (one) => nameOf(one.properties, one.id) },
      { title: say('kind'), cell: (one) => groupName(one.properties.layer) },
      { title: say('where'), cell: (one) => (one.geometry ? `${one.geometry.coordinates.map((part) => part.toFixed(5)).join(', ')} (${one.properties.placed_by ?? ''})` : '–') },
      { title: say('deed'), cell: (one) => may('supply') && button(say('pickOnMap'), () => void place(desk, one), { 'data-keep': `place-${one.id}` }) },
    ], value.features),
  ];
}

async function place(desk: Desk, one: Unplaced): Promise<void> {
  const found = await desk.drawing.point();
  if (!found) return;
  const body = { layer: one.properties.layer, lon: found[0], lat: found[1] };
  await desk.act(say('saving'), () => put(`places/${encodeURIComponent(one.id)}/position`, body));
  version += 1;
  await desk.situation.refresh(['teams']);
}
