import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { appendHistory, historyLine, readHistory } from '../../bench/history.js';
import {
  BEGIN,
  END,
  readmeFigures,
  replaceBetweenMarkers,
  speedFigures,
} from '../../bench/readme-figures.js';
import { formatTable } from '../../bench/table.js';
import { inventedDocument, measuredAs } from './invented-bench.js';

const MEASURED = [
  measuredAs('w8 pre-vista', 'wasm', [9e6, 9.1e6, 8.9e6]),
  measuredAs('w8 pre-vista', 'twin', [3e6, 3.1e6, 2.9e6]),
  measuredAs('w8 pre-vista', 'native', [10e6, 10e6, 10e6]),
  measuredAs('w512 pre-vista', 'wasm', [4.5e6, 4.5e6, 4.5e6]),
  measuredAs('w8 pool', '1 worker', [8e6, 8e6, 8e6]),
  measuredAs('w8 pool', '2 workers', [16e6, 16e6, 16e6]),
  measuredAs('w8 harness', '1 policy', [0.5, 0.6, 1.7], undefined, {
    unit: '% of the run',
    goal: { relation: 'at most', value: 1 },
  }),
  measuredAs('command line', 'start', [270, 280, 290], undefined, {
    unit: 'ms',
    goal: { relation: 'at most', value: 250 },
  }),
];
const DOCUMENT = inventedDocument(MEASURED);

describe('the document', () => {
  it('has every ratio of which both sides were measured, with its goal', () => {
    const shown = DOCUMENT.ratios.map(
      ({ name, subject, goal, figure }) =>
        `${name} on ${subject}: ${figure.median.toFixed(2)}, ${goal?.relation} ${goal?.value}`,
    );
    expect(shown).toEqual([
      'wasm / twin on w8 pre-vista: 3.00, at least 3',
      'wasm / native on w8 pre-vista: 0.90, at least 0.95',
      '2 workers / 1 worker on w8 pool: 2.00, at least 1.85',
      'w512 / w8 cost on pre-vista: 2.00, at most 2.5',
    ]);
  });
});

