import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import hdr from 'hdr-histogram-js';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../src/errors.js';
import { toCsv } from '../../src/export/csv.js';
import { toMarkdown } from '../../src/export/markdown.js';
import { LATENCY_NAMES } from '../../src/result/figures.js';
import type { ResultDocument } from '../../src/result/document.js';
import { RESOLUTION } from '../../src/result/histogram.js';
import { parseFigurePath, readFigure } from '../../src/stats/figure-path.js';
import { RATE_NAMES } from '../../src/result/outcome.js';
import { HOSTILE_NAMES, inventedResult } from '../fixtures/results/invented-result.js';
import { runCli } from './run-cli.js';

const RUN = 'run w8 -p pre-vista,vista -n 40k --shards 6 --warmup none --intervals all -q';
const FORMULA = `=cmd|'/c calc'!A1`;

let folder: string;
let result: ResultDocument;
const place = (name: string): string => join(folder, name);
const written = (name: string): string => readFileSync(place(name), 'utf8');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-export-'));
  const names = ['csv', 'parquet', 'md', 'prom', 'hgrm', 'hlog'].map((ending) => `r.${ending}`);
  const exports = names.flatMap((name) => ['--export', place(name)]);
  const { code, err } = await runCli([
    ...RUN.split(' '),
    ...exports,
    '--json',
    place('r.json'),
    '--fail-if',
    'vista.ipis > 1G',
  ]);
  expect([code, err]).toEqual([EXIT.ok, '']);
  result = JSON.parse(written('r.json'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  policy: string;
  scope: string;
  name: string;
  figure: string;
  value: string;
  low: string;
  high: string;
}

describe('--export FILE.csv', () => {
  it('has, for the machine and every source, what a gate would read', () => {
    const rows: Row[] = parse(written('r.csv'), { columns: true });
    const names = {
      policies: ['pre-vista', 'vista'],
      sources: result.scenario.sources.map(({ name }) => name),
      counters: [...RATE_NAMES, 'unserved'],
    };
    const read = rows.filter(
      ({ scope, figure }) =>
        ['machine', 'source'].includes(scope) &&
        !/^(time|queueDepth|execution|stopped)/.test(figure),
    );
    expect(read.length).toBeGreaterThan(500);
    for (const { policy, scope, name, figure, value, low, high } of read) {
      const prefix = scope === 'source' ? `sources.${name}.` : '';
      const path = parseFigurePath(`${policy}.${prefix}${figure}`, names);
      const expected = readFigure(result, path);
      expect([path.text, value], path.text).toEqual([path.text, String(expected.value ?? '')]);
      if (low === '') continue;
      expect(Number(low), path.text).toBeLessThanOrEqual(Number(high));
      expect({ low: Number(low), high: Number(high) }).toEqual(expected.interval);
    }
    expect(read.some(({ low, figure }) => low !== '' && figure === 'dpcWait.p99')).toBe(true);
    expect(read.some(({ low, figure }) => low !== '' && figure.startsWith('ratio.'))).toBe(true);
  });

  it('accounts for all time of every processor', () => {
    const rows: Row[] = parse(written('r.csv'), { columns: true });
    for (const { policy, processors } of result.results) {
      for (const { index, timeSplit } of processors) {
        const own = rows.filter((row) => row.policy === policy && row.name === String(index));
        const sum = (pattern: RegExp): number =>
          own.reduce((all, row) => all + (pattern.test(row.figure) ? Number(row.value) : 0), 0);
        expect(sum(/^time\./)).toBe(Object.values(timeSplit).reduce((a, b) => a + b));
        expect(sum(/^timeShare\./)).toBeCloseTo(1, 9);
      }
    }
  });

  it('says how long the routines of each scope ran, as the result has it', () => {
    const rows: Row[] = parse(written('r.csv'), { columns: true });
    for (const { policy, execution, sources, processors } of result.results) {
      const scopes = [
        { scope: 'machine', name: '', execution },
        ...sources.map((source) => ({ scope: 'source', ...source })),
        ...processors.map((each) => ({ ...each, scope: 'processor', name: String(each.index) })),
      ];
      for (const { scope, name, execution: times } of scopes) {
        const own = rows.filter(
          (row) => row.policy === policy && row.scope === scope && row.name === name,
        );
        const value = (figure: string): number =>
          Number(own.find((row) => row.figure === `execution.${figure}`)!.value);
        expect(value('isr.total')).toBe(times!.isr.totalNs);
        expect(value('isr.max')).toBe(times!.isr.maxNs);
        expect(value('dpc.total')).toBe(times!.dpc.totalNs);
        expect(value('dpc.max')).toBe(times!.dpc.maxNs);
        expect(value('dpc.max')).toBeGreaterThan(0);
      }
    }
  });

  it('has a row for what came of the DPCs queued in each situation', () => {
    const rows: Row[] = parse(written('r.csv'), { columns: true });
    for (const { policy, counters, decisions } of result.results) {
      const own = rows.filter((row) => row.policy === policy && row.scope === 'decision');
      const names = new Set(own.map(({ name }) => name));
      expect(names.size).toBe(decisions!.length);
      const sum = (figure: string, request = ''): number =>
        own
          .filter((row) => row.figure === figure && row.name.endsWith(request))
          .reduce((all, { value }) => all + Number(value), 0);
      expect(sum('inserts')).toBe(counters.inserts);
      expect(sum('inserts', '/ipi')).toBe(counters.ipis);
      expect(sum('inserts', '/local')).toBe(counters.localRequests);
      for (const { target, importance, threaded, facts, request, wait } of decisions!) {
        expect(threaded).toBe(false);
        const name = `${target}/${importance}/ordinary/${facts.join('+') || '-'}/${request}`;
        const longest = own.find((row) => row.name === name && row.figure === 'wait.max')!;
        expect(Number(longest.value)).toBe(wait.maxNs);
      }
    }
  });

  it('gives back hostile names, without a formula for a spreadsheet', () => {
    const document = inventedResult({ sources: [...HOSTILE_NAMES, FORMULA, 'a,b\n"c"'] });
    const rows: Row[] = parse(toCsv({ results: [{ label: '', document }] }), { columns: true });
    const names = new Set(rows.filter(({ scope }) => scope === 'source').map(({ name }) => name));
    for (const name of HOSTILE_NAMES.filter((text) => !text.includes('\u202e'))) {
      expect(names).toContain(name);
    }
    expect(names).toContain(`'${FORMULA}`);
    expect(names).toContain('a,b\\u{a}"c"');
    expect([...names].filter((name) => /^[=+\-@]|\p{Cc}/u.test(name))).toEqual([]);
  });
});

describe('--export FILE.parquet', () => {
  it('has the rows of the CSV, as another library reads them', async () => {
    const bytes = readFileSync(place('r.parquet'));
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    const read = await parquetReadObjects({ file });
    const rows = parse(written('r.csv'), { columns: true });
    const asText = read.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, value === null ? '' : String(value)]),
      ),
    );
    expect(asText).toEqual(rows);
    expect(typeof read[0].value).toBe('number');
    expect(typeof read[0].seed).toBe('bigint');
  });
});

