// Asks the server: with the key, each write once whatever the network does, problems as `Refusal`.
import { key } from './session';
import { say } from './speech';
import { address, belongs, WrongWorld } from './world';

/** Longest wait for an answer; a server that hangs is as good as one that is gone. */
const READ_MS = 20_000;
const WRITE_MS = 45_000;
let keyEnded: () => void = () => {};

/** What happens when the server no longer takes the key of this window. */
export function whenKeyEnds(act: () => void): void {
  keyEnded = act;
}

export interface Fault {
  where: string;
  found: string;
  wanted: string;
  fix: string;
  code: string;
}

/** What the server refused: an RFC 9457 problem document. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(detail);
  }

  get faults(): Fault[] {
    return (this.facts['faults'] as Fault[] | undefined | null) ?? [];
  }
}

export function get<T>(path: string): Promise<T> {
  return ask<T>('GET', path);
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return write<T>('POST', path, body);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return write<T>('PUT', path, body);
}

export function remove<T>(path: string): Promise<T> {
  return write<T>('DELETE', path, undefined);
}

/** The headers of a request under the key of this window. */
export function headers(more: Record<string, string> = {}): Record<string, string> {
  return { Authorization: `Bearer ${key() ?? ''}`, ...more };
}

async function write<T>(method: string, path: string, body: unknown): Promise<T> {
  const once = { 'Idempotency-Key': fresh() };
  try {
    return await ask<T>(method, path, body, once);
  } catch (error) {
    if (error instanceof Refusal || error instanceof WrongWorld) throw error;
    await new Promise((done) => setTimeout(done, 500)); // the connection broke: the same key, so it is done once
    return ask<T>(method, path, body, once);
  }
}

async function ask<T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
  const sent = headers(body === undefined ? more : { ...more, 'Content-Type': 'application/json' });
  const asked = address(path);
  const answer = await fetch(asked, {
    method,
    headers: sent,
    signal: AbortSignal.timeout(method === 'GET' ? READ_MS : WRITE_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!belongs(asked, answer)) throw new Refusal(0, '', say('wrongWorld'));
  if (answer.ok) {
    const text = await answer.text();
    return (text ? JSON.parse(text) : null) as T;
  }
  throw await refusalOf(answer);
}

/** A file of the server, read under the key of this window. */
export async function file(path: string): Promise<Blob> {
  const asked = address(path);
  const answer = await fetch(asked, { headers: headers(), signal: AbortSignal.timeout(WRITE_MS) });
  if (!answer.ok) throw await refusalOf(answer);
  if (!belongs(asked, answer)) throw new Refusal(0, '', say('wrongWorld'));
  return answer.blob();
}

export async function refusalOf(answer: Response): Promise<Refusal> {
  if (answer.status === 401) keyEnded();
  const facts = (await answer.json().catch(() => ({}))) as Record<string, unknown>;
  return new Refusal(answer.status, String(facts['code'] ?? ''), String(facts['detail'] ?? answer.statusText), facts);
}

/** `crypto.randomUUID` exists in secure contexts only; a desk may be served in clear inside a bureau. */
function fresh(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
