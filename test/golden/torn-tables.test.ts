import { describe, it } from 'vitest';
import { DumperReader, looksLikeDumper } from '../../src/recording/dumper-csv.js';
import { looksLikeDpcIsr, readDpcIsr } from '../../src/recording/dpcisr-report.js';
import { routineFormatOf } from '../../src/recording/find-routine-format.js';
import { looksLikeCswitch, readIdleShares } from '../../src/recording/idle-shares.js';
import { looksLikeKutrace } from '../../src/recording/kutrace-json.js';
import { looksLikeLatencyMon, readLatencyMon } from '../../src/recording/latencymon-report.js';
import { looksLikePerfView, PerfViewReader } from '../../src/recording/perfview-xml.js';
import type { SpanReader } from '../../src/recording/span-reader.js';
import { LINE } from '../../src/recording/trace-event.js';
import { decimalMarkOf, findWpaHead, WpaReader } from '../../src/recording/wpa-csv.js';
import { expectGolden } from './golden-file.js';
import { tornAnswers } from './torn-answers.js';

/** What each of the lines is, and then all that the reader has of them. */
function readBy(reader: SpanReader, lines: readonly string[]): string {
  const kinds = lines.map((line) => {
    const code = reader.take(line, false);
    return Object.entries(LINE).find(([, value]) => value === code)![0];
  });
  if (reader instanceof WpaReader) reader.end();
  const { routines, switches, names } = reader.spans;
  const spans = Array.from({ length: routines.length }, (_, i) => {
    const kind = routines.isIsr[i] === 1 ? 'isr' : 'dpc';
    const extent = `${routines.atNs[i]}+${routines.durationNs[i]}`;
    const exclusive = routines.isExclusive[i] === 1 ? ' alone' : '';
    return `${kind} ${routines.processor[i]} ${extent} ${names[routines.name[i]]}${exclusive}`;
  });
  const changes = Array.from(
    { length: switches.length },
    (_, i) =>
      `${switches.isIdle[i] === 1 ? 'idle' : 'thread'} ${switches.processor[i]} ` +
      `${switches.atNs[i]}`,
  );
  const skipped = [...reader.skipped].map(([name, count]) => `${count} ${name}`);
  const told = [kinds.join(' '), ...spans, ...changes, ...skipped, ...reader.notes()].join('; ');
  return `${told}; step ${reader.stepNs}, lost ${reader.lostEvents}`;
}

