import { exp, ln } from '../../assembly/shared/elementary.js';
import { logNormalParameters } from '../../src/kernel/pack-distribution.js';
import type { Distribution, Scenario } from '../../src/scenario/scenario.js';
import type { Draw, TwinDraws } from './draws.js';
import { streamState } from './stream-state.js';

/**
 * The kernel's own random numbers, so that twin and kernel simulate the same interrupts:
 * xoshiro128++ (Blackman and Vigna, 2019), the ziggurat for exponentials (Marsaglia and Tsang,
 * 2000) and the polar method for normals (Marsaglia, 1964), with the portable `ln` and `exp` of
 * the contract.
 */

/** Longest duration that a draw gives. */
const LONGEST_NS = 1e15;

/** The draws of one shard. */
export function seededDraws(scenario: Scenario, seed: number, shardIndex: number): TwinDraws {
  const streams = new Map<string, Stream>();
  return {
    open(use, index, distribution) {
      const isThread = use === 'background';
      const name = isThread ? String(index) : scenario.sources[index].name;
      const role = isThread ? 'thread' : use;
      const key = `${role}/${name}`;
      const stream = streams.get(key) ?? new Stream(streamState(seed, shardIndex, role, name));
      streams.set(key, stream);
      const real = openReal(distribution, stream);
      return () => {
        const x = real();
        if (!(x > 0)) return 0;
        return x >= LONGEST_NS ? LONGEST_NS : Math.floor(x + 0.5);
      };
    },
  };
}

/** Draws before rounding. */
function openReal(distribution: Distribution, stream: Stream): Draw {
  switch (distribution.kind) {
    case 'constant': {
      const { ns } = distribution;
      return () => ns;
    }
    case 'uniform': {
      const { minNs, maxNs } = distribution;
      return () => minNs + (maxNs - minNs) * stream.unit();
    }
    case 'exponential': {
      const { meanNs } = distribution;
      return () => meanNs * stream.exponential();
    }
    case 'lognormal': {
      const [mu, sigma] = logNormalParameters(distribution.meanNs, distribution.p99Ns);
      return () => exp(mu + sigma * stream.normal());
    }
    case 'pareto': {
      const { shape, minNs, maxNs } = distribution;
      const reach = 1 - exp(shape * ln(minNs / maxNs));
      return () => minNs * exp((-1 / shape) * ln(1 - reach * stream.unit()));
    }
    case 'mixture': {
      const choose = openChoice(
        distribution.parts.map((part) => part.weight),
        stream,
      );
      const parts = distribution.parts.map((part) => openReal(part.of, stream));
      return () => parts[choose()]();
    }
    case 'histogram': {
      const { edgesNs, weights } = distribution;
      const choose = openChoice(weights, stream);
      return () => {
        const i = choose();
        return edgesNs[i] + (edgesNs[i + 1] - edgesNs[i]) * stream.unit();
      };
    }
  }
}

/** The first part whose cumulative weight is above a draw, or the last. */
function openChoice(weights: readonly number[], stream: Stream): Draw {
  let sum = 0;
  const cumulative = Float64Array.from(weights, (weight) => (sum += weight));
  const last = cumulative.length - 1;
  return () => {
    const u = stream.unit() * cumulative[last];
    let low = 0;
    let high = last;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (u < cumulative[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

const LAYERS = 256;
const ZIGGURAT_R = 7.69711747013104972;
const ZIGGURAT_AREA = 0.0039496598225815571993;
const PLACES = 2 ** 24;

/** By layer: width of a place, density at the upper edge, places that need no test. */
const ZIGGURAT = buildZiggurat();

function buildZiggurat(): { widths: Float64Array; densities: Float64Array; sure: Uint32Array } {
  const widths = new Float64Array(LAYERS);
  const densities = new Float64Array(LAYERS);
  const sure = new Uint32Array(LAYERS);
  let edge = ZIGGURAT_R;
  const base = ZIGGURAT_AREA / exp(-edge);
  widths[0] = base / PLACES;
  densities[0] = 1;
  sure[0] = (edge / base) * PLACES;
  widths[LAYERS - 1] = edge / PLACES;
  densities[LAYERS - 1] = exp(-edge);
  for (let i = LAYERS - 2; i >= 1; i--) {
    const inner = -ln(ZIGGURAT_AREA / edge + exp(-edge));
    sure[i + 1] = (inner / edge) * PLACES;
    edge = inner;
    widths[i] = edge / PLACES;
    densities[i] = exp(-edge);
  }
  return { widths, densities, sure };
}

class Stream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(state: [number, number, number, number]) {
    [this.a, this.b, this.c, this.d] = state.map((word) => word | 0);
  }

  /** 32 random bits, as a number from 0. */
  next(): number {
    const { a, b } = this;
    const c = this.c ^ a;
    const d = this.d ^ b;
    const answer = (rotate((a + this.d) | 0, 7) + a) | 0;
    this.b = b ^ c;
    this.a = a ^ d;
    this.c = c ^ (b << 9);
    this.d = rotate(d, 11);
    return answer >>> 0;
  }

  /** Uniform on (0, 1) with 53 bits. */
  unit(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 2 ** 26 + low + 0.5) * 2 ** -53;
  }

  /** Exponential with mean 1. */
  exponential(): number {
    const { widths, densities, sure } = ZIGGURAT;
    for (;;) {
      const bits = this.next();
      const layer = bits & (LAYERS - 1);
      const place = bits >>> 8;
      const x = place * widths[layer];
      if (place < sure[layer]) return x;
      if (layer === 0) return ZIGGURAT_R - ln(this.unit());
      const low = densities[layer];
      const high = densities[layer - 1];
      if (low + this.unit() * (high - low) < exp(-x)) return x;
    }
  }

  /** Standard normal. */
  normal(): number {
    for (;;) {
      const u = 2 * this.unit() - 1;
      const v = 2 * this.unit() - 1;
      const s = u * u + v * v;
      if (s < 1 && s > 0) return u * Math.sqrt((-2 * ln(s)) / s);
    }
  }
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
