import './desk_globals';
import { expect, test } from 'vitest';
import { basis, fill, learn, nameOf, say, speak } from '../src/desk/speech';
import { WORDS } from '../src/desk/words';

test('every word is there in both languages, with the same places for values', () => {
  for (const [key, [zh, en]] of Object.entries(WORDS)) {
    expect(zh.length * en.length, key).toBeGreaterThan(0);
    const places = (text: string) => [...text.matchAll(/\{\d\}/g)].map(String).sort();
    expect(places(zh), key).toEqual(places(en));
  }
});

test('values go where the words say', () => {
  expect(fill('{1} before {0}', ['a', 'b'])).toBe('b before a');
  speak('en');
  expect(say('committed', 'plan-1')).toBe('Committed plan-1');
  speak('zh');
  expect(say('committed', 'plan-1')).toBe('已下达 plan-1');
});

test('a name in the language spoken, else in the other, else the id', () => {
  speak('en');
  expect(nameOf({ name_zh: '陶乐', name_en: 'Taole' })).toBe('Taole');
  expect(nameOf({ name_zh: '陶乐', name_en: '' })).toBe('陶乐');
  expect(nameOf(null, 'team-1')).toBe('team-1');
  speak('zh');
  expect(nameOf({ name_zh: '陶乐', name_en: 'Taole' })).toBe('陶乐');
});

test('what a zone rests on is said in Chinese where the server knows how', () => {
  learn({ words: {}, substances: [], containers: [], sentences: [{ pattern: 'water ([\\d.]+) m deep \\((.*)\\)', zh: '水深 $1 米（$2）' }] });
  speak('zh');
  expect(basis('water 0.8 m deep (drawn)')).toBe('水深 0.8 米（drawn）');
  expect(basis('ERG 2024')).toBe('ERG 2024');
  speak('en');
  expect(basis('water 0.8 m deep (drawn)')).toBe('water 0.8 m deep (drawn)');
  speak('zh');
});
