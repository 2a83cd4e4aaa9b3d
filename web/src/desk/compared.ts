// Two plans beside each other.
import { h, table, type Child } from './dom';
import type { Desk } from './desk';
import type { Named } from './records';
import { capability } from './sentences';
import { nameOf, say } from './speech';
import { count, span } from './times';

interface Figures {
  slots: number;
  filled: number;
  in_time: number;
  shortage: number;
  teams: number;
  aid_teams: number;
  first_arrival_s: number | null;
  last_arrival_s: number | null;
  people_in_zones: number;
  people_uncovered: number;
}
export interface Comparison {
  figures: [Figures, Figures];
  teams: (Named & { team_id: string; tasks: [string[], string[]]; arrival_s: [number | null, number | null] })[];
  shortages: { incident_id: string; capability: string; level: number; count: [number, number] }[];
  same: boolean;
}

export function comparisonTables(_desk: Desk, found: Comparison, names: [string, string]): Child {
  const [one, other] = found.figures;
  const figures: [string, string, string][] = [
    [say('peopleInside'), count(one.people_in_zones), count(other.people_in_zones)],
    [say('slotsFilled'), `${one.filled}/${one.slots}`, `${other.filled}/${other.slots}`],
    [say('inTime'), count(one.in_time), count(other.in_time)],
    [say('short'), count(one.shortage), count(other.shortage)],
    [say('teams'), count(one.teams), count(other.teams)],
    [say('aidTeams'), count(one.aid_teams), count(other.aid_teams)],
    [say('firstThere'), span(one.first_arrival_s), span(other.first_arrival_s)],
    [say('lastThere'), span(one.last_arrival_s), span(other.last_arrival_s)],
    [say('uncovered'), count(one.people_uncovered), count(other.people_uncovered)],
  ];
  return [
    found.same && h('p', { class: 'quiet' }, say('samePlans')),
    table(say('compared'), [
      { title: say('figure'), cell: (row) => row[0] },
      { title: names[0], number: true, cell: (row) => row[1] },
      { title: names[1], number: true, cell: (row) => (row[1] === row[2] ? row[2] : h('b', {}, row[2])) },
    ], figures),
    found.teams.length > 0 && table(say('teamsDiffer'), [
      { title: say('team'), cell: (row) => nameOf(row, row.team_id) },
      { title: names[0], cell: (row) => taskAt(row.tasks[0], row.arrival_s[0]) },
      { title: names[1], cell: (row) => taskAt(row.tasks[1], row.arrival_s[1]) },
    ], found.teams),
    found.shortages.length > 0 && table(say('short'), [
      { title: say('task'), cell: (row) => capability(row.capability, row.level) },
      { title: names[0], number: true, cell: (row) => row.count[0] },
      { title: names[1], number: true, cell: (row) => row.count[1] },
    ], found.shortages),
  ];
}

/** Tasks come as `incident capability level`. */
function taskAt(tasks: string[], arrival_s: number | null): string {
  if (!tasks.length) return say('stays');
  const words = tasks.map((task) => {
    const [name, level] = task.split(' ').slice(-2);
    return capability(name ?? task, Number(level) || 0);
  });
  return `${words.join(', ')} · ${span(arrival_s)}`;
}
