// Sentences of a plan: what a team is to do, why it goes, what is short.
import type { PlanShown, Shortage, Slot, TeamReason } from './records';
import { language, nameOf, say, term } from './speech';
import { span } from './times';

export function capability(name: string, level: number): string {
  return language() === 'zh' ? `${term('capabilities', name)}${level}级` : `${term('capabilities', name)} ${level}`;
}

export function taskOf(slots: Pick<Slot, 'capability' | 'level'>[]): string {
  return slots.map((one) => capability(one.capability, one.level)).join(language() === 'zh' ? '、' : ', ');
}

/** Name of a team in a plan, by its id. */
export function teamName(plan: PlanShown | null, id: string, other = ''): string {
  const sent = plan?.document.decisions.teams.find((one) => one.id === id);
  return sent ? nameOf(sent, id) : other || id;
}

export function whyOf(reason: TeamReason, name: (id: string) => string): string[] {
  const said: string[] = [];
  if (reason.shortage > 0) said.push(say('whyShort', reason.shortage));
  if (reason.aid_teams > 0) said.push(say('whyAid', reason.aid_teams));
  if (reason.instead && reason.later_s !== null) said.push(say(reason.later_s < 0 ? 'whyInsteadSooner' : 'whyInstead', name(reason.instead), span(Math.abs(reason.later_s))));
  const later = Math.max(0, ...reason.complement_later_s);
  if (later > 0) said.push(say('whySave', span(later)));
  if (reason.nearest) said.push(say('whyNearest'));
  return said.length ? said : [say('whySame')];
}

export function shortageOf(shortage: Shortage): string {
  const what = say('shortOf', capability(shortage.capability, shortage.level), shortage.count);
  const near = shortage.nearest;
  if (!near) return `${what}; ${say('nobodyHas')}`;
  return `${what}; ${say('nearestIs', nameOf(near, near.team_id), span(near.arrival_s), term('why', near.why))}`;
}
