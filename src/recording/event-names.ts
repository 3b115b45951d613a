/** How many names of events are told apart; the rest is counted together. */
const TOLD_APART = 64;
export const FURTHER_NAMES = '(further names)';

/** Counts `count` more events of that name. However many names a file has, none is left out. */
export function countName(counts: Map<string, number>, name: string, count = 1): void {
  const short = name.slice(0, 60);
  const key = counts.size < TOLD_APART || counts.has(short) ? short : FURTHER_NAMES;
  counts.set(key, (counts.get(key) ?? 0) + count);
}
