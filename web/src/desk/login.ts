// Signing in with a key.
import { get, Refusal } from './client';
import { button, h } from './dom';
import type { Whoami } from './records';
import { forgetKey, keepKey, setMe } from './session';
import { say } from './speech';

export function loginForm(entered: () => void, otherLanguage: () => void): HTMLElement {
  const field = h('input', { id: 'key', type: 'password', required: true, autocomplete: 'off', 'aria-describedby': 'key-hint key-fault', spellcheck: 'false' });
  const fault = h('p', { id: 'key-fault', class: 'notice bad', role: 'alert', hidden: true });
  const form = h('form', { class: 'login' },
    h('h1', {}, `Muster ${say('title')}`),
    h('label', { class: 'field' }, h('span', {}, say('keyLabel')), field),
    h('p', { id: 'key-hint', class: 'quiet' }, say('keyHint')),
    fault,
    h('footer', {}, h('button', { type: 'submit', class: 'main', id: 'login' }, say('login')), button(say('otherLanguage'), otherLanguage)));
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
      forgetKey();
      fault.hidden = false;
      fault.textContent = error instanceof Refusal ? say('keyWrong') : say('noAnswer');
      field.focus();
    }
  }
  return h('main', { class: 'login-page' }, form);
}
