/**
 * Figures as text for axes, labels and the reading under the cursor. The same rules as in the
 * tables (`src/units.ts`, `src/report/format.ts`): test/report/page-format.test.ts compares them.
 */
const STEPS: readonly [number, string][] = [
  [1, 'ns'],
  [1e3, 'µs'],
  [1e6, 'ms'],
  [1e9, 's'],
];

export function formatNs(ns: number): string {
  for (const [size, unit] of STEPS) {
    const text = durationDigits(ns / size);
    if (Number(text) < 1000 || unit === 's') return `${groupDigits(text)} ${unit}`;
  }
  return String(ns);
}

function durationDigits(value: number): string {
  if (value === 0 || (Number.isInteger(value) && value < 1000)) return String(value);
  if (value >= 999.5) return value.toFixed(0);
  return value < 0.01 ? value.toFixed(3) : value.toPrecision(3);
}

export function formatCount(count: number): string {
  return groupDigits(String(count));
}

export function formatDecimal(value: number): string {
  if (Number.isInteger(value)) return formatCount(value);
  const size = Math.abs(value);
  if (size >= 99.95) return formatCount(Math.round(value));
  return value.toFixed(size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3);
}

export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}

export function formatPercentile(x: number): string {
  return `p${Number(((1 - 1 / x) * 100).toFixed(4))}`;
}

function groupDigits(text: string): string {
  const [whole, fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
