import { describe, expect, it } from 'vitest';
import { loadCatalogScenario } from '../../src/disk/catalog.js';
import { breakdownLines } from '../../src/export/breakdown.js';
import { buildReportModel } from '../../src/report/build-model.js';
import { renderSection } from '../../src/report/render-section.js';
import { formatTerminal } from '../../src/export/terminal.js';
import { toJson } from '../../src/export/json.js';
import { readResult } from '../../src/export/read-result.js';
import type { ResultDocument } from '../../src/result/document.js';
import { executeInProcess } from '../../src/run/in-process.js';
import { executeInPool } from '../../src/run/pool.js';
import { runBenchmark, type RunOptions } from '../../src/run/run-benchmark.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { formatNs } from '../../src/units.js';
import { worstCommand } from '../../src/cli/worst-hint.js';
import { changeCell } from '../../src/export/cells.js';
import { answerSentences } from '../../src/stats/answer-sentences.js';
import { distrust, lead, machineWide, verdict } from '../../src/stats/verdict.js';

function simulate(
  name: string,
  interrupts: number,
  options: RunOptions = {},
): Promise<ResultDocument> {
  const scenario: Scenario = {
    ...loadCatalogScenario(name),
    until: { timeNs: null, interrupts },
  };
  return runBenchmark(scenario, options, executeInProcess);
}

const audio = await simulate('audio-behind-nic', 1_000_000);
const rogue = await simulate('rogue-driver', 300_000);
const isr = await simulate('work-in-the-isr', 300_000);

