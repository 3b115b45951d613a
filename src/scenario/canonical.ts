/**
 * JSON that is the same text for the same value: keys sorted by code unit, no spaces. What a
 * scenario's hash is computed over. Members that are undefined are left out, as in JSON.
 *
 * Throws TypeError for what JSON cannot hold exactly: bigints, functions, typed arrays, NaN and the
 * infinities. Recordings must be replaced by their origin, length and hash before.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`JSON has no ${value}`);
      // Turns −0 to 0, which JSON.stringify does as well.
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : canonicalObject(value);
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}

function canonicalObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (ArrayBuffer.isView(value)) throw new TypeError('JSON has no typed arrays');
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
