import { documentSchema } from '../scenario/json-schema.js';
import type { JsonSchema } from '../scenario/shape.js';
import { resultDocument } from '../result/document.js';

/**
 * The JSON Schema of what `run --json` writes, for programs that read it. It accepts every result;
 * what relates fields to each other (sums, buckets of histograms, equal lengths, equal names) only
 * `readResult` knows.
 */
export function resultJsonSchema(): JsonSchema {
  return documentSchema(
    'dpcbench result',
    'What was simulated, and what each policy made of it. Times are in nanoseconds unless a name ' +
      'says otherwise. A null stands for a figure of too few samples, or a block not asked for.',
    resultDocument,
  );
}

/** The file `docs/result.schema.json`. */
export function resultJsonSchemaText(): string {
  return `${JSON.stringify(resultJsonSchema(), null, 2)}\n`;
}
