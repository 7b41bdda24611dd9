// Times on pages: in the visitor's own, which only their browser knows (assets/times.js), and in UTC without a script.

import { type Html, html } from './html.ts';

/** Seconds since 1970. */
export function time(seconds: number): Html {
  const moment = new Date(seconds * 1000);
  const text = moment.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });
  return html`<time datetime="${moment.toISOString()}">${text} UTC</time>`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

export function duration(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0)!;
  const count = seconds / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
