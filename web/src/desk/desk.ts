// The desk: what it knows, its map, what a person is doing, and the deeds that change something.
import { post, Refusal } from './client';
import { DeskMap } from './desk_map';
import { Drawing } from './drawing';
import { InjectNews } from './drill_clock';
import { nowMs } from './exercise_clock';
import { Live, type Link } from './live';
import type { IncidentFeature, OrderShown, PlanDocument, PlanShown } from './records';
import { refusalWords } from './refusals';
import { say } from './speech';
import { Replay } from './replay';
import type { Part, Situation } from './situation';

export type Tab = 'teams' | 'why' | 'places' | 'around' | 'whatif' | 'log';
export type Page = 'dispatch' | 'planner' | 'drills' | 'review';
const TICK_MS = 1000;

export class Desk {
  readonly map: DeskMap;
  readonly drawing: Drawing;
  readonly live: Live;
  readonly replay: Replay;
  readonly news = new InjectNews();
  page: Page = 'dispatch';
  tab: Tab = 'teams';
  link: Link = 'lost';
  /** Whether the server was heard at all since the page began. */
  wasLive = false;
  /** What went wrong last, or what was done; shown until the next deed. */
  notice: { kind: 'good' | 'bad'; text: string; refusal?: Refusal } | null = null;
  busy = '';
  /** A plan of what might be, drawn in the place of the one that is. */
  previewed: PlanDocument | null = null;
  /** Redraws everything that is not the map. */
  paint: (live?: boolean) => void = () => {};
  tick: () => void = () => {};
  private readonly ticking: number;

  constructor(
    readonly situation: Situation,
    container: HTMLElement,
    theme: string,
    hasRoads: boolean,
  ) {
    this.map = new DeskMap(container, situation, theme, hasRoads);
    this.drawing = new Drawing(this.map);
    this.replay = new Replay(this);
    this.live = new Live(situation, (link) => {
      if (this.link === link) return;
      this.link = link;
      this.wasLive ||= link !== 'lost';
      this.paint();
    });
    situation.listen(() => this.redraw(true));
    this.ticking = window.setInterval(() => {
      this.tick();
      if (!this.replay.on) this.map.drawRoutes(this.etas());
    }, TICK_MS);
  }

  /** `live`: the server said so, not the person at the desk. */
  redraw(live = false): void {
    if (this.replay.on) this.replay.goTo(this.replay.at_s);
    else this.map.draw(this.etas(), this.previewed);
    this.paint(live);
  }

  preview(plan: PlanDocument | null): void {
    this.previewed = plan;
    this.redraw();
  }

  end(): void {
    clearInterval(this.ticking);
    this.replay.stop();
    this.live.end();
    this.map.map.remove();
  }

  /** Seconds to arrival of teams under way, by their orders. */
  etas(): Map<string, number> {
    const now = nowMs();
    return new Map(
      this.situation.orders
        .filter((one) => one.ended_at === null && one.eta !== null && one.status !== 'on_scene')
        .map((one) => [one.team_id, (Date.parse(one.eta!) - now) / 1000]),
    );
  }

  /** Do something that takes a moment; what is refused is shown. */
  async act<T>(what: string, deed: () => Promise<T>): Promise<T | null> {
    this.busy = what;
    this.notice = null;
    this.paint();
    try {
      return await deed();
    } catch (error) {
      this.notice =
        error instanceof Refusal && error.status === 401
          ? null
          : error instanceof Refusal
          ? { kind: 'bad', text: refusalWords(error.code, error.detail), refusal: error }
          : { kind: 'bad', text: say('noAnswer') };
      return null;
    } finally {
      this.busy = '';
      this.paint();
    }
  }

  /** What a deed changed is read; where nobody answers, the feed reads it when it is back. */
  private async reread(parts: Part[]): Promise<void> {
    await this.situation.refresh(parts).catch(() => {});
  }

  tellGood(text: string): void {
    this.notice = { kind: 'good', text };
    this.paint();
  }

  /** Report an incident and ask for its first plan at once: its zones come with it. */
  async report(body: unknown): Promise<IncidentFeature | null> {
    const made = await this.act(say('reporting'), () => post<IncidentFeature>('incidents', body));
    if (!made) return null;
    await this.reread(['incidents']);
    await this.situation.select(made.id);
    await this.plan();
    return made;
  }

  async plan(): Promise<void> {
    const incident = this.situation.selected;
    if (!incident) return;
    const force = this.situation.inForce();
    const path = force ? `plans/${force.id}/replan` : `incidents/${incident}/plan`;
    const made = await this.act(say('planning'), () => post<PlanShown>(path));
    if (!made) return;
    await this.reread(['plans', 'zones']);
    await this.situation.show(made.id);
    this.tab = 'teams';
    this.frameIncident();
    this.paint();
  }

  async commit(plan: string, body: { force?: boolean; approved_verbally_by?: string }): Promise<boolean> {
    const done = await this.act(say('committing'), () => post(`plans/${plan}/commit`, body));
    await this.reread(['plans', 'orders', 'teams']);
    if (done) this.tellGood(say('committed', plan));
    return done !== null;
  }

  async confirm(plan: string): Promise<void> {
    const done = await this.act(say('confirming'), () => post(`plans/${plan}/confirm`));
    await this.reread(['plans']);
    if (done) this.tellGood(say('confirmed', plan));
  }

  async endOrder(order: OrderShown, how: 'complete' | 'release'): Promise<void> {
    await this.act(say('ending'), () => post(`orders/${order.id}/${how}`, { why: '' }));
    await this.reread(['orders', 'teams', 'plans']);
  }

  async completeAll(incident: string): Promise<void> {
    await this.act(say('ending'), async () => {
      for (const order of this.situation.heldOrders(incident)) await post(`orders/${order.id}/complete`, { why: '' });
    });
    await this.reread(['orders', 'teams', 'plans']);
  }

  async closeIncident(incident: string): Promise<void> {
    const done = await this.act(say('ending'), () => post(`incidents/${incident}/close`, { why: '' }));
    await this.reread(['incidents', 'zones', 'plans']);
    if (!done) return;
    this.tab = 'log';
    this.tellGood(say('incidentClosed', incident));
  }

  async teamStatus(team: string, status: string): Promise<void> {
    await this.act(say('saving'), () => post(`teams/${encodeURIComponent(team)}/status`, { status }));
    await this.reread(['teams', 'orders']);
  }

  async closeRoads(body: unknown): Promise<boolean> {
    const made = await this.act(say('closingRoad'), () => post<{ id: string }>('closures', body));
    await this.reread(['closures']);
    if (made) this.tellGood(say('roadClosed', made.id));
    return made !== null;
  }

  async lift(closure: string): Promise<void> {
    await this.act(say('saving'), () => post(`closures/${closure}/lift`, { why: '' }));
    await this.reread(['closures']);
  }

  frameIncident(): void {
    const { shown } = this.situation;
    const incident = this.situation.incident();
    const zones = this.situation.zones.filter((one) => one.properties.incident_id === incident?.id);
    const geometries = [
      ...(incident?.geometry ? [incident.geometry] : []),
      ...zones.map((one) => one.geometry),
      ...(shown?.document.decisions.teams ?? []).slice(0, 6).map((one) => ({ type: 'LineString' as const, coordinates: one.route.geometry })),
    ];
    if (geometries.length) this.map.showGeometry({ type: 'GeometryCollection', geometries });
  }
}
