// Which world this window is in: real life, or one exercise. It stands in the address, so that a world begins with a
// page read anew and ends with it: nothing that was shown, typed or begun in one is there in the other.
const ASKED = 'drill';
/** Names with dots or slashes would lead out of the exercise. */
const NAME = /^[\w-]+$/;
const WORLD_NOUNS = new Set(['incidents', 'plans', 'orders', 'closures', 'teams', 'depots', 'reports', 'zones']);
const BOTH_WORLDS = new Set(['keys', 'region', 'vocabulary', 'drills']);
export const EXERCISE_HEADER = 'X-Exercise';

export class WrongWorld extends Error {}

/** The exercise that an address asks for; whatever it is called, it is never real life. */
export function drillOf(search: string): string | null {
  return new URLSearchParams(search).get(ASKED);
}

const here = typeof location === 'undefined' ? null : drillOf(location.search);

export function drillId(): string | null {
  return here;
}

export function isExercise(): boolean {
  return here !== null;
}

/** The address of a path in a world; an exercise reaches what is its own and what both worlds share, nothing else. */
export function addressIn(drill: string | null, path: string): string {
  const bare = path.replace(/^\.?\//, '');
  const noun = /^[^/?]*/.exec(bare)![0];
  if (drill === null || (BOTH_WORLDS.has(noun) && !bare.includes('..'))) return `./${bare}`;
  if (!NAME.test(drill)) throw new WrongWorld(`${drill} names no exercise`);
  if (!WORLD_NOUNS.has(noun) || bare.includes('..')) throw new WrongWorld(`${noun} is not for exercises`);
  return `./drills/${drill}/${bare}`;
}

export function address(path: string): string {
  return addressIn(here, path);
}

/** Whether an answer belongs to the world that was asked: those of exercises say so, those of real life do not. */
export function belongs(asked: string, answer: Response): boolean {
  const exercise = /^\.\/drills(\/|\?|$)/.test(asked);
  return !answer.ok || (answer.headers.get(EXERCISE_HEADER) === 'true') === exercise;
}

export function enterDrill(id: string): void {
  location.assign(`./?${ASKED}=${encodeURIComponent(id)}`);
}

export function leaveDrill(): void {
  location.assign('./');
}
