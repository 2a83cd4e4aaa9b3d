// Around an incident: plan documents, responsible units, targets, people, materials, vehicles within a radius.
import { h, type Child } from './dom';
import type { Desk } from './desk';
import type { IncidentFeature } from './records';
import { say } from './speech';

export function around(_desk: Desk, _incident: IncidentFeature): Child {
  return h('p', { class: 'quiet pad' }, say('loading'));
}
