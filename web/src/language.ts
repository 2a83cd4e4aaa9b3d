// The language of the page is the radio button that is checked; style rules do the rest.
import type { Language, Words } from './page_data';

export function inLanguage(words: Words, language: Language): string {
  if (typeof words === 'string') return words;
  return words[language === 'zh' ? 0 : 1];
}

export function currentLanguage(page: Document): Language {
  const chosen = page.querySelector<HTMLInputElement>('input[name="language"]:checked');
  return chosen?.value === 'en' ? 'en' : 'zh';
}

export function onLanguageChange(page: Document, tell: (language: Language) => void): void {
  for (const input of page.querySelectorAll('input[name="language"]')) {
    input.addEventListener('change', () => tell(currentLanguage(page)));
  }
}
