import type { SweepDocument } from '../result/sweep-document.js';

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

/** The two figures that each point of a sweep trades, or null. */
export function tradesOf({ front, points }: SweepDocument): (Trade | null)[] {
  return points.map(({ figures }) => {
    const [from, to] = front.map((place) => figures[place]?.value ?? null);
    return from === null || to === null ? null : [from, to];
  });
}

/** The places of the points that no other one beats. */
export function frontPoints(sweep: SweepDocument): number[] {
  return paretoFront(tradesOf(sweep));
}

/**
 * The parameters that change what there is to do, not how it is done: points that differ in them
 * are no alternatives to each other.
 */
export function loadParameters({ parameters }: Pick<SweepDocument, 'parameters'>): string[] {
  return parameters
    .filter(({ values }) => values.length > 1)
    .map(({ path }) => path)
    .filter((path) => LOAD.test(path));
}

const LOAD = /^machine\.(processors|background)\b|^sources\b.*\.(arrivals|isr|service)\b|^sources$/;
