/** Longer words than this are no slip of the pen. */
const LENGTH_LIMIT = 40;

/** The word in `known` that `word` was probably meant to be, or null when none is near. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  if (word.length > LENGTH_LIMIT) return null;
  let nearest: string | null = null;
  let nearestDistance = Infinity;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  if (nearest === null) return null;
  const length = Math.max(word.length, nearest.length);
  return nearestDistance <= Math.max(1, Math.floor(length / 3)) ? nearest : null;
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `from` into `to`: the
 * optimal string alignment distance, which counts "hihg" as one slip away from "high".
 */
function editDistance(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      let least = Math.min(substitution, row[j] + 1, next[j - 1] + 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (isSwap) least = Math.min(least, before[j - 2] + 1);
      next.push(least);
    }
    before = row;
    row = next;
  }
  return row[to.length];
}
