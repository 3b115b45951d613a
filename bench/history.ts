import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { BENCH_SCHEMA } from './document.js';
import type { BenchDocument } from './document.js';

/** The line of history that records a bench: the whole document, so that nothing is made twice. */
export function historyLine(document: BenchDocument): string {
  return `${JSON.stringify(document)}\n`;
}

export function appendHistory(path: string, document: BenchDocument): void {
  appendFileSync(path, historyLine(document));
}

/** The recorded documents, oldest first; none without a file. Throws for a line that is none. */
export function readHistory(path: string): BenchDocument[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const document = JSON.parse(line) as BenchDocument;
    if (document.schema === BENCH_SCHEMA) return [document];
    throw new Error(`${path}:${index + 1}: the schema is ${document.schema}, not ${BENCH_SCHEMA}`);
  });
}
