import { describe, it } from 'vitest';
import { hasCyclesForStamp, readBabeltraceLine } from '../../src/recording/babeltrace.js';
import { headerProcessors, readFtraceLine } from '../../src/recording/ftrace.js';
import { readPerfScriptLine } from '../../src/recording/perf-script.js';
import type { LineParser } from '../../src/recording/trace-event.js';
import { emptyEvent, LINE } from '../../src/recording/trace-event.js';
import { expectGolden, hashOf } from './golden-file.js';
import { tornAnswers } from './torn-answers.js';

const PARSERS: Record<string, LineParser> = {
  perf: readPerfScriptLine,
  ftrace: readFtraceLine,
  babeltrace: readBabeltraceLine,
};

/** What a line is read as, all of it. */
function read(parser: LineParser, line: string): string {
  const event = emptyEvent();
  const code = parser(line, event);
  const kind = Object.entries(LINE).find(([, value]) => value === code)![0];
  const { known, name, processor, pid, seconds, nanoseconds, stampDecimals, detail, lost } = event;
  if (kind === 'lost') return `lost ${lost} on ${processor}`;
  if (kind !== 'event') return kind;
  return (
    `event ${name} (${known}) on ${processor} by ${pid} at ${seconds} s ${nanoseconds} ns ` +
    `(${stampDecimals}): ${JSON.stringify(detail)}`
  );
}

const PERF = [
  '         swapper     0 [000]   986.572775421:             irq:softirq_raise: vec=9 [action=RCU]',
  'a [1] b 12/13 [1023] 9999999.000001:       1 irq:softirq_entry: vec=3 [action=NET_RX]',
  '   :-1 -1 [001] 1.5: irq:softirq_exit: vec=3',
  'x -0 [001] 1.000000001: softirq_exit: vec=3',
  'bash-7 [001] 1.000000001: softirq_exit: vec=3',
  '-7 [001] 1.000000001: softirq_exit: vec=3',
  '7 [001] 1.000000001: softirq_exit: vec=3',
  'swapper 0 [000] 10.000000001: PERF_RECORD_LOST lost 17',
  'swapper 0 [000] 10.000000001: PERF_RECORD_LOST',
  'swapper 0 [000] 10.000000001: 0 PERF_RECORD_LOST lost 999999999',
  'swapper 0 [000] 10.000000001: 5: a',
  'swapper 0 [000] 10.000000001: 5 irq:x:y: a',
  'swapper 0 [000] 10.000000001: irq:: a',
  'swapper 0 [000] 10.000000001: : a',
  'swapper 0 [000] 10.000000001: irq:a:',
  '\tffffffff81a0b1c2 __raise_softirq_irqoff+0x72 ([kernel.kallsyms])',
  ' 7f00 main',
  ' 7f0 main',
  '7f00 main',
  ' fffffffff81a0b1c2 main',
  ' 7f0g main',
  '# captured',
  '  ',
  '',
];

const FTRACE = [
  '          <idle>-0     [001] d.h1.  1174.074100: softirq_raise: vec=3 [action=NET_RX]',
  '            bash-1181  [000]  1464.179961: softirq_entry:        vec=3 [action=NET_RX]',
  ' a-b (c)-12   (   12) [000] d.h1.  1174.074100100: irq_handler_entry: irq=36 name=a:b',
  'x-1 (-----) [000] 1.000001: sched_switch: prev_pid=1 ==> next_comm=a:18 [0]',
  'x-1 [000] .... 1.000001: schedule <-worker_thread',
  'x-1 [000] .... 1.000001: : a',
  'x 1 [000] .... 1.000001: a: b',
  '-1 [000] .... 1.000001: a: b',
  'x) [000] .... 1.000001: a: b',
  '(x-1) [000] .... 1.000001: a: b',
  'CPU:1 [LOST 25 EVENTS]',
  ' CPU:12345 [204600 EVENTS DROPPED]',
  'CPU:7 [EVENTS DROPPED]',
  'CPU:123456 [LOST 25 EVENTS]',
  ' => do_idle',
  'CPU 0 is empty',
  'version = 6',
  'cpus=2',
  '# entries-in-buffer/entries-written: 12/12   #P:2',
  '',
];

const STAMPED = '[1174.074100071] (+0.000003086) host irq_softirq_raise: ';
const BABELTRACE = [
  `${STAMPED}{ cpu_id = 0 }, { vec = 9 }`,
  '[13:44:16.238953862] irq_softirq_entry: { cpu_id = 1 }, ' +
    '{ tid = 7, procname = "x" }, { vec = 12 }',
  '[2024-02-29 23:59:59.999999995] (+0.1) h irq_handler_entry: { cpu_id = 1 }, ' +
    '{ irq = 27, name = "eth, \\"0" }',
  '[1.5] h irq_handler_exit: { cpu_id = 3 }, { pid = 8 }, { irq = 27, ret = 1 }',
  '[1.5] h sched_switch: { t = 1, cpu_id = 3 }, { prev_comm = "{", prev_tid = 7, ' +
    'next_comm = "\\\\", next_tid = 9 }',
  '[1.5] h sched_switch: { 3 }, { "a", 7, 20, 0, "b", 9, 20 }',
  '[1.5] h x86_irq_vectors_local_timer_entry: { 3 }, { 236 }',
  '[1.5] h x86_irq_vectors_ipi_entry: { 3 }, { a = { 1 } }',
  '[1.5] h irq_softirq_exit: event.fields = { 3 }, { vec = 0x9 }',
  'timestamp = 1174.0741, delta = +0.1, trace:hostname = h, name = irq_softirq_raise, ' +
    'stream.packet.context = { cpu_id = 0 }, event.fields = { vec = 9 }',
  'WARNING: Tracer discarded 25 events between [a] and [b]',
  'Tracer may have discarded events',
  '# a comment',
];

describe('a line that is torn anywhere is read as before:', () => {
  it.each([
    ['perf', PERF],
    ['ftrace', FTRACE],
    ['babeltrace', BABELTRACE],
  ])('%s', (format, lines) => {
    const told = lines.flatMap((line) => tornAnswers(line, (text) => read(PARSERS[format], text)));
    expectGolden(`lines/${format}.txt`, told.join('\n') + '\n');
  });

  it('any of another format', () => {
    const told = Object.entries(PARSERS).map(([format, parser]) => {
      const others = [...PERF, ...FTRACE, ...BABELTRACE].map((line) => read(parser, line));
      return `${format}: ${hashOf(others.join('\n'))}`;
    });
    expectGolden('lines/others.txt', told.join('\n') + '\n');
  });

  it('what a header says of processors, and a stamp of its unit', () => {
    const lines = [
      ...['cpus=12', ' cpus=12', 'cpus=', 'cpus=x', '#P:3', '# a #P:64 b', '# #P:', 'a #P:7'],
      ...FTRACE,
    ];
    const cycles = '00000007633690036389';
    const stamps = [
      ...[`[${cycles}] a`, `timestamp = ${cycles}, a`, `[${cycles}0] a`, ` [${cycles}]`, cycles],
      ...BABELTRACE,
    ];
    expectGolden(
      'lines/headers.txt',
      [
        ...lines.map((line) => `${JSON.stringify(line)}: ${headerProcessors(line)}`),
        ...stamps.map((line) => `${JSON.stringify(line)}: ${hasCyclesForStamp(line)}`),
      ].join('\n') + '\n',
    );
  });
});
