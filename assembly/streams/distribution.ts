import {
  DISTRIBUTION_A,
  DISTRIBUTION_B,
  DISTRIBUTION_C,
  DISTRIBUTION_KIND,
  DISTRIBUTION_PARTS_COUNT,
  DISTRIBUTION_PARTS_SLOT,
  DISTRIBUTION_SLOTS,
  CONFIG_DISTRIBUTION_SLOT,
  DRAW_CONSTANT,
  DRAW_EXPONENTIAL,
  DRAW_HISTOGRAM,
  DRAW_LOGNORMAL,
  DRAW_MIXTURE,
  DRAW_PARETO,
  DRAW_UNIFORM,
  MAX_TIME_NS,
  MAX_WORK_NS,
} from '../shared/abi';
import { exp, ln } from '../shared/elementary';
import { drawExponential, drawNormal, fillExponential, Stream } from '../ground/random';
import { slot, slotFloat } from '../ground/config';

/** First slot of a distribution's record. */
export function distributionSlot(index: i32): i32 {
  return <i32>slot(CONFIG_DISTRIBUTION_SLOT) + index * DISTRIBUTION_SLOTS;
}

/** Is every draw the same? Then `constantNs` is it. */
export function isConstant(distribution: i32): bool {
  return slot(distribution + DISTRIBUTION_KIND) == DRAW_CONSTANT;
}

export function constantNs(distribution: i32): i64 {
  return <i64>slotFloat(distribution + DISTRIBUTION_A);
}

/** A duration in whole nanoseconds (R1), 0 to MAX_TIME_NS; `distribution` is its first slot. */
export function drawNs(distribution: i32, stream: Stream): i64 {
  const x = drawReal(distribution, stream);
  if (!(x > 0)) return 0;
  return x >= <f64>MAX_TIME_NS ? MAX_TIME_NS : <i64>(x + 0.5);
}

/** A duration that a processor works, cut to MAX_WORK_NS. */
export function drawWorkNs(distribution: i32, stream: Stream): u32 {
  const ns = drawNs(distribution, stream);
  return <u32>min<i64>(ns, MAX_WORK_NS);
}

/** Draws `count` work times into u32 fields `stride` bytes apart from `to` on. */
export function fillWorkNs(
  distribution: i32,
  stream: Stream,
  to: usize,
  stride: usize,
  count: i32,
): void {
  const kind = <i32>slot(distribution + DISTRIBUTION_KIND);
  const a = slotFloat(distribution + DISTRIBUTION_A);
  if (kind == DRAW_EXPONENTIAL) {
    fillExponential(stream, a, <u32>MAX_WORK_NS, to, stride, count);
    return;
  }
  const end = to + <usize>count * stride;
  if (kind == DRAW_CONSTANT) {
    const ns = drawWorkNs(distribution, stream);
    for (; to < end; to += stride) store<u32>(to, ns);
  } else {
    for (; to < end; to += stride) store<u32>(to, drawWorkNs(distribution, stream));
  }
}

/** Are the draws exponential, and each below 2^32 ns for certain? A draw is below 45 means. */
export function isShortExponential(distribution: i32): bool {
  return (
    slot(distribution + DISTRIBUTION_KIND) == DRAW_EXPONENTIAL &&
    slotFloat(distribution + DISTRIBUTION_A) < <f64>u32.MAX_VALUE / 45
  );
}

function drawReal(distribution: i32, stream: Stream): f64 {
  let d = distribution;
  while (true) {
    const a = slotFloat(d + DISTRIBUTION_A);
    const kind = <i32>slot(d + DISTRIBUTION_KIND);
    if (kind == DRAW_EXPONENTIAL) return a * drawExponential(stream);
    if (kind == DRAW_CONSTANT) return a;
    const b = slotFloat(d + DISTRIBUTION_B);
    if (kind == DRAW_UNIFORM) return a + b * stream.unit();
    if (kind == DRAW_LOGNORMAL) return exp(a + b * drawNormal(stream));
    if (kind == DRAW_PARETO) {
      return a * exp(slotFloat(d + DISTRIBUTION_C) * ln(1 - b * stream.unit()));
    }
    const part = choosePart(d, kind == DRAW_HISTOGRAM ? 3 : 2, stream);
    if (kind == DRAW_HISTOGRAM) {
      const low = slotFloat(part + 1);
      return low + (slotFloat(part + 2) - low) * stream.unit();
    }
    if (!ASC_NO_ASSERT) assert(kind == DRAW_MIXTURE, 'a known kind of distribution');
    d = distributionSlot(<i32>slot(part + 1));
  }
}

/** First slot of the part whose cumulative weight is the first above a draw; `width` slots each. */
function choosePart(distribution: i32, width: i32, stream: Stream): i32 {
  const first = <i32>slot(distribution + DISTRIBUTION_PARTS_SLOT);
  let low = 0;
  let high = <i32>slot(distribution + DISTRIBUTION_PARTS_COUNT) - 1;
  const u = stream.unit() * slotFloat(first + high * width);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (u < slotFloat(first + middle * width)) high = middle;
    else low = middle + 1;
  }
  return first + low * width;
}
