// The keyboard: one key a deed, never while somebody types.
export type Deeds = Record<string, () => void>;

export function listenToKeys(deeds: () => Deeds, escape: () => boolean, enter: () => boolean, back: () => boolean): (event: KeyboardEvent) => void {
  const listener = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const typing = target.matches('input:not([type="checkbox"]):not([type="range"]), select, textarea');
    const presses = event.key === ' ' && target.matches('button, summary, a, input[type="checkbox"]');
    if (event.key === 'Escape') {
      if (!document.querySelector('dialog[open]') && escape()) event.preventDefault();
      return;
    }
    if (typing || presses || document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && enter()) return event.preventDefault();
    if (event.key === 'Backspace' && back()) return event.preventDefault();
    const deed = deeds()[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  };
  document.addEventListener('keydown', listener);
  return listener;
}
