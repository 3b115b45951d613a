import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, it } from 'vitest';
import { importRecording, type ImportOptions } from '../../src/recording/import-recording.js';
import { formatImportReport } from '../../src/recording/import-report.js';
import type { RecordedStream, Recording } from '../../src/recording/recording.js';
import { replayMachine } from '../../src/recording/replay.js';
import { writeRecording } from '../../src/recording/write-recording.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';
import { fitRecording } from '../../src/study/fit-recording.js';
import { inventedRecording } from '../fixtures/recordings/invented-recording.js';
import { dumperText, perfViewText, windowsSchedule, wpaText } from '../host/windows-schedule.js';
import { expectGolden, hashOf, withoutBuild } from './golden-file.js';

const FIXTURES = join(import.meta.dirname, '../fixtures/recordings');
const SHOWN_ARRIVALS = 3;

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-golden-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function fixture(name: string): string {
  const bytes = readFileSync(join(FIXTURES, name));
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
}

/** What recorders that lose, repeat, shuffle and cut lines would have left of a text. */
function tornText(text: string, seed: number): string {
  const random = new SeededStream([seed]);
  const lines = text.split('\n').flatMap((line) => {
    const chance = random.below(40);
    if (chance === 0) return [];
    if (chance === 1) return [line, line];
    return [chance === 2 ? line.slice(0, random.below(line.length + 1)) : line];
  });
  for (let i = 1; i < lines.length; i++) {
    if (random.below(25) === 0) [lines[i - 1], lines[i]] = [lines[i], lines[i - 1]];
  }
  return lines.join('\n');
}

const COLUMNS = ['atNs', 'processor', 'isrNs', 'serviceNs', 'latencyNs'] as const;

function streamLine(stream: RecordedStream): string {
  const columns = COLUMNS.map((column) => [...stream[column]].map(String));
  const rows = stream.atNs.length;
  const shown = Array.from({ length: Math.min(rows, SHOWN_ARRIVALS) }, (_, i) =>
    columns.map((column) => column[i]).join(' '),
  ).join('; ');
  const sums = COLUMNS.map((name) => [...stream[name]].reduce((sum, of) => sum + of, 0));
  const head = `${stream.name} (${stream.kind}, ${stream.target}): ${rows}, ${shown}`;
  return `  ${head}; sums ${sums.join(' ')}, all ${hashOf(columns.join('\n'))}`;
}

function recordingText(recording: Recording): string {
  const { meta, processors, streams } = recording;
  const periods = ({ count, sumNs, firstIndex, counts }: (typeof processors)[0]['busyPeriods']) =>
    `${count} of ${sumNs} from ${firstIndex}: ${hashOf(counts.join())}`;
  return [
    JSON.stringify(meta),
    ...processors.map(({ busyPeriods, idlePeriods, ...rest }) =>
      [JSON.stringify(rest), periods(busyPeriods), periods(idlePeriods)].join(', '),
    ),
    ...streams.map(streamLine),
    `file ${hashOf(writeRecording(recording))}`,
    `machine ${hashOf(JSON.stringify(replayMachine(recording)))}`,
  ].join('\n');
}

/** A text, whole and torn twice. */
async function importedText(name: string, text: string, options?: ImportOptions): Promise<string> {
  const path = join(folder, name);
  const told: string[] = [];
  for (const [how, content] of [
    ['whole', text],
    ['torn', tornText(text, 1)],
    ['torn more', tornText(tornText(tornText(text, 2), 3), 4)],
  ]) {
    writeFileSync(path, content);
    const { recording, report } = await importRecording(path, options);
    const lines = [`== ${name}, ${how}`, ...formatImportReport(report), recordingText(recording)];
    told.push(`${lines.join('\n')}\n`);
  }
  return told.join('\n');
}

