import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { EXIT, inputError } from '../errors.js';
import { type CompiledKernel, compileKernel } from '../kernel/compiled-kernel.js';

/** `debug` asserts the machine's invariants and can write the event log; results are the same. */
export type KernelBuild = 'release' | 'debug';

const FILES: Record<KernelBuild, string> = {
  release: '#kernel.wasm',
  debug: '#kernel.debug.wasm',
};

const compiled = new Map<KernelBuild, CompiledKernel>();

/**
 * A kernel that ships with the package, read and compiled once for each thread.
 *
 * @throws InputError, exit code `files`, when the package was not built.
 */
export function shippedKernel(build: KernelBuild = 'release'): CompiledKernel {
  let kernel = compiled.get(build);
  if (kernel === undefined) {
    const bytes = kernelBytes(build);
    kernel = compileKernel(bytes, createHash('sha256').update(bytes).digest('hex'));
    compiled.set(build, kernel);
  }
  return kernel;
}

/** The bytes of a kernel that ships. Throws as `shippedKernel` does. */
export function kernelBytes(build: KernelBuild): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(FILES[build])));
  } catch {
    throw inputError(
      `the ${build} build of the simulation kernel is missing`,
      '`npm run build` makes it',
      EXIT.files,
    );
  }
}
