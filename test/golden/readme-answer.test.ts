import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { start } from '../host/run-process.js';

const README = join(import.meta.dirname, '../../README.md');
const BLOCK = /(<!-- answer:begin -->\n)[\s\S]*(<!-- answer:end -->)/;

/** What is said of the first scenario: the answer in a sentence, and the table. */
function twelveLines(answer: string): string[] {
  const lines = answer.split('\n');
  const facts = lines.indexOf('');
  const rest = lines.findIndex((line) => line.startsWith('by source'));
  return [lines[0], ...lines.slice(facts + 1, rest - 1)];
}

describe('the built command line without arguments', () => {
  const answer = { code: -1 as number | string, out: '', err: '' };
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-answer-'));

  beforeAll(async () => {
    const { ended, texts } = start([], { cwd: folder });
    answer.code = await ended;
    Object.assign(answer, texts);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('compares a recording and the default scenario, and writes a report', () => {
    const { code, err, out } = answer;
    // A slow machine shows how far it is.
    const notes = err.replace(/^.*: +\d+ %.*\n/gm, '');
    expect([code, notes]).toEqual([EXIT.ok, '']);
    expect(out).toContain('http-loopback-2cpu');
    expect(out).toMatch(/^default$/m);
    expect(out.match(/^relative to pre-vista$/gm)).toHaveLength(2);
    expect(out).toContain('dpcbench-report.html');
    expect(out).not.toContain('\u001b');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(readFileSync(join(folder, 'dpcbench-report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  /** `DPCBENCH_UPDATE=1 npx vitest run test/golden` writes the answer into the README. */
  it('says what stands in the README', () => {
    const shown = twelveLines(answer.out);
    expect(shown).toHaveLength(12);
    const block = `$1\`\`\`\n${shown.join('\n').replaceAll('$', '$$$$')}\n\`\`\`\n$2`;
    const readme = readFileSync(README, 'utf8');
    const expected = readme.replace(BLOCK, block);
    if (process.env['DPCBENCH_UPDATE'] === '1') writeFileSync(README, expected);
    else expect(readme).toBe(expected);
  });
});
