import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
const DOCUMENT = join(root, 'docs', 'explain.md');
const BLOCK = /<!-- (explain [^\n]*) -->\n```\n[\s\S]*?```\n<!-- end -->/g;

function printed(command: string): string {
  const cli = join(root, 'dist', 'cli.js');
  const words = [cli, ...command.split(' '), '-q'];
  return execFileSync(process.execPath, words, { cwd: root }).toString();
}

/** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes what the commands print. */
it('stands in docs/explain.md as the commands print it', { timeout: 300_000 }, () => {
  const document = readFileSync(DOCUMENT, 'utf8');
  let blocks = 0;
  const expected = document.replace(BLOCK, (_, command: string) => {
    blocks++;
    return `<!-- ${command} -->\n\`\`\`\n${printed(command)}\`\`\`\n<!-- end -->`;
  });
  expect(blocks).toBe(3);
  if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(DOCUMENT, expected);
  else expect(document).toBe(expected);
});
