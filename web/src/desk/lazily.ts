// What a tab reads only when it is looked at; the last answer stays while a newer one is on its way.
import { Refusal } from './client';
import type { Desk } from './desk';

const AGAIN_MS = 3000;
const answers = new Map<string, { key: string; value: unknown; refusal: Refusal | null }>();
const asked = new Set<string>();

export interface Answer<T> {
  value: T | null;
  refusal: Refusal | null;
}

/** `name`: what it is; `key`: of which state; another key asks again. */
export function lazily<T>(desk: Desk, name: string, key: string, ask: () => Promise<T>): Answer<T> {
  const known = answers.get(name);
  const full = `${name} ${key}`;
  if (known?.key !== key && !asked.has(full)) {
    asked.add(full);
    ask()
      .then((value) => answers.set(name, { key, value, refusal: null }))
      .catch(async (error: unknown) => {
        if (error instanceof Refusal) answers.set(name, { key, value: known?.value ?? null, refusal: error });
        else await new Promise((done) => setTimeout(done, AGAIN_MS)); // nobody answered: asked again
      })
      .finally(() => {
        asked.delete(full);
        desk.paint();
      });
  }
  return { value: (known?.value ?? null) as T | null, refusal: known?.refusal ?? null };
}
