import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
const COMMANDS = 'explain|worst|inspect|policies|run|sweep|tune';
const BLOCK = new RegExp(
  `<!-- ((?:${COMMANDS}) [^\\n]*) -->\\n\`\`\`\\n[\\s\\S]*?\`\`\`\\n<!-- end -->`,
  'g',
);

function printed(command: string): string {
  const cli = join(root, 'dist', 'cli.js');
  // What is inspected or looked up has no progress to be quiet about.
  const quiet = /^(inspect|policies)/.test(command) ? [] : ['-q'];
  const words = [cli, ...command.split(' '), ...quiet];
  if (!/^(sweep|tune)/.test(command))
    return execFileSync(process.execPath, words, { cwd: root }).toString();
  // They leave a folder.
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-explained-'));
  try {
    return execFileSync(process.execPath, words, { cwd: folder }).toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes what the commands print. */
it.each([
  { name: 'explain.md', count: 3 },
  { name: 'why.md', count: 2 },
  { name: 'tutorial.md', count: 4 },
  { name: 'experiments.md', count: 2 },
])('stands in docs/$name as the commands print it', { timeout: 300_000 }, ({ name, count }) => {
  const path = join(root, 'docs', name);
  const document = readFileSync(path, 'utf8');
  let blocks = 0;
  const expected = document.replace(BLOCK, (_, command: string) => {
    blocks++;
    return `<!-- ${command} -->\n\`\`\`\n${printed(command)}\`\`\`\n<!-- end -->`;
  });
  expect(blocks).toBe(count);
  if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(path, expected);
  else expect(document).toBe(expected);
});
