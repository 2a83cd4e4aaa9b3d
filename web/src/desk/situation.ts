// What the desk knows: read from the server, read anew where an event says so, told to who listens.
import { get, Refusal } from './client';
import type {
  ClosureFeature,
  DrillEvent,
  IncidentFeature,
  Of,
  OrderShown,
  PlanRecord,
  PlanShown,
  Records,
  RegionFacts,
  Stock,
  TeamFeature,
  Vocabulary,
  Whoami,
  ZoneFeature,
} from './records';
import { setClock, type DrillShown } from './exercise_clock';
import { setMe } from './session';
import { learn } from './speech';
import { keepTimeOf } from './times';
import { drillId } from './world';

export const STILL_LAYERS = [
  'boundary', 'townships', 'rivers', 'railways', 'flood_zones', 'stations', 'depots', 'shelters', 'hazard_sites',
  'hospitals', 'neighbours', 'items',
] as const;
export type Part = 'teams' | 'incidents' | 'closures' | 'orders' | 'plans' | 'zones' | 'stock' | 'drills' | 'course';
const LEVELS = ['I', 'II', 'III', 'IV'];
const EMPTY: Records = { type: 'FeatureCollection', features: [] };

export class Situation {
  region!: RegionFacts;
  readonly layers: Record<string, Records> = {};
  teams: TeamFeature[] = [];
  incidents: IncidentFeature[] = [];
  closures: ClosureFeature[] = [];
  orders: OrderShown[] = [];
  plans: PlanRecord[] = [];
  zones: ZoneFeature[] = [];
  /** Exercises, newest first; in an exercise only that one. */
  drills: DrillShown[] = [];
  /** Everything that happened in the exercise this window is in. */
  course: DrillEvent[] = [];
  stock: Map<string, Stock[]> = new Map();
  /** The incident that is looked at, and the plan of it that is shown. */
  selected: string | null = null;
  shown: PlanShown | null = null;
  readAt = Date.now();
  private readonly documents = new Map<string, PlanShown>();
  private readonly listeners = new Set<() => void>();

  listen(tell: () => void): void {
    this.listeners.add(tell);
  }

  tell(): void {
    for (const tell of this.listeners) tell();
  }

  /** Everything, once; the still layers of the region are read only here. */
  async load(): Promise<void> {
    const still = STILL_LAYERS.map(async (layer) => {
      this.layers[layer] = await get<Records>(`region/layers/${layer}`).catch(withoutRight);
    });
    const [me, region, vocabulary] = await Promise.all([
      get<Whoami>('keys/me'),
      get<RegionFacts>('region'),
      get<Vocabulary>('vocabulary'),
      this.read(['teams', 'incidents', 'closures', 'orders', 'plans', 'zones', 'drills', 'course']),
      ...still,
    ]);
    setMe(me);
    this.region = region;
    keepTimeOf(region.utc_offset_s);
    learn(vocabulary);
    this.selectFirst();
    await this.showNewestPlan();
  }

  /** Read some parts anew, then tell everybody. */
  async refresh(parts: Iterable<Part>): Promise<void> {
    const asked = new Set(parts);
    if (asked.has('plans')) asked.add('zones');
    await this.read(asked);
    if (asked.has('plans') || asked.has('incidents')) {
      this.selectFirst();
      await this.showNewestPlan();
    }
    this.readAt = Date.now();
    this.tell();
  }

  /** Where nothing is looked at, the first incident that is open is. */
  private selectFirst(): void {
    this.selected ??= this.incidents.find((one) => one.properties.status === 'open')?.id ?? null;
  }

  async select(incident: string | null): Promise<void> {
    this.selected = incident;
    await this.showNewestPlan();
    this.tell();
  }

  async show(plan: string | null): Promise<void> {
    this.shown = plan === null ? null : await this.plan(plan);
    this.tell();
  }

  /** A plan with its document, which never changes; how it stands comes from the list. */
  async plan(id: string): Promise<PlanShown> {
    const kept = this.documents.get(id) ?? (await get<PlanShown>(`plans/${id}`));
    this.documents.set(id, kept);
    const record = this.plans.find((one) => one.id === id);
    return record ? { ...kept, ...record } : kept;
  }

