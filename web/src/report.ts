// Entry of the report page: puts the interactive map in place of the drawn one, where the browser can.
import { currentLanguage, onLanguageChange } from './language';
import { LiveMap } from './live_map';
import { readPageData } from './page_data';
import { wireReplay } from './replay';

declare global {
  interface Window {
    /** The running map, for tests and for people who look under the hood. */
    map?: LiveMap['map'];
  }
}

function start(page: Document): void {
  const container = page.getElementById('live-map');
  if (!container) return;
  if (!hasWebGL(page)) {
    page.getElementById('no-webgl')?.removeAttribute('hidden');
    return;
  }
  container.hidden = false;
  const live = new LiveMap(container, readPageData(page), currentLanguage(page), (id) => isOn(page, id));
  page.documentElement.classList.add('is-live');
  window.map = live.map;
  onLanguageChange(page, (language) => live.speak(language));
  wireSwitches(page, live);
  wirePlaces(page, live, container);
  wireReplay(page, live.map, (layer) => switchOff(page, live, layer));
}

function hasWebGL(page: Document): boolean {
  const context = page.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}

function isOn(page: Document, id: string): boolean {
  return page.querySelector<HTMLInputElement>(`[data-switch="${CSS.escape(id)}"]`)?.checked ?? true;
}

function wireSwitches(page: Document, live: LiveMap): void {
  for (const input of page.querySelectorAll<HTMLInputElement>('[data-switch]')) {
    input.addEventListener('change', () => live.show(input.dataset['switch'] ?? '', input.checked));
  }
}

/** As if the reader had switched a layer off in the legend. */
function switchOff(page: Document, live: LiveMap, id: string): void {
  const input = page.querySelector<HTMLInputElement>(`[data-switch="${CSS.escape(id)}"]`);
  if (!input?.checked) return;
  input.checked = false;
  live.show(id, false);
}

/** Rows and list entries that name a place lead to it, by mouse and by keyboard. */
function wirePlaces(page: Document, live: LiveMap, container: HTMLElement): void {
  for (const place of page.querySelectorAll<HTMLElement>('[data-feature]')) {
    const go = () => {
      if (live.goTo(place.dataset['layer'] ?? '', place.dataset['feature'] ?? '')) {
        container.scrollIntoView({ block: 'nearest' });
      }
    };
    place.tabIndex = 0;
    place.addEventListener('click', go);
    place.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      event.preventDefault(); // or the same key press would close the popup, whose button now has the focus
      go();
    });
  }
}

start(document);
