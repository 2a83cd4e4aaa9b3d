// The planner's page: where to build, what to keep, places that lack coordinates.
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import { notice } from './incident_panel';
import { placing } from './planner_places';
import { reserve } from './planner_reserve';
import { showSiting, siting } from './planner_siting';
import { say } from './speech';

type PlannerTab = 'siting' | 'reserve' | 'placing';
const TABS: Record<PlannerTab, (desk: Desk) => Child> = { siting, reserve, placing };
let tab: PlannerTab = 'siting';

export function plannerPanel(desk: Desk): Child[] {
  return [
    notice(desk),
    h('div', { class: 'tabs', role: 'tablist', 'aria-label': say('planner') }, (Object.keys(TABS) as PlannerTab[]).map((one) =>
      button(say(one), () => {
        tab = one;
        showSiting(desk, one === 'siting');
        desk.paint();
      }, { role: 'tab', id: `planner-${one}`, 'aria-selected': tab === one ? 'true' : 'false', 'aria-controls': 'planner-body', 'data-keep': `planner-${one}` }))),
    h('div', { class: 'tab-body', id: 'planner-body', role: 'tabpanel', 'aria-labelledby': `planner-${tab}`, tabindex: 0, 'data-scroll': `planner-${tab}` }, TABS[tab](desk)),
  ];
}
