// The frame of everything that goes on paper: over the desk on the screen, alone in print.
import { button, h, renew, type Child } from './dom';
import { paperMark, wholeMark } from './exercise_mark';
import { say } from './speech';

const pageRule = new CSSStyleSheet();

/** Show sheets; `bar`: further buttons above them. */
export function onPaper(size: string, landscape: boolean, bar: Child[], ...sheets: Child[]): void {
  const paper = document.getElementById('paper')!;
  document.adoptedStyleSheets = [pageRule];
  pageRule.replaceSync(`@page { size: ${size} ${landscape ? 'landscape' : 'portrait'}; margin: 12mm; }`);
  document.documentElement.classList.add('on-paper');
  document.getElementById('desk')!.inert = true;
  renew(paper,
    h('div', { class: 'paper-bar' }, bar, button(say('print'), () => window.print(), { class: 'main', id: 'print', 'data-keep': 'print' }), button(say('close'), offPaper, { id: 'paper-close', 'data-keep': 'paper-close' })),
    h('main', { class: `paper-body ${size} ${landscape ? 'landscape' : ''}`, tabindex: 0, 'aria-label': say('paper') }, sheets));
  for (const sheet of paper.querySelectorAll('.sheet')) sheet.prepend(...[paperMark()].filter((one) => one !== null));
  paper.append(...[wholeMark()].filter((one) => one !== null));
  paper.onkeydown = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    offPaper();
  };
  if (!paper.contains(document.activeElement)) paper.querySelector<HTMLElement>('#paper-close')?.focus();
}

export function offPaper(): void {
  document.getElementById('paper')!.replaceChildren();
  document.documentElement.classList.remove('on-paper');
  document.getElementById('desk')!.inert = false;
}

export function isOnPaper(): boolean {
  return document.documentElement.classList.contains('on-paper');
}
