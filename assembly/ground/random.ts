import { exp, ln } from '../shared/elementary';

/**
 * A stream of random numbers: xoshiro128++ 1.0 (Blackman and Vigna, 2019), 32 bits at a time, so
 * that a host without 64-bit integers can follow it. See seeds.ts for its first state.
 */
@unmanaged
export class Stream {
  a: u32;
  b: u32;
  c: u32;
  d: u32;

  // @ts-ignore: decorator
  @inline
  set(a: u32, b: u32, c: u32, d: u32): void {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  next(): u32 {
    const a = this.a;
    const b = this.b;
    const c = this.c ^ a;
    const d = this.d ^ b;
    const answer = rotl<u32>(a + this.d, 7) + a;
    this.b = b ^ c;
    this.a = a ^ d;
    this.c = c ^ (b << 9);
    this.d = rotl<u32>(d, 11);
    return answer;
  }

  /** Uniform on (0, 1) with 53 bits, never 0 or 1. */
  unit(): f64 {
    const high = <f64>(this.next() >>> 5);
    const low = <f64>(this.next() >>> 6);
    return (high * 67108864.0 + low + 0.5) * 1.1102230246251565e-16; // 2^-53
  }
}

/**
 * Ziggurat for the exponential distribution, 256 layers (Marsaglia and Tsang, 2000): about 99 % of
 * the draws cost one number, one comparison and one product. The low 8 bits choose the layer and
 * the other 24 the place in it, so that the two are independent (Doornik, 2005).
 */
const LAYERS: i32 = 256;
const ZIGGURAT_R: f64 = 7.69711747013104972;
const ZIGGURAT_AREA: f64 = 0.0039496598225815571993;
const PLACES: f64 = 16777216.0; // 2^24

/** By layer, 16 bytes: f64 width of a place, f64 density; then u32 sure places. */
const layers: usize = memory.data(4096, 64);
const sure: usize = memory.data(1024, 64);

export function buildZiggurat(): void {
  let edge = ZIGGURAT_R;
  const base = ZIGGURAT_AREA / exp(-edge);
  setLayer(0, base / PLACES, 1, (edge / base) * PLACES);
  setLayer(LAYERS - 1, edge / PLACES, exp(-edge), 0);
  for (let i = LAYERS - 2; i >= 1; i--) {
    const inner = -ln(ZIGGURAT_AREA / edge + exp(-edge));
    store<u32>(sure + ((<usize>(i + 1)) << 2), <u32>((inner / edge) * PLACES));
    edge = inner;
    setLayer(i, edge / PLACES, exp(-edge), 0);
  }
}

function setLayer(i: i32, width: f64, density: f64, places: f64): void {
  store<f64>(layers + ((<usize>i) << 4), width);
  store<f64>(layers + ((<usize>i) << 4), density, 8);
  store<u32>(sure + ((<usize>i) << 2), <u32>places);
}

/** Exponential with mean 1. */
export function drawExponential(stream: Stream): f64 {
  while (true) {
    const x = exponentialOf(stream.next(), stream);
    if (x >= 0) return x;
  }
}

/** What the ziggurat makes of 32 bits; −1 when they are rejected. */
// @ts-ignore: decorator
@inline
function exponentialOf(bits: u32, stream: Stream): f64 {
  const layer: usize = bits & 255;
  const place = bits >>> 8;
  const x = <f64>place * load<f64>(layers + (layer << 4));
  return place < load<u32>(sure + (layer << 2)) ? x : unsureExponential(layer, x, stream);
}

function unsureExponential(layer: usize, x: f64, stream: Stream): f64 {
  if (layer == 0) return ZIGGURAT_R - ln(stream.unit());
  const low = load<f64>(layers + (layer << 4), 8);
  const high = load<f64>(layers + (layer << 4) - 16, 8);
  return low + stream.unit() * (high - low) < exp(-x) ? x : -1;
}

/**
 * Draws `count` exponential durations in whole ns, each at most `mostNs`, and stores them as u32,
 * `stride` bytes apart from `to` on. The same draws as one by one: the stream is kept in registers.
 * A draw that needs a function ends the inner loop, since a call would spill them for every draw.
 */
export function fillExponential(
  stream: Stream,
  meanNs: f64,
  mostNs: u32,
  to: usize,
  stride: usize,
  count: i32,
): void {
  const end = to + <usize>count * stride;
  while (to < end) {
    let a = stream.a;
    let b = stream.b;
    let c = stream.c;
    let d = stream.d;
    let layer: usize = 0;
    let x: f64 = 0;
    do {
      const bits = rotl<u32>(a + d, 7) + a;
      const t = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= t;
      d = rotl<u32>(d, 11);
      layer = bits & 255;
      const place = bits >>> 8;
      x = <f64>place * load<f64>(layers + (layer << 4));
      if (place >= load<u32>(sure + (layer << 2))) break;
      store<u32>(to, <u32>min<f64>(meanNs * x + 0.5, mostNs));
      to += stride;
    } while (to < end);
    stream.set(a, b, c, d);
    if (to == end) return;
    x = unsureExponential(layer, x, stream);
    if (x < 0) continue;
    store<u32>(to, <u32>min<f64>(meanNs * x + 0.5, mostNs));
    to += stride;
  }
}

/** Standard normal, by the polar method (Marsaglia, 1964); the second of each pair is not kept. */
export function drawNormal(stream: Stream): f64 {
  while (true) {
    const u = 2 * stream.unit() - 1;
    const v = 2 * stream.unit() - 1;
    const s = u * u + v * v;
    if (s < 1 && s > 0) return u * sqrt<f64>((-2 * ln(s)) / s);
  }
}