/** A histogram of HdrHistogram's own out of a result's buckets. */
function histogramOf({ lowNs, counts }: ResultDocument['results'][0]['distribution']['dpcWait']) {
  const options = { highestTrackableValue: 2 ** 38, numberOfSignificantValueDigits: 3 } as const;
  const histogram = hdr.build({ ...options, bitBucketSize: 'packed', useWebAssembly: false });
  lowNs.forEach((ns, i) => histogram.recordValueWithCount(ns, counts[i]));
  return histogram;
}

describe('--export FILE.hgrm', () => {
  const numbersOf = (text: string): number[][] =>
    text
      .split('\n')
      .filter((line) => /^ +\d/.test(line))
      .map((line) => line.trim().split(/ +/).map(Number));

  it('is a file for each policy and latency, with the lines that HdrHistogram writes', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.hgrm'));
    expect(files).toHaveLength(2 * LATENCY_NAMES.length);
    for (const { policy, distribution, latency } of result.results) {
      for (const name of LATENCY_NAMES) {
        const text = written(`r.${policy}.${name}.hgrm`);
        const theirs = histogramOf(distribution[name]).outputPercentileDistribution(5, 1000);
        const ours = numbersOf(text);
        const expected = numbersOf(theirs);
        expect(ours.map(([, , count]) => count)).toEqual(expected.map(([, , count]) => count));
        const maxUs = latency[name].maxNs / 1000;
        for (const [i, [value, share, , beyond]] of ours.entries()) {
          expect(share).toBeCloseTo(expected[i][1], 11);
          expect(beyond).toBe(expected[i][3]);
          expect(value).toBe(Math.min(expected[i][0], maxUs));
        }
        expect(text.split('\n')[0]).toBe(theirs.split('\n')[0]);
        const said = /#\[Mean += +([\d.]+), StdDeviation += +([\d.]+)\]\n#\[Max += +([\d.]+), /;
        const [mean, deviation, max] = said.exec(text)!.slice(1).map(Number);
        const [theirMean, theirDeviation] = said.exec(theirs)!.slice(1).map(Number);
        expect(max).toBe(maxUs);
        expect(mean).toBeCloseTo(latency[name].meanNs / 1000, 3);
        expect(Math.abs(mean / theirMean - 1)).toBeLessThan(RESOLUTION);
        expect(Math.abs(deviation / theirDeviation - 1)).toBeLessThan(RESOLUTION);
      }
    }
  });
});

