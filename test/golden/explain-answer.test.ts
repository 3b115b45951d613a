import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../host/run-cli.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = join(ROOT, 'docs/explain.md');
const BLOCK = /<!-- (explain|policies):(?!end)([^\n]*?) -->\n([\s\S]*?)<!-- explain:end -->/g;

const blocks = [...readFileSync(PAGE, 'utf8').matchAll(BLOCK)];

/** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes the answers into the page. */
describe('docs/explain.md', () => {
  it('explains what it promises', () => {
    expect(blocks.map(([, command]) => command)).toEqual([
      'explain', 'explain', 'explain', 'policies',
    ]);
  });

  it.each(blocks.map(([block, command, rest, shown]) => ({ block, command, rest, shown })))(
    'holds what $command $rest prints, within 80 columns',
    { timeout: 120_000 },
    async ({ block, command, rest, shown }) => {
      const words = rest.split(' ').map((word) =>
        word.startsWith('examples/') ? join(ROOT, word) : word);
      const { code, out } = await runCli(
        [command, ...words, ...(command === 'explain' ? ['--quiet'] : [])]);
      expect(code).toBe(0);
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
      const expected = `\`\`\`\n${out.trimEnd()}\n\`\`\`\n`;
      if (process.env['DPCBENCH_UPDATE'] !== '1') {
        expect(shown).toBe(expected);
        return;
      }
      const head = block.slice(0, block.indexOf('-->') + 4);
      const page = readFileSync(PAGE, 'utf8');
      writeFileSync(PAGE, page.replace(block, () => `${head}${expected}<!-- explain:end -->`));
    },
  );
});
