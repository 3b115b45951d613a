import { createHash } from 'node:crypto';
import type { ResultDocument } from '../src/result/document.js';

/**
 * SHA-256 of all that the simulation said: the document without what its host said about the run.
 */
export function hashDocument({ meta, results }: ResultDocument): string {
  const { host: _, ...simulated } = meta;
  return createHash('sha256')
    .update(JSON.stringify([simulated, results]))
    .digest('hex');
}
