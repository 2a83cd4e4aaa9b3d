// What spending buys, as a line for each time window; told apart by dashes and by words, not by colour alone.
import { svg } from './dom';
import { say } from './speech';
import { count, span } from './times';

/** A plan on the curve: what it costs, and the share of needs met by the end of each window. */
export interface Spending {
  spent: number;
  met: number[];
}
const WIDTH = 560;
const HEIGHT = 190;
const EDGE = { left: 48, right: 62, top: 12, bottom: 34 };
const DASHES = ['', '7 3', '2 3', '9 3 2 3'];
const APART = 13;

export function costCurve(points: Spending[], windows_s: number[], own: Spending): SVGElement {
  const spent = points.map((one) => one.spent);
  const [least, most] = [Math.min(...spent), Math.max(...spent)];
  const low = Math.max(0, Math.floor(10 * Math.min(...points.flatMap((one) => one.met)) - 0.5) / 10);
  const x = (value: number) => EDGE.left + ((value - least) / Math.max(1, most - least)) * (WIDTH - EDGE.left - EDGE.right);
  const y = (share: number) => EDGE.top + ((1 - share) / Math.max(0.05, 1 - low)) * (HEIGHT - EDGE.top - EDGE.bottom);
  const ends = apart(windows_s.map((_, at) => y(points.at(-1)?.met[at] ?? 0)));
  const text = (at: [number, number], words: string, anchor = 'start') => svg('text', { x: at[0], y: at[1], 'text-anchor': anchor }, words);
  return svg('svg', { class: 'curve', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${say('costCurve')}: ${points.map((one) => `${count(Math.round(one.spent))} → ${one.met.map((met) => `${(100 * met).toFixed(0)} %`).join(', ')}`).join('; ')}` },
    [1, (1 + low) / 2, low].map((share) => [
      svg('path', { class: 'grid', d: `M${EDGE.left} ${y(share)}H${WIDTH - EDGE.right}` }),
      text([EDGE.left - 6, y(share) + 4], `${(100 * share).toFixed(0)} %`, 'end'),
    ]),
    svg('path', { class: 'grid', 'stroke-dasharray': '3 3', d: `M${x(own.spent)} ${EDGE.top}V${HEIGHT - EDGE.bottom}` }),
    text([x(own.spent), HEIGHT - 4], say('thisPlan'), 'middle'),
    text([EDGE.left, HEIGHT - EDGE.bottom + 15], `${count(Math.round(least))} ${say('yuan')}`),
    text([WIDTH - EDGE.right, HEIGHT - EDGE.bottom + 15], `${count(Math.round(most))} ${say('yuan')}`, 'middle'),
    windows_s.map((window, at) => [
      svg('path', { class: `met window-${at}`, 'stroke-dasharray': DASHES[at % DASHES.length]!, d: `M${points.map((one) => `${x(one.spent).toFixed(1)} ${y(one.met[at] ?? 0).toFixed(1)}`).join('L')}` }),
      text([WIDTH - EDGE.right + 6, ends[at]! + 4], span(window)),
    ]));
}

/** Heights of labels, moved down as far as none lies on another. */
function apart(heights: number[]): number[] {
  const order = heights.map((_, at) => at).sort((one, other) => heights[one]! - heights[other]! || one - other);
  const moved = [...heights];
  order.forEach((at, place) => {
    const above = place ? moved[order[place - 1]!]! + APART : -Infinity;
    moved[at] = Math.max(moved[at]!, above);
  });
  return moved;
}