describe('the table', () => {
  const lines = formatTable(DOCUMENT).split('\n');

  it('shows the median, the spread, the range and the hash of each case', () => {
    const row = lines.find((line) => line.startsWith('w8 pre-vista')) ?? '';
    expect(row.split(/ +/)).toEqual([
      'w8',
      'pre-vista',
      'wasm',
      '9.00',
      'M',
      'interrupts/s',
      '±',
      '0.6',
      '%',
      '8.90',
      '9.10',
      'abcdef01',
    ]);
  });

  it('says of each ratio whether it is as it should be', () => {
    expect(lines.find((line) => line.startsWith('wasm / native'))).toMatch(/0\.900 .*not met$/);
    expect(lines.find((line) => line.startsWith('wasm / twin'))).toMatch(/: met$/);
  });

  it('says the same of other figures that have a goal, with its unit', () => {
    const goals = lines.slice(lines.findIndex((line) => line.startsWith('Other goals')) + 1);
    expect(goals.map((line) => line.replace(/ +/g, ' '))).toEqual([
      'w8 harness 1 policy 0.600 ± 50.0 % at most 1 %: met',
      'command line start 280 ± 1.8 % at most 250 ms: not met',
      '',
    ]);
  });

  it('fits 80 columns, however disturbed the rounds were', () => {
    const disturbed = inventedDocument([
      ...MEASURED,
      measuredAs('w512 pre-vista', 'lockstep', [1e4, 9e5, 9e7]),
    ]);
    const widths = [...lines, ...formatTable(disturbed).split('\n')].map((line) => line.length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(80);
  });
});

describe('the README', () => {
  const recorded = ['w1', 'w8', 'w64', 'w512'].flatMap((workload, i) => [
    measuredAs(`${workload} vista`, 'wasm', [9e6 - i * 1e6]),
    measuredAs(`${workload} vista`, 'twin', [1e6]),
    measuredAs(`${workload} vista`, 'native', [10e6]),
    measuredAs(`${workload} pre-vista`, 'wasm', [8e6]),
  ]);
  const lines = readmeFigures(
    inventedDocument([...recorded, ...MEASURED]),
    'npm run bench:record',
  ).split('\n');

  it('has four rows: one for each size of machine', () => {
    expect(lines.slice(2)).toEqual([
      '| processors | M interrupts/s, one thread | against native code | ' +
        'against plain TypeScript |',
      '| --- | --- | --- | --- |',
      '| 1 | 9.00 ± 0.0 % | × 0.900 | × 9.00 |',
      '| 8 | 8.00 ± 0.0 % | × 0.800 | × 8.00 |',
      '| 64 | 7.00 ± 0.0 % | × 0.700 | × 7.00 |',
      '| 512 | 6.00 ± 0.0 % | × 0.600 | × 6.00 |',
    ]);
  });

  it('says how the figures were made', () => {
    expect(lines[0]).toContain('`npm run bench:record`');
    expect(lines[0]).toContain('commit 0123456789: Invented CPU, 2 processors, node v20.19.0');
  });

  it('has them between its markers, as docs/speed.md has all', () => {
    for (const file of ['README.md', 'docs/speed.md']) {
      const text = readFileSync(file, 'utf8');
      expect(replaceBetweenMarkers(text, lines.join('\n')), file).toContain(lines[4]);
      expect(text.slice(text.indexOf(BEGIN)), file).toContain('| --- |');
    }
  });
});

describe('the page on speed', () => {
  const figures = speedFigures(DOCUMENT, 'npm run bench:record');

  it('gets the figures between its markers, again and again', () => {
    const before = `# Title\n\n${BEGIN}\nold\n${END}\n\nRest $& of it\n`;
    const once = replaceBetweenMarkers(before, figures) ?? '';
    expect(once).toContain('| w512 pre-vista |');
    expect(once).not.toContain('old');
    expect(once.startsWith(`# Title\n\n${BEGIN}\n`)).toBe(true);
    expect(once.endsWith(`\n${END}\n\nRest $& of it\n`)).toBe(true);
    expect(replaceBetweenMarkers(once, figures)).toBe(once);
  });

  it('says how the figures were made', () => {
    expect(figures).toContain('`npm run bench:record`');
    expect(figures).toContain('commit 0123456789: Invented CPU, 2 processors, node v20.19.0');
  });

  it('has a row for each workload, with its rates, its ratios and whether they suffice', () => {
    const lines = figures.split('\n');
    expect(lines).toContain(
      '| w8 pre-vista | 9.00 ± 0.6 % | 10.0 ± 0.0 % | 3.00 ± 1.7 % | **0.900**, not met | 3.00 ' +
        '| `abcdef01` |',
    );
    expect(lines).toContain('| w8 pool, 2 workers | 16.0 M interrupts/s | ± 0.0 % |  |');
    expect(lines).toContain(
      '| command line, start | 280 ms | ± 1.8 % | at most 250 ms: **not met** |',
    );
    expect(lines).toContain('| w512 / w8 cost, pre-vista | × 2.00 | ± 0.6 % | at most 2.5: met |');
  });

  it.each([
    ['no marker', '# Title\n'],
    ['only the first', `${BEGIN}\n`],
    ['only the last', `${END}\n`],
    ['the wrong order', `${END}\n${BEGIN}\n`],
    ['two pairs', `${BEGIN}\n${END}\n${BEGIN}\n${END}\n`],
  ])('is left alone with %s', (_, text) => {
    expect(replaceBetweenMarkers(text, figures)).toBeNull();
  });
});

describe('the history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dpcbench-bench-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is a line of JSON a bench, with commit, machine, versions and all figures', () => {
    const line = historyLine(DOCUMENT);
    expect(line.endsWith('}\n')).toBe(true);
    expect(line.trimEnd()).not.toContain('\n');
    const { schema, commit, machine, versions, cases, ratios } = JSON.parse(line);
    expect(schema).toBe('dpcbench-bench/1');
    expect(commit).toHaveLength(40);
    expect(machine).toEqual(DOCUMENT.machine);
    expect(versions).toMatchObject({ dpcbench: '0.1.0', node: 'v20.19.0' });
    expect(cases).toHaveLength(MEASURED.length);
    expect(cases[0]).toEqual({
      subject: 'w8 pre-vista',
      variant: 'wasm',
      unit: 'interrupts/s',
      hash: 'abcdef01',
      figure: { median: 9e6, low: 8.95e6, high: 9.05e6, min: 8.9e6, max: 9.1e6, rounds: 3 },
    });
    expect(ratios).toHaveLength(4);
  });

  it('grows at its end and reads back', () => {
    const path = join(folder, 'history.ndjson');
    expect(readHistory(path)).toEqual([]);
    appendHistory(path, DOCUMENT);
    const first = readFileSync(path, 'utf8');
    appendHistory(path, { ...DOCUMENT, commit: 'second' });
    expect(readFileSync(path, 'utf8').startsWith(first)).toBe(true);
    expect(readHistory(path).map(({ commit }) => commit)).toEqual([DOCUMENT.commit, 'second']);
  });

  it('names the line of another schema', () => {
    const path = join(folder, 'foreign.ndjson');
    writeFileSync(path, `${historyLine(DOCUMENT)}{"schema":"other/9"}\n`);
    expect(() => readHistory(path)).toThrow(`${path}:2: the schema is other/9`);
  });
});
