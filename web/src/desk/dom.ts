// Elements from functions: no markup is ever made from text, so names cannot become markup.
export type Child = Node | string | number | null | undefined | false | Child[];
type Handler = (event: never) => void;
export type Props = Record<string, string | number | boolean | null | undefined | Handler | Partial<CSSStyleDeclaration>>;

const SVG = 'http://www.w3.org/2000/svg';
const AS_PROPERTY = new Set(['value', 'checked', 'disabled', 'selected', 'hidden', 'open', 'required', 'multiple']);

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  dress(element, props);
  add(element, children);
  return element;
}

export function svg(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS(SVG, tag);
  dress(element, props);
  add(element, children);
  return element;
}

function dress(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value as EventListener);
    else if (name === 'style') Object.assign((element as HTMLElement).style, value);
    else if (AS_PROPERTY.has(name)) (element as unknown as Record<string, unknown>)[name] = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

export function add(parent: Element, children: Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) add(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(String(child));
  }
}

/** Put new content in place; focus and scroll positions of parts that stay, named by `data-keep`, stay too. */
export function renew(parent: Element, ...children: Child[]): void {
  const focused = parent.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset['keep']
    : undefined;
  const typed = new Map<string, string>();
  for (const field of parent.querySelectorAll<HTMLInputElement>('input[data-keep]:not([type="checkbox"])')) {
    if (field.value !== field.defaultValue || field.value) typed.set(field.dataset['keep']!, field.value);
  }
  const scrolled = new Map<string, number>();
  for (const part of parent.querySelectorAll<HTMLElement>('[data-scroll]')) {
    scrolled.set(part.dataset['scroll']!, part.scrollTop);
  }
  parent.replaceChildren();
  add(parent, children);
  for (const field of parent.querySelectorAll<HTMLInputElement>('input[data-keep]:not([type="checkbox"])')) {
    const text = typed.get(field.dataset['keep']!);
    if (text !== undefined && !field.value) field.value = text;
  }
  for (const part of parent.querySelectorAll<HTMLElement>('[data-scroll]')) {
    part.scrollTop = scrolled.get(part.dataset['scroll']!) ?? 0;
  }
  if (focused) parent.querySelector<HTMLElement>(`[data-keep="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

export interface Column<Row> {
  title: string;
  cell: (row: Row) => Child;
  number?: boolean;
}

/** A table that a screen reader reads: a caption, headed columns, and the first cell of a row as its heading. */
export function table<Row>(
  caption: string,
  columns: Column<Row>[],
  rows: Row[],
  about: (row: Row) => Props = () => ({}),
): HTMLTableElement {
  const cell = (row: Row, column: Column<Row>, first: boolean) =>
    first
      ? h('th', { scope: 'row' }, column.cell(row))
      : h('td', column.number ? { class: 'number' } : {}, column.cell(row));
  return h(
    'table',
    {},
    h('caption', {}, caption),
    h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col', class: column.number && 'number' }, column.title)))),
    h('tbody', {}, rows.map((row) => h('tr', about(row), columns.map((column, at) => cell(row, column, at === 0))))),
  );
}

export function button(label: Child, act: () => void, props: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', ...props, onclick: () => act() }, label);
}
