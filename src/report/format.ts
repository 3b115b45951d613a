import { formatCount, formatNs } from '../units.js';
import type { ColumnUnit } from './model.js';

/** A percentile that too few samples stand for: in a cell, and in a sentence. */
export const FEW = 'few';
export const FEW_WORDS = 'too few samples';
/** Stands once beneath figures of which some are `few`. */
export const FEW_NOTE = '“few”: too few samples, fewer than ten lie beyond that percentile.';

/** On one line: a figure stays beside its unit and its name. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

/** With a capital at the beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Three significant digits without an exponent: `0.0312`, `3.12`, `312`, `31,200`. */
export function threeDigits(value: number): string {
  if (Number.isInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  if (size >= 99.95) return formatCount(Math.round(value));
  const decimals = size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
  return value.toFixed(decimals);
}

/** `12.3 %`; a share too small for the digits is `< 0.1 %` and not 0. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

/** `× 1.25`; the first policy's own ratio is `× 1`. */
function formatRatio(ratio: number): string {
  return ratio === 1 ? '× 1' : `× ${threeDigits(ratio)}`;
}

/** A table's cell as text. */
export function formatCell(value: string | number | null, unit: ColumnUnit): string {
  if (value === null) return FEW;
  if (typeof value !== 'number') return String(value);
  switch (unit) {
    case 'ns':
      return formatNs(value);
    case 'count':
      return formatCount(value);
    case 'share':
      return formatShare(value);
    case 'ratio':
      return formatRatio(value);
    default:
      return threeDigits(value);
  }
}

/** `p50`, `p99.9` for x = 1 / (1 − p). */
export function formatPercentile(x: number): string {
  return `p${Number(((1 - 1 / x) * 100).toFixed(4))}`;
}