describe('--export FILE.hlog', () => {
  it('holds every histogram, as HdrHistogram reads them', () => {
    const reader = new hdr.HistogramLogReader(written('r.hlog'));
    for (const { policy, distribution, latency } of result.results) {
      for (const name of LATENCY_NAMES) {
        const read = reader.nextIntervalHistogram()! as InstanceType<typeof hdr.Int32Histogram>;
        const { count, p99Ns } = latency[name];
        expect(read.tag).toBe(`${policy}.${name}`);
        expect(read.totalCount).toBe(count);
        expect(read.endTimeStampMsec).toBeCloseTo(result.meta.durationNs / 1e6, 0);
        expect(read.getValueAtPercentile(99)).toBe(p99Ns);
        const { lowNs, counts } = distribution[name];
        expect(lowNs.map((ns) => read.getCountAtIndex(read.countsArrayIndex(ns)))).toEqual(counts);
      }
    }
    expect(reader.nextIntervalHistogram()).toBeNull();
  });
});

describe('--export FILE.md', () => {
  it('has what the answer says, a row for each policy, and the gates', () => {
    const text = written('r.md');
    expect(text).toContain(`- ${result.comparisons[0].sentence}`);
    expect(text).toMatch(/^\| `pre-vista` \| [\d.]+ ± [\d.]+ % \|/m);
    expect(text).toContain('| `vista.ipis > 1G` | pass | vista.ipis is ');
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    expect(rows.filter((row) => row.split('|').length === 9)).toHaveLength(4);
  });

  it('takes nothing of a name for markup, a mention or a link', () => {
    const name = '`<img src=x>` | @everyone #1 [x](http://y) \n# heading';
    const document = inventedResult({ name, question: name, policies: ['vista'] });
    const text = toMarkdown({ results: [{ label: '', document }] });
    const [heading, , question] = text.split('\n');
    expect(heading).toMatch(/^### `` .* ``$/);
    const left = question.replaceAll('<!-- -->', ' ').replace(/&#\d+;/g, '');
    expect(left).not.toMatch(/[<>|`[\]]|@\w|#\w|:\/\//);
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual([]);
  });
});

describe('--export FILE.prom', () => {
  // The grammar of OpenMetrics 1.0, section 4.1, as far as it is used.
  const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
  const LABEL = `${NAME}="(?:[^\\n"\\\\]|\\\\[\\\\n"])*"`;
  const SAMPLE = new RegExp(`^(${NAME})\\{(${LABEL}(?:,${LABEL})*)\\} (-?[0-9.e+-]+)$`);
  const META = new RegExp(`^# (TYPE|UNIT) (${NAME}) (\\w+)$`);

  it('keeps the grammar: families together, none twice, no sample twice', () => {
    const lines = written('r.prom').split('\n');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
    const families = new Map<string, string>();
    const samples = new Set<string>();
    let family = '';
    for (const line of lines.slice(0, -2)) {
      const meta = META.exec(line);
      if (meta?.[1] === 'TYPE') {
        family = meta[2];
        expect(families.has(family), family).toBe(false);
        families.set(family, meta[3]);
        continue;
      }
      if (meta !== null) {
        expect([meta[2], family.endsWith(`_${meta[3]}`)]).toEqual([family, true]);
        continue;
      }
      const [, name, labels, value] = SAMPLE.exec(line) ?? [];
      const suffixes = { counter: ['_total'], gauge: [''], summary: ['', '_count', '_sum'] };
      const allowed = suffixes[families.get(family) as 'counter'].map((end) => family + end);
      expect(allowed, line).toContain(name);
      expect(Number.isFinite(Number(value))).toBe(true);
      expect(samples.has(`${name}{${labels}}`), line).toBe(false);
      samples.add(`${name}{${labels}}`);
    }
    expect(families.get('dpcbench_source_dpcs')).toBe('counter');
    expect(families.get('dpcbench_processor_time_seconds')).toBe('counter');
  });

  it('has the figures of the result, in seconds', () => {
    const text = written('r.prom');
    for (const { policy, counters, latency } of result.results) {
      const labels = `scenario="w8",seed="1",policy="${policy}"`;
      expect(text).toContain(`\ndpcbench_ipis_total{${labels}} ${counters.ipis}\n`);
      const p99 = latency.dpcWait.p99Ns! / 1e9;
      const head = `\ndpcbench_dpc_wait_seconds{${labels},quantile="0.99"} `;
      expect(text).toContain(`${head}${p99}\n`);
    }
    for (const { policy, counters, execution, sources } of result.results) {
      const labels = `scenario="w8",seed="1",policy="${policy}"`;
      const total = execution!.dpc.totalNs / 1e9;
      expect(text).toContain(`\ndpcbench_dpc_execution_seconds_total{${labels}} ${total}\n`);
      const [{ name, execution: first }] = sources;
      const most = `\ndpcbench_source_isr_execution_max_seconds{${labels},source="${name}"} `;
      expect(text).toContain(`${most}${first!.isr.maxNs / 1e9}\n`);
      const inserts = text
        .split('\n')
        .filter((line) => line.startsWith(`dpcbench_decision_inserts_total{${labels},`))
        .map((line) => ({ request: /request="(\w+)"/.exec(line)![1], count: line.split(' ')[1] }));
      const asked = inserts.filter(({ request }) => request === 'ipi');
      expect(asked.reduce((sum, { count }) => sum + Number(count), 0)).toBe(counters.ipis);
    }
  });
});

describe('--export of results that are there', () => {
  it('names them before and now, and says what changed', async () => {
    mkdirSync(place('compared'));
    const [md, csv, hlog] = ['md', 'csv', 'hlog'].map((ending) => place(`compared/c.${ending}`));
    const exports = [md, csv, hlog].flatMap((path) => ['--export', path]);
    const files = [place('r.json'), place('r.json')];
    const { code } = await runCli(['compare', ...files, ...exports]);
    expect(code).toBe(EXIT.ok);
    expect(readFileSync(md, 'utf8')).toMatch(
      /All simulated figures are the same[^]*`vista.dpcWait.p99` \| .* µs \| .* µs \| same \|/,
    );
    const rows = parse(readFileSync(csv, 'utf8'), { columns: true }) as { result: string }[];
    const labels = rows.map((row) => row.result);
    expect(labels.filter((label) => label === 'before')).toHaveLength(labels.length / 2);
    expect(hdr.listTags(readFileSync(hlog, 'utf8'))).toContain('now.vista.dpcWait');
  });

  it('makes files of a result without a report', async () => {
    const again = place('again.csv');
    const { code, err } = await runCli(['report', place('r.json'), '--export', again]);
    expect([code, err]).toEqual([EXIT.ok, `Export: ${again}\n`]);
    expect(written('again.csv')).toBe(written('r.csv'));
    const nothing = await runCli(['report', place('r.json')]);
    expect([nothing.code, nothing.err]).toEqual([
      EXIT.usage,
      'nothing is to be written (add -o report.html or --export figures.csv)\n',
    ]);
  });
});

describe('--export refuses before anything runs', () => {
  it.each([
    ['figures.xlsx', /\.csv \(a row for each figure, with its interval\), \.parquet/],
    ['figures', /The ending says the format/],
    ['r.json', /written with --json/],
    ['gates.xml', /written as JUnit XML with --junit/],
    ['no/such/folder/r.csv', /its folder does not exist/],
  ])('%s', async (name, message) => {
    const { code, out, err } = await runCli(['run', 'w1', '--export', place(name)]);
    expect(code).not.toBe(EXIT.ok);
    expect(out).toBe('');
    expect(err.replace(/\s+/g, ' ')).toMatch(message);
  });

  it('two answers for one file, one of many included', async () => {
    const twice = place('twice.vista.dpcWait.hgrm');
    const args = ['run', 'w1', '-p', 'vista', '--export', place('twice.hgrm'), '--json', twice];
    const { code, err } = await runCli(args);
    expect([code, err]).toEqual([EXIT.usage, expect.stringContaining('is the file of --json')]);
  });

  it('keeps names of policies inside the folder', async () => {
    const { exportPlaces } = await import('../../src/cli/export-files.js');
    const policies = ['../../etc/x', '..', 'a/b', 'a_b', 'A_B'];
    const places = exportPlaces({ export: ['out/r.hgrm'] }, [{ label: '', policies }]);
    const paths = places.map(({ path }) => path!);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^out[/\\]r\.[^/\\]+\.hgrm$/);
  });
});
