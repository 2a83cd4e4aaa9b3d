// What if the wind turned, and how two plans differ.
import { h, type Child } from './dom';
import type { Desk } from './desk';
import type { IncidentFeature, PlanShown } from './records';
import { say } from './speech';

export function whatIfTab(_desk: Desk, _incident: IncidentFeature, _plan: PlanShown | null): Child {
  return h('p', { class: 'quiet pad' }, say('loading'));
}
