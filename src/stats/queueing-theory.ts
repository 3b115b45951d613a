/**
 * Closed forms that special cases of the machine must agree with. Times in any one unit; rates per
 * that unit. L. Kleinrock, "Queueing Systems" (1975, 1976), unless another source is named.
 */

/** The first two moments of a service time. */
export interface Moments {
  mean: number;
  second: number;
}

export function exponentialMoments(mean: number): Moments {
  return { mean, second: 2 * mean ** 2 };
}

export function constantMoments(value: number): Moments {
  return { mean: value, second: value ** 2 };
}

/** A draw from one of several, by weight. */
export function mixtureMoments(parts: readonly { weight: number; of: Moments }[]): Moments {
  const weights = parts.reduce((sum, { weight }) => sum + weight, 0);
  const blend = (moment: keyof Moments): number =>
    parts.reduce((sum, { weight, of }) => sum + (weight / weights) * of[moment], 0);
  return { mean: blend('mean'), second: blend('second') };
}

/** The share of time that a server works: λ E[S]. */
export function utilisation(rate: number, service: Moments): number {
  return rate * service.mean;
}

/** E[W] = λ E[S²] / 2(1 − ρ) of M/G/1 (F. Pollaczek, 1930; A. Khinchine, 1932). */
export function meanWait(rate: number, service: Moments): number {
  return (rate * service.second) / (2 * (1 - stable(utilisation(rate, service))));
}

/** P(W > t) = ρ exp(−(1 − ρ) t / E[S]) of M/M/1. */
export function exponentialWaitTail(rho: number, meanService: number, t: number): number {
  return stable(rho) * Math.exp((-(1 - rho) * t) / meanService);
}

/** The wait that a share `probability` of M/M/1's customers do not exceed; 0 up to 1 − ρ. */
export function exponentialWaitQuantile(
  rho: number,
  meanService: number,
  probability: number,
): number {
  const tail = (1 - probability) / stable(rho);
  return tail >= 1 ? 0 : (-Math.log(tail) * meanService) / (1 - rho);
}

/** A class of customers of one server. */
export interface CustomerClass {
  rate: number;
  service: Moments;
}

/**
 * Mean waits of classes of falling priority that do not interrupt each other: head of the line
 * (A. Cobham, "Priority assignment in waiting line problems", Operations Research 2, 1954).
 */
export function headOfLineWaits(classes: readonly CustomerClass[]): number[] {
  const residual = classes.reduce((sum, { rate, service }) => sum + (rate * service.second) / 2, 0);
  let above = 0;
  return classes.map(({ rate, service }) => {
    const before = 1 - above;
    above = stable(above + utilisation(rate, service));
    return residual / (before * (1 - above));
  });
}

/** Times for which a server is away: Poisson while it is up, then for a time with these moments. */
export interface Interruptions {
  rate: number;
  away: Pick<Moments, 'mean' | 'second'>;
}

/** The share of time that the server is there: 1 / (1 + λ E[B]). */
export function availability({ rate, away }: Interruptions): number {
  return 1 / (1 + rate * away.mean);
}

/**
 * Mean wait until service first starts, when interruptions break in at any time and the service
 * resumes where it was: preemptive-resume priority over everything else.
 *
 * With availability A, the work found is extended by 1 / A, and a server found away returns after
 * E[B²] / 2E[B]: W (1 − ρ/A) = λ E[S²] / 2A² + (1 − A) E[B²] / 2E[B] (B. Avi-Itzhak and
 * P. Naor, "Some queuing problems with the service station subject to breakdown", Operations
 * Research 11, 1963).
 */
export function interruptedWait(low: CustomerClass, interruptions: Interruptions): number {
  const { away } = interruptions;
  const there = availability(interruptions);
  const load = stable(utilisation(low.rate, low.service) / there);
  const work = (low.rate * low.service.second) / (2 * there ** 2);
  return (work + ((1 - there) * away.second) / (2 * away.mean)) / (1 - load);
}

/**
 * How long a processor is away in ISRs of constant length from one source of rate λ: each is
 * followed by another if an interrupt came while it ran, however many came (they merge, R6). So
 * their number is geometric with continuation 1 − exp(−λ D).
 */
export function mergedIsrPeriod(rate: number, isr: number): Pick<Moments, 'mean' | 'second'> {
  const goesOn = -Math.expm1(-rate * isr);
  const count = 1 / (1 - goesOn);
  return { mean: isr * count, second: isr ** 2 * (1 + goesOn) * count ** 2 };
}

/** A wait for the next tick from an instant that ticks know nothing of: uniform on (0, tick]. */
export function tickWaitQuantile(tick: number, probability: number): number {
  return tick * probability;
}

/** Where R16's rate := (rate + count) >> 1 settles with the same count at every tick. */
export function settledRate(countPerTick: number, start = 0): number {
  let rate = start;
  for (;;) {
    const next = (rate + countPerTick) >> 1;
    if (next === rate) return rate;
    rate = next;
  }
}

/**
 * Local requests for each tick when `countPerTick` Low DPCs of as many objects come between two
 * ticks and the rule is `rare` or `slow` alone, averaged over the cycle in which R16's integer
 * arithmetic ends up from a standing start.
 *
 * Under `rare` the rate counts inserts, the same at every tick, and settles at one less: requests
 * stop for good from `minimumDpcRate` + 1 on. Under `slow` it counts what was taken: the first time
 * that nobody is interrupted, nothing is taken before the tick, the rate halves, and a count just
 * over the limit swings to and fro for ever.
 */
export function lowRequestsPerTick(
  countPerTick: number,
  minimumDpcRate: number,
  rule: 'rare' | 'slow',
): number {
  const seen = new Map<string, number>();
  const requests: number[] = [];
  let [rate, waiting] = [0, 0];
  for (;;) {
    const cycleFrom = seen.get(`${rate} ${waiting}`);
    if (cycleFrom !== undefined) {
      const cycle = requests.slice(cycleFrom);
      return cycle.reduce((sum, count) => sum + count, 0) / cycle.length;
    }
    seen.set(`${rate} ${waiting}`, requests.length);
    const interrupts = rate < minimumDpcRate;
    // What waited at the tick is taken right after it, by the tick's own request.
    const taken = waiting + (interrupts ? countPerTick : 0);
    requests.push(interrupts ? countPerTick : 0);
    waiting = interrupts ? 0 : countPerTick;
    rate = (rate + (rule === 'rare' ? countPerTick : taken)) >> 1;
  }
}

function stable(rho: number): number {
  if (rho < 1) return rho;
  throw new RangeError(`a load of ${rho}: no queue settles from 1 on`);
}
