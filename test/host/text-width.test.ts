import { describe, expect, it } from 'vitest';
import { formatTerminal } from '../../src/export/terminal.js';
import {
  cutToWidth, hardBreak, padToWidth, takeWidth, widthOf,
} from '../../src/export/text-width.js';
import { wrap } from '../../src/export/wrap.js';
import type { ResultDocument } from '../../src/result/document.js';
import { runCli } from './run-cli.js';

const WIDE = '割り込み処理の負荷試験';

describe('the width of text on a terminal', () => {
  it('counts columns, not characters', () => {
    expect([WIDE, 'é', 'e\u0301', '👩‍💻'].map(widthOf)).toEqual([22, 1, 1, 2]);
    expect(takeWidth(WIDE, 5)).toBe('割り');
    expect(cutToWidth(WIDE, 6)).toBe('割り…');
    expect(padToWidth('割', 4)).toBe('割  ');
  });

  it('is never more than a line has, be it of one word', () => {
    const text = `${WIDE.repeat(9)} and ${'x'.repeat(200)} end`;
    for (const width of [1, 2, 7, 40, 80]) {
      const lines = wrap(text, width).flatMap((line) => hardBreak(line, width));
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(Math.max(2, width));
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });

  it('keeps the columns of a table in their places', async () => {
    const { out } = await runCli(['run', 'w8', '-n', '3000', '--json', '-']);
    const document = JSON.parse(out) as ResultDocument;
    document.scenario.name = WIDE.repeat(5);
    document.results[1].policy = WIDE;
    const lines = formatTerminal(document, { colours: false }).split('\n');
    const rows = lines.filter((line) => /^(pre-vista|割).* \d/.test(line)).slice(0, 2);
    expect(rows.map(widthOf)).toEqual([widthOf(rows[0]), widthOf(rows[0])]);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(80);
  });
});