  incident(id: string | null = this.selected): IncidentFeature | undefined {
    return this.incidents.find((one) => one.id === id);
  }

  team(id: string): TeamFeature | undefined {
    return this.teams.find((one) => one.id === id);
  }

  plansOf(incident: string | null = this.selected): PlanRecord[] {
    return this.plans.filter((one) => incident !== null && one.incidents.includes(incident)).reverse();
  }

  inForce(incident: string | null = this.selected): PlanRecord | undefined {
    return this.plansOf(incident).find((one) => one.status === 'committed');
  }

  heldOrders(incident: string | null = this.selected): OrderShown[] {
    return this.orders.filter((one) => one.incident_id === incident && one.ended_at === null);
  }

  private async showNewestPlan(): Promise<void> {
    const plans = this.plansOf();
    const newest = plans.find((one) => one.status === 'proposed') ?? plans[0];
    const force = plans.find((one) => one.status === 'committed');
    const wanted = newest && force && newest.id < force.id ? force : newest;
    this.shown = wanted ? await this.plan(wanted.id) : null;
  }

  private async read(parts: Iterable<Part>): Promise<void> {
    await Promise.all([...parts].map((part) => this.readPart(part)));
  }

  private async readPart(part: Part): Promise<void> {
    if (part === 'teams') this.teams = (await get<Of<TeamFeature>>('teams')).features;
    if (part === 'incidents') this.incidents = gravestFirst((await get<Of<IncidentFeature>>('incidents')).features);
    if (part === 'closures') this.closures = (await get<Of<ClosureFeature>>('closures')).features;
    if (part === 'orders') this.orders = await all<OrderShown>('orders');
    if (part === 'plans') this.plans = await all<PlanRecord>('plans');
    if (part === 'zones') this.zones = (await get<Of<ZoneFeature>>('zones')).features;
    if (part === 'drills') await this.readDrills();
    if (part === 'course') await this.readCourse();
    if (part === 'stock') for (const depot of this.stock.keys()) await this.readStock(depot);
  }

  private async readDrills(): Promise<void> {
    const drill = drillId();
    if (drill === null) {
      this.drills = (await get<{ items: DrillShown[] }>('drills')).items;
      return;
    }
    const shown = await get<DrillShown>(`drills/${encodeURIComponent(drill)}`);
    setClock(shown);
    this.drills = [shown];
  }

  /** What happened since the last event that is known. */
  private async readCourse(): Promise<void> {
    const drill = drillId();
    if (drill === null) return;
    for (let more = true; more; ) {
      const after = this.course.at(-1)?.number ?? 0;
      const page = await get<{ items: DrillEvent[]; next: number | null }>(`drills/${encodeURIComponent(drill)}/events?limit=1000&after=${after}`);
      const known = this.course.at(-1)?.number ?? 0;
      this.course.push(...page.items.filter((one) => one.number > known));
      more = page.next !== null;
    }
  }

  async readStock(depot: string): Promise<Stock[]> {
    const found = (await get<{ items: Stock[] }>(`depots/${encodeURIComponent(depot)}/stock`)).items;
    this.stock.set(depot, found);
    return found;
  }
}

/** The gravest above, of equal ones the newest; the server gives the newest first. */
function gravestFirst(found: IncidentFeature[]): IncidentFeature[] {
  const rank = (one: IncidentFeature) => LEVELS.indexOf(one.properties.level);
  return [...found].sort((one, other) => rank(one) - rank(other));
}

/** A layer that is not for this key, or not in this region, is empty; one that nobody gave is a failure. */
function withoutRight(error: unknown): Records {
  if (error instanceof Refusal && (error.status === 403 || error.status === 404)) return EMPTY;
  throw error;
}

/** All pages of a list. */
async function all<T>(path: string): Promise<T[]> {
  const found: T[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const page: { items: T[]; next: string | null } = await get(`${path}?limit=1000&after=${encodeURIComponent(after)}`);
    found.push(...page.items);
    after = page.next;
  }
  return found;
}

export function isRefused(error: unknown, code: string): error is Refusal {
  return error instanceof Refusal && error.code === code;
}

