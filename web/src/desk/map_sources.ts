// From what the desk knows to the features of its map; pure, so that it can be tested without a map.
import type { Feature, FeatureCollection, Geometry, Polygon } from 'geojson';
import { extentOf, middleOf } from '../extent';
import { age, count, span } from './times';
import { language, nameOf, term } from './speech';
import type { ClosureFeature, IncidentFeature, PlanDocument, PlanShown, Records, TeamFeature, ZoneFeature } from './records';

const STALE_S = 900;
export const NOTHING: FeatureCollection = { type: 'FeatureCollection', features: [] };

function collection(features: (Feature | null)[]): FeatureCollection {
  return { type: 'FeatureCollection', features: features.filter((one) => one !== null) };
}

function feature(id: string, geometry: Geometry | null, properties: Record<string, unknown>): Feature | null {
  return geometry && { type: 'Feature', geometry, properties: { id, ...properties } };
}

/** Teams: symbol by what they do; faint with their age where they were last seen more than 15 minutes ago. */
export function teamFeatures(teams: TeamFeature[]): FeatureCollection {
  const rank = { on_scene: 5, en_route: 4, committed: 3, returning: 2, available: 1, off_duty: 0 };
  return collection(
    teams
      .filter((one) => one.properties.listed)
      .map((one) => {
        const facts = one.properties;
        const stale = facts.seen && (facts.position_age_s ?? 0) > STALE_S;
        const old = stale ? ` · ${age(facts.position_age_s!)}` : '';
        return feature(one.id, one.geometry, {
          icon: `team-${facts.status}`,
          name: nameOf(facts, one.id) + old,
          faint: stale || facts.status === 'off_duty',
          busy: facts.order_id !== null,
          rank: rank[facts.status],
        });
      }),
  );
}

export function incidentFeatures(incidents: IncidentFeature[], selected: string | null): FeatureCollection {
  return collection(
    incidents
      .filter((one) => one.properties.status === 'open')
      .map((one) =>
        feature(one.id, one.geometry, {
          icon: 'incident',
          name: `${nameOf(one.properties, '') || term('hazards', one.properties.hazard)} ${one.properties.level}`,
          selected: one.id === selected,
        }),
      ),
  );
}

export function zoneFeatures(zones: ZoneFeature[]): FeatureCollection {
  const drawn = [...zones].sort((a, b) => a.properties.level - b.properties.level);
  return collection(
    drawn.map((one) => {
      const facts = one.properties;
      const people = language() === 'zh' ? `${count(facts.people)} 人` : `${count(facts.people)} people`;
      const depth = facts.depth_m === null ? '' : ` ${facts.depth_m} m`;
      return feature(one.id, one.geometry, {
        incident: facts.incident_id,
        level: facts.level,
        water: facts.depth_m !== null,
        name: `${term('zones', facts.kind)}${depth} · ${people}`,
      });
    }),
  );
}

/** Zones as a plan draws them, before anybody keeps it. */
export function plannedZoneFeatures(plan: PlanDocument): FeatureCollection {
  const zones = plan.decisions.incidents.flatMap((incident) =>
    incident.zones.map((zone) => ({
      type: 'Feature' as const,
      id: zone.id,
      geometry: zone.polygon as Polygon,
      properties: { ...zone, incident_id: incident.id, plan_id: '', closes_roads: true },
    })),
  );
  return zoneFeatures(zones);
}

/** Zones of several plans at incidents that are open. */
export function zonesOfPlans(plans: PlanShown[], open: IncidentFeature[]): FeatureCollection {
  const ids = new Set(open.map((one) => one.id));
  const drawn = plans.flatMap((plan) => plannedZoneFeatures(plan.document).features);
  return collection(drawn.filter((one) => ids.has(String(one.properties?.['incident']))));
}

export function stagingOfPlans(plans: PlanShown[]): FeatureCollection {
  return collection(plans.flatMap((plan) => stagingFeatures({ ...plan, status: 'committed' }).features));
}

/** Roads of teams under way in a replay, with the time that is left. */
export function replayedRoutes(routes: FeatureCollection): FeatureCollection {
  return collection(routes.features.map((one) => ({ ...one, properties: { ...one.properties, name: span(Number(one.properties?.['left_s'])) } })));
}

/** Zones are named once, in their middle, however tiles cut them. */
export function zoneNames(zones: FeatureCollection): FeatureCollection {
  return collection(
    zones.features.map((one) => feature(String(one.properties?.['id']), { type: 'Point', coordinates: middleOf(extentOf(one.geometry)) }, { name: one.properties?.['name'] })),
  );
}

export function closureFeatures(closures: ClosureFeature[]): FeatureCollection {
  return collection(closures.map((one) => feature(one.id, one.geometry, { name: one.properties.reason || one.id })));
}

export function closedRoads(closures: ClosureFeature[]): string[] {
  return closures.flatMap((one) => one.properties.road_ids);
}

/** Roads of the teams that a plan sends, with the time to arrival where it is known. */
export function routeFeatures(plan: PlanShown | null, etas: Map<string, number>): FeatureCollection {
  if (!plan || plan.status === 'superseded' || plan.status === 'ended') return NOTHING;
  return collection(
    plan.document.decisions.teams.map((team) => {
      const left = etas.get(team.id);
      return feature(team.id, { type: 'LineString', coordinates: team.route.geometry }, {
        proposed: plan.status === 'proposed',
        name: left === undefined ? span(team.arrival_s) : span(left),
      });
    }),
  );
}

export function stagingFeatures(plan: PlanShown | null): FeatureCollection {
  if (!plan || plan.status === 'superseded' || plan.status === 'ended') return NOTHING;
  return collection(
    plan.document.decisions.incidents.map((one) =>
      one.staging
        ? feature(one.id, { type: 'Point', coordinates: [one.staging.lon, one.staging.lat] }, {
            icon: 'staging',
            name: language() === 'zh' ? '集结点' : 'Staging',
          })
        : null,
    ),
  );
}

/** One point for each area, so that its name stands once however tiles cut it. */
export function nameFeatures(records: Records | undefined): FeatureCollection {
  return collection(
    (records?.features ?? []).map((one) =>
      feature(String(one.id), one.geometry && { type: 'Point', coordinates: middleOf(extentOf(one.geometry)) }, { name: nameOf(one.properties, one.id) }),
    ),
  );
}

const STILL_ICONS: Record<string, (properties: Record<string, unknown>) => string> = {
  stations: (facts) => `station_${String(facts['status'] ?? 'existing')}`,
  depots: () => 'depot',
  shelters: () => 'shelter',
  hazard_sites: () => 'hazard_site',
  hospitals: () => 'hospital',
  neighbours: () => 'neighbour',
};

/** A still layer of the region, with names in the language spoken. */
export function stillFeatures(layer: string, records: Records | undefined): FeatureCollection {
  const icon = STILL_ICONS[layer];
  return collection(
    (records?.features ?? []).map((one) =>
      feature(String(one.id), one.geometry, {
        name: nameOf(one.properties, one.id),
        ...(icon ? { icon: icon(one.properties) } : {}),
        ...(layer === 'flood_zones' ? { depth: one.properties['depth_m'] ?? null } : {}),
      }),
    ),
  );
}
