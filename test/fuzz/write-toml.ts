/** A value as TOML, everything below the first level inline. */
export function tomlOf(value: unknown): string {
  return Object.entries(value as object)
    .map(([key, member]) => `${keyOf(key)} = ${inline(member)}`)
    .join('\n');
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${keyOf(key)} = ${inline(member)}`);
  return `{ ${members.join(', ')} }`;
}

function keyOf(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}
