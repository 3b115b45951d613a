import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { PageAssets } from '../report/render.js';

/**
 * The report page's script and style as the build left them in `dist`.
 * Throws the file system's error when the package was not built.
 */
export function loadPage(): PageAssets {
  const { resolve } = createRequire(import.meta.url);
  return {
    script: readFileSync(resolve('dpcbench/page.js'), 'utf8'),
    style: readFileSync(resolve('dpcbench/page.css'), 'utf8'),
  };
}
