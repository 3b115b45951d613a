import { scenarioRecord } from './schema.js';
import type { JsonDefs, JsonSchema, Shape } from './shape.js';

/** The JSON Schema (draft 2020-12) of a document of this shape. */
export function documentSchema(
  title: string,
  description: string,
  shape: Shape<unknown>,
): JsonSchema {
  const defs: JsonDefs = new Map();
  const body = shape.json(defs);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    description,
    ...body,
    $defs: Object.fromEntries([...defs].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/**
 * The JSON Schema of a scenario's written form, for editors. It accepts every valid scenario; what
 * relates fields to each other (indices and counts of processors, limits of durations with a unit,
 * unique names) only the validation knows.
 */
export function scenarioJsonSchema(): JsonSchema {
  return documentSchema(
    'dpcbench scenario',
    'What to simulate: a machine, its sources of interrupts, and the policies to compare.',
    scenarioRecord,
  );
}

/** The file `docs/scenario.schema.json`. */
export function scenarioJsonSchemaText(): string {
  return `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`;
}
