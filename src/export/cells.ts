import { formatNs } from '../units.js';

/** Stands for a percentile of too few samples, and for a ratio to nothing. */
export const WITHHELD = '-';

/**
 * A change in the units of the sentences: `14.1x` from twice on, `+18%` and `−4.3%` between, and
 * for a latency `÷31` where it is less than half; `same` where the two print alike.
 */
export function changeCell(
  value: number | null,
  base: number | null,
  { isLatency }: { isLatency: boolean },
): string {
  if (value === null || base === null) return WITHHELD;
  if (value === base) return 'same';
  if (base === 0) return WITHHELD;
  const times = value / base;
  if (times >= 2) return timesText(times, (digits) => `${digits}x`);
  if (isLatency && times < 0.5) return timesText(1 / times, (digits) => `÷${digits}`);
  const percent = Math.abs(times - 1) * 100;
  if (percent < 0.05) return 'same';
  return `${times < 1 ? '−' : '+'}${percent.toFixed(percent < 9.95 ? 1 : 0)}%`;
}

/** `206x`: how many times the least is in the greatest. */
export function spreadCell(ratio: number): string {
  return timesText(ratio, (digits) => `${digits}x`);
}

function timesText(ratio: number, write: (digits: string) => string): string {
  if (ratio >= 9999.5) return write('>9999');
  return write(ratio >= 999.5 ? ratio.toFixed(0) : ratio.toPrecision(3));
}

/** `1.2%`. */
export function percentText(share: number): string {
  const percent = share * 100;
  if (percent > 999.5) return '>999%';
  if (percent > 0 && percent < 0.05) return '<0.1%';
  return `${percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}

export function shortRate(value: number): string {
  if (value === 0 || value >= 99.95) return shortCount(Math.round(value));
  return value < 0.01 ? '<0.01' : value.toPrecision(value < 1 ? 2 : 3);
}

/** At most six characters: `500ns`, `21.6µs`, `0.278h`. */
export function shortNs(ns: number): string {
  return ns < 999.5e9 ? formatNs(ns).replace(' ', '') : `${(ns / 3.6e12).toPrecision(3)}h`;
}

/** At most five characters: `9999`, `12.3k`, `1.20M`. */
export function shortCount(count: number): string {
  if (count < 10_000) return String(count);
  for (const [unit, size] of [
    ['k', 1e3],
    ['M', 1e6],
    ['G', 1e9],
    ['T', 1e12],
  ] as const) {
    const digits = (count / size).toPrecision(3);
    if (Number(digits) < 1000) return `${digits}${unit}`;
  }
  return '>999T';
}
