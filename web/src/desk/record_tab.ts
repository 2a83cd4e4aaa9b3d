// The record of an incident: its log, its response level, its reports.
import { h, type Child } from './dom';
import type { Desk } from './desk';
import type { IncidentFeature } from './records';
import { say } from './speech';

export function recordTab(_desk: Desk, _incident: IncidentFeature): Child {
  return h('p', { class: 'quiet pad' }, say('loading'));
}
