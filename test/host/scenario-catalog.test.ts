import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/errors.js';
import {
  CATALOG_NAMES,
  catalogDirectory,
  catalogFile,
  loadCatalogScenario,
} from '../../src/disk/catalog.js';
import { meanNs } from '../../src/scenario/distribution-mean.js';
import { IMPORTANCES } from '../../src/policy/policy.js';
import type { DeviceSource } from '../../src/scenario/scenario.js';

describe('the catalogue', () => {
  it.each(CATALOG_NAMES)('loads %s, which says the question that it answers', (name) => {
    const scenario = loadCatalogScenario(name);
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(scenario.name).toBe(name);
    expect(scenario.question).toMatch(/\?$/);
  });

  it('names every scenario file in examples', () => {
    const files = readdirSync(catalogDirectory()).filter((file) => file.endsWith('.yaml'));
    const named = CATALOG_NAMES.filter((name) => catalogFile(name) !== null);
    expect(files.sort()).toEqual(named.map((name) => `${name}.yaml`).sort());
  });

  it('refuses an unknown name with the nearest one', () => {
    expect(() => loadCatalogScenario('rogue-drivr')).toThrow(InputError);
    expect(() => loadCatalogScenario('rogue-drivr')).toThrow(/did you mean rogue-driver\?/);
  });

  it('has a default that targets another processor with each importance', () => {
    const scenario = loadCatalogScenario('default');
    const remote = devices(scenario.sources).filter((one) => typeof one.dpc?.target === 'number');
    expect(remote.map((one) => one.dpc!.importance)).toEqual([...IMPORTANCES]);
    for (const one of remote) expect(one.processors).not.toContain(one.dpc!.target);
    expect(scenario.machine.processors).toBe(8);
    expect(scenario.until).toEqual({ timeNs: null, interrupts: 6_000_000 });
  });
});

describe('the standard workloads', () => {
  it.each([1, 8, 64, 512])('w%i has two sources a processor', (processors) => {
    const scenario = loadCatalogScenario(`w${processors}`);
    expect(scenario.sources).toHaveLength(2 * processors);
    expect(scenario.machine.background).toHaveLength(processors);
    expect(scenario.until.interrupts).toBe(10_000_000);
    expect(scenario.policies.map((policy) => policy.name)).toEqual(['pre-vista', 'vista']);
  });

  it('w8 follows its pattern of importances, processors, targets and IRQLs', () => {
    const sources = devices(loadCatalogScenario('w8').sources);
    expect(sources.map((one) => one.dpc!.importance)).toEqual([
      'low',
      'medium',
      'high',
      'mediumHigh',
      'low',
      'medium',
      'high',
      'mediumHigh',
      'medium',
      'high',
      'mediumHigh',
      'low',
      'medium',
      'high',
      'mediumHigh',
      'low',
    ]);
    expect(sources.map((one) => one.dpc!.target)).toEqual([
      ...Array<string>(8).fill('current'),
      3,
      4,
      5,
      6,
      7,
      0,
      1,
      2,
    ]);
    expect(sources.map((one) => one.irql)).toEqual([...sources.keys()].map((i) => 3 + (i % 8)));
    expect(sources.map((one) => one.processors)).toEqual([...sources.keys()].map((i) => [i % 8]));
    const { arrivals, isr, dpc } = sources[0];
    expect(arrivals).toEqual({
      kind: 'renewal',
      startNs: 0,
      gap: { kind: 'exponential', meanNs: 50_000 },
    });
    expect(isr).toEqual({ kind: 'constant', ns: 2_000 });
    expect(meanNs(dpc!.service)).toBe(4_000);
  });
});

function devices(sources: readonly { kind: string }[]): DeviceSource[] {
  return sources.filter((one): one is DeviceSource => one.kind === 'device');
}
