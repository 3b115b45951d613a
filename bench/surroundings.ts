import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type as systemName } from 'node:os';
import { join } from 'node:path';
import { shippedKernel } from '../src/disk/shipped-kernel.js';
import { packageVersion } from '../src/disk/version.js';
import type { BenchDocument } from './document.js';

type Surroundings = Pick<
  BenchDocument,
  'commit' | 'isModified' | 'at' | 'machine' | 'versions' | 'kernelHash'
>;

/** Tools of which a figure may depend on the version. */
const PACKAGES = ['assemblyscript', 'piscina', 'tinybench', 'esbuild'];

/** On what is measured, and what is. */
export function lookAround(root: string, hasNative: boolean): Surroundings {
  const { hash, abi, rules } = shippedKernel().identity;
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>;
  const declared = { ...dependencies, ...devDependencies };
  const [cpu] = cpus();
  return {
    commit: output('git', ['-C', root, 'rev-parse', 'HEAD']),
    isModified: output('git', ['-C', root, 'status', '--porcelain']) !== '',
    at: new Date().toISOString(),
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown processor',
      processors: availableParallelism(),
      memoryBytes: totalmem(),
      system: `${systemName()} ${release()} ${process.arch}`,
    },
    versions: {
      dpcbench: packageVersion(),
      abi: String(abi),
      rules: String(rules),
      node: process.version,
      v8: process.versions.v8,
      ...Object.fromEntries(PACKAGES.map((name) => [name, declared[name] ?? ''])),
      gcc: hasNative ? output('gcc', ['-dumpfullversion']) : '',
      wabt: hasNative ? output('wasm2c', ['--version']) : '',
    },
    kernelHash: hash,
  };
}

/** What a program prints, or "" if it cannot. */
function output(program: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '';
}
