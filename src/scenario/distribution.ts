import { formatNsExactly } from '../units.js';
import { duration, either, list, numberAbove, weight } from './leaf-shapes.js';
import { LIMITS } from './limits.js';
import { canBeDrawn, firstFall, highestP99Ns, NO_WEIGHT } from './distribution-fault.js';
import { maximumLognormalRatio, meanNs } from './distribution-mean.js';
import type { Distribution } from './scenario.js';
import { converted, isObject, record, required, shared } from './shape.js';
import type { FieldsOf, Shape } from './shape.js';
import { variant, variants } from './variants.js';
import type { Variant, VariantsShape } from './variants.js';

/**
 * A drawn duration: a plain duration is a constant, an object names a distribution. `maximumNs`
 * bounds every parameter; an unbounded distribution (exponential, log-normal) may draw beyond it.
 */
export function distribution(name: string, maximumNs: number): Shape<Distribution> {
  return distributionAt(name, maximumNs, 1);
}

/** The forms of an object, for the reference page. */
export function distributionForms(maximumNs: number): VariantsShape<Distribution> {
  return variants('distributions', formsAt('distribution', maximumNs, 1));
}

/** An ISR, service or per-item time. */
export const workTime: Shape<Distribution> = distribution('workTime', LIMITS.workNs);

/** Any other drawn duration. */
export const spanTime: Shape<Distribution> = distribution('spanTime', LIMITS.spanNs);

/**
 * A drawn duration that time must pass by: its mean is at least 1 ns, so that a run of draws cannot
 * stand still at one instant.
 */
export const gapTime: Shape<Distribution> = converted(spanTime, (value, spot) =>
  meanNs(value) >= 1
    ? value
    : spot.problem(
        'the mean of these gaps is below 1 ns, so time would stand still',
        'give a gap of 1 ns or more',
      ),
);

function distributionAt(name: string, maximumNs: number, depth: number): Shape<Distribution> {
  const constant = converted(duration(0, maximumNs), (ns): Distribution => ({
    kind: 'constant',
    ns,
  }));
  // Built when first used: a mixture contains distributions, which may be mixtures.
  let forms: VariantsShape<Distribution> | null = null;
  const object: Shape<Distribution> = {
    allowed: 'a distribution',
    section: 'distributions',
    read: (value, spot) =>
      (forms ??= variants('distributions', formsAt(name, maximumNs, depth))).read(value, spot),
    json: (defs) => variants('distributions', formsAt(name, maximumNs, depth)).json(defs),
  };
  return shared(
    name,
    either((value) => !isObject(value), constant, object),
  );
}

function formsAt(name: string, maximumNs: number, depth: number): Variant<Distribution>[] {
  return [
    uniformForm(maximumNs),
    exponentialForm(maximumNs),
    lognormalForm(maximumNs),
    paretoForm(maximumNs),
    mixtureForm(name, maximumNs, depth),
    histogramForm(maximumNs),
  ];
}

function uniformForm(maximumNs: number): Variant<Distribution> {
  const fields: FieldsOf<{ uniform: number[] }> = {
    uniform: required(
      list(duration(0, maximumNs), 2, 2),
      'Every duration from the first to the second is equally likely.',
    ),
  };
  return variant('uniform', record('distributions', fields), ({ uniform }, spot) => {
    const [minNs, maxNs] = uniform;
    if (minNs > maxNs) {
      return spot
        .at('uniform')
        .problem(
          `the least, ${formatNsExactly(minNs)}, is above the greatest, ${formatNsExactly(maxNs)}`,
        );
    }
    return { kind: 'uniform', minNs, maxNs };
  });
}

function exponentialForm(maximumNs: number): Variant<Distribution> {
  const fields: FieldsOf<{ exponential: number }> = {
    exponential: required(duration(1, maximumNs), 'Exponential with this mean.'),
  };
  return variant('exponential', record('distributions', fields), ({ exponential }) => ({
    kind: 'exponential',
    meanNs: exponential,
  }));
}

const RATIO_TEXT = (Math.floor(maximumLognormalRatio * 100) / 100).toFixed(2);

export function lognormalFields(maximumNs: number): FieldsOf<{ mean: number; p99: number }> {
  return {
    mean: required(duration(1, maximumNs), 'The mean.'),
    p99: required(
      duration(1, maximumNs),
      `The 99th percentile: from the mean up to ${RATIO_TEXT} times the mean, the most that a ` +
        'log-normal distribution can reach.',
    ),
  };
}

