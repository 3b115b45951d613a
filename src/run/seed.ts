import { inputError } from '../errors.js';

const DEFAULT_SEED = 1;

export const SEED_RANGE = `must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;

export function isSeed(seed: number): boolean {
  return Number.isSafeInteger(seed) && seed >= 0;
}

/** The seed, or the default one. Throws InputError unless it is whole and from 0 to 2^53 − 1. */
export function checkSeed(seed: number = DEFAULT_SEED): number {
  if (isSeed(seed)) return seed;
  throw inputError(`seed ${seed}: ${SEED_RANGE}`);
}
