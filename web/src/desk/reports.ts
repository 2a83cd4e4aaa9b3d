// Reports of an incident (信息报告): first, follow-up, final.
import type { Child } from './dom';
import type { Desk } from './desk';
import type { IncidentFeature } from './records';

export function reports(_desk: Desk, _incident: IncidentFeature): Child {
  return null;
}
