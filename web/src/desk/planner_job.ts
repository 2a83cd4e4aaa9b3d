// A planning question as a job: asked for, followed with its live bound, cancelled, and found again after a reload.
import { get } from './client';
import { button, h, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import { cancelJob, followJob, isRunning, resultOf, runJob, type Job } from './jobs';
import { may } from './session';
import { refusalWords } from './refusals';
import { say } from './speech';
import { count } from './times';

const WORDS = { accepted: 'jobAccepted', running: 'jobRunning', successful: 'jobDone', failed: 'jobFailed', dismissed: 'jobCancelled' } as const;
const LOOKED_AT = 100;

export class PlannerJob<Plan extends { status: string }> {
  job: Job | null = null;
  plan: Plan | null = null;
  private looked = false;

  constructor(
    private readonly process: string,
    private readonly unit: () => string,
    /** Puts the question of a plan into the form; false where the form could not have asked it. */
    private readonly asks: (plan: Plan) => boolean,
    private readonly answered: (desk: Desk, plan: Plan) => Promise<void> | void = () => {},
  ) {}

  async run(desk: Desk, document: unknown): Promise<void> {
    this.plan = null;
    this.job = null;
    const done = await desk.act(say('computing'), () => runJob(this.process, document, (news) => this.take(desk, news)));
    if (done) await this.end(desk, done);
  }

  /** The newest job of this question that the server knows: a page that was closed meanwhile finds it again. */
  find(desk: Desk): void {
    if (this.looked || !may('plan')) return;
    const { value } = lazily<{ jobs: Job[] }>(desk, 'jobs', '', () => get(`jobs?limit=${LOOKED_AT}`));
    if (!value) return;
    this.looked = true;
    const newest = value.jobs.find((one) => one.processID === this.process && (one.status === 'successful' || isRunning(one)));
    if (this.job || !newest) return;
    this.job = newest;
    void (async () => this.end(desk, await followJob(newest, (news) => this.take(desk, news))))().catch(() => desk.paint());
  }

  private take(desk: Desk, news: Job): void {
    this.job = news;
    desk.paint();
  }

  private async end(desk: Desk, job: Job): Promise<void> {
    this.job = job;
    if (job.status === 'successful') {
      const plan = await desk.act(say('loading'), () => resultOf<Plan>(job.jobID));
      if (plan && this.job === job) await this.show(desk, job, plan);
    }
    desk.paint();
  }

  private async show(desk: Desk, job: Job, plan: Plan): Promise<void> {
    const fits = this.asks(plan);
    [this.job, this.plan] = fits ? [job, plan] : [null, null];
    if (fits && plan.status !== 'infeasible') await this.answered(desk, plan);
  }

  /** How the job stands; why it failed, in the server's words; that no plan keeps the rules. */
  view(desk: Desk): Child {
    const { job } = this;
    if (!job) return null;
    const figure = (value: number | null) => (value === null ? '–' : `${count(value)} ${this.unit()}`);
    const gap = job.gap === null ? '' : ` · ${say('gap')} ${(job.gap * 100).toFixed(1)} %`;
    const figures = job.value === null && job.bound === null ? '' : ` · ${say('best')} ${figure(job.value)} · ${say('bound')} ${figure(job.bound)}${gap}`;
    const running = isRunning(job);
    return [
      h('div', { class: 'job', role: 'status', id: `${this.process}-job`, 'data-status': job.status },
        running && h('progress', { ...(job.progress > 0 ? { max: 100, value: String(job.progress) } : {}), 'aria-label': say('progress') }),
        h('span', {}, `${say(WORDS[job.status])}${job.message && job.status !== 'failed' ? ` ${job.message}` : ''}${figures}`),
        running && button(say('cancel'), () => void this.cancel(desk, job), { id: `${this.process}-cancel`, 'data-keep': `${this.process}-cancel` })),
      job.status === 'failed' && refused(job),
      this.plan?.status === 'infeasible' && h('p', { class: 'notice bad', role: 'alert' }, say('infeasible')),
    ];
  }

  private async cancel(desk: Desk, job: Job): Promise<void> {
    const news = await desk.act(say('saving'), () => cancelJob(job.jobID));
    if (news) this.take(desk, news);
  }
}

interface Told {
  where?: string;
  found?: string;
  wanted?: string;
}

function refused(job: Job): HTMLElement {
  const facts = job.problem?.facts;
  const faults = (facts?.['faults'] as Told[] | undefined) ?? [];
  const told = faults.map((one) => h('li', {}, `${one.where ?? ''}: ${one.found ?? ''} → ${one.wanted ?? ''}`));
  return h('div', { class: 'notice bad', role: 'alert' },
    h('p', {}, `${refusalWords(job.problem?.code ?? '', job.problem?.detail || job.message)}`),
    told.length > 0 && h('ul', {}, told));
}
