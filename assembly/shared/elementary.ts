/**
 * Logarithm and exponential out of +, −, × and ÷ alone. Must remain portable: kernel and host
 * import it.
 *
 * IEEE 754 fixes those four to the last bit, while `Math.log` and `Math.exp` differ between
 * engines; with these a draw is the same on every machine. Error below 1e-15, relative.
 */
const LN2: f64 = 0.6931471805599453;
const SQRT2: f64 = 1.4142135623730951;
const SQRT_HALF: f64 = 0.7071067811865476;

/** Natural logarithm of a positive, finite x. */
export function ln(x: f64): f64 {
  let exponent: f64 = 0;
  let m = x;
  while (m >= 4294967296.0) {
    m *= 2.3283064365386963e-10; // 2^-32, exact
    exponent += 32;
  }
  while (m < 2.3283064365386963e-10) {
    m *= 4294967296.0;
    exponent -= 32;
  }
  while (m >= SQRT2) {
    m *= 0.5;
    exponent += 1;
  }
  while (m < SQRT_HALF) {
    m *= 2;
    exponent -= 1;
  }
  // ln m = 2 artanh s with |s| < 0.1716: z^11 / 23 is below 1e-18.
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let tail: f64 = 1.0 / 21;
  tail = 1.0 / 19 + tail * z;
  tail = 1.0 / 17 + tail * z;
  tail = 1.0 / 15 + tail * z;
  tail = 1.0 / 13 + tail * z;
  tail = 1.0 / 11 + tail * z;
  tail = 1.0 / 9 + tail * z;
  tail = 1.0 / 7 + tail * z;
  tail = 1.0 / 5 + tail * z;
  tail = 1.0 / 3 + tail * z;
  return exponent * LN2 + 2 * s * (1 + tail * z);
}

/** e to the power of x; 0 below −700, the value at 700 above it. */
export function exp(x: f64): f64 {
  if (x < -700) return 0;
  let r = x > 700 ? 700 : x;
  let scale: f64 = 1;
  while (r > 0.34657359027997264) {
    const big = r > 22;
    r -= big ? 32 * LN2 : LN2;
    scale *= big ? 4294967296.0 : 2;
  }
  while (r < -0.34657359027997264) {
    const big = r < -22;
    r += big ? 32 * LN2 : LN2;
    scale *= big ? 2.3283064365386963e-10 : 0.5;
  }
  // Taylor series with |r| < 0.3466: r^14 / 14! is below 1e-17.
  let sum: f64 = 1.0 / 6227020800;
  sum = 1.0 / 479001600 + sum * r;
  sum = 1.0 / 39916800 + sum * r;
  sum = 1.0 / 3628800 + sum * r;
  sum = 1.0 / 362880 + sum * r;
  sum = 1.0 / 40320 + sum * r;
  sum = 1.0 / 5040 + sum * r;
  sum = 1.0 / 720 + sum * r;
  sum = 1.0 / 120 + sum * r;
  sum = 1.0 / 24 + sum * r;
  sum = 1.0 / 6 + sum * r;
  sum = 1.0 / 2 + sum * r;
  return (1 + (1 + sum * r) * r) * scale;
}
