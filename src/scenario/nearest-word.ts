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
  const length = Math.max(word.length, nearest?.length ?? 0);
  return nearestDistance <= Math.max(1, Math.floor(length / 3)) ? nearest : null;
}

/** Insertions, deletions and substitutions that turn `from` into `to` (Wagner and Fischer). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
