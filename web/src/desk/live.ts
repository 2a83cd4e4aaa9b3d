// The live feed: what changed is read anew; where no feed comes, everything every few seconds.
import { headers, refusalOf } from './client';
import type { Part, Situation } from './situation';
import { drillId, isExercise } from './world';

const POLL_MS = 5000;
const GATHER_MS = 150;
const POSITIONS_MS = 2000;
/** The map is drawn first; what changed since it was read comes right after. */
const FIRST_MS = 1500;
/** The server says that it is still there every 15 s; longer silence is a broken line that nobody closed. */
const SILENCE_MS = 35_000;
const PARTS: Record<string, Part[]> = {
  incident: ['incidents', 'zones'],
  plan: ['plans', 'zones'],
  order: ['orders', 'teams'],
  team: ['teams'],
  position: ['teams'],
  closure: ['closures'],
  stock: ['stock'],
  drill: ['drills'],
};
const ALL: Part[] = ['teams', 'incidents', 'closures', 'orders', 'plans', 'drills'];
/** A step of an exercise says that something happened in it; what, the world is asked. */
const OF_EXERCISE: Part[] = ['drills', 'course', 'teams', 'incidents', 'closures', 'orders', 'plans', 'zones', 'stock'];
export type Link = 'live' | 'asking' | 'lost';

export class Live {
  link: Link = 'lost';
  onEvent: (noun: string, data: Record<string, unknown>) => void = () => {};
  private readonly waiting = new Set<Part>();
  private timer = 0;
  private last = '';
  /** Whether something may have happened that was not read: at first, and after a broken line. */
  private missed = true;
  private ended = false;

  constructor(
    private readonly situation: Situation,
    private readonly tellLink: (link: Link) => void,
  ) {}

  async run(): Promise<void> {
    while (!this.ended) {
      const streamed = await this.stream().catch(() => false);
      if (this.ended) return;
      if (!streamed) await this.poll();
      await pause(streamed ? 250 : POLL_MS);
    }
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  /** Follow the stream until it ends; false where there is none. */
  private async stream(): Promise<boolean> {
    const more: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.last) more['Last-Event-ID'] = this.last;
    const broken = new AbortController();
    const silent = () => {
      this.lose();
      broken.abort();
    };
    let watch = window.setTimeout(silent, SILENCE_MS);
    try {
      const answer = await fetch('./events', { headers: headers(more), cache: 'no-store', signal: broken.signal });
      if (answer.status === 401) throw await refusalOf(answer);
      if (!answer.ok || !answer.body) return false;
      this.say('live');
      if (this.missed || !this.last) this.gather(isExercise() ? OF_EXERCISE : ALL, this.last ? GATHER_MS : FIRST_MS);
      this.missed = false;
      await this.listen(answer.body, () => {
        clearTimeout(watch);
        watch = window.setTimeout(silent, SILENCE_MS);
      });
      return true;
    } finally {
      clearTimeout(watch);
    }
  }

  private async listen(body: ReadableStream<Uint8Array>, alive: () => void): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.ended) break;
      alive();
      text += value;
      const messages = text.split(/\r?\n\r?\n/);
      text = messages.pop() ?? '';
      for (const message of messages) this.take(message);
    }
    await reader.cancel().catch(() => {});
  }

  private take(message: string): void {
    const fields = new Map<string, string>();
    for (const line of message.split(/\r?\n/)) {
      const at = line.indexOf(':');
      if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trimStart());
    }
    const id = fields.get('id');
    if (id) this.last = id;
    const noun = fields.get('event');
    if (!noun) return;
    const facts = parsed(fields.get('data'));
    this.gather(this.concerned(noun, facts), noun === 'position' ? POSITIONS_MS : GATHER_MS);
    if (noun !== 'reset' && noun !== 'end') this.onEvent(noun, facts);
  }

  /** What is to be read anew; in an exercise real life goes on unheard. */
  private concerned(noun: string, facts: Record<string, unknown>): Part[] {
    if (noun === 'reset') return isExercise() ? OF_EXERCISE : ALL;
    if (!isExercise()) return PARTS[noun] ?? [];
    return noun === 'drill' && facts['id'] === drillId() ? OF_EXERCISE : [];
  }

  /** Several events in a moment are one reading. */
  private gather(parts: Part[], wait_ms = GATHER_MS): void {
    for (const part of parts) this.waiting.add(part);
    if (this.timer || !this.waiting.size) return;
    this.timer = window.setTimeout(() => {
      const asked = [...this.waiting];
      this.waiting.clear();
      this.timer = 0;
      void this.situation.refresh(asked).catch(() => this.lose());
    }, wait_ms);
  }

  private async poll(): Promise<void> {
    try {
      await this.situation.refresh(isExercise() ? OF_EXERCISE : ALL);
      this.say('asking');
      this.missed = false;
    } catch {
      this.lose();
    }
  }

  private lose(): void {
    this.missed = true;
    this.say('lost');
  }

  private say(link: Link): void {
    this.link = link;
    this.tellLink(link);
  }
}

function parsed(data: string | undefined): Record<string, unknown> {
  try {
    return JSON.parse(data ?? '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

function pause(wait_ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, wait_ms));
}
