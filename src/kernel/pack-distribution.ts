import {
  DISTRIBUTION_A,
  DISTRIBUTION_B,
  DISTRIBUTION_C,
  DISTRIBUTION_KIND,
  DISTRIBUTION_PARTS_COUNT,
  DISTRIBUTION_PARTS_SLOT,
  DISTRIBUTION_SLOTS,
  DRAW_CONSTANT,
  DRAW_EXPONENTIAL,
  DRAW_HISTOGRAM,
  DRAW_LOGNORMAL,
  DRAW_MIXTURE,
  DRAW_PARETO,
  DRAW_UNIFORM,
} from '../../assembly/shared/abi.js';
import { exp, ln } from '../../assembly/shared/elementary.js';
import type { Distribution } from '../scenario/scenario.js';
import type { Slots } from './slots.js';

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

/** Numbers the distributions of a scenario, equal ones once, and writes their table. */
export class DistributionTable {
  private readonly numbers = new Map<string, number>();
  /** Where an object that was seen stands: one may be that of a thousand sources. */
  private readonly seen = new Map<Distribution, number>();
  private readonly all: Distribution[] = [];

  /** The distribution's number; its parts are numbered too. */
  number(distribution: Distribution): number {
    let index = this.seen.get(distribution);
    if (index === undefined) {
      index = this.numberOf(distribution);
      this.seen.set(distribution, index);
    }
    return index;
  }

  private numberOf(distribution: Distribution): number {
    const key = JSON.stringify(distribution);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    if (distribution.kind === 'mixture') {
      for (const part of distribution.parts) this.number(part.of);
    }
    const index = this.all.push(distribution) - 1;
    this.numbers.set(key, index);
    return index;
  }

  get count(): number {
    return this.all.length;
  }

  /** Appends the records, then the parts; answers the first slot. */
  write(slots: Slots): number {
    const first = slots.append(this.all.length * DISTRIBUTION_SLOTS);
    this.all.forEach((distribution, index) => {
      this.writeOne(slots, first + index * DISTRIBUTION_SLOTS, distribution);
    });
    return first;
  }

  private writeOne(slots: Slots, record: number, d: Distribution): void {
    const set = (kind: number, a: number, b = 0, c = 0): void => {
      slots.setInteger(record + DISTRIBUTION_KIND, kind);
      slots.setFloat(record + DISTRIBUTION_A, a);
      slots.setFloat(record + DISTRIBUTION_B, b);
      slots.setFloat(record + DISTRIBUTION_C, c);
    };
    switch (d.kind) {
      case 'constant':
        return set(DRAW_CONSTANT, d.ns);
      case 'uniform':
        return set(DRAW_UNIFORM, d.minNs, d.maxNs - d.minNs);
      case 'exponential':
        return set(DRAW_EXPONENTIAL, d.meanNs);
      case 'lognormal':
        return set(DRAW_LOGNORMAL, ...logNormalParameters(d.meanNs, d.p99Ns));
      case 'pareto':
        return set(DRAW_PARETO, d.minNs, 1 - exp(d.shape * ln(d.minNs / d.maxNs)), -1 / d.shape);
      case 'mixture': {
        set(DRAW_MIXTURE, 0);
        const rows = cumulate(d.parts.map((part) => part.weight));
        const parts = slots.append(2 * rows.length);
        rows.forEach((weight, i) => {
          slots.setFloat(parts + 2 * i, weight);
          slots.setInteger(parts + 2 * i + 1, this.number(d.parts[i].of));
        });
        return this.setParts(slots, record, parts, rows.length);
      }
      case 'histogram': {
        set(DRAW_HISTOGRAM, 0);
        const rows = cumulate(d.weights);
        const parts = slots.append(3 * rows.length);
        rows.forEach((weight, i) => {
          slots.setFloat(parts + 3 * i, weight);
          slots.setFloat(parts + 3 * i + 1, d.edgesNs[i]);
          slots.setFloat(parts + 3 * i + 2, d.edgesNs[i + 1]);
        });
        return this.setParts(slots, record, parts, rows.length);
      }
    }
  }

  private setParts(slots: Slots, record: number, first: number, count: number): void {
    slots.setInteger(record + DISTRIBUTION_PARTS_SLOT, first);
    slots.setInteger(record + DISTRIBUTION_PARTS_COUNT, count);
  }
}

/**
 * Mean and standard deviation of the logarithm: ln mean = mu + sigma²/2 and ln p99 = mu + z sigma,
 * so sigma is the smaller root of sigma²/2 − z sigma + ln(p99 / mean) = 0.
 */
export function logNormalParameters(meanNs: number, p99Ns: number): [mu: number, sigma: number] {
  const sigma = Z99 - Math.sqrt(Math.max(0, Z99 * Z99 - 2 * ln(p99Ns / meanNs)));
  return [ln(meanNs) - (sigma * sigma) / 2, sigma];
}

function cumulate(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => (sum += weight));
}
