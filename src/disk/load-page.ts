import { createHash } from 'node:crypto';
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
    script: readFileSync(resolve('#page.js'), 'utf8'),
    style: readFileSync(resolve('#page.css'), 'utf8'),
    sha256,
  };
}

/** SHA-256 of a text in UTF-8, as base64: how a content security policy names a script. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}
