// Times and figures as people read them.
let offset_s = -60 * new Date().getTimezoneOffset();

/** Local time is that of the region, wherever the browser stands. */
export function keepTimeOf(utc_offset_s: number): void {
  offset_s = utc_offset_s;
}

/** A date whose UTC parts are the region's local ones. */
function local(at: Date | string): Date {
  return new Date(new Date(at).getTime() + 1000 * offset_s);
}

export function clock(at: Date | string, seconds = false): string {
  const date = local(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return seconds ? `${text}:${two(date.getUTCSeconds())}` : text;
}

/** Month, day and time, for what may be of another day. */
export function dayAndClock(at: Date | string): string {
  const date = local(at);
  return `${date.getUTCMonth() + 1}-${date.getUTCDate()} ${clock(at)}`;
}

/** Minutes and seconds, or hours and minutes: `4:31`, `1 h 08`. */
export function span(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 ? '−' : '';
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)}:${two(whole % 60)}`;
  return `${sign}${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))}`;
}

/** An age in one unit: `40 s`, `12 min`, `3 h`, `2 d`. */
export function age(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

export function since(at: string, now: number): number {
  return Math.max(0, (now - Date.parse(at)) / 1000);
}

export function count(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

export function metres(value: number | null): string {
  if (value === null) return '–';
  return value < 1000 ? `${Math.round(value)} m` : `${(value / 1000).toFixed(1)} km`;
}

/** An instant as a field of local time takes it. */
export function localInput(at: Date | string): string {
  return local(at).toISOString().slice(0, 16);
}

/** What such a field says, as an instant. */
export function atRegion(field: string): string {
  return new Date(Date.parse(`${field.slice(0, 16)}:00Z`) - 1000 * offset_s).toISOString();
}
