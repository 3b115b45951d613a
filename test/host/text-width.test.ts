import { describe, expect, it } from 'vitest';
import { wantsColours, widthOfSentences } from '../../src/cli/process-streams.js';
import { formatTerminal } from '../../src/export/terminal.js';
import {
  cutToWidth,
  hardBreak,
  padToWidth,
  takeWidth,
  widthOf,
} from '../../src/export/text-width.js';
import { wrap } from '../../src/export/wrap.js';
import type { ResultDocument } from '../../src/result/document.js';
import { runCli } from './run-cli.js';

const WIDE = '割り込み処理の負荷試験';

describe('the width of text on a terminal', () => {
  it('keeps a number beside its unit', () => {
    expect(wrap('it waits 565 µs', 13)).toEqual(['it waits', '565 µs']);
    expect(wrap('and 20 % of 5 seconds', 7)).toEqual(['and', '20 % of', '5', 'seconds']);
  });

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

  it('breaks no word of a sentence on a narrow terminal', async () => {
    const { out } = await runCli(['run', 'w8', '-n', '3000', '--json', '-']);
    const document = JSON.parse(out) as ResultDocument;
    const narrow = formatTerminal(document, { colours: false, width: 40 });
    const { answer, meta, scenario } = document;
    const sentences = [...answer!.sentences, meta.settling.sentence, scenario.question];
    expect(sentences.join('').length).toBeGreaterThan(200);
    for (const sentence of sentences) expect(narrow.replace(/\s+/g, ' ')).toContain(sentence);
    // The table leaves out columns that have no room.
    expect(Math.max(...narrow.split('\n').map(widthOf))).toBeLessThanOrEqual(40);
  });

  it('is that of the terminal, or what COLUMNS says, within reason', () => {
    expect(widthOfSentences({}, undefined)).toBe(80);
    expect(widthOfSentences({}, 60)).toBe(60);
    expect(widthOfSentences({ COLUMNS: '40' }, 60)).toBe(40);
    expect(widthOfSentences({ COLUMNS: 'x' }, 200)).toBe(80);
    expect(widthOfSentences({}, 3)).toBe(20);
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

describe('colours', () => {
  it('are for terminals, unless NO_COLOR or FORCE_COLOR says otherwise', () => {
    expect([wantsColours({}, true), wantsColours({}, false)]).toEqual([true, false]);
    expect(wantsColours({ TERM: 'dumb' }, true)).toBe(false);
    expect(wantsColours({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false);
    expect(wantsColours({ NO_COLOR: '', FORCE_COLOR: '1' }, false)).toBe(true);
    expect(wantsColours({ FORCE_COLOR: '0' }, true)).toBe(false);
  });
});