function lognormalForm(maximumNs: number): Variant<Distribution> {
  const fields: FieldsOf<{ lognormal: { mean: number; p99: number } }> = {
    lognormal: required(
      record('log-normal', lognormalFields(maximumNs)),
      'Log-normal, by its mean and its 99th percentile.',
    ),
  };
  return variant('lognormal', record('distributions', fields), ({ lognormal }, spot) => {
    const { mean, p99 } = lognormal;
    const highest = highestP99Ns(mean);
    if (p99 < mean || p99 > highest) {
      return spot
        .at('lognormal')
        .at('p99')
        .problem(
          `expected a duration from ${formatNsExactly(mean)} to ${formatNsExactly(highest)} ` +
            `for this mean, found ${formatNsExactly(p99)}`,
          'no log-normal distribution has another; a bounded Pareto has a longer tail',
        );
    }
    return { kind: 'lognormal', meanNs: mean, p99Ns: p99 };
  });
}

export function paretoFields(
  maximumNs: number,
): FieldsOf<{ shape: number; min: number; max: number }> {
  return {
    shape: required(
      numberAbove(0, LIMITS.paretoShape),
      'The tail index: the smaller, the heavier the tail.',
    ),
    min: required(duration(1, maximumNs), 'The least duration.'),
    max: required(duration(1, maximumNs), 'The greatest duration, above the least.'),
  };
}

function paretoForm(maximumNs: number): Variant<Distribution> {
  const fields: FieldsOf<{ pareto: { shape: number; min: number; max: number } }> = {
    pareto: required(
      record('pareto', paretoFields(maximumNs)),
      'Bounded Pareto: a heavy tail that ends at a greatest duration.',
    ),
  };
  return variant('pareto', record('distributions', fields), ({ pareto }, spot) => {
    const { shape, min, max } = pareto;
    if (min >= max) {
      return spot
        .at('pareto')
        .at('max')
        .problem(
          `expected a duration above min, ${formatNsExactly(min)}, found ${formatNsExactly(max)}`,
        );
    }
    return { kind: 'pareto', shape, minNs: min, maxNs: max };
  });
}

interface Part {
  weight: number;
  of: Distribution;
}

export function partFields(name: string, maximumNs: number, depth: number): FieldsOf<Part> {
  return {
    weight: required(weight, 'How often this part is drawn, relative to the other weights.'),
    of: required(distributionAt(name, maximumNs, depth + 1), 'What is drawn from.'),
  };
}

function mixtureForm(name: string, maximumNs: number, depth: number): Variant<Distribution> {
  const parts = list(
    record('mixture-parts', partFields(name, maximumNs, depth)),
    1,
    LIMITS.mixtureParts,
  );
  const bounded: Shape<Part[]> = {
    ...parts,
    read: (value, spot) =>
      depth <= LIMITS.mixtureDepth
        ? parts.read(value, spot)
        : spot.problem(`mixtures nest more than ${LIMITS.mixtureDepth} deep`),
  };
  const fields: FieldsOf<{ mixture: Part[] }> = {
    mixture: required(bounded, 'Each draw comes from one of the parts.'),
  };
  return variant('mixture', record('distributions', fields), ({ mixture }, spot) => {
    if (!canBeDrawn(mixture.map((part) => part.weight))) {
      return spot.at('mixture').problem(NO_WEIGHT, 'give one above 0');
    }
    return { kind: 'mixture', parts: mixture };
  });
}

export function histogramFields(
  maximumNs: number,
): FieldsOf<{ edges: number[]; weights: number[] }> {
  const buckets = LIMITS.histogramBuckets;
  return {
    edges: required(
      list(duration(0, maximumNs), 2, buckets + 1),
      'The edges of the buckets, ascending.',
    ),
    weights: required(
      list(weight, 1, buckets),
      'The weight of each bucket, one fewer than edges; within a bucket draws are uniform.',
    ),
  };
}

function histogramForm(maximumNs: number): Variant<Distribution> {
  const fields: FieldsOf<{ histogram: { edges: number[]; weights: number[] } }> = {
    histogram: required(record('histogram', histogramFields(maximumNs)), 'An empirical histogram.'),
  };
  return variant('histogram', record('distributions', fields), ({ histogram }, spot) => {
    const { edges, weights } = histogram;
    const at = spot.at('histogram');
    if (edges.length !== weights.length + 1) {
      return at
        .at('weights')
        .problem(
          `expected ${edges.length - 1} weights for ${edges.length} edges, found ${weights.length}`,
        );
    }
    const fall = firstFall(edges);
    if (fall > 0) {
      return at
        .at('edges')
        .at(fall)
        .problem(
          `expected an edge above the one before, ${formatNsExactly(edges[fall - 1])}, ` +
            `found ${formatNsExactly(edges[fall])}`,
        );
    }
    if (!canBeDrawn(weights)) {
      return at.at('weights').problem(NO_WEIGHT, 'give one above 0');
    }
    return { kind: 'histogram', edgesNs: edges, weights };
  });
}
