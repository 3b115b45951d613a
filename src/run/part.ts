/** Which part of a run's shards is carried out here: `index` of `count`, from 1. */
export interface Part {
  index: number;
  count: number;
}

/** `3/8`, one of those that `--shard` takes; null for what is none. */
export function parsePart(text: string): Part | null {
  const [, index, count] = /^([0-9]{1,5})\/([0-9]{1,5})$/.exec(text) ?? [];
  const part = { index: Number(index), count: Number(count) };
  return part.index >= 1 && part.index <= part.count ? part : null;
}

/** The part that the shard at a place in a plan belongs to. */
export function partOf(index: number, { count }: Pick<Part, 'count'>): number {
  return 1 + (index % count);
}
