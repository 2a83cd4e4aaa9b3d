// A job that is asked for and followed: its progress and its bound as they come.
import { get, headers, post, Refusal, remove } from './client';

export interface Job {
  jobID: string;
  processID: string;
  status: 'accepted' | 'running' | 'successful' | 'failed' | 'dismissed';
  message: string;
  progress: number;
  value: number | null;
  bound: number | null;
  gap: number | null;
  problem: { detail?: string; code?: string; facts?: Record<string, unknown> } | null;
}
const UNFINISHED = new Set(['accepted', 'running']);

export function isRunning(job: Job | null): boolean {
  return job !== null && UNFINISHED.has(job.status);
}

/** Ask for a job and tell of everything new until it ends. */
export async function runJob(process: string, document: unknown, tell: (job: Job) => void): Promise<Job> {
  const job = await post<Job>(`processes/${process}/execution`, document);
  tell(job);
  return followJob(job, tell);
}

/** Tell of everything new of a job until it ends; a line that breaks is taken up again. */
export async function followJob(begun: Job, tell: (job: Job) => void): Promise<Job> {
  let job = begun;
  while (isRunning(job)) {
    await follow(job.jobID, (news) => tell((job = news))).catch(() => {});
    if (!isRunning(job)) break;
    await new Promise((done) => setTimeout(done, 1000));
    const news = await get<Job>(`jobs/${job.jobID}`).catch(whileAway);
    if (news) tell((job = news));
  }
  return job;
}

/** A server that is away for a while has not lost its jobs. */
function whileAway(error: unknown): null {
  if (error instanceof Refusal && error.status !== 401 && error.status < 500) throw error;
  return null;
}

export function cancelJob(id: string): Promise<Job> {
  return remove<Job>(`jobs/${id}`);
}

export function resultOf<T>(id: string): Promise<T> {
  return get<T>(`jobs/${id}/results`);
}

async function follow(id: string, tell: (job: Job) => void): Promise<void> {
  const answer = await fetch(`./jobs/${id}/events`, { headers: headers({ Accept: 'text/event-stream' }), cache: 'no-store' });
  if (!answer.ok || !answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const messages = text.split(/\r?\n\r?\n/);
    text = messages.pop() ?? '';
    for (const message of messages) {
      const data = /^data: ?(.*)$/m.exec(message)?.[1];
      if (/^event: ?status$/m.test(message) && data) tell(JSON.parse(data) as Job);
    }
  }
}
