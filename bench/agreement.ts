import { caseName } from './bench-case.js';
import type { Measured } from './measure.js';

/** Digits of a hash that are shown. */
const SHOWN_DIGITS = 8;

/**
 * What is wrong with the results, a sentence each: a case that did not come to the same result
 * every time, and cases that should have come to the same one and did not. A faster simulator that
 * computes something else is caught here.
 */
export function disagreements(measured: readonly Measured[]): string[] {
  const problems: string[] = [];
  const byKey = new Map<string, Map<string, string[]>>();
  for (const { benchCase, hashes } of measured) {
    if (hashes.size > 1) {
      const seen = [...hashes].map(shortHash).join(', ');
      problems.push(`${caseName(benchCase)} came to ${hashes.size} different results: ${seen}`);
    }
    const sameKey = byKey.get(benchCase.resultKey) ?? new Map<string, string[]>();
    byKey.set(benchCase.resultKey, sameKey);
    for (const hash of hashes) {
      sameKey.set(hash, [...(sameKey.get(hash) ?? []), caseName(benchCase)]);
    }
  }
  for (const [key, byHash] of byKey) {
    const isOneCase = new Set([...byHash.values()].flat()).size < 2;
    if (byHash.size < 2 || isOneCase) continue;
    const parties = [...byHash].map(([hash, names]) => `${shortHash(hash)} (${names.join('; ')})`);
    problems.push(`different results of ${key}: ${parties.join(' against ')}`);
  }
  return problems;
}

export function shortHash(hash: string): string {
  return hash.slice(0, SHOWN_DIGITS);
}
