import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The version of this package, as package.json says it. */
export function packageVersion(): string {
  const file = createRequire(import.meta.url).resolve('dpcbench/package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
