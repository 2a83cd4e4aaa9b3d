// The replay of an exercise that ended: an instant, running or standing, drawn on the desk's map.
import type { Desk } from './desk';
import { drillHere } from './exercise_clock';
import type { PlanShown } from './records';
import { groundOfCourse, momentAt, type Moment, type Played } from './replay_course';

const FRAME_MS = 100;
export const REPLAY_SPEEDS = [1, 10, 30, 60, 120, 300];

export class Replay {
  at_s = 0;
  speed = 30;
  moment: Moment | null = null;
  /** Tells the controls, many times a second. */
  onMoment: () => void = () => {};
  private played: Played | null = null;
  private loading = false;
  private timer = 0;

  constructor(private readonly desk: Desk) {}

  get on(): boolean {
    return this.desk.page === 'review' && drillHere()?.status === 'ended';
  }

  get playing(): boolean {
    return this.timer !== 0;
  }

  get longest_s(): number {
    return Math.max(1, Math.ceil(drillHere()?.elapsed_s ?? 1));
  }

  /** Read what is to be replayed, once, and draw its beginning. */
  async prepare(): Promise<void> {
    const { situation } = this.desk;
    const drill = drillHere();
    if (this.loading || this.played || !this.on || !drill?.starts_at) return;
    this.loading = true;
    const plans = new Map<string, PlanShown>();
    for (const one of situation.plans) plans.set(one.id, await situation.plan(one.id));
    this.played = { starts_ms: Date.parse(drill.starts_at), course: situation.course, teams: situation.teams, incidents: situation.incidents, plans };
    this.loading = false;
    const all = groundOfCourse(this.played);
    if (all) this.desk.map.showGeometry(all);
    this.goTo(this.at_s);
  }

  goTo(at_s: number): void {
    this.at_s = Math.min(this.longest_s, Math.max(0, at_s));
    if (!this.on || !this.played) return;
    this.moment = momentAt(this.played, this.at_s);
    this.desk.map.drawMoment(this.moment);
    this.onMoment();
  }

  /** To the event before or after. */
  step(by: 1 | -1): void {
    const times = this.desk.situation.course.map((one) => one.after_s);
    const next = by > 0 ? times.find((one) => one > this.at_s + 0.05) : times.filter((one) => one < this.at_s - 0.05).at(-1);
    this.stop();
    this.goTo(next ?? (by > 0 ? this.longest_s : 0));
  }

  toggle(): void {
    if (this.playing) return this.stop();
    if (!this.on || !this.played) return;
    if (this.at_s >= this.longest_s) this.at_s = 0;
    let last = performance.now();
    this.timer = window.setInterval(() => {
      const now = performance.now();
      const passed_s = ((now - last) / 1000) * this.speed;
      last = now;
      if (!this.on) return this.stop();
      if (this.at_s + passed_s >= this.longest_s) this.stop();
      this.goTo(this.at_s + passed_s);
    }, FRAME_MS);
    this.onMoment();
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    this.onMoment();
  }
}
