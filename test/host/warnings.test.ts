import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/disk/load-page.js';
import { toJson } from '../../src/export/json.js';
import { readResult } from '../../src/export/read-result.js';
import { formatTerminal } from '../../src/export/terminal.js';
import { renderReport } from '../../src/report/render.js';
import type { ResultDocument } from '../../src/result/document.js';
import type { Warning } from '../../src/result/warning-shape.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { verdict } from '../../src/stats/verdict.js';
import { warningsOf } from '../../src/stats/warnings.js';

/** Processor 0 spends all of its time in one ISR; processor 1 gets more than it can serve. */
const OVERLOAD = `
machine: { processors: 2 }
sources:
  - name: hog
    irql: 9
    isr: 15us
    arrivals: { periodic: { period: 10us } }
    dpc: { service: 5us }
  - name: starved
    irql: 5
    isr: 2us
    arrivals: { periodic: { period: 40us } }
    dpc: { service: 5us }
  - name: flooded
    irql: 5
    processor: 1
    isr: 2us
    fifo: 4
    arrivals: { periodic: { period: 20us } }
    dpc: { service: 50us, budget: 1 }
  - { name: tick, timer: { period: 1ms }, service: 1us }
  - { name: late, timer: { due: 100s, period: 1s }, processor: 1, service: 1us }
policies: [vista, pre-vista]
until: { time: 1s }
`;

function simulate(text: string): Promise<ResultDocument> {
  return runBenchmark(parseScenario(text, 'warnings.yaml'), {}, executeInProcess);
}

/** The sentences about one kind. */
function said(warnings: readonly Warning[], kind: Warning['kind']): string[] {
  return warnings.filter((warning) => warning.kind === kind).map(({ sentence }) => sentence);
}

describe('what makes every other figure mean something else', () => {
  let overload: ResultDocument;
  beforeAll(async () => {
    overload = await simulate(OVERLOAD);
  });

  it('is a source that is never served, with its share of all arrivals', () => {
    const [warning] = overload.warnings;
    const [{ counters, sources }] = overload.results;
    const arrivals = sources[0].counters.arrivals + sources[1].counters.arrivals;
    const shares = [0, 1].map((i) => sources[i].counters.arrivals / counters.arrivals);
    expect(arrivals / counters.arrivals).toBeGreaterThan(0.7);
    expect(warning).toEqual({
      kind: 'never served',
      policies: ['vista', 'pre-vista'],
      subjects: ['hog', 'starved'],
      share: Math.max(...shares),
      sentence: warning.sentence,
    });
    const percent = ((shares[0] + shares[1]) * 100).toFixed(0);
    expect(warning.sentence).toBe(
      `hog and starved were never served: ${percent} % of all arrivals are in no latency.`,
    );
  });

  it('is a timer that never runs, be it starved or too late', () => {
    expect(said(overload.warnings, 'never ran')).toEqual(['tick and late never ran.']);
  });

  it('is a processor without time for threads', () => {
    expect(said(overload.warnings, 'saturated')).toEqual([
      'processor 0 and processor 1 spent 100 % of the time each on interrupts and DPCs: threads ' +
        'got none, and waits grow with the length of the run.',
    ]);
  });

  it('is more than 1 % dropped, of the arrivals of a source', () => {
    const { counters } = overload.results[0].sources[2];
    const percent = ((counters.dropped / counters.arrivals) * 100).toFixed(0);
    expect(counters.dropped).toBeGreaterThan(10_000);
    expect(said(overload.warnings, 'dropped')).toEqual([
      `flooded lost ${percent} % of its arrivals to a full FIFO: latencies are those of the rest.`,
    ]);
  });

  it('is nothing in a machine that keeps up', async () => {
    const { warnings } = await simulate(`
machine: { processors: 2 }
sources:
  - { name: disk, irql: 5, isr: 2us, arrivals: { poisson: 2000/s }, dpc: { service: 5us } }
until: { time: 1s }
`);
    expect(warnings).toEqual([]);
  });

  it('says when a timer is due after the end', async () => {
    const { warnings } = await simulate(`
sources:
  - { name: disk, irql: 5, isr: 2us, arrivals: { poisson: 2000/s }, dpc: { service: 5us } }
  - { name: late, timer: { due: 100s, period: 1s }, service: 1us }
until: { time: 1s }
`);
    expect(said(warnings, 'never ran')).toEqual([
      'late never ran: the run ends after 1 s, before it is due.',
    ]);
  });

  it('names the policies that it holds for, unless that is all of them', () => {
    const [vista, preVista] = overload.results;
    const lost = { ...preVista, counters: { ...preVista.counters, unserved: 30_000 } };
    const warnings = warningsOf({ ...overload, results: [vista, lost] });
    const percent = ((30_000 / preVista.counters.arrivals) * 100).toFixed(0);
    expect(said(warnings, 'unserved')).toEqual([
      `under pre-vista, the run gave up with ${percent} % of the arrivals unserved: they are in ` +
        'no latency.',
    ]);
    const barely = { ...lost, counters: { ...lost.counters, unserved: 3 } };
    expect(said(warningsOf({ ...overload, results: [vista, barely] }), 'unserved')).toEqual([]);
  });

  it('counts the rest when many have it', async () => {
    const sources = Array.from(
      { length: 30 },
      (_, i) =>
        `  - { name: s${i}, irql: 5, isr: 1, arrivals: { at: [1000, 2000] }, dpc: { service: 1 } }`,
    );
    const hog = '  - { name: hog, irql: 9, isr: 15us, arrivals: { periodic: { period: 10us } } }';
    const text = `sources:\n${[hog, ...sources].join('\n')}\nuntil: { time: 100us }\n`;
    const [{ sentence, subjects }] = (await simulate(text)).warnings;
    expect(sentence).toMatch(/^s0, s1, s2, s3 and 26 more were never served: \d+ % of all/);
    expect(subjects).toHaveLength(30);
  });

  it('stands before the table, the answer and the figures', () => {
    const text = formatTerminal(overload, { colours: false });
    const first = text.indexOf('Warning: hog and starved were never served');
    expect(first).toBeGreaterThan(0);
    expect(first).toBeLessThan(text.indexOf('DPC latency'));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const html = renderReport([overload], { script: '', style: '', sha256 });
    const inReport = html.indexOf('hog and starved were never served');
    expect(inReport).toBeGreaterThan(0);
    expect(inReport).toBeLessThan(html.indexOf('<h1'));
    expect(verdict(overload).join(' ')).not.toContain('found a full FIFO');
  });

  it('is worked out for a result that was written before it was', () => {
    const { warnings, ...older } = overload;
    expect(readResult(toJson(overload), 'new.json').warnings).toEqual(warnings);
    expect(readResult(JSON.stringify(older), 'old.json').warnings).toEqual(warnings);
  });
});
