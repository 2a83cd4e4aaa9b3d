// A siting question as the planner's form asks it, and what a plan or a drawing answers.
import type { Named } from './records';

export interface SitingForm {
  open: number;
  townWithin_min: number;
  outskirtsWithin_min: number;
}
export interface DrawnPlace {
  id: string;
  lon: number;
  lat: number;
}
export interface Served {
  people: number;
  covered: number;
  share: number | null;
  mean_response_s: number | null;
}
export interface Measures {
  standards: (Served & { zone: string | null; within_s: number })[];
  townships: (Served & Named & { id: string; within_s: number })[];
}
export interface Site extends Named {
  id: string;
  lon: number;
  lat: number;
}
export interface SitingPlan {
  status: string;
  objective: { value: number; unit: string } | null;
  bound: { value: number } | null;
  gap: number | null;
  decisions: { open: Site[]; keep: Site[]; close: Site[] };
  measures: { before: Measures; after: Measures | null };
  inputs: {
    scenario: { content: { siting: { question: string; open: number | null; standards: { force: string; zone: string | null; within_s: number }[] } } };
  };
  curve: { name: string; points: { open: number; objective: number | null; bound: number | null; covered: number | null }[] };
}
export interface DrawnMeasured {
  before: Measures;
  drawn: { measures: Measures; breaks: { text_zh: string; text_en: string }[] };
  points: { id: string; lon: number; lat: number; people: number; before: boolean; after: boolean }[];
}

/** The scenario document, as a file would have it. */
export function sitingScenario(form: SitingForm, drawn: { sites: string[]; places: DrawnPlace[] } | null): Record<string, unknown> {
  return {
    muster: 1,
    kind: 'siting',
    siting: {
      question: 'mclp',
      open: form.open,
      candidates: { layer: 'stations', where: "status in ('under_construction', 'planned', 'candidate')" },
      keep: 'existing',
      standards: [
        { force: 'fire', zone: 'town', within_s: `${form.townWithin_min} min`, source: 'entered at the desk' },
        { force: 'fire', zone: 'outskirts', within_s: `${form.outskirtsWithin_min} min`, source: 'entered at the desk' },
      ],
      curve_to: Math.max(form.open, 6),
      ...(drawn ? { drawn } : {}),
    },
  };
}

/** The form as it asked for a plan; false where the plan answers another question. */
export function takeForm(form: SitingForm, plan: SitingPlan): boolean {
  const { question, open, standards } = plan.inputs.scenario.content.siting;
  const within_s = (zone: string) => standards.find((one) => one.force === 'fire' && one.zone === zone)?.within_s;
  const [town, outskirts] = [within_s('town'), within_s('outskirts')];
  if (question !== 'mclp' || open === null || standards.length !== 2 || town === undefined || outskirts === undefined) return false;
  Object.assign(form, { open, townWithin_min: town / 60, outskirtsWithin_min: outskirts / 60 });
  return true;
}

/** How a place fares: `before`, `gained`, `lost` or `none`. */
export function coverOf(point: { before: boolean; after: boolean }): 'before' | 'gained' | 'lost' | 'none' {
  if (point.before) return point.after ? 'before' : 'lost';
  return point.after ? 'gained' : 'none';
}
