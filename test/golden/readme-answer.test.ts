import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
const README = join(root, 'README.md');
const BLOCK = /(<!-- answer:begin -->\n)[\s\S]*(<!-- answer:end -->)/;

/** What the built command line prints without arguments. */
function defaultAnswer(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-answer-'));
  try {
    const cli = join(root, 'dist', 'cli.js');
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return execFileSync(process.execPath, [cli], { cwd: folder, stdio: [...stdio] }).toString();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is said of the first scenario: the answer in a sentence, and the table. */
function twelveLines(answer: string): string[] {
  const lines = answer.split('\n');
  const facts = lines.indexOf('');
  const rest = lines.findIndex((line) => line.startsWith('by source'));
  return [lines[0], ...lines.slice(facts + 1, rest - 1)];
}

/** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes the answer into the README. */
it('stands in the README as the command prints it, within 80 columns', () => {
  const answer = defaultAnswer();
  expect(answer.split('\n').filter((line) => line.length > 80)).toEqual([]);
  const shown = twelveLines(answer);
  expect(shown).toHaveLength(12);
  const block = `$1\`\`\`\n${shown.join('\n').replaceAll('$', '$$$$')}\n\`\`\`\n$2`;
  const readme = readFileSync(README, 'utf8');
  const expected = readme.replace(BLOCK, block);
  if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(README, expected);
  else expect(readme).toBe(expected);
});