/** Events of LTTng, as babeltrace2 prints them, of two processors that take turns. */
function babeltraceText(): string {
  const random = new SeededStream([9]);
  const clocks = [0, 0];
  const lines = Array.from({ length: 300 }, () => {
    const cpu = random.below(2);
    const vec = random.below(10);
    const irq = 20 + random.below(2);
    const events = [
      ['irq_softirq_raise', `vec = ${vec}`],
      ['irq_handler_entry', `irq = ${irq}, name = "nic, ${irq}"`],
      ['irq_handler_exit', `irq = ${irq}, ret = 1`],
      ['irq_softirq_entry', `vec = ${vec}`],
      ['irq_softirq_exit', `vec = ${vec}`],
      ['sched_switch', `prev_comm = "a{", prev_tid = 7, next_comm = "b", next_tid = ${cpu}`],
      ['x86_irq_vectors_local_timer_entry', 'vector = 236'],
      ['x86_irq_vectors_local_timer_exit', 'vector = 236'],
    ].slice(
      ...[
        [0, 5],
        [0, 1],
        [3, 5],
        [5, 6],
        [6, 8],
        [1, 3],
      ][random.below(6)],
    );
    return events.map(([name, fields]) => {
      clocks[cpu] += 1 + random.below(4000);
      const stamp = `13:59:59.${String(999_000_000 + clocks[cpu]).padStart(9, '0')}`;
      const next = `14:00:00.${String(clocks[cpu] - 1_000_000).padStart(9, '0')}`;
      const at = clocks[cpu] < 1_000_000 ? stamp : next;
      return `[${at}] (+0.000003086) host ${name}: { cpu_id = ${cpu} }, { tid = 7 }, { ${fields} }`;
    });
  }).flat();
  return [...lines.sort(), 'WARNING: Tracer discarded 25 events between [a] and [b]'].join('\n');
}

const SCHEDULE = windowsSchedule(3, 100_000);
const TEXTS: Record<string, string> = {
  'hand-made.ftrace.txt': fixture('hand-made.ftrace.txt'),
  'hand-made.trace-cmd.txt': fixture('hand-made.trace-cmd.txt'),
  'quiet-start.perf-script.txt': fixture('quiet-start.perf-script.txt.gz'),
  'http-loopback-end.perf-script.txt': fixture('http-loopback-end.perf-script.txt.gz'),
  'made.babeltrace.txt': babeltraceText(),
  'entry.dumper.csv': dumperText(SCHEDULE, 'entry'),
  'exit.dumper.csv': dumperText(SCHEDULE, 'exit', true),
  'exits.wpa.csv': wpaText(SCHEDULE.ran, { mark: '.', exits: true }),
  'commas.wpa.csv': wpaText(SCHEDULE.ran, { mark: ',', exits: false }),
  'line.perfview.xml': perfViewText(SCHEDULE, 'line'),
  'view.perfview.xml': perfViewText(SCHEDULE, 'view'),
};

it.each(Object.keys(TEXTS))('%s is imported as before', async (name) => {
  expectGolden(`recordings/${name}.txt`, await importedText(name, TEXTS[name]));
});

it("KUtrace's JSON is imported as before", async () => {
  const { recording, report } = await importRecording(join(FIXTURES, 'kutrace-queue-bad.json.gz'));
  const lines = [...formatImportReport(report), recordingText(recording)];
  expectGolden('recordings/kutrace.txt', `${lines.join('\n')}\n`);
});

it.each([
  ['seen', {}],
  ['hidden', { hidesHandlers: true }],
  ['drifting', { entryNs: (ns: number, isLater: boolean) => (isLater ? 2 * ns : ns) }],
])('the costs of an invented machine are fitted as before: handlers %s', (name, how) => {
  const fit = fitRecording(inventedRecording({ events: 1500, ...how }));
  const text = withoutBuild(JSON.stringify(fit, null, 1)).replace(
    /\[[\d,\s.]{80,}\]/g,
    (list) => `"list ${hashOf(list)}"`,
  );
  expectGolden(`recordings/fit-${name}.txt`, `${text}\n`);
});
