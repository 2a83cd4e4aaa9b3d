// What the server answers, as far as the desk reads it; units as in the OpenAPI document.
import type { Feature, FeatureCollection, Geometry, Point, Polygon } from 'geojson';

export interface Both {
  zh: string;
  en: string;
}
export interface Named {
  id?: string | number | undefined;
  name_zh?: string;
  name_en?: string;
}
export interface Whoami {
  key_id: string;
  name: string;
  role: string;
  rights: string[];
}
export interface RegionFacts {
  name: string;
  name_zh: string;
  name_en: string;
  digest: string;
  layers: Record<string, number>;
  utc_offset_s: number;
}
export interface Vocabulary {
  words: Record<string, Record<string, Both>>;
  substances: { id: string; cas: string; name_zh: string; name_en: string }[];
  containers: string[];
  sentences: { pattern: string; zh: string }[];
}
export type TeamStatus = 'available' | 'committed' | 'en_route' | 'on_scene' | 'returning' | 'off_duty';
export interface Team {
  name_zh: string;
  name_en: string;
  station_id: string;
  force: string;
  people: number | null;
  capabilities: Record<string, number>;
  vehicle_class: string;
  vehicles: number | null;
  turnout_s: number | null;
  phone: string | null;
  call_sign: string | null;
  listed: boolean;
  status: TeamStatus;
  crew: number | null;
  seen: boolean;
  position_age_s: number | null;
  order_id: string | null;
  incident_id: string | null;
  eta: string | null;
}
export interface Incident {
  status: 'open' | 'closed';
  hazard: string;
  level: string;
  name_zh: string;
  name_en: string;
  report: Record<string, unknown> & {
    where?: Record<string, unknown>;
    event_at?: string | null;
    substance?: { cas: string | null; name: string | null } | null;
  };
  weather: Record<string, number | string | null>;
  reported_at: string;
  reported_by: string;
  closed_at: string | null;
  version: number;
}
export interface ZoneFacts {
  incident_id: string;
  plan_id: string;
  kind: string;
  level: number;
  depth_m: number | null;
  people: number;
  closes_roads: boolean;
}
export interface Closure {
  road_ids: string[];
  closed: boolean;
  speed_factor: number | null;
  depth_m: number | null;
  reason: string;
  reported_at: string;
  reported_by: string;
}
export interface PlanRecord {
  id: string;
  status: 'proposed' | 'committed' | 'superseded' | 'ended';
  incidents: string[];
  replaces: string | null;
  made_at: string;
  made_by: string;
  committed_at: string | null;
  committed_by: string | null;
  approved_by: string | null;
  approved_verbally_by: string | null;
  confirmed_at: string | null;
}
export interface PlanShown extends PlanRecord {
  document: PlanDocument;
}
export interface Slot {
  incident_id: string;
  capability: string;
  level: number;
  complement: string;
  within_s: number;
  team_id: string;
  arrival_s: number | null;
  late_s: number | null;
}
export interface TeamSent {
  id: string;
  name_zh: string;
  name_en: string;
  force: string;
  mutual_aid: boolean;
  people: number;
  vehicles: number;
  incident_id: string;
  turnout_s: number;
  travel_s: number;
  arrival_s: number;
  route: { geometry: [number, number][]; length_m: number; streets: string[] };
}
export interface KeyPlace extends Named {
  layer: string;
  id: string;
  zone: string;
  level: number;
  cloud_s: number | null;
  action: string;
  reason_zh: string;
  reason_en: string;
}
export interface PlannedZone {
  id: string;
  kind: string;
  level: number;
  polygon: Geometry;
  reach_m: number | null;
  depth_m: number | null;
  people: number;
  formula: string;
  certainty: string;
  valid_from: string | null;
  valid_to: string | null;
}
export interface Staging {
  lon: number;
  lat: number;
  distance_m: number;
  side: string;
  street: string;
}
export interface IncidentPlan extends Named {
  id: string;
  people: number;
  zones: PlannedZone[];
  staging: Staging | null;
  key_places: KeyPlace[];
  downwind_deg: number | null;
}
export interface TeamReason {
  team_id: string;
  instead: string;
  later_s: number | null;
  shortage: number;
  aid_teams: number;
  complement_later_s: number[];
  scarce_spent: number;
  weighted_later_s: number;
  moved: string[];
  nearest: boolean;
}
export interface Shortage {
  code: string;
  incident_id: string;
  capability: string;
  level: number;
  count: number;
  nearest: { team_id: string; name_zh: string; name_en: string; arrival_s: number | null; why: string } | null;
}
export interface PlanOrder {
  team_id: string;
  order: 'send' | 'divert' | 'hold' | 'release';
  task: string;
  before: string;
}
/** Buses to shelters and trucks from depots; supplies leave `from` and are handed over at `to`. */
export interface Relief {
  evacuation: { rides: { team_id: string; place_id: string; shelter_id: string; people: number }[] };
  materials: { trips: { team_id: string; depot_id: string; shelter_id: string; load: { item_id: string; pieces: number }[] }[] } | null;
}
export interface PlanDocument {
  name_zh: string;
  name_en: string;
  status: string;
  at: string;
  decisions: { incidents: IncidentPlan[]; slots: Slot[]; teams: TeamSent[] };
  measures: {
    shortage: number;
    incidents: {
      incident_id: string;
      asked: number;
      filled: number;
      in_time: number;
      first_arrival_s: number | null;
      first_alarm_s: number | null;
      complement_s: number | null;
    }[];
  };
  reasons: TeamReason[];
  shortages: Shortage[];
  cover: { townships: { id: string; name_zh: string; name_en: string; people: number; covered_before: number; covered_after: number }[] };
  relief: Relief | null;
  orders: PlanOrder[];
  warnings: { code: string; text_zh: string; text_en: string; records: string[] }[];
}
export interface OrderShown {
  id: string;
  plan_id: string | null;
  incident_id: string;
  team_id: string;
  status: 'issued' | 'en_route' | 'on_scene' | 'completed' | 'released' | 'diverted';
  task: { slots: { capability: string; level: number }[]; trips: Record<string, unknown>[] };
  issued_at: string;
  eta: string | null;
  ended_at: string | null;
  why: string;
}
/** One thing that happened in an exercise, by its own clock. */
export interface DrillEvent {
  number: number;
  at: string;
  after_s: number;
  actor: string;
  action: string;
  subject: string;
  text: Both;
  detail: Record<string, unknown>;
}
export interface Stock {
  depot_id: string;
  item_id: string;
  mode: string;
  unit: string;
  on_hand: number;
  reserved: number;
  free: number;
}

export type TeamFeature = Feature<Point, Team> & { id: string };
export type IncidentFeature = Feature<Point | null, Incident> & { id: string };
export type ClosureFeature = Feature<Polygon | null, Closure> & { id: string };
export type ZoneFeature = Feature<Polygon, ZoneFacts> & { id: string };
export type Records = FeatureCollection<Geometry | null, Record<string, unknown> & Named>;
export type PlaceFeature = Feature<Geometry | null, Record<string, unknown> & Named> & { id: string };
export interface Of<F> {
  type: 'FeatureCollection';
  features: F[];
}
