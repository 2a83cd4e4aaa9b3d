// Reports of an incident (信息报告): first, follow-up, final; issued, read, printed, taken along as a file.
import { file, get, post } from './client';
import { button, h, table, type Child } from './dom';
import type { Desk } from './desk';
import { lazily } from './lazily';
import { onPaper } from './paper_frame';
import type { Both, IncidentFeature } from './records';
import { may } from './session';
import { language, say } from './speech';
import { dayAndClock } from './times';

type Kind = 'first' | 'follow_up' | 'final';
interface ReportRecord {
  id: string;
  kind: Kind;
  number: number;
  issued_at: string;
  issued_by: string;
}
export interface ReportContent {
  title: Both;
  to: string;
  sender: string;
  author: string;
  as_of: string;
  sections: { key: string; title: Both; lines: (Both & { at: string | null; source: Both | null })[]; grid: { header: Both[]; rows: Both[][] } | null }[];
}
interface ReportShown extends ReportRecord {
  content: ReportContent;
}
const KINDS: Record<Kind, 'reportFirst' | 'reportFollowUp' | 'reportFinal'> = { first: 'reportFirst', follow_up: 'reportFollowUp', final: 'reportFinal' };

/** Kind chosen for the next report of an incident, kept while the panel is drawn anew. */
let chosen: { of: string; kind: Kind } | null = null;

export function both(one: Both): string {
  return one[language()] || one.zh || one.en;
}

export function reports(desk: Desk, incident: IncidentFeature): Child {
  const { value } = lazily<{ items: ReportRecord[] }>(desk, `reports ${incident.id}`, String(desk.situation.readAt), () => get(`incidents/${incident.id}/reports`));
  const items = value?.items ?? [];
  const next: Kind = items.length ? (incident.properties.status === 'closed' ? 'final' : 'follow_up') : 'first';
  const wanted = chosen?.of === `${incident.id} ${items.length}` ? chosen.kind : next;
  const kind: HTMLSelectElement = h('select', { id: 'report-kind', onchange: () => (chosen = { of: `${incident.id} ${items.length}`, kind: kind.value as Kind }), 'aria-label': say('reports'), 'data-keep': 'report-kind' }, (Object.keys(KINDS) as Kind[]).map((one) => h('option', { value: one, selected: one === wanted }, say(KINDS[one]))));
  const words = h('input', { id: 'report-words', 'aria-label': say('reportWords'), placeholder: say('reportWords'), maxlength: 500, 'data-keep': 'report-words' });
  return h('section', {},
    h('h3', {}, say('reports')),
    may('operate') && h('form', {
      class: 'line',
      onsubmit: (event: Event) => {
        event.preventDefault();
        const situation = words.value.trim();
        const body = { kind: kind.value, ...(situation ? { situation: [situation] } : {}) };
        words.value = '';
        void issue(desk, incident, body);
      },
    }, kind, words, h('button', { type: 'submit', id: 'report-issue', 'data-keep': 'report-issue' }, say('issue'))),
    items.length > 0 && table(say('reports'), [
      { title: say('reports'), cell: (one) => button(`${one.number}. ${say(KINDS[one.kind])}`, () => void read(desk, one), { class: 'text', 'data-keep': `read-${one.id}` }) },
      { title: say('time'), cell: (one) => dayAndClock(one.issued_at) },
      { title: say('by'), cell: (one) => one.issued_by },
      { title: say('deed'), cell: (one) => button('DOCX', () => void download(desk, `reports/${one.id}/docx`, `${one.id}-${language()}.docx`), { 'data-keep': `docx-${one.id}` }) },
    ], items, (one) => ({ 'data-report': one.kind })));
}

async function issue(desk: Desk, incident: IncidentFeature, body: Record<string, unknown>): Promise<void> {
  const made = await desk.act(say('saving'), () => post<ReportShown>(`incidents/${incident.id}/reports`, body));
  await desk.situation.refresh(['incidents']);
  if (made) show(desk, made);
}

async function read(desk: Desk, record: ReportRecord): Promise<void> {
  const found = await desk.act(say('loading'), () => get<ReportShown>(`reports/${record.id}`));
  if (found) show(desk, found);
}

function show(desk: Desk, report: ReportShown): void {
  const docx = button('DOCX', () => void download(desk, `reports/${report.id}/docx`, `${report.id}-${language()}.docx`), { id: 'report-docx' });
  onPaper('A4', false, [docx], reportSheet(report.content, report.kind, `${say(KINDS[report.kind])} ${report.number} · `));
}

/** A report as a sheet of paper. */
export function reportSheet(content: ReportContent, kind: string, which: string): HTMLElement {
  const person = [content.to && `${say('to')} ${content.to}`, content.sender, content.author].filter(Boolean).join(' · ');
  return h('article', { class: 'sheet report-sheet', id: 'report-sheet', 'data-kind': kind },
      h('h1', {}, both(content.title)),
      h('p', {}, `${which}${dayAndClock(content.as_of)}${person ? ` · ${person}` : ''}`),
      content.sections.map((section) => [
        h('h2', {}, both(section.title)),
        section.lines.map((line) => h('p', {}, both(line), line.at && h('small', {}, ` （${dayAndClock(line.at)}${line.source ? `, ${both(line.source)}` : ''}）`))),
        section.grid && h('table', {},
          h('thead', {}, h('tr', {}, section.grid.header.map((cell) => h('th', { scope: 'col' }, both(cell))))),
          h('tbody', {}, section.grid.rows.map((row) => h('tr', {}, row.map((cell) => h('td', {}, both(cell))))))),
      ]));
}

/** A file of the server in the language spoken, taken along. */
export async function download(desk: Desk, path: string, name: string): Promise<void> {
  await desk.act(say('loading'), async () => {
    const link = h('a', { href: URL.createObjectURL(await file(`${path}?language=${language()}`)), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
  });
}
