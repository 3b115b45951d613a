import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT, InputError } from '../../src/errors.js';
import { toJunit } from '../../src/export/junit.js';
import { COUNTER_NAMES } from '../../src/result/outcome.js';
import { runBenchmark } from '../../src/run/run-benchmark.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { evaluateThreshold, parseThreshold } from '../../src/stats/gate.js';
import type { ResultDocument } from '../../src/result/document.js';
import { type Answer, runCli } from './run-cli.js';

const NAMES = {
  policies: ['pre-vista', 'vista', 'a > b'],
  sources: ['nic'],
  counters: [...COUNTER_NAMES, 'unserved'],
};
let folder: string;
let document: ResultDocument;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-gate-'));
  const scenario = loadScenario('w8');
  document = await runBenchmark({ ...scenario, until: { timeNs: null, interrupts: 3000 } }, {});
});
afterAll(() => rmSync(folder, { recursive: true }));

const dpcbench = (...args: string[]): Promise<Answer> => runCli(args);

describe('parseThreshold', () => {
  it.each([
    ['vista.dpcWait.p99 > 100us', 'vista', '>', 100_000],
    ['  vista.dpcWait.p99.9>=1.5ms ', 'vista', '>=', 1_500_000],
    ['vista.ipisPerThousand < 0.5', 'vista', '<', 0.5],
    ['vista.sources.nic.dropped != 0', 'vista', '!=', 0],
    ['vista.ipis<=10k', 'vista', '<=', 10_000],
    ['vista.ratio.dpcWait.p99 == 1.25', 'vista', '==', 1.25],
    ['a > b.dpcWait.max > 250', 'a > b', '>', 250],
  ])('reads %s', (text, policy, operator, limit) => {
    const threshold = parseThreshold(text, NAMES);
    expect(threshold).toMatchObject({ operator, limit, path: { policy } });
  });

  it.each([
    ['vsta.dpcWait.p99 > 1us', 1, /did you mean vista\?/],
    ['vista.dpcWiat.p99 > 1us', 7, /did you mean dpcWait\?/],
    [' vista.dpcWait.p98 > 1us', 16, /did you mean p9/],
    ['vista.ipi > 1', 7, /did you mean ipis\?/],
    ['vista.dpcWait.p99', 18, /no operator/],
    ['vista.dpcWait.p99 = 1us', 24, /no operator/],
    ['> 1us', 1, /no figure before/],
    ['vista.dpcWait.p99 >', 20, /no value after/],
    ['vista.dpcWait.p99 > 5 parsecs', 21, /is not a duration/],
    ['vista.ipis > 5us', 14, /has no unit/],
    ['vista.ipis > -1', 14, /has no unit/],
    [`${'x'.repeat(400)} > 1`, 1, /longer than 300/],
  ])('refuses %s at column %d', (text, column, message) => {
    let error: unknown;
    try {
      parseThreshold(text, NAMES);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(message);
    expect((error as InputError).problems[0]).toMatchObject({ file: '--fail-if', line: 1, column });
  });
});

describe('evaluateThreshold', () => {
  const status = (text: string, of = document): string =>
    evaluateThreshold(of, parseThreshold(text, { ...NAMES, policies: ['pre-vista', 'vista'] }))
      .status;

  it('fails exactly where the condition holds', () => {
    const { maxNs } = document.results[1].latency.dpcWait;
    expect(status(`vista.dpcWait.max >= ${maxNs}`)).toBe('fail');
    expect(status(`vista.dpcWait.max <= ${maxNs}`)).toBe('fail');
    expect(status(`vista.dpcWait.max == ${maxNs}`)).toBe('fail');
    expect(status(`vista.dpcWait.max > ${maxNs}`)).toBe('pass');
    expect(status(`vista.dpcWait.max < ${maxNs}`)).toBe('pass');
    expect(status(`vista.dpcWait.max != ${maxNs}`)).toBe('pass');
  });

  it('never passes without data, whichever way the condition points', () => {
    expect(document.results[1].latency.dpcWait.p9999Ns).toBeNull();
    expect(status('vista.dpcWait.p9999 > 1h')).toBe('noData');
    expect(status('vista.dpcWait.p9999 < 1ns')).toBe('noData');
    expect(status('vista.ratio.dpcWait.max > 100')).toBe('noData');
  });

  it('takes no ratio for 1 that the document does not hold', () => {
    const stripped = { ...document, comparisons: [] };
    expect(status('vista.ratio.ipisPerThousand > 100', stripped)).toBe('noData');
    expect(status('pre-vista.ratio.ipisPerThousand > 100', stripped)).toBe('pass');
  });
});

describe('gates of run', () => {
  const start = ['run', 'w8', '-n', '3000', '--quiet'];

  it.each([
    [['vista.dpcWait.p50 > 1h'], EXIT.ok, 'pass'],
    [['vista.dpcWait.p50 > 0ns'], EXIT.threshold, 'FAIL'],
    [['vista.dpcWait.p9999 > 1h'], EXIT.noData, 'NO DATA'],
    [['vista.dpcWait.p9999 > 1h', 'vista.dpcWait.p50 > 0'], EXIT.threshold, 'FAIL'],
    [['vista.dpcWait.p50 > 1h', 'vista.dpcWait.p9999 > 1h'], EXIT.noData, 'NO DATA'],
  ])('%j ends with %d', async (conditions, code, word) => {
    const gates = conditions.flatMap((condition) => ['--fail-if', condition]);
    const answer = await dpcbench(...start, ...gates);
    expect(answer.code).toBe(code);
    expect(answer.out).toMatch(new RegExp(`^${word} +vista\\.dpcWait`, 'm'));
    for (const line of answer.out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect(answer.err).toMatch(code === EXIT.ok ? /^$/ : /^Of \d gates? \d failed/);
  });

  it('leaves nothing but JSON on standard output with --json -', async () => {
    const args = [...start, '--json', '-', '--fail-if', 'vista.dpcWait.p50 > 0'];
    const { code, out, err } = await dpcbench(...args);
    expect(code).toBe(EXIT.threshold);
    expect((JSON.parse(out) as ResultDocument).schema).toBe('dpcbench-result/1');
    expect(err).toContain('FAIL');
  });

  it.each([
    [['--fail-if', 'vist.dpcWait.p50 > 0'], /--fail-if:1:1: .*did you mean vista\?/],
    [['--fail-on-regression', '5%'], /nothing to compare with.*--baseline/],
    [['--fail-on-regression', '5', '--baseline', 'x'], /must be a percentage/],
    [['--junit', 'x.xml'], /no gate to write of/],
    [['--baseline', '../x'], /this is no name/],
    [['--save-baseline', 'a/b'], /this is no name/],
  ])('refuses %j before it runs', async (args, message) => {
    const answer = await dpcbench(...start, ...args);
    expect([answer.code, answer.out]).toEqual([EXIT.usage, '']);
    expect(answer.err).toMatch(message);
  });

  it('writes JUnit with a failure, an error and a pass', async () => {
    const file = join(folder, 'gates.xml');
    const conditions = ['vista.dpcWait.p50 > 0', 'vista.dpcWait.p9999 > 1h', 'vista.ipis < 0'];
    const gates = conditions.flatMap((condition) => ['--fail-if', condition]);
    expect((await dpcbench(...start, ...gates, '--junit', file)).code).toBe(EXIT.threshold);
    const xml = readFileSync(file, 'utf8');
    expect(xml).toContain('<testsuites name="dpcbench" tests="3" failures="1" errors="1">');
    expect(xml).toContain('name="vista.dpcWait.p50 &gt; 0">\n      <failure type="threshold"');
    expect(xml).toContain('name="vista.dpcWait.p9999 &gt; 1h">\n      <error type="noData"');
    expect(xml).toContain('name="vista.ipis &lt; 0"/>');
  });
});

describe('toJunit', () => {
  it('escapes what XML cannot hold', () => {
    const xml = toJunit(
      [{ kind: 'threshold', name: `<&>"'\u0000\ud800`, status: 'pass', message: '' }],
      ']]>\u001b',
    );
    expect(xml).toContain('name="&lt;&amp;&gt;&quot;&apos;\\u{0}\\u{d800}"/>');
    expect(xml).toContain('<testsuite name="]]&gt;\\u{1b}"');
  });
});
