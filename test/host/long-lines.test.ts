import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { MOST_LINE_BYTES } from '../../src/recording/read-lines.js';
import { runCli } from './run-cli.js';

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-lines-'));
  file = join(folder, 'zeros.gz');
  const text = Buffer.alloc(4 * MOST_LINE_BYTES);
  text.write('# a\n# b\n');
  writeFileSync(file, gzipSync(text, { level: 1 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['replay', 'import', 'fit'])('%s names the line that never ends', async (command) => {
  const rest = command === 'import' ? ['-o', join(folder, 'x.dpcrec')] : [];
  const { code, err } = await runCli([command, file, ...rest]);
  expect(code).toBe(EXIT.usage);
  expect(err).toContain(`${file}:3: this line has more than ${MOST_LINE_BYTES / 2 ** 20} MiB`);
});