/** Or what it is refused for. */
function said(of: () => string): string {
  try {
    return of();
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

const DPC_HEAD = 'DPC, TimeStamp, ElapsedTime, CPU, ServiceAddr, Image!Function';
const SWITCH_HEAD = 'CSwitch, TimeStamp, New Process Name ( PID), New TID, CPU, IdealProc';
const FULL_SWITCH =
  'CSwitch, 1000, a.exe ( 12), 7, 0, -1, 0, 0, Idle (   0), 0, 0, -1, Running, Executive, ' +
  'NonSwap, 11, 2, 3';

const WPA_TABLES: [string, '.' | ',', string[]][] = [
  [
    'exits',
    '.',
    [
      'Function,Type,Module,CPU,DPC/ISR Enter Time (s),DPC/ISR Exit Time (s)',
      'f,DPC,a.sys,0,1.5,1.500000001',
      'g,Interrupt,unknown,CPU 1023,"1,000.25",1000.5',
    ],
  ],
  [
    'fragments',
    ',',
    [
      'CPU;Type;Fragment Enter Time (us);Fragment Exit Time (us);Module;Inclusive Duration (us)',
      '0;DPC;1.000,5;1.001;a;8',
      '0;DPC;1.000,5;1.003;a;8',
      '0;ISR;1.001;1.001,25;;',
    ],
  ],
  [
    'exclusive',
    '.',
    [
      'cpu\ttype\tisr enter time\texclusive duration (ns)\tfunction',
      '2\tISR\t0.000001\t250\th',
      '2\tISR\t0.000001\t250\th',
      '2\tISR\t0.000002\t7\th',
      '\tISR\t\t\t',
      '2\tTimer\t1\t1\th',
    ],
  ],
  [
    'ends',
    '.',
    ['Type,CPU,DPC/ISR Exit Time (ms),Inclusive Duration', 'DPC,0,900.125,0.25', 'DPC,0,0.1,5'],
  ],
];

describe('a table that is torn anywhere is read as before:', () => {
  it.each<[string, string[], string[]]>([
    [
      'without-heads',
      [],
      ['DPC, 1000, 10, 3, 0xf, a.sys!A', 'Interrupt, 7, 0, 0, 1, 2, 3, 0xf, b!B'],
    ],
    [
      'with-heads',
      [DPC_HEAD, SWITCH_HEAD],
      [
        '  TDPC, 1000, 10, 1023, 0xf0, unknown!unknown',
        'DPC, 1000, 10, 1, 0xf0, C.sys!less<int, int>',
        '"DPC","1000,25","0,5",1,0xf0,"C.sys!less<int, int>"',
        'DPC, 1000, , 1, 0xf0, a',
        FULL_SWITCH,
        FULL_SWITCH.replace(' 7, 0, -1', ' 0, 0, -1') + ', 0, 0',
        'CSwitch, 1000, a.exe ( 12), 0, 1, 3',
        'CSwitch, 1000, a.exe ( 12), 7, 1, 3, Important, Important',
        'OS Version: 10.0, Trace Size: 1KB, Events Lost: 7, Trace Length: 2 sec',
        'FirstReliableEventTimeStamp, 0',
        'MarkEvent, 12, mark',
        'BeginHeader',
        'Interrupt, TimeStamp, CPU, Elapsed  Time, Image',
      ],
    ],
  ])("dumper's rows %s", (name, heads, rows) => {
    const after = ['DPC, 2000, 4, 0, 0xf1, b.sys!B', 'Interrupt, 2100, 1, 2, 3, 4, 5, 6'];
    const told = rows.flatMap((row) =>
      tornAnswers(row, (text) => readBy(new DumperReader(), [...heads, text, ...after])),
    );
    expectGolden(`lines/dumper-${name}.txt`, told.join('\n') + '\n');
  });

  it.each(WPA_TABLES)('rows of WPA with %s', (name, mark, lines) => {
    const told = lines.flatMap((line, at) =>
      tornAnswers(line, (text) =>
        said(() => readBy(new WpaReader(mark, 'table.csv'), lines.with(at, text))),
      ),
    );
    expectGolden(`lines/wpa-${name}.txt`, told.join('\n') + '\n');
  });

  it('elements of PerfView', () => {
    const head = '<Event MSec="3" TID="5" EventName="PerfInfo/DPC"';
    const dump = [`${head}`, '  ProcessorNumber="6" x', '  CPU="7" EventIndex="1">'];
    const rows: [string[], string, string[]][] = [
      [[], '<Event MSec= "19,1574" EventName="PerfInfo/ISR" CPU="1" InitialTime="19,1"/>', []],
      [
        [],
        ' <Event EventName="Windows Kernel/PerfInfo/TimerDPC" TimeMsec="1,019.157" ' +
          'ProcessorNumber="  0"ElapsedTimeMSec="0.25"Routine="a&lt;b&amp;"/>',
        [],
      ],
      [[], '<Event MSec="1" EventName="PerfInfo/ISR" CPU="0" ElapsedTimeMSec="5E-05"/>', []],
      [[], '<Event MSec="1.5" EventName="Thread/CSwitch" CPU="0" TID="22,992"/>', []],
      [[], '<Event MSec="1.5" EventName="Thread/CSwitch" CPU="0" ThreadID="0"/>', []],
      [dump, `<Event MSec="3" EventName="PerfInfo/DPC" ElapsedTimeMSec="1"/>`, ['</Event>']],
      [[head], ' ElapsedTimeMSec="1" CPU="1023">', ['</Event>', head, 'CPU="2"', '</Event>']],
    ];
    const told = rows.flatMap(([before, row, after]) =>
      tornAnswers(row, (text) => readBy(new PerfViewReader(), [...before, text, ...after])),
    );
    expectGolden('lines/perfview.txt', told.join('\n') + '\n');
  });
});

const REPORT = [
  'DPC Info',
  'CPU Usage Summing By Module For the Whole Trace',
  'CPU Usage from 0 us to 1000000 us:',
  '     CPU 0 Usage,      CPU 1 Usage,',
  '     usec      %,      usec      %, Module',
  '     6000   0.60,      2000   0.20, "nic.sys"',
  '        3   0,00,         0   0.00, odd.sys',
  '',
  'Total = 1000 for module NIC.sys',
  'Elapsed Time, >        0 usecs AND <=        1 usecs,      0, or   0.00%',
  'Elapsed Time, >        4 usecs AND <=        8 usecs,    999, or  99.90%',
  'Elapsed Time, >        8 usecs,      1, or   0.10%',
  'Total,   1000',
  'Total = 1000',
  'Elapsed Time, >        4 usecs AND <=        8 usecs,   1000, or 100.00%',
  'Usage From 0 ms to 10000 ms, Summing In 1 second intervals.',
  '  CPU 0 Usage,  CPU 1 Usage,',
  'Interrupt Info',
  '     CPU 1 Usage,',
  '     usec      %, Module',
  '     4000   0.40, nic.sys',
  'Total = 2000 for module nic.sys',
  'Elapsed Time, >        1 usecs AND <=        2 usecs,   2000, or 100.00%',
  'Other Info',
  '     CPU 9 Usage,',
];

const LATENCYMON = [
  'LatencyMon has been analyzing your system for  0:01:10  (h:mm:ss) on all processors.',
  'Logical processors:                        2',
  'Highest measured interrupt to DPC latency (us):   160.60',
  'ISR count (execution time <250 us):   2',
  'DPC count (execution time 250-500 us):   1,003',
  'CPU 0 ISR highest execution time (us):  12,5',
  'CPU 0 ISR total execution time (s):     0.000016',
  'CPU 0 ISR count:                        2',
  'CPU 1 DPC highest execution time (us):  99',
  'CPU 1 DPC total execution time (s):     0.004',
  'CPU 1 DPC count:                        1.003',
  '____',
];

const IDLE = [
  ' StartTime,   EndTime,  Cpu 0,  Cpu 1',
  ' 0,  1000000,  98.25,  97.50',
  '',
  ' 1000000,  3000000,  100.50,  0',
  'Other table',
];

describe('a report that is torn anywhere is read as before:', () => {
  it.each<[string, string[], (lines: string[]) => unknown]>([
    ['dpcisr', REPORT, (lines) => readDpcIsr(lines, 'r.txt')],
    ['latencymon', LATENCYMON, (lines) => readLatencyMon(lines, 'r.txt')],
    ['idle', IDLE, (lines) => readIdleShares(lines, 'r.txt', 2)],
  ])('%s', (name, lines, read) => {
    const told = lines.flatMap((line, at) =>
      tornAnswers(line, (text) => said(() => JSON.stringify(read(lines.with(at, text))))),
    );
    expectGolden(`lines/${name}.txt`, told.join('\n') + '\n');
  });

  it('what each is taken for', () => {
    const starts = [
      ...[DPC_HEAD, FULL_SWITCH, 'DPC, 1, 2, 3, a', ' Interrupt,1,2,3,', 'BeginHeader'],
      ...[...WPA_TABLES.map(([, , [head]]) => head), 'Start Time,CPU', 'end time,type,processor'],
      '<Event MSec = "1"',
      '<Event EventName = "a/b" TimeMsec="1"',
      '{"Comment": 1, "tracebase": "2020", "events": [',
      '{"kernelVersion": "6", "events": [',
      ...[REPORT[0], REPORT[1], REPORT[9], LATENCYMON[0], LATENCYMON[5], LATENCYMON[6], IDLE[0]],
    ];
    const askers = {
      dumper: looksLikeDumper,
      dpcisr: looksLikeDpcIsr,
      idle: looksLikeCswitch,
      kutrace: looksLikeKutrace,
      latencymon: looksLikeLatencyMon,
      perfview: looksLikePerfView,
      wpa: (text: string) => findWpaHead(['x', text]) === 1,
    };
    const kindOf = (text: string): string => {
      const found = Object.entries(askers).filter(([, asker]) => asker(text));
      return `${found.map(([name]) => name).join(' and ') || '-'}: ${routineFormatOf(text)}`;
    };
    expectGolden(
      'lines/beginnings.txt',
      starts.flatMap((text) => tornAnswers(text, kindOf)).join('\n') + '\n',
    );
  });

  it('the mark before decimals of a table', () => {
    const told = WPA_TABLES.flatMap(([, , lines]) =>
      [',', '.'].flatMap((mark) =>
        lines.flatMap((line, at) =>
          tornAnswers(line.replaceAll(/[.,](?=\d)/g, mark), (text) =>
            decimalMarkOf(lines.with(at, text)),
          ),
        ),
      ),
    );
    expectGolden('lines/decimal-marks.txt', told.join('\n') + '\n');
  });
});
