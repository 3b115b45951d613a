import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { codeFiles, ROOT } from './source-files.js';

/**
 * What docs/architecture.md calls pure, the kernel's host, which is handed its kernel, and the one
 * file of the runs that a page runs by.
 */
const PURE_ROOMS = 'scenario|policy|result|stats|export|report|timeline|play|kernel';
const ROOMS = new RegExp(`^src/((${PURE_ROOMS})/|run/simulate-run|[a-z-]+\\.ts$)`);
/** The command line and the library's entry, which read files. */
const OF_THE_HOST = ['src/cli.ts', 'src/index.ts', 'src/library.ts', 'src/library-experiments.ts'];

describe('in a browser', () => {
  it('runs whatever is pure, and the kernel: nothing of it asks for Node', async () => {
    const files = codeFiles
      .map(({ path }) => path)
      .filter((path) => ROOMS.test(path) && !OF_THE_HOST.includes(path));
    expect(files.length).toBeGreaterThan(60);
    const { metafile } = await build({
      stdin: {
        contents: files.map((path) => `import ${JSON.stringify(`./${path}`)};`).join('\n'),
        resolveDir: ROOT,
      },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      treeShaking: false,
      write: false,
      metafile: true,
      logLevel: 'silent',
    });
    const ofNode = Object.entries(metafile.inputs).flatMap(([path, { imports }]) =>
      imports
        .filter(({ path: to }) => to.startsWith('node:'))
        .map(({ path: to }) => `${path} imports ${to}`),
    );
    expect(ofNode).toEqual([]);
    expect(Object.keys(metafile.inputs).length).toBeGreaterThan(files.length);
  });
});
