// What time it is: real time, or that of the exercise this window is in, which may stand or run faster.
import { isExercise } from './world';

export type DrillStatus = 'planned' | 'running' | 'paused' | 'ended';
export interface DrillShown {
  id: string;
  title: string;
  status: DrillStatus;
  region: string;
  starts_at: string | null;
  now: string | null;
  elapsed_s: number;
  speed: number;
  injects: number;
  made_at: string;
  made_by: string;
  began_at: string | null;
  ended_at: string | null;
}

let told: { drill: DrillShown; at_ms: number } | null = null;

/** The clock as the server just said it. */
export function setClock(drill: DrillShown): void {
  told = { drill, at_ms: performance.now() };
}

export function drillHere(): DrillShown | null {
  return told?.drill ?? null;
}

/** Exercise seconds since its start at a moment of the window's own clock. */
export function elapsedAt(drill: DrillShown, since_told_ms: number): number {
  return drill.elapsed_s + (drill.status === 'running' ? (Math.max(0, since_told_ms) / 1000) * drill.speed : 0);
}

export function elapsed_s(): number {
  return told ? elapsedAt(told.drill, performance.now() - told.at_ms) : 0;
}

/** The present instant of this window's world, milliseconds. */
export function nowMs(): number {
  if (!isExercise()) return Date.now();
  if (!told) return Date.now();
  const { drill, at_ms } = told;
  const at = drill.now ?? drill.starts_at;
  if (at === null) return Date.now();
  return Date.parse(at) + (drill.status === 'running' ? (performance.now() - at_ms) * drill.speed : 0);
}

/** Whether anybody may change anything here: real life always, an exercise while its clock runs. */
export function isRunning(): boolean {
  return !isExercise() || told?.drill.status === 'running';
}
