// What goes on paper: order sheets, the incident's map, the roster.
import type { Desk } from './desk';

export function openPaper(_desk: Desk): void {
  window.print();
}
