/** An axis made with the page: from a value to its place, 0 to 1. */
export interface Scale {
  at: (value: number) => number;
  ticks: number[];
}

/** Beyond this ratio of the greatest to the least a linear axis hides the small ones. */
export const LOG_FROM = 20;

/** Decades from below the least value to above the greatest one; values below 1 stand at 1. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.map((value) => Math.max(1, value));
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(high) - 1e-9));
  // A decade of which little is used would squeeze the rest: 2 and 5 can end the axis as well.
  const start =
    [5, 2, 1].map((digit) => digit * 10 ** first).find((edge) => edge <= low) ?? 10 ** first;
  const end =
    [2, 5, 10]
      .map((digit) => digit * 10 ** (last - 1))
      .find((edge) => edge >= high && edge > start) ?? 10 ** last;
  const span = Math.log(end / start);
  const decades = Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
  const few = Math.log10(end / start) < 2.2;
  const ticks = decades
    .flatMap((decade) => (few ? [1, 2, 5] : [1]).map((digit) => digit * decade))
    .filter((tick) => tick >= start && tick <= end);
  return {
    at: (value) => Math.min(1, Math.max(0, Math.log(Math.max(value, 1) / start) / span)),
    ticks,
  };
}

/** From 0 to a round value that is not below the greatest, in about `count` round steps. */
export function linearScale(values: readonly number[], count = 5): Scale {
  const max = Math.max(0, ...values);
  const step = roundStep(max, count);
  const steps = Math.max(1, Math.ceil(max / step - 1e-9));
  return {
    at: (value) => Math.min(1, Math.max(0, value / (steps * step))),
    ticks: Array.from({ length: steps + 1 }, (_, i) => Number((i * step).toPrecision(12))),
  };
}

function roundStep(max: number, count: number): number {
  if (!(max > 0)) return 1;
  const rough = max / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9))!;
}
