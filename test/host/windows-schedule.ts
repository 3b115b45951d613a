/** A DPC routine or an ISR that ran, in whole units of 100 ns, as Windows stamps. */
export interface Ran {
  kind: 'dpc' | 'isr';
  processor: number;
  entry: number;
  exit: number;
  /** Without what interrupted it. */
  own: number;
  /** Pieces between interruptions. */
  fragments: [number, number][];
  module: string;
  routine: string;
}

export interface Switched {
  processor: number;
  at: number;
  thread: number;
}

const DPCS = [
  ['ndis.sys', 'ndisInterruptDpc'],
  ['ntoskrnl.exe', 'KiTimerExpiration'],
  ['C++.sys', 'std::less<int, int>::operator()'],
] as const;

/** What processors did: ISRs, trains of DPCs, ISRs within DPCs and thread switches between. */
export function windowsSchedule(
  processors: number,
  until: number,
): { ran: Ran[]; switched: Switched[] } {
  let state = 12345;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const units = (least: number, most: number): number =>
    Math.round(least + random() * (most - least));
  const ran: Ran[] = [];
  const switched: Switched[] = [];
  for (let processor = 0; processor < processors; processor++) {
    let at = units(0, 3000);
    const isr = (length: number, module: string): void => {
      const entry = at;
      at += length;
      const own = { own: length, fragments: [[entry, at]] as [number, number][] };
      ran.push({ kind: 'isr', processor, entry, exit: at, ...own, module, routine: 'Isr' });
    };
    for (let idle = false; at < until; idle = !idle) {
      switched.push({ processor, at, thread: idle ? 0 : 1 + units(0, 9000) });
      at += units(30, 400);
      if (random() < 0.6) {
        isr(units(5, 60), 'storport.sys');
        at += units(2, 9);
      }
      for (let left = units(1, 3); left > 0; left--) {
        const [module, routine] = DPCS[units(0, 2)];
        const entry = at;
        const fragments: [number, number][] = [];
        const piece = (): void => {
          const from = at;
          at += units(20, 300);
          fragments.push([from, at]);
        };
        piece();
        if (random() < 0.4) {
          isr(units(15, 40), 'hdaudbus.sys');
          piece();
        }
        const own = fragments.reduce((sum, [from, to]) => sum + to - from, 0);
        ran.push({ kind: 'dpc', processor, entry, exit: at, own, fragments, module, routine });
        at += units(11, 20);
      }
      at += units(0, 5000);
    }
  }
  return { ran, switched };
}

const inUs = (units: number): number => Math.floor(units / 10);

/**
 * As `xperf -a dumper` prints it, stamps at either end of routines. Rows of CSwitch have more cells
 * than their header names: those of another order, or with `pmc` two at their end.
 */
export function dumperText(
  { ran, switched }: ReturnType<typeof windowsSchedule>,
  end: 'entry' | 'exit',
  pmc = false,
): string {
  const rows = [
    ...switched.map(({ processor, at, thread }) => ({
      at: inUs(at),
      text: pmc
        ? `CSwitch, ${inUs(at)}, some.exe ( 12), ${thread}, Idle (   0), 0, ${processor}, 3, ` +
          'Important, Important'
        : `CSwitch, ${inUs(at)}, some.exe ( 12), ${thread}, 0, -1, 0, 0, Idle (   0), 0, 0, -1, ` +
          `Running, Executive, NonSwap, 11, ${processor}, 3, 0, 0, 0, Important, Important`,
    })),
    ...ran.map(({ kind, processor, entry, exit, module, routine }) => {
      const elapsed = inUs(exit) - inUs(entry);
      const at = inUs(end === 'entry' ? entry : exit);
      const head = `${kind === 'dpc' ? 'DPC' : 'Interrupt'}, ${at}, ${elapsed}, ${processor}`;
      const middle = kind === 'dpc' ? '' : ', 81, 0, 0x01';
      return { at, text: `${head}${middle}, 0xfffff8046f3c1230, ${module}!${routine}` };
    }),
  ].sort((a, b) => a.at - b.at);
  return [
    'BeginHeader',
    'CSwitch, TimeStamp, New Process Name ( PID), New TID, ' +
      'Old Process Name ( PID), Old TID, CPU, IdealProc',
    'Interrupt, TimeStamp, ElapsedTime, CPU, Vector, MessageIndex, Status, ' +
      'ServiceAddr, Image!Function',
    'DPC, TimeStamp, ElapsedTime, CPU, ServiceAddr, Image!Function',
    'MarkEvent, TimeStamp, Type, Text',
    'EndHeader',
    'OS Version: 10.0.19043, Trace Size: 1KB, Events Lost: 7, Trace Length: 2 sec',
    'FirstReliableEventTimeStamp, 0',
    'MarkEvent, 12, mark, begin',
    ...rows.map(({ text }) => text.replace(/^\w+/, (name) => name.padStart(23))),
    '',
  ].join('\r\n');
}

