import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportedRecording } from '../../src/recording/import-recording.js';
import { importRecording } from '../../src/recording/import-recording.js';
import { PERF_COMMANDS } from '../../src/recording/record-command.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dpcbench-formats-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function imported(lines: readonly string[]): Promise<ImportedRecording> {
  const path = join(folder, 'trace.txt');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return importRecording(path);
}

const RAISED = ['softirq_raise', 'softirq_entry', 'softirq_exit'];
const lines = (of: (event: string, i: number) => string): string[] => RAISED.map(of);

describe('the format of a text', () => {
  it('is trace-cmd without flags, though its first event is a thread\'s', async () => {
    const { report, recording } = await imported(lines((event, i) =>
      `            bash-1181  [000]  1464.17996${i}: ${event}:        vec=3 [action=NET_RX]`));
    expect(report).toMatchObject({
      format: 'ftrace', lines: { read: 3, events: 3, malformed: 0 },
      softirqs: { arrivals: 1, paired: 1 }, skipped: {},
    });
    expect(recording.processors[0]).toMatchObject({ threadNs: 1000, softirqNs: 1000 });
  });

  it('is perf of old versions, which print no subsystem', async () => {
    const { report } = await imported(lines((event, i) =>
      `         swapper     0 [001]  986.57277542${i}: ${event}: vec=9 [action=RCU]`));
    expect(report).toMatchObject({
      format: 'perf-script', lines: { events: 3 }, softirqs: { arrivals: 1 }, skipped: {},
    });
  });

  it('is decided on more than one line', async () => {
    // Both formats read the first line: a process that has gone, or a command without a name.
    const gone = '  :-1 -1 [000] 986.000000000: irq:softirq_raise: vec=3 [action=NET_RX]';
    const perf = lines((event, i) =>
      `  swapper     0 [000]   986.00000000${i + 1}: irq:${event}: vec=9 [action=RCU]`);
    expect((await imported([gone, ...perf])).report).toMatchObject({
      format: 'perf-script', lines: { events: 4, malformed: 0 },
    });
    const ftrace = lines((event, i) =>
      `  <idle>-0  [000] d.h1. 986.00000000${i + 1}: ${event}: vec=9 [action=RCU]`);
    const { report } = await imported([gone, ...ftrace]);
    expect(report).toMatchObject({ format: 'ftrace', softirqs: { arrivals: 1 } });
    expect(report.lines.read).toBe(4);
  });

  it('is found behind other lines, of which none is lost', async () => {
    const { report } = await imported([
      '# a comment', 'noise', '', 'CPU 1 is empty', ...lines((event, i) =>
        `  <idle>-0  [000]  986.00000000${i + 1}: ${event}: vec=9 [action=RCU]`),
    ]);
    expect(report).toMatchObject({
      format: 'ftrace', lines: { read: 7, events: 3, comments: 3, malformed: 1 },
      malformedLines: [{ line: 2, text: 'noise' }],
    });
  });
});

describe('the command to record', () => {
  it('asks for nothing that may not be sampled, and stands in the docs and the hint', async () => {
    const [record] = PERF_COMMANDS;
    expect(record).not.toContain("'irq_vectors:*'");
    expect(record).not.toContain('irq_work');
    const page = readFileSync(join(import.meta.dirname, '../../docs/recordings.md'), 'utf8');
    for (const command of PERF_COMMANDS) expect(page.split('\n')).toContain(command);
    expect(page).not.toContain("-e 'irq_vectors:*'");
    await expect(imported(['a 1 [000] 1.000001: sched:sched_wakeup: comm=x']))
      .rejects.toThrow(record);
  });
});
