// Times and figures as people read them.
export function clock(at: Date | string, seconds = false): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const text = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return seconds ? `${text}:${two(date.getSeconds())}` : text;
}

/** Month, day and time, for what may be of another day. */
export function dayAndClock(at: Date | string): string {
  const date = new Date(at);
  return `${date.getMonth() + 1}-${date.getDate()} ${clock(date)}`;
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
