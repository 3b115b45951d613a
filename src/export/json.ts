import type { ResultDocument } from '../result/document.js';
import { visibleJson } from '../visible-text.js';

/** The result document as one line of JSON, keys in the order in which `result.ts` has them. */
export function toJson(document: ResultDocument): string {
  return jsonLine(document);
}

/** A value as a line of JSON in which nothing but its end would move a terminal's cursor. */
export function jsonLine(value: unknown): string {
  return `${visibleJson(JSON.stringify(value))}\n`;
}
