// Arrivals of a plan against their limits, one row a team, and how far the clock has run.
import { h, type Child } from './dom';
import type { Desk } from './desk';
import { nowMs } from './exercise_clock';
import { teamTitle } from './plan_tabs';
import type { PlanShown } from './records';
import { say } from './speech';
import { span } from './times';

export function timeline(desk: Desk): Child[] {
  const plan = desk.situation.shown;
  if (!plan || !plan.document.decisions.teams.length) return [h('h2', {}, say('timeline')), h('p', { class: 'quiet' }, say('noPlan'))];
  const { slots, teams } = plan.document.decisions;
  const longest = Math.max(...teams.map((one) => one.arrival_s), ...slots.filter((one) => one.team_id).map((one) => one.within_s)) * 1.04;
  const percent = (seconds: number) => `${Math.max(0, Math.min(100, (seconds / longest) * 100)).toFixed(2)}%`;
  const rows = [...teams].sort((a, b) => a.arrival_s - b.arrival_s);
  const elapsed = (nowMs() - Date.parse(plan.document.at)) / 1000;
  return [
    h('h2', {}, say('timeline')),
    h('div', { class: 'timeline', role: 'img', 'aria-label': describe(plan) },
      h('div', { class: 'axis' }, ticks(longest).map((at) => h('span', { style: { left: percent(at) } }, span(at)))),
      h('div', { class: 'rows', 'data-scroll': 'timeline' },
        rows.map((team) => {
          const mine = slots.filter((one) => one.team_id === team.id);
          const within_s = Math.min(...mine.map((one) => one.within_s));
          const late = mine.some((one) => (one.late_s ?? 0) > 0);
          const status = desk.situation.team(team.id)?.properties.status ?? '';
          return h('div', { class: `row${late ? ' late' : ''}` },
            h('span', { class: 'label' }, teamTitle(desk, team.id)),
            h('div', { class: 'track' },
              h('i', { class: 'turnout', style: { width: percent(team.turnout_s) } }),
              h('i', { class: `bar ${status}`, style: { left: percent(team.turnout_s), width: percent(team.arrival_s - team.turnout_s) } }),
              Number.isFinite(within_s) && h('i', { class: 'limit', style: { left: percent(within_s) } }),
              h('em', { style: { left: percent(team.arrival_s) } }, `${late ? '▲' : ''}${span(team.arrival_s)}`)));
        })),
      plan.status === 'committed' && elapsed < longest &&
        h('div', { class: 'now-lane' }, h('i', { class: 'now', style: { left: percent(elapsed) }, 'data-now': plan.document.at, 'data-longest': longest }, h('span', {}, say('now'))))),
  ];
}

function ticks(longest: number): number[] {
  const step = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400].find((one) => longest / one <= 9) ?? 28_800;
  return Array.from({ length: Math.floor((0.97 * longest) / step) + 1 }, (_, at) => at * step);
}

function describe(plan: PlanShown): string {
  const late = plan.document.decisions.slots.filter((one) => (one.late_s ?? 0) > 0).length;
  const arrivals = plan.document.decisions.teams.map((one) => one.arrival_s);
  return `${say('timeline')}: ${say('firstThere')} ${span(Math.min(...arrivals))}, ${say('lastThere')} ${span(Math.max(...arrivals))}, ${say('late')} ${late}`;
}
