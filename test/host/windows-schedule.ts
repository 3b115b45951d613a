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

/** As `xperf -a dumper` prints it, stamps at either end of routines. */
export function dumperText(
  { ran, switched }: ReturnType<typeof windowsSchedule>,
  end: 'entry' | 'exit',
): string {
  const rows = [
    ...switched.map(({ processor, at, thread }) => ({
      at: inUs(at),
      // The row has more columns than its header names.
      text:
        `CSwitch, ${inUs(at)}, some.exe ( 12), ${thread}, 0, -1, 0, 0, Idle (   0), 0, 0, -1, ` +
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

/** As PerfView saves events: the stamp is the exit. */
export function perfViewText({ ran, switched }: ReturnType<typeof windowsSchedule>): string {
  const ms = (units: number): string => (units / 1e4).toFixed(4).replace('.', ',');
  const rows = [
    ...switched.map(({ processor, at, thread }) => ({
      at,
      text: `EventName="Thread/CSwitch" ProcessorNumber="${processor}" NewThreadID="${thread}"`,
    })),
    ...ran.map(({ kind, processor, entry, exit, module, routine }) => ({
      at: exit,
      text:
        `EventName="PerfInfo/${kind === 'dpc' ? 'DPC' : 'ISR'}" ProcessorNumber="${processor}" ` +
        `InitialTime="${ms(entry)}" Routine="${module}!${routine.replaceAll('<', '&lt;')}"`,
    })),
  ].sort((a, b) => a.at - b.at);
  const events = rows.map(({ at, text }) => `<Event MSec= "${ms(at)}" PID= "4" ${text}/>`);
  return ['<Events>', ...events, '<Event MSec= "1,0" EventName="Image/Load"/>', '</Events>'].join(
    '\r\n',
  );
}
