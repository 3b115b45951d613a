/**
 * The path of the first place where two plain values differ, in the order of `a`'s keys, such as
 * `results[0].counters.ipis`; null when they are the same.
 */
export function firstDifference(a: unknown, b: unknown, path = ''): string | null {
  if (Object.is(a, b)) return null;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return path;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  for (const key of keys) {
    const place = Array.isArray(a) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
    const difference = firstDifference(a[key], b[key], place);
    if (difference !== null) return difference;
  }
  return null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
