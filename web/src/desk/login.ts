// Signing in with a key, and again when it ends while somebody works.
import { get, Refusal } from './client';
import { openDialog } from './dialogs';
import { button, h } from './dom';
import type { Whoami } from './records';
import { forgetKey, keepKey, setMe, whoami } from './session';
import { say } from './speech';

export function loginForm(entered: () => void, otherLanguage: () => void, told = ''): HTMLElement {
  const title = h('h1', {}, `Muster ${say('title')}`);
  const form = keyForm(entered, { before: [title], beside: button(say('otherLanguage'), otherLanguage), told, forget: true });
  return h('main', { class: 'login-page' }, form);
}

/** Over the page, so that a report half written is not lost; another person, whose key has another name, begins with a fresh page. */
export function askKeyAgain(entered: () => void): void {
  if (document.getElementById('key')) return;
  const before = whoami()?.name;
  const form = keyForm(() => {
    dialog.close();
    if (whoami()?.name === before) entered();
    else location.reload();
  }, { before: [h('p', {}, say('keyEnded'))], told: '', forget: false });
  const dialog = openDialog(say('login'), form);
  form.querySelector<HTMLElement>('#key')?.focus();
}

interface Around {
  before: HTMLElement[];
  beside?: HTMLElement;
  told: string;
  /** Whether a key that is not taken leaves nobody signed in. */
  forget: boolean;
}

function keyForm(entered: () => void, around: Around): HTMLFormElement {
  const field = h('input', { id: 'key', type: 'password', required: true, autocomplete: 'off', 'aria-describedby': 'key-hint key-fault', spellcheck: 'false' });
  const fault = h('p', { id: 'key-fault', class: 'notice bad', role: 'alert', hidden: !around.told }, around.told);
  const form = h('form', { class: 'login' }, around.before,
    h('label', { class: 'field' }, h('span', {}, say('keyLabel')), field),
    h('p', { id: 'key-hint', class: 'quiet' }, say('keyHint')),
    fault,
    h('footer', {}, h('button', { type: 'submit', class: 'main', id: 'login' }, say('login')), around.beside));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void enter();
  });
  async function enter(): Promise<void> {
    keepKey(field.value);
    try {
      setMe(await get<Whoami>('keys/me'));
      entered();
    } catch (error) {
      if (around.forget) forgetKey();
      fault.hidden = false;
      fault.textContent = error instanceof Refusal && error.status === 401 ? say('keyWrong') : say('noAnswer');
      field.focus();
    }
  }
  return form;
}
