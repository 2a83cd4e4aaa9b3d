// An exercise at an instant of its clock, worked out from its log: who was where, what was open, what was decided.
// Pure. Between two reports a team is where the plan that was committed has it.
import type { Feature, FeatureCollection, Geometry, Polygon, Position } from 'geojson';
import { along } from '../extent';
import type { ClosureFeature, DrillEvent, IncidentFeature, PlanShown, TeamFeature, TeamSent, TeamStatus } from './records';

/** What the log is read against: records as they were at the end, plans with their documents. */
export interface Played {
  starts_ms: number;
  course: DrillEvent[];
  teams: TeamFeature[];
  incidents: IncidentFeature[];
  plans: Map<string, PlanShown>;
}
export interface Moment {
  at_ms: number;
  teams: TeamFeature[];
  incidents: IncidentFeature[];
  closures: ClosureFeature[];
  /** The newest plan of each incident that is open: its zones are drawn. */
  plans: PlanShown[];
  routes: FeatureCollection;
  /** Events until now, the newest last. */
  said: DrillEvent[];
}
interface Trip {
  sent: TeamSent;
  order: string;
  from_s: number;
  until_s: number;
}

export function momentAt(played: Played, at_s: number): Moment {
  const said = played.course.filter((one) => one.after_s <= at_s);
  const trips = tripsOf(played, said);
  const open = openIncidents(played, said);
  return {
    at_ms: played.starts_ms + 1000 * at_s,
    teams: played.teams.map((team) => teamAt(team, trips.filter((one) => one.sent.id === team.id), said, at_s, open)),
    incidents: open,
    closures: closuresAt(said),
    plans: newestPlans(played, said, open),
    routes: { type: 'FeatureCollection', features: trips.filter((one) => one.until_s === Infinity && at_s < one.from_s + one.sent.arrival_s).map((one) => route(one, at_s)) },
    said,
  };
}

/** Every drive that a committed plan ordered, until its order ended. */
function tripsOf(played: Played, said: DrillEvent[]): Trip[] {
  const trips: Trip[] = [];
  for (const one of said) {
    if (one.action === 'plan.committed') {
      const orders = (one.detail['orders'] ?? {}) as Record<string, string>;
      const sent = played.plans.get(one.subject)?.document.decisions.teams ?? [];
      for (const team of sent) {
        const order = orders[team.id];
        if (order === undefined || trips.some((trip) => trip.order === order && trip.until_s === Infinity)) continue;
        trips.push({ sent: team, order, from_s: one.after_s, until_s: Infinity });
      }
    }
    if (/^order\.(completed|released|diverted)$/.test(one.action)) {
      for (const trip of trips) if (trip.order === one.subject && trip.until_s === Infinity) trip.until_s = one.after_s;
    }
  }
  return trips;
}

function openIncidents(played: Played, said: DrillEvent[]): IncidentFeature[] {
  const open = new Set<string>();
  for (const one of said) {
    if (one.action === 'incident.reported') open.add(one.subject);
    if (one.action === 'incident.closed') open.delete(one.subject);
  }
  return played.incidents.filter((one) => open.has(one.id)).map((one) => ({ ...one, properties: { ...one.properties, status: 'open' as const } }));
}

function closuresAt(said: DrillEvent[]): ClosureFeature[] {
  const found = new Map<string, ClosureFeature>();
  for (const one of said) {
    if (one.action === 'closure.reported') found.set(one.subject, closure(one));
    if (one.action === 'closure.lifted') found.delete(one.subject);
  }
  return [...found.values()];
}

function closure(one: DrillEvent): ClosureFeature {
  const facts = one.detail as { road_ids?: string[]; polygon?: Polygon | null; reason?: string; closed?: boolean };
  return {
    type: 'Feature',
    id: one.subject,
    geometry: facts.polygon ?? null,
    properties: { road_ids: facts.road_ids ?? [], closed: facts.closed ?? true, speed_factor: null, depth_m: null, reason: facts.reason ?? '', reported_at: one.at, reported_by: one.actor },
  };
}

function newestPlans(played: Played, said: DrillEvent[], open: IncidentFeature[]): PlanShown[] {
  const newest = new Map<string, PlanShown>();
  for (const one of said) {
    const plan = one.action === 'plan.proposed' || one.action === 'plan.committed' ? played.plans.get(one.subject) : undefined;
    for (const incident of plan?.incidents ?? []) newest.set(incident, plan!);
  }
  return [...new Set(open.flatMap((one) => newest.get(one.id) ?? []))];
}

