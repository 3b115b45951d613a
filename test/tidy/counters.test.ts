import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COUNTER_COUNT, EXECUTION_SLOTS } from '../../assembly/shared/abi.js';
import { COUNTER_NAMES, LATER_COUNTERS } from '../../src/result/outcome.js';
import { filesUnder, ROOT } from './source-files.js';

/** In the order of EXECUTION_*. */
const EXECUTION_FIELDS = ['isrRunNs', 'isrRunMaxNs', 'dpcRunNs', 'dpcRunMaxNs'];

/** A module that answers where the kernel keeps each counter, and where counters end. */
const PROBE = `
import { Scope } from './records/scope';
${[...COUNTER_NAMES, ...EXECUTION_FIELDS, 'isrWait'].map(placeOf).join('\n')}
`;

function placeOf(field: string): string {
  return `export const ${field}: usize = offsetof<Scope>('${field}');`;
}

/** What is used of the compiler's interface; its types would make another i64 of the host's. */
interface Asc {
  main(
    args: string[],
    files: {
      readFile(name: string): string | null | Promise<string | null>;
      writeFile(name: string, contents: Uint8Array): void;
      listFiles(): string[];
    },
  ): Promise<{ error: Error | null; stderr: object }>;
}
const COMPILER: string = 'assemblyscript/asc';

/** Compiles the probe beside the kernel's files, with the kernel's own declarations. */
async function offsets(): Promise<Record<string, number>> {
  const { default: asc } = (await import(COMPILER)) as { default: Asc };
  let wasm = new Uint8Array();
  const { error, stderr } = await asc.main(['assembly/probe.ts', '--outFile', 'probe.wasm'], {
    // Without the kernel's options, which name its own entry.
    readFile: (name) => {
      if (name === 'assembly/probe.ts') return PROBE;
      if (name.endsWith('asconfig.json')) return null;
      return readFile(join(ROOT, name), 'utf8').catch(() => null);
    },
    writeFile: (_name, contents) => {
      wasm = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  expect(error, String(stderr)).toBeNull();
  const module = await WebAssembly.compile(wasm);
  const abort = (): never => {
    throw new Error('the probe runs nothing');
  };
  const { exports } = await WebAssembly.instantiate(module, { env: { abort } });
  return Object.fromEntries(
    Object.entries(exports).map(([name, constant]) => [
      name,
      (constant as WebAssembly.Global).value as number,
    ]),
  );
}

describe('a counter', () => {
  it('stands in the kernel where the host reads it', async () => {
    const expected = COUNTER_NAMES.map((name, i): [string, number] => [name, 8 * i]);
    EXECUTION_FIELDS.forEach((name, i) => expected.push([name, 8 * (COUNTER_COUNT + i)]));
    expected.push(['isrWait', 8 * (COUNTER_COUNT + EXECUTION_SLOTS)]);
    expect(await offsets()).toEqual(Object.fromEntries(expected));
    expect(COUNTER_NAMES).toHaveLength(COUNTER_COUNT);
  }, 60_000);

  it('is named in section 10 of the rules, in its place', () => {
    const [{ text }] = filesUnder('docs', /^docs\/semantics\.md$/);
    const [, list] = /^Counters, in the order of every result: `([^`]+)`/m.exec(text) ?? [];
    expect(list?.split(/,\s+/)).toEqual([...COUNTER_NAMES]);
  });

  it('that came later is one of them', () => {
    expect(COUNTER_NAMES).toEqual(expect.arrayContaining([...LATER_COUNTERS]));
  });
});
