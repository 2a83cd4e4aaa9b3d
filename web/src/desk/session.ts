// Who asks: the key lives as long as the window does, and nowhere else.
import { isRunning } from './exercise_clock';
import type { Whoami } from './records';

const KEY = 'muster-key';
let me: Whoami | null = null;

export function key(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepKey(text: string): void {
  sessionStorage.setItem(KEY, text.trim());
}

export function forgetKey(): void {
  sessionStorage.removeItem(KEY);
  me = null;
}

export function setMe(found: Whoami): void {
  me = found;
}

export function whoami(): Whoami | null {
  return me;
}

/** Whether the key gives a right, and the world lets anybody use it now: an exercise does while its clock runs. */
export function may(right: string): boolean {
  return isRunning() && entitled(right);
}

/** Whether the key gives a right, whatever the clock of an exercise does. */
export function entitled(right: string): boolean {
  return me?.rights.includes(right) ?? false;
}