function teamAt(team: TeamFeature, trips: Trip[], said: DrillEvent[], at_s: number, open: IncidentFeature[]): TeamFeature {
  const trip = trips.at(-1);
  const home = team.geometry?.coordinates ?? null;
  const reported = said.filter((one) => one.action === 'team.status' && one.subject === team.id).at(-1);
  const status = statusOf(trip, reported, at_s);
  const place = seenAt(said, team.id, trip) ?? (trip ? placeOf(trip, status, at_s, home, open) : home);
  return {
    ...team,
    geometry: place && { type: 'Point', coordinates: place },
    properties: { ...team.properties, status, seen: false, position_age_s: null, order_id: trip && trip.until_s === Infinity ? trip.order : null, incident_id: trip?.sent.incident_id ?? null },
  } as TeamFeature;
}

/** What the team was said to do, else what its order makes it do by then. */
function statusOf(trip: Trip | undefined, reported: DrillEvent | undefined, at_s: number): TeamStatus {
  const said = reported?.detail['after'] as TeamStatus | undefined;
  if (!trip) return said ?? 'available';
  if (trip.until_s <= at_s) {
    if (reported && reported.after_s >= trip.until_s && said) return said;
    return at_s < trip.until_s + trip.sent.travel_s ? 'returning' : 'available';
  }
  if (reported && reported.after_s >= trip.from_s && (said === 'on_scene' || said === 'off_duty')) return said;
  const since_s = at_s - trip.from_s;
  return since_s >= trip.sent.arrival_s ? 'on_scene' : since_s >= trip.sent.turnout_s || said === 'en_route' ? 'en_route' : 'committed';
}

function placeOf(trip: Trip, status: TeamStatus, at_s: number, home: Position | null, open: IncidentFeature[]): Position | null {
  const line = trip.sent.route.geometry;
  if (line.length === 0) return open.find((one) => one.id === trip.sent.incident_id)?.geometry?.coordinates ?? home;
  if (status === 'on_scene') return line.at(-1)!;
  if (trip.until_s > at_s) return along(line, shareOf(trip, at_s));
  if (status !== 'returning') return home;
  const back_s = Math.max(1, trip.sent.travel_s);
  const reached = shareOf(trip, trip.until_s);
  return along(line, Math.max(0, reached - (at_s - trip.until_s) / back_s));
}

function shareOf(trip: Trip, at_s: number): number {
  const driven_s = at_s - trip.from_s - trip.sent.turnout_s;
  return trip.sent.travel_s > 0 ? Math.min(1, Math.max(0, driven_s / trip.sent.travel_s)) : 1;
}

/** Where somebody saw the team since its order was given. */
function seenAt(said: DrillEvent[], team: string, trip: Trip | undefined): Position | null {
  for (const one of [...said].reverse()) {
    if (one.action !== 'teams.positions' || one.after_s < (trip?.from_s ?? 0)) continue;
    const found = (one.detail['positions'] as { team_id: string; lon: number; lat: number }[] | undefined)?.find((place) => place.team_id === team);
    if (found) return [found.lon, found.lat];
  }
  return null;
}

function route(trip: Trip, at_s: number): Feature {
  const left_s = trip.from_s + trip.sent.arrival_s - at_s;
  return { type: 'Feature', geometry: { type: 'LineString', coordinates: trip.sent.route.geometry }, properties: { id: trip.sent.id, proposed: false, left_s } };
}

/** Everything that happened, to be brought into view. */
export function groundOfCourse(played: Played): Geometry | null {
  const places = played.incidents.flatMap((one) => (one.geometry ? [one.geometry] : []));
  const routes = [...played.plans.values()].flatMap((plan) => plan.document.decisions.teams.map((one) => ({ type: 'LineString' as const, coordinates: one.route.geometry }))).filter((one) => one.coordinates.length > 1);
  const zones = [...played.plans.values()].flatMap((plan) => plan.document.decisions.incidents.flatMap((one) => one.zones.map((zone) => zone.polygon)));
  const all: Geometry = { type: 'GeometryCollection', geometries: [...places, ...zones, ...routes.slice(0, 12)] };
  return places.length ? all : null;
}
