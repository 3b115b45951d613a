import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WrittenScenario } from '../conformance/random-scenario.js';
import { disagreement } from './agreement.js';
import { FIRST_MACHINES } from './first-machines.js';
import { killSweeps } from './killed-sweeps.js';
import { tryRandomMachines } from './random-machines.js';

interface Parts {
  machine: { watchdog?: object };
  sources: { dpc?: { threaded?: boolean } }[];
}

/** A defect that shows only where a watchdog meets a threaded DPC. */
function planted(written: WrittenScenario): string {
  const { machine, sources } = written as unknown as Parts;
  const isThreaded = sources.some(({ dpc }) => dpc?.threaded === true);
  return machine.watchdog !== undefined && isThreaded ? 'planted' : '';
}

describe('random machines', () => {
  it('agree in the model, both builds and both engines', () => {
    expect(tryRandomMachines(disagreement, FIRST_MACHINES)).toBeNull();
  });

  it('on which something is wrong become small ones', () => {
    const failure = tryRandomMachines(planted, { count: 500, seed: 1 });
    expect(failure?.what).toBe('planted');
    const { sources } = failure!.written as unknown as Parts;
    expect(sources).toHaveLength(1);
    expect(JSON.stringify(failure!.written).length).toBeLessThan(1_500);
  });

  it('that a judge does not survive are found as well', () => {
    const judge = (): string => {
      throw new Error('the kernel aborts');
    };
    expect(tryRandomMachines(judge, { count: 1, seed: 1 })?.what).toContain('the kernel aborts');
  });
});

it('a sweep that is killed again and again ends with the same bytes', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-kills-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { differing, killed, whole } = await killSweeps(folder, { kills: 4, seed: 3 });
  expect(differing).toEqual([]);
  expect(killed).toBe(4);
  expect(whole).toBeGreaterThan(0);
});
