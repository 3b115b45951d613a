import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { resultJsonSchema, resultJsonSchemaText } from '../../src/export/result-schema.js';
import { CATALOG_NAMES } from '../../src/disk/catalog.js';
import { scenarioSource } from '../../src/disk/load-scenario.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { runCli } from './run-cli.js';

const ajv = new Ajv2020({ strict: true, allErrors: true });

// `npx vitest run test/host/result-schema.test.ts -u` writes the file anew.
describe('the JSON Schemas', () => {
  it('has the published file of a result, which the command prints', async () => {
    await expect(resultJsonSchemaText()).toMatchFileSnapshot('../../docs/result.schema.json');
    expect((await runCli(['schema', 'result'])).out).toBe(resultJsonSchemaText());
    expect((await runCli(['schema', 'recording'])).code).toBe(2);
  });

  it.each([
    ['scenario', scenarioJsonSchema()],
    ['result', resultJsonSchema()],
  ])('of a %s passes a strict validator, each definition with a title', (_, schema) => {
    expect(() => ajv.compile(schema)).not.toThrow();
    const definitions = Object.entries(schema.$defs as Record<string, { title?: unknown }>);
    expect(definitions.length).toBeGreaterThan(3);
    expect(definitions.filter(([, { title }]) => typeof title !== 'string')).toEqual([]);
  });

  it('of a scenario takes every scenario that ships', () => {
    const isScenario = ajv.compile(scenarioJsonSchema());
    for (const name of CATALOG_NAMES) {
      isScenario(parseYaml(scenarioSource(name), { merge: true }));
      expect([name, isScenario.errors]).toEqual([name, null]);
    }
  });
});
