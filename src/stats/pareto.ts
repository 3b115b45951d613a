import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';

/** Two figures of something, of both of which less is better. */
export type Trade = readonly [number, number];

/**
 * The places of those that nothing else beats: no other one is at most as high in both figures and
 * lower in one. By ascending first figure. Of equal ones the first stands for all.
 */
export function paretoFront(trades: readonly (Trade | null)[]): number[] {
  const order = trades
    .map((trade, place) => ({ trade, place }))
    .filter((one): one is { trade: Trade; place: number } => one.trade !== null)
    .sort((a, b) => a.trade[0] - b.trade[0] || a.trade[1] - b.trade[1] || a.place - b.place);
  const front: number[] = [];
  let least = Infinity;
  for (const { trade, place } of order) {
    if (trade[1] >= least) continue;
    least = trade[1];
    front.push(place);
  }
  return front;
}

/** The two figures that a sweep trades, at one of its points; null where one is unknown. */
export function tradeOf({ front: [a, b] }: SweepDocument, { figures }: SweepPoint): Trade | null {
  const [from, to] = [figures[a]?.value ?? null, figures[b]?.value ?? null];
  return from === null || to === null ? null : [from, to];
}
