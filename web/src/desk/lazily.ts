// What a tab reads only when it is looked at; the last answer stays while a newer one is on its way.
import { Refusal } from './client';
import type { Desk } from './desk';

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
      .catch((error: unknown) => answers.set(name, { key, value: known?.value ?? null, refusal: error instanceof Refusal ? error : null }))
      .finally(() => {
        asked.delete(full);
        desk.paint();
      });
  }
  return { value: (known?.value ?? null) as T | null, refusal: known?.refusal ?? null };
}

/** Everything is asked anew: another person may see other things. */
export function forgetAnswers(): void {
  answers.clear();
}
