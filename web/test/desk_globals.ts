// What the browser has and Node has not, as far as the desk's pure modules touch it.
const kept = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  },
  document: { documentElement: { lang: '' } },
});
