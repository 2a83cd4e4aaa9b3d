// Dialogs: committing a plan, closing roads, the list of shortcuts. The browser keeps the focus inside.
import type { Polygon } from 'geojson';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { notice } from './incident_panel';
import { marked } from './exercise_mark';
import type { PlanShown } from './records';
import { may } from './session';
import { say } from './speech';
import { span } from './times';
import type { Picked } from './desk_map';
import type { Word } from './words';

/** A plan that rests on an earlier state, and one whose teams go elsewhere by now. */
const STALE = 'A121';
const HELD = 'A120';

/** A dialog that removes itself when it is closed. */
export function openDialog(title: string, ...content: Child[]): HTMLDialogElement {
  const dialog = h('dialog', { 'aria-label': marked(title) }, h('header', {}, h('h2', {}, marked(title)), button('✕', () => dialog.close(), { 'aria-label': say('close') })), content);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function commitDialog(desk: Desk, plan: PlanShown): void {
  const { teams } = plan.document.decisions;
  const short = plan.document.shortages.reduce((total, one) => total + one.count, 0);
  const last = teams.length ? Math.max(...teams.map((one) => one.arrival_s)) : null;
  const approver = h('input', { id: 'approved-by', required: true, autocomplete: 'off' });
  const answer = h('div', {});
  const send = async (force: boolean) => {
    const verbal = may('approve') ? {} : { approved_verbally_by: approver.value.trim() };
    if (!may('approve') && !approver.value.trim()) return approver.focus();
    if (await desk.commit(plan.id, { ...(force ? { force } : {}), ...verbal })) return dialog.close();
    const code = desk.notice?.refusal?.code;
    answer.replaceChildren(...[notice(desk)].filter((one): one is HTMLElement => one instanceof HTMLElement));
    if (code !== STALE && code !== HELD) return;
    answer.append(
      button(say('replan'), () => {
        dialog.close();
        void desk.plan();
      }, { class: 'main', id: 'commit-replan' }),
      ...(code === STALE ? [button(say('commitAnyway'), () => void send(true), { id: 'commit-anyway' })] : []));
  };
  const dialog = openDialog(say('approveTitle', plan.id),
    h('p', {}, say('approveText', teams.length, short, span(last))),
    !may('approve') && h('label', { class: 'field' }, h('span', {}, say('approvedBy')), approver, h('span', { class: 'quiet' }, say('verbalHint'))),
    answer,
    h('footer', {}, button(may('approve') ? say('commit') : say('commitVerbal'), () => void send(false), { class: 'main', id: 'commit-send' }), button(say('cancel'), () => dialog.close())));
  (may('approve') ? dialog.querySelector<HTMLElement>('#commit-send') : approver)?.focus();
}

export async function closeRoadByMap(desk: Desk): Promise<void> {
  const found = await desk.drawing.road();
  if (found) closureDialog(desk, found);
}

export function closureDialog(desk: Desk, what: Picked | Polygon): void {
  const road = 'layer' in what ? what : null;
  const title = road ? String(road.properties['name_zh'] || road.properties['ref'] || road.id) : say('area');
  const how = h('select', { id: 'closure-how' }, h('option', { value: 'closed' }, say('closedWhole')), h('option', { value: 'slowed' }, say('slowed')), h('option', { value: 'flooded' }, say('flooded')));
  const amount = h('input', { id: 'closure-amount', type: 'number', step: 'any', min: 0, 'aria-label': say('closureHow'), hidden: true });
  how.addEventListener('change', () => {
    amount.hidden = how.value === 'closed';
    amount.value = how.value === 'slowed' ? '0.5' : '0.3';
  });
  const reason = h('input', { id: 'closure-reason', autocomplete: 'off', value: road && road.properties['bridge'] === 'yes' ? say('bridgeClosed') : '' });
  const send = async () => {
    const closed = await desk.closeRoads({
      ...(road ? { road_ids: [road.id] } : { polygon: what }),
      ...(how.value === 'slowed' ? { speed_factor: Number(amount.value) } : {}),
      ...(how.value === 'flooded' ? { depth_m: Number(amount.value) } : {}),
      reason: reason.value.trim() || title,
    });
    dialog.close();
    if (closed) desk.paint();
  };
  const dialog = openDialog(say('closeRoad'),
    h('p', {}, `${say('road')}: ${title}${road ? ` (${road.id})` : ''}`),
    h('label', { class: 'field' }, h('span', {}, say('closureHow')), how, amount),
    h('label', { class: 'field' }, h('span', {}, say('reason')), reason),
    h('footer', {}, button(say('closeRoad'), () => void send(), { class: 'main', id: 'closure-send' }), button(say('cancel'), () => dialog.close())));
  reason.focus();
}

export const SHORTCUTS: [string, Word][] = [
  ['?', 'keyHelp'], ['N', 'keyReport'], ['P', 'keyPlan'], ['C', 'keyCommit'], ['X', 'keyRoad'], ['J  K', 'keyNext'], ['1 – 6', 'keyTabs'],
  ['Z  F', 'keyZoom'], ['M', 'keyMap'], ['G', 'keyPage'], ['E', 'keyDrills'], ['S', 'keyClock'], ['I', 'keyNoted'], ['Space  ,  .', 'keyReplay'], ['O', 'keyPrint'], ['L', 'keyLanguage'], ['D', 'keyTheme'], ['Esc', 'keyEscape'],
];

export function helpDialog(): void {
  openDialog(say('help'), table(say('help'), [
    { title: say('help'), cell: ([keys]) => h('kbd', {}, keys) },
    { title: say('deed'), cell: ([, words]) => say(words) },
  ], SHORTCUTS));
}
