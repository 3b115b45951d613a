import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scenarioJsonSchema, scenarioJsonSchemaText } from '../../src/scenario/json-schema.js';
import { scenarioReference } from '../../src/scenario/reference.js';

// `npx vitest run test/host/scenario-reference.test.ts -u` writes both files anew.
describe('the published pages about scenarios', () => {
  it('has the JSON Schema that the declarations yield', async () => {
    await expect(scenarioJsonSchemaText()).toMatchFileSnapshot('../../docs/scenario.schema.json');
  });

  it('has the reference page that the declarations yield', async () => {
    await expect(scenarioReference()).toMatchFileSnapshot('../../docs/scenarios.md');
  });

  it('links to sections that exist', () => {
    const page = scenarioReference();
    const headings = new Set([...page.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading));
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor]) => anchor);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((anchor) => !headings.has(anchor))).toEqual([]);
  });

  it('documents every key of the JSON Schema', () => {
    const rows = [...scenarioReference().matchAll(/^\| `([^`]+)` \|/gm)];
    const documented = new Set(rows.map(([, key]) => key));
    const missing = [...propertyNames(scenarioJsonSchema())].filter((key) => !documented.has(key));
    expect(missing).toEqual([]);
  });

  it('refers only to definitions that exist', () => {
    const text = readFileSync(new URL('../../docs/scenario.schema.json', import.meta.url), 'utf8');
    const { $defs } = JSON.parse(text) as { $defs: Record<string, unknown> };
    const references = [...text.matchAll(/"#\/\$defs\/([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(references)).toEqual(new Set(Object.keys($defs)));
  });
});

function* propertyNames(schema: unknown): Generator<string> {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') yield* Object.keys(value as object);
    yield* propertyNames(value);
  }
}