/** As Windows Performance Analyzer saves its table, a row for each fragment. */
export function wpaText(
  ran: readonly Ran[],
  { mark, exits }: { mark: '.' | ','; exits: boolean },
): string {
  const number = (value: number, decimals: number): string => {
    const text = value.toFixed(decimals).replace('.', mark);
    return mark === ',' ? `"${text}"` : text;
  };
  const rows = ran.flatMap((each) =>
    each.fragments.map(([from, to]) => [
      `"${each.routine}"`,
      each.kind === 'dpc' ? 'DPC' : 'Interrupt',
      each.module,
      String(each.processor),
      number(each.entry / 1e7, 9),
      ...(exits ? [number(each.exit / 1e7, 9)] : []),
      number((to - from) / 1e4, 6),
    ]),
  );
  const head = [
    'Function',
    'Type',
    'Module',
    'CPU',
    'DPC/ISR Enter Time (s)',
    ...(exits ? ['DPC/ISR Exit Time (s)'] : []),
    'Duration (Fragmented) (ms)',
  ];
  return [head, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

/**
 * As PerfView writes events, whose stamp is the exit. `line`: an element a line, with the time of
 * entry. `view`: what its window of events saves, to the microsecond, with groups of digits and, as
 * it does, without a blank before a chosen column. `dump`: the dump of each event, which names the
 * processor, around the event as a line. Where a number's decimals begin is Germany's in the first
 * and the last.
 */
export function perfViewText(
  { ran, switched }: ReturnType<typeof windowsSchedule>,
  form: 'line' | 'view' | 'dump',
): string {
  const write = { line: perfViewLine, view: perfViewRow, dump: perfViewDump }[form];
  const rows = [
    ...switched.map(({ processor, at, thread }) => ({
      at,
      text: write({ at, processor, thread, name: 'Thread/CSwitch', more: [] }),
    })),
    ...ran.map(({ kind, processor, entry, exit, module, routine }) => {
      const name = `PerfInfo/${kind === 'dpc' ? 'DPC' : 'ISR'}`;
      const more: [string, string][] = [
        form === 'line'
          ? ['InitialTime', decimals(entry, 4, ',')]
          : form === 'view'
            ? ['ElapsedTimeMSec', decimals(exit - entry, 3, '.')]
            : ['ElapsedTimeMSec', `${decimals(exit - entry, 4, ',')}0000000105`],
        ['Routine', `${module}!${routine.replaceAll('<', '&lt;')}`],
      ];
      return { at: exit, text: write({ at: exit, processor, thread: 22_992, name, more }) };
    }),
  ].sort((a, b) => a.at - b.at);
  const other = write({ at: 0, processor: 0, thread: 8, name: 'Image/Load', more: [] });
  return ['<Events>', other, ...rows.map(({ text }) => text), '</Events>', ''].join('\r\n');
}

interface PerfViewEvent {
  at: number;
  processor: number;
  thread: number;
  name: string;
  more: [string, string][];
}

const decimals = (units: number, digits: number, mark: string): string =>
  (units / 1e4).toFixed(digits).replace('.', mark);
const attributes = (all: readonly [string, string][], before: string): string =>
  all.map(([name, value]) => `${before}${name}="${value}"`).join('');

function perfViewLine({ at, processor, thread, name, more }: PerfViewEvent): string {
  const own = attributes([['ProcessorNumber', String(processor)], ...more], ' ');
  const new_ = `NewThreadID="${thread}"`;
  return `<Event MSec= "${decimals(at, 4, ',')}" PID= "4" EventName="${name}" ${new_}${own}/>`;
}

function perfViewRow({ at, processor, thread, name, more }: PerfViewEvent): string {
  const all: [string, string][] = [
    ['HasStack', 'True'],
    ['ThreadID', thread.toLocaleString('en-US')],
    ['ProcessorNumber', `  ${processor}`],
    ...more,
    ['ProcessorNumber', `  ${processor}`],
  ];
  const head = `EventName="Windows Kernel/${name}" TimeMsec="${decimals(at, 3, '.')}"`;
  return ` <Event ${head} ProcessName="some &amp; exe (12)"${attributes(all, '')}/>`;
}

function perfViewDump({ at, processor, thread, name, more }: PerfViewEvent): string {
  const head = `<Event MSec=  "${decimals(at, 4, ',')}" PID="12" PName=  "some" TID="${thread}"`;
  return [
    `${head} EventName="${name}"`,
    '  TimeStamp="06/01/22 18:02:49.443018" ID="68" Version="2" TimeStampQPC="7,153,447" ' +
      'QPCTime="0.100us"',
    '  Level="Always" ProviderName="Windows Kernel" ClassicProvider="True" ' +
      `ProcessorNumber="${processor}"`,
    '  Opcode="68" Channel="0" PointerSize="8"',
    `  CPU="${processor}" EventIndex="95580" TemplateType="DPCTraceData">`,
    '  <PrettyPrint>',
    `    ${head} EventName="${name}"${attributes(more, ' ')}/>`,
    '  </PrettyPrint>',
    '  <Payload Length="16">',
    '       0:  92 19  8 1d 74  0  0  0   30 12 3c 6f  4 f8 ff ff | ....t... 0.&lt;o....',
    '  </Payload>',
    '</Event>',
  ].join('\r\n');
}
