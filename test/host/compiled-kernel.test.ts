import { describe, expect, it } from 'vitest';
import { ABI_VERSION, RULES_VERSION } from '../../assembly/shared/abi.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { InputError } from '../../src/errors.js';
import { compileKernel, instantiate, kernelDifference } from '../../src/kernel/compiled-kernel.js';
import { executeInPool } from '../../src/run/pool.js';
import { planTasks } from '../../src/run/tasks.js';

const kernel = shippedKernel();

/** A module that exports two constants, each below 64. */
const ofVersions = (abi: number, rules: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array([
    0x00,
    0x61,
    0x73,
    0x6d,
    0x01,
    0x00,
    0x00,
    0x00,
    // Two globals, i32, constant.
    0x06,
    0x0b,
    0x02,
    0x7f,
    0x00,
    0x41,
    abi,
    0x0b,
    0x7f,
    0x00,
    0x41,
    rules,
    0x0b,
    // Exported as ABI_VERSION and RULES_VERSION.
    0x07,
    0x1f,
    0x02,
    0x0b,
    ...new TextEncoder().encode('ABI_VERSION'),
    0x03,
    0x00,
    0x0d,
    ...new TextEncoder().encode('RULES_VERSION'),
    0x03,
    0x01,
  ]);

describe('a kernel that is handed in', () => {
  it('is refused when it follows another contract, with both versions', () => {
    const others: [abi: number, rules: number][] = [
      [0, 0],
      [0, RULES_VERSION],
      [ABI_VERSION, 0],
    ];
    for (const [abi, rules] of others) {
      expect(() => compileKernel(ofVersions(abi, rules), 'f')).toThrow(
        `the kernel speaks ABI version ${abi} and follows rules version ${rules}, ` +
          `this program ${ABI_VERSION} and ${RULES_VERSION}`,
      );
    }
    const { identity } = compileKernel(ofVersions(ABI_VERSION, RULES_VERSION), 'f');
    expect(identity).toEqual({ hash: 'f', abi: ABI_VERSION, rules: RULES_VERSION });
  });

  it('is the same as another by hash and versions', () => {
    const { identity } = kernel;
    expect(kernelDifference(identity, { ...identity })).toBe('');
    for (const other of [{ hash: 'f'.repeat(64) }, { abi: 0 }, { rules: 0 }]) {
      const words = kernelDifference(identity, { ...identity, ...other });
      expect(words).toContain(identity.hash.slice(0, 16));
      expect(words).toContain(` instead of `);
    }
  });

  it('is not replaced by another in a worker', async () => {
    const scenario = loadScenario('w1');
    const plan = [{ index: 0, untilTimeNs: null, untilInterrupts: 100 }];
    const other = { ...kernel, identity: { ...kernel.identity, hash: '0'.repeat(64) } };
    const run = executeInPool(scenario, planTasks(scenario, plan, 1), () => {}, {
      kernel: other,
      workers: 1,
    });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(/a worker's kernel is not that of the run: .*0{16}/);
  });
});

it('a kernel takes as many pages as what is reserved needs, and no more', () => {
  const [page, line] = [65_536, 64];
  for (const bytes of [20_000_000, 300 * page, 300 * page + 1, 301 * page - 1, 500 * page - 4]) {
    const { memory, reserveConfig } = instantiate(kernel);
    const end = (reserveConfig(bytes) >>> 0) + bytes;
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
    expect(memory.buffer.byteLength).toBeLessThan(end + page + line);
  }
});

it.each(['release', 'debug'] as const)('the %s build is given memory and nothing else', (build) => {
  const imports = WebAssembly.Module.imports(shippedKernel(build).module);
  const names = imports.map(({ kind, name }) => `${kind} ${name}`);
  // A way to say which invariant is broken; the release build has none.
  expect(names.sort()).toEqual(
    build === 'debug' ? ['function abort', 'memory memory'] : ['memory memory'],
  );
});
