// The planner's page: where to build, what to keep, places that lack coordinates.
import { h, type Child } from './dom';
import type { Desk } from './desk';
import { say } from './speech';

export function plannerPanel(_desk: Desk): Child[] {
  return [h('p', { class: 'quiet pad' }, say('loading'))];
}
