import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import * as library from '../../src/index.js';
import { ROOT } from '../tidy/source-files.js';

const start = promisify(execFile);
const page = readFileSync(join(ROOT, 'docs', 'library.md'), 'utf8');
const examples = [...page.matchAll(/```js\n([^]*?)```/g)].map(([, code]) => code);

describe('the examples of docs/library.md', () => {
  // Within the package, so that it is found by its name.
  mkdirSync(join(ROOT, 'build'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, 'build', 'library-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    [0, /^pre-vista \d+ \d+\nvista \d+ \d+\n$/],
    [1, /^run has no option "sed" \(did you mean seed\?\)\n$/],
    [
      3,
      new RegExp(
        `^${['500ns', '2us']
          .flatMap((time) => ['pre-vista', 'vista'].map((policy) => [policy, time]))
          .map(([policy, time]) => `${policy} machine.costs.ipiFlight=${time} true\n`)
          .join('')}10 true\n$`,
      ),
    ],
    [2, /^true\nnull\n<\?xml version="1.0" encoding="UTF-8"\?> true\n$/],
  ])('%i runs as it is written', async (index, printed) => {
    const file = join(folder, `example-${index}.mjs`);
    writeFileSync(file, examples[index]);
    const { stdout } = await start(process.execPath, [file]);
    expect(stdout).toMatch(printed);
    expect(examples).toHaveLength(4);
  });

  it('name what there is', () => {
    const named = [...page.matchAll(/import \{([^}]*)\} from 'dpcbench'/g)]
      .flatMap(([, names]) => names.split(','))
      .map((name) => name.trim())
      .filter((name) => name !== '…');
    const called = [...page.matchAll(/`([a-z]\w+)\(/g)].map(([, name]) => name);
    expect(called.length).toBeGreaterThan(10);
    for (const name of [...named, ...called]) expect(library, name).toHaveProperty(name);
  });
});

describe('the library', () => {
  it('refuses what it does not know, and a scenario that is not resolved', async () => {
    const scenario = library.loadScenario('w1');
    await expect(library.run(scenario, { worker: 3 } as never)).rejects.toThrow(/mean workers\?/);
    await expect(library.run({ machine: { processors: 1 } } as never)).rejects.toThrow(
      /resolved scenario.*resolveScenario/,
    );
    await expect(library.validate({ interupts: 5 } as never)).rejects.toThrow(/mean interrupts/);
    const end = { timeNs: null, interrupts: 200 };
    const result = await library.run({ ...scenario, until: end });
    const written = { sources: [{ name: 'a', irql: 5, arrivals: { poisson: 1000 } }] };
    const odd = { parameters: { 'machine.processors': [1] }, sampel: 3 };
    await expect(library.sweep(written, odd)).rejects.toThrow(/did you mean sample\?/);
    await expect(library.sweep(written, { parameters: {} })).rejects.toThrow(/needs parameters/);
    await expect(library.tune(written, { budgte: 3 } as never)).rejects.toThrow(/mean budget\?/);
    expect(() => library.gate(result, { failif: [] } as never)).toThrow(/did you mean failIf/);
    expect(() => library.gate(result, { failOnRegression: 3 })).toThrow(/belong together/);
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });
});
