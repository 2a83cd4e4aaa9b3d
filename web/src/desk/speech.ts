// The language of the desk, and how words and names are said in it.
import type { Language } from '../page_data';
import type { Both, Named, Vocabulary } from './records';
import { WORDS, type Word } from './words';

const CHOICE = 'muster-language';
let spoken: Language = localStorage.getItem(CHOICE) === 'en' ? 'en' : 'zh';
let vocabulary: Vocabulary = { words: {}, substances: [], containers: [], sentences: [] };

export function language(): Language {
  return spoken;
}

export function speak(chosen: Language): void {
  spoken = chosen;
  localStorage.setItem(CHOICE, chosen);
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
}

export function learn(words: Vocabulary): void {
  vocabulary = words;
}

export function catalogue(): Vocabulary {
  return vocabulary;
}

/** The words of a key, `{0}` and so on filled in. */
export function say(word: Word, ...values: (string | number)[]): string {
  return fill(WORDS[word][spoken === 'zh' ? 0 : 1], values);
}

export function fill(text: string, values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ''));
}

/** A word of plans, as the server names it: `term('zones', 'isolation')`. */
export function term(family: string, word: string): string {
  const both: Both | undefined = vocabulary.words[family]?.[word];
  return both ? both[spoken] || word : word;
}

/** What a zone rests on, in the language spoken; as it is where it names a source of its own. */
export function basis(said: string): string {
  if (spoken === 'en') return said;
  for (const { pattern, zh } of vocabulary.sentences) {
    const whole = new RegExp(`^(?:${pattern})$`);
    if (whole.test(said)) return said.replace(whole, zh);
  }
  return said;
}

/** The name in the language spoken, else in the other one, else the id. */
export function nameOf(one: Named | null | undefined, id: string | number = ''): string {
  const [first, second] = spoken === 'zh' ? [one?.name_zh, one?.name_en] : [one?.name_en, one?.name_zh];
  return first || second || String(one?.id ?? id);
}

