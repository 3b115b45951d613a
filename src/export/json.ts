import type { ResultDocument } from '../result/document.js';

/** The result document as one line of JSON, keys in the order in which `result.ts` has them. */
export function toJson(document: ResultDocument): string {
  return `${JSON.stringify(document)}\n`;
}
