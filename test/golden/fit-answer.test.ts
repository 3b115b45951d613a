import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../host/run-cli.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/fit.md');
const EXAMPLE = join(ROOT, 'examples/recordings/http-loopback-2cpu.dpcrec');
const BLOCK = /(<!-- fit:begin -->\n)[\s\S]*(<!-- fit:end -->)/;

/** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes the answer into the page. */
it('stands in docs/fit.md as the command prints it, within 80 columns', async () => {
  const { out: answer } = await runCli(['fit', EXAMPLE]);
  expect(answer.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toMatch(BLOCK);
  const expected = page.replace(
    BLOCK,
    (_, begin, end) => `${begin}\`\`\`\n${answer.trim()}\n\`\`\`\n${end}`,
  );
  if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(PAGE, expected);
  else expect(page).toBe(expected);
});