describe('the answer', () => {
  it('speaks of what the scenario asks about: audio itself, before and after', () => {
    const high = audio.results.map(({ sources }) => sources[3].latency.dpcWait.p99Ns!);
    const [figure] = audio.answer!.figures;
    expect(figure).toMatchObject({
      figure: 'dpcWait.p99Ns',
      from: { policy: 'vista', source: 'audio-high', value: high[0] },
      to: { policy: 'high-at-the-tail', source: 'audio-high', value: high[1] },
      comparison: { verdict: 'higher', ratio: high[1] / high[0] },
    });
    const { low, high: top } = figure.comparison.ratioInterval!;
    expect(low).toBeLessThan(high[1] / high[0]);
    expect(top).toBeGreaterThan(high[1] / high[0]);
    expect(low).toBeGreaterThan(1.5);
    expect(lead(audio)).toEqual([
      expect.stringMatching(
        /^audio-high's p99 DPC latency goes from [\d.]+ µs under vista to \d+ µs under high-at/,
      ),
    ]);
    expect(lead(audio)[0]).toMatch(/: \d+ % longer \(\d+ to \d+\)\.$/);
  });

  it('says for whom a rogue driver is bad, under the same policy', () => {
    const [first] = lead(rogue);
    expect(first).toMatch(
      /^Under pre-vista and vista, drive-beside-it's .* is [\d.]+ ms against drive-else/,
    );
    expect(lead(rogue).join(' ')).toMatch(
      /Under vista, handed-to-it's .* against handed-elsewhere's [\d.]+ µs: /,
    );
  });

  it('compares two sources where there is a single policy', () => {
    const { figures } = isr.answer!;
    expect(figures.map(({ figure }) => figure)).toEqual(['isrWait.p99Ns', 'interruptToDpc.p99Ns']);
    const { from, to } = figures[0];
    expect([from.source, to.source]).toEqual(['beside-the-dpc', 'beside-the-isr']);
    expect(to.value).toBeGreaterThan(20 * from.value);
    expect(lead(isr)[0]).toMatch(/^Under vista, beside-the-isr's p99 wait for its ISR is \d+ µs /);
  });

  it('is first, in the terminal and in the verdict', () => {
    expect(verdict(audio)[0]).toBe(lead(audio)[0]);
    const text = formatTerminal(audio, { colours: false });
    expect(text.indexOf("audio-high's p99")).toBeLessThan(text.indexOf('DPC latency  '));
    expect(text.indexOf('by source, ')).toBeGreaterThan(text.indexOf('relative to vista'));
    expect(text.indexOf('what to distrust')).toBeGreaterThan(text.indexOf('by source, '));
  });

  it('is the same whoever simulates, and whatever else has intervals', async () => {
    const scenario: Scenario = {
      ...loadCatalogScenario('audio-behind-nic'),
      until: { timeNs: null, interrupts: 60_000 },
    };
    const [alone, all, pool] = await Promise.all([
      runBenchmark(scenario, { shards: 6 }, executeInProcess),
      runBenchmark(scenario, { shards: 6, intervals: 'all' }, executeInProcess),
      runBenchmark(scenario, { shards: 6, workers: 2 }, executeInPool),
    ]);
    expect(all.answer).toEqual(alone.answer);
    expect(pool.answer).toEqual(alone.answer);
    const { focus: _, ...bare } = scenario;
    const unfocused = await runBenchmark(bare, { shards: 6 }, executeInProcess);
    expect(unfocused.results).toEqual(alone.results);
    expect(unfocused.meta.scenarioHash).toBe(alone.meta.scenarioHash);
    expect(unfocused.answer).toMatchObject({
      isGuess: true,
      focus: { sources: ['audio-high'], counters: ['localRequests'] },
    });
  });

  it('survives being written and read, and older results have none', () => {
    expect(readResult(toJson(audio), 'a.json').answer).toEqual(JSON.parse(toJson(audio)).answer);
    const { answer: _, ...older } = JSON.parse(toJson(audio));
    const read = readResult(JSON.stringify(older), 'a.json');
    expect(read.answer).toBeNull();
    expect(lead(read)[0]).toContain('high-at-the-tail sends no IPIs, like vista');
  });
});

describe('what it comes to for the whole machine', () => {
  it('is told where it is news beside the sources, in the same words', () => {
    // 1.02 times, and no IPIs.
    expect(machineWide(audio)).toBe('');
    const high = structuredClone(audio);
    const p99 = high.comparisons[0].latency.dpcWait.p99Ns!;
    Object.assign(p99, { first: 1000, other: 1500, ratio: 1.5, ratioInterval: null });
    expect(machineWide(high)).toBe(
      "The machine's p99 DPC latency goes from 1 µs under vista to 1.50 µs under " +
        'high-at-the-tail: 50.0 % longer.',
    );
    expect(machineWide({ ...high, answer: null })).toBe('');
  });

  it('says of what changes by chance alone no more than that', () => {
    const [figure] = audio.answer!.figures;
    const to = (policy: string, other: number, verdict: 'lower' | 'indistinguishable') => ({
      ...figure,
      to: { ...figure.to, policy, value: other },
      comparison: {
        ...figure.comparison,
        first: 100_000,
        other,
        ratio: other / 100_000,
        ratioInterval: null,
        verdict,
      },
    });
    const figures = [to('a', 98_000, 'indistinguishable'), to('b', 25_000, 'lower')];
    expect(answerSentences(audio.answer!.focus, figures)).toEqual([
      "audio-high's p99 DPC latency goes from 100 µs under vista to 25 µs under b: 4.00 times " +
        "shorter; a's 98 µs may differ by chance alone.",
    ]);
    expect(answerSentences(audio.answer!.focus, figures.slice(0, 1))).toEqual([
      "audio-high's p99 DPC latency is 100 µs under vista; a's 98 µs may differ by chance alone.",
    ]);
  });

  it('counts per 1,000 interrupts, whatever the length of the run', () => {
    const ipis = {
      figure: 'ipis',
      from: { policy: 'vista', source: null, value: 900 },
      to: { policy: 'b', source: null, value: 300 },
      comparison: {
        ...audio.answer!.figures[0].comparison,
        first: 90,
        other: 30,
        ratio: 1 / 3,
        ratioInterval: { low: 0.3, high: 0.35 },
        verdict: 'lower' as const,
      },
    };
    const focus = { ...audio.answer!.focus, sources: [] };
    expect(answerSentences(focus, [ipis])).toEqual([
      "The machine's IPIs go from 90.0 per 1,000 interrupts under vista to 30.0 under b: 66.7 % " +
        'fewer (65.0 to 70.0).',
    ]);
  });
});

describe('a change in a table', () => {
  const of = (value: number, base: number, isLatency = true): string =>
    changeCell(value, base, { isLatency });
  it.each([
    [of(190, 100), '+90%'],
    [of(95.66, 100), '−4.3%'],
    [of(1412, 100), '14.1x'],
    [of(3, 1000), '÷333'],
    [of(3, 1000, false), '−100%'],
    [of(20, 100, false), '−80%'],
    [of(1, 20_000), '÷>9999'],
    [of(100.01, 100), 'same'],
    [of(5, 0), '-'],
  ])('is %s', (said, expected) => {
    expect(said).toBe(expected);
    expect(said.length).toBeLessThanOrEqual(6);
  });
});

describe('the last line', () => {
  it('is the command that tells a far longer wait, with the options of the run', () => {
    const args = [
      'run',
      'a b.yaml',
      '-n',
      '2M',
      '--set=x=1',
      '--json',
      'o',
      '-s3',
      '--report',
      'r',
    ];
    const command = worstCommand('a b.yaml', args);
    expect(command).toBe("dpcbench worst 'a b.yaml' -n 2M --set=x=1 -s3");
    const last = (document: ResultDocument): string =>
      formatTerminal(document, { colours: false }).trimEnd().split('\n').pop()!;
    const run = structuredClone(audio);
    run.meta.host.worstCommand = command;
    expect(last(run)).toMatch(/^Why one DPC waited \d+ µs: dpcbench worst 'a b\.yaml' /);
    // Where a line has no room for it, the command has a line of its own and stays whole.
    const narrow = formatTerminal(run, { colours: false, width: 60 });
    expect(narrow).toMatch(/\nWhy one DPC waited \d+ µs:\ndpcbench worst .* -s3\n$/);
    expect(narrow).toContain('int-to-DPC\n');
    const [section] = buildReportModel([run]).sections;
    expect(section.longest!.command).toBe(command);
    expect(renderSection(section)).toContain('-n 2M --set=x=1 -s3');
    expect(buildReportModel([audio]).sections[0].longest).toBeNull();
    const even = structuredClone(run);
    for (const { latency } of even.results) latency.dpcWait.maxNs = 2 * latency.dpcWait.p99Ns!;
    expect(last(even)).not.toContain('worst');
    expect(buildReportModel([even]).sections[0].longest).toBeNull();
  });

  it('is none where worst cannot do the same run', () => {
    expect(worstCommand('w8', ['run', 'w8', '--precision', '2%'])).toBeNull();
    expect(worstCommand('-', ['run', '-'])).toBeNull();
  });
});

describe('the dispute of the sources', () => {
  it('is told in a line that says whether it matters here', () => {
    const [said] = distrust(rogue);
    const { decisions } = rogue.results[0];
    const count = (of: NonNullable<typeof decisions>): number =>
      of.reduce((sum, { inserts }) => sum + inserts, 0);
    const busy = decisions!.filter(
      ({ facts, importance, target }) =>
        target === 'other' && importance === 'high' && !facts.includes('idle'),
    );
    const percent = ((count(busy) / count(decisions!)) * 100).toFixed(0);
    expect(said).toMatch(new RegExp(`^The sources dispute ${percent} % of the DPCs here, `));
    expect(said).toContain(
      'an IPI if idle [vista], always [pre-vista]: docs/policies.md#the-dispute',
    );
    expect(distrust(audio)[0]).toBe(
      "The sources' dispute does not matter here: no DPC is High for another processor that is " +
        'busy or polling.',
    );
  });

  it('names the sources that it may concern where decisions were not counted', () => {
    const uncounted = (document: ResultDocument): ResultDocument => {
      const copy = structuredClone(document);
      for (const result of copy.results) result.decisions = null;
      return copy;
    };
    const [said] = distrust(uncounted(rogue));
    expect(said).toMatch(/^The sources may dispute DPCs of [\w-]+(?: and [\w-]+)? here, High for /);
    expect(said).toContain('; "explain" counts them: docs/policies.md#the-dispute');
    expect(distrust(uncounted(audio))[0]).toBe(distrust(audio)[0]);
  });
});

describe('the guidelines', () => {
  it('are judged by what was measured, with the longest', () => {
    const said = distrust(rogue).find((one) => one.startsWith('DPCs over the 100 µs'));
    const longest = Math.max(
      ...rogue.results.map(({ sources }) => sources[0].execution!.dpc.maxNs),
    );
    expect(said).toContain(
      `rogue (longest ${formatNs(longest)}). The scenario draws all of them so long.`,
    );
    expect(longest).toBeGreaterThan(10e6);
    const never = structuredClone(rogue);
    for (const { sources } of never.results) sources[0].execution!.dpc.maxNs = 99_000;
    expect(distrust(never).join(' ')).not.toContain('guideline');
    for (const { sources } of never.results) sources[0].execution = null;
    expect(distrust(never)).toContain(
      "DPCs over the 100 µs of Microsoft's guideline: rogue. " +
        'The scenario draws all of them so long.',
    );
  });
});

describe('the breakdown', () => {
  const rowsOf = (lines: readonly string[]): string[][] =>
    lines.slice(2).map((line) => line.split(/ +/));

  it('shows sources, those that change most first', () => {
    const [title, head, ...rows] = breakdownLines(audio, { width: 80 });
    expect(title).toBe('by source, those that change most first: p99 DPC latency');
    expect(head).toMatch(/^source +vista +high-at-t… +change +DPC max +ISR max +busy$/);
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatch(/^audio-high .*\+\d\d% +20µs +2µs +2\.2%$/);
    expect(rows.slice(1).every((row) => /(same|[+−]\d\.\d%) +[\d.]+[µm]s /.test(row))).toBe(true);
  });

  it('takes a figure that some source has the samples for', () => {
    const few = structuredClone(audio);
    for (const { sources } of few.results) {
      for (const { latency } of sources) {
        latency.dpcWait.p99Ns = null;
        latency.dpcWait.p90Ns = null;
      }
    }
    few.results[0].sources[1].latency.dpcWait.p90Ns = 7_000;
    const titleOf = (document: ResultDocument): string =>
      breakdownLines(document, { by: 'source', width: 80 })[0];
    expect(titleOf(audio)).toContain(': p99 DPC latency');
    expect(titleOf(few)).toContain(': p90 DPC latency');
  });

  it('says which way a source changes between two policies; nothing of unknown ones', async () => {
    const falls = structuredClone(audio);
    const [first, second] = falls.results.map(({ sources }) => sources[0].latency.dpcWait);
    [first.p99Ns, second.p99Ns] = [181_000, 144_000];
    const rowOf = (document: ResultDocument): string =>
      breakdownLines(document, { by: 'source', width: 80 }).find((line) =>
        line.startsWith(document.results[0].sources[0].name),
      )!;
    expect(rowOf(falls)).toMatch(/ 181µs +144µs +−20% /);
    second.p99Ns = null;
    expect(rowOf(falls)).toMatch(/ 181µs +- +- /);
    const three = structuredClone(falls);
    three.results.push(structuredClone(three.results[0]));
    three.results[2].sources[0].latency.dpcWait.p99Ns = 362_000;
    expect(breakdownLines(three, { width: 80 })[1]).toContain(' spread ');
    expect(rowOf(three)).toContain(' 2.00x ');
  });

  it('of four policies still has what ran longest and how busy that was, in 80 columns', () => {
    const four = structuredClone(audio);
    four.results.push(structuredClone(four.results[0]), structuredClone(four.results[1]));
    const [, head, ...rows] = breakdownLines(four, { width: 80 });
    expect(head).toMatch(/ spread DPC max ISR max +busy$/);
    expect(head.match(/vista/g)!.length).toBeGreaterThanOrEqual(2);
    for (const line of [head, ...rows]) expect(line.length).toBeLessThanOrEqual(80);
    const [, narrow] = breakdownLines(four, { width: 60 });
    expect(narrow).toMatch(/ spread DPC max ISR max +busy$/);
  });

  it('shows a few sources unless all are asked for', async () => {
    const many = await simulate('low-importance-heavy', 20_000);
    const few = breakdownLines(many, { width: 80 });
    expect(few).toHaveLength(2 + 5 + 1);
    expect(few[few.length - 1]).toBe('3 more with --by source');
    expect(breakdownLines(many, { by: 'source', width: 80 })).toHaveLength(2 + 8);
  });

  it('shows processors, whose shares are all of their time', () => {
    const lines = breakdownLines(rogue, { by: 'processor', width: 80 });
    expect(lines.filter((line) => line.startsWith('by processor'))).toHaveLength(2);
    for (const row of lines.filter((line) => line.startsWith('processor '))) {
      const shares = [...row.matchAll(/([\d.]+)%/g)].map(([, percent]) => Number(percent));
      expect(shares).toHaveLength(5);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -1);
    }
  });

  it('shows importances: every DPC queued is in one of them', () => {
    const rows = rowsOf(breakdownLines(rogue, { by: 'importance', width: 80 }));
    expect(rows).toHaveLength(2 * 2);
    expect(rows.map((row) => row.slice(0, 3).join(' '))).toContain('high, to another');
  });

  it.each([80, 60, 44, 30])('fits a terminal of %i columns', (width) => {
    for (const by of [undefined, 'source', 'processor', 'importance'] as const) {
      const text = formatTerminal(rogue, { colours: false, width, by });
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });
});
