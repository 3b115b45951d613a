import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PLAY_SCHEMA, type PlayContent, type PlayKernel } from '../play/play-content.js';
import type { PlayState } from '../play/play-state.js';
import { type PlayAssets, renderPlay } from '../play/render-play.js';
import { CATALOG_NAMES, catalogFile } from './catalog.js';
import { sha256 } from './load-page.js';
import { type KernelBuild, kernelBytes, shippedKernel } from './shipped-kernel.js';
import { packageVersion } from './version.js';

/** What `renderPlay` takes as the page's code, as the build left it in `dist`. */
function loadPlayAssets(): PlayAssets {
  const { resolve } = createRequire(import.meta.url);
  return {
    script: readFileSync(resolve('dpcbench/play.js'), 'utf8'),
    worker: readFileSync(resolve('dpcbench/play-worker.js'), 'utf8'),
    style: readFileSync(resolve('dpcbench/play.css'), 'utf8'),
    sha256,
  };
}

/**
 * The live page that opens with this state, as one HTML file.
 * Throws InputError or the file system's error when the package was not built.
 */
export function playPage(start: PlayState, assets = loadPlayAssets()): string {
  return renderPlay(playContent(start), assets);
}

function playContent(start: PlayState): PlayContent {
  return {
    schema: PLAY_SCHEMA,
    version: packageVersion(),
    kernels: { release: playKernel('release'), debug: playKernel('debug') },
    catalog: CATALOG_NAMES.map((name) => {
      const file = catalogFile(name);
      return file === null
        ? { name, file: `${name}.json`, text: null }
        : { name, file: `${name}.yaml`, text: readFileSync(file, 'utf8') };
    }),
    start,
  };
}

function playKernel(build: KernelBuild): PlayKernel {
  const base64 = Buffer.from(kernelBytes(build)).toString('base64');
  return { hash: shippedKernel(build).identity.hash, base64 };
}
