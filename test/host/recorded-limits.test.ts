import { describe, expect, it } from 'vitest';
import { countName } from '../../src/recording/event-names.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';
import { TraceAssembler } from '../../src/recording/trace-assembler.js';
import { emptyEvent, knownIndex } from '../../src/recording/trace-event.js';

/** By their names and texts, at instants in ns: whether each is taken. */
function taken(
  assembler: TraceAssembler,
  events: [name: string, processor: number, atNs: number, detail?: string][],
): boolean[] {
  return events.map(([name, processor, atNs, detail = '']) =>
    assembler.take({
      ...emptyEvent(),
      name,
      known: knownIndex(name),
      processor,
      seconds: Math.floor(atNs / 1e9),
      nanoseconds: atNs % 1e9,
      detail,
    }),
  );
}

const MOST_SPAN_NS = 1e15;

describe('an event', () => {
  it.each([
    ['softirq_raise', 1023, 0, 'vec=63', true, 1024],
    ['softirq_raise', 1024, 0, 'vec=63', false, 3],
    ['softirq_raise', 0, 0, 'vec=64', false, 3],
    ['softirq_raise', 0, 0, 'vec=', false, 3],
    ['irq_handler_entry', 0, 0, 'name=a', false, 3],
    ['irq_handler_entry', 0, 0, 'irq=0', true, 3],
    ['ipi_send_cpu', 0, 0, 'cpu=1023 callback=0x0', true, 1024],
    ['ipi_send_cpu', 0, 0, 'cpu=1024 callback=0x0', false, 3],
    ['ipi_send_cpu', 0, 0, 'callback=0x0', false, 3],
    ['ipi_send_cpumask', 0, 0, 'cpumask=3-1', false, 3],
    ['ipi_send_cpumask', 0, 0, 'cpumask=0-1023', true, 1024],
    ['ipi_send_cpumask', 0, 0, 'cpumask=1024', false, 3],
    ['ipi_raise', 0, 0, 'target_mask=00000000 (Rescheduling interrupts)', false, 3],
    ['ipi_raise', 0, 0, 'target_mask=1 (Rescheduling interrupts)', true, 3],
    [`ipi_raise`, 0, 0, `target_mask=1${'0'.repeat(256)} (Function call)`, false, 3],
    [`ipi_raise`, 0, 0, `target_mask=8${'0'.repeat(255)} (Function call)`, true, 1024],
    ['sched_switch', 0, 0, 'next_pid=0', true, 3],
    ['sched_switch', 0, 0, '==> a:0 [0]', true, 3],
    ['sched_switch', 0, 0, 'x ==> a:b:7 [0]', true, 3],
    ['sched_switch', 0, 0, 'a:7 ==> b', false, 3],
    ['sched_switch', 0, 0, 'a:7', false, 3],
    ['sched_switch', 0, 0, '', false, 3],
    ['any_other', 0, 0, '', true, 3],
    ['any_other', 0, MOST_SPAN_NS, '', true, 3],
    ['any_other', 0, MOST_SPAN_NS + 1, '', false, 3],
  ] as const)(
    '%s on %i at %i ns, %j, is taken: %s',
    (name, processor, atNs, detail, isTaken, processors) => {
      const before = ['any_other', 2, 0] as const;
      const assembler = new TraceAssembler();
      expect(taken(assembler, [[...before], [name, processor, atNs, detail]])).toEqual([
        true,
        isTaken,
      ]);
      const recorded = assembler.finish(0);
      expect(recorded.spanNs).toBe(isTaken ? atNs : 0);
      expect(recorded.processors).toHaveLength(processors);
    },
  );

  it('may come long before the first one', () => {
    const assembler = new TraceAssembler();
    const events = taken(assembler, [
      ['any_other', 0, MOST_SPAN_NS],
      ['softirq_entry', 1, 5, 'vec=3 [action=RCU]'],
      ['softirq_exit', 1, 9, 'vec=3 [action=RCU]'],
      ['any_other', 2, MOST_SPAN_NS + 5],
      ['any_other', 2, MOST_SPAN_NS + 6],
    ]);
    expect(events).toEqual([true, true, true, true, false]);
    const { spanNs, streams, processors } = assembler.finish(0);
    expect([spanNs, processors.length, [...streams[0].atNs]]).toEqual([MOST_SPAN_NS, 3, [0]]);
    expect(assembler.counts).toMatchObject({ interleaved: 1, outOfOrder: 0 });
  });
});

describe('a time of a recording', () => {
  const LATE_NS = 0xffff_fffe;
  it.each([
    [LATE_NS, LATE_NS, 0],
    [LATE_NS + 1, LATE_NS, 1],
  ])('from a raise to its entry of %i ns is kept as %i, %i cut', (ns, kept, cut) => {
    const assembler = new TraceAssembler();
    taken(assembler, [
      ['softirq_raise', 0, 7, 'vec=3'],
      ['softirq_entry', 0, 7 + ns, 'vec=3'],
      ['softirq_exit', 0, 7 + ns, 'vec=3'],
    ]);
    const [{ atNs, latencyNs }] = assembler.finish(0).streams;
    expect([atNs[0], latencyNs[0], assembler.counts.cut]).toEqual([0, kept, cut]);
  });

  it.each([
    [4e9, 4e9, 0],
    [4e9 + 1, 4e9, 1],
  ])('in a routine of %i ns is kept as %i, %i cut', (ns, kept, cut) => {
    const assembler = new TraceAssembler();
    taken(assembler, [
      ['dpc_entry', 0, 7, 'dpc=1 name=a'],
      ['dpc_exit', 0, 7 + ns, 'dpc=1 name=a'],
      ['irq_handler_entry', 1, 7 + ns, 'irq=1 name=b'],
      ['irq_handler_exit', 1, 7 + ns + ns, 'irq=1'],
    ]);
    const { streams } = assembler.finish(0);
    expect(streams.map(({ name, isrNs, serviceNs }) => [name, isrNs[0], serviceNs[0]])).toEqual([
      ['dpc/a', 0, kept],
      ['irq/b', kept, 0],
    ]);
    expect(streams[0].latencyNs[0]).toBe(UNKNOWN_LATENCY);
    expect(assembler.counts.cut).toBe(2 * cut);
  });
});

describe('what one processor asks of another', () => {
  const asked = 'cpu=1 callback=0x0';
  const called = 'cpu=1 callback=f';
  /** How many requests led to a handler, merged and were not answered. */
  function told(
    events: [name: string, processor: number, atNs: number, detail?: string][],
  ): number[] {
    const assembler = new TraceAssembler();
    taken(assembler, events);
    assembler.finish(0);
    const { paired, merged, unanswered, sent, received } = assembler.counts.ipis;
    expect(paired + merged + unanswered).toBe(sent);
    expect(paired).toBeLessThanOrEqual(received);
    return [paired, merged, unanswered];
  }

  it.each<[string, [string, number, number, string?][], number[]]>([
    [
      'is answered after 10 ms',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['reschedule_entry', 1, 1e7],
      ],
      [1, 0, 0],
    ],
    [
      'and no later',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['reschedule_entry', 1, 1e7 + 1],
      ],
      [0, 0, 1],
    ],
    [
      'at once',
      [
        ['ipi_send_cpu', 0, 5, asked],
        ['reschedule_entry', 1, 5],
      ],
      [1, 0, 0],
    ],
    [
      'by its own handler',
      [
        ['ipi_send_cpu', 0, 5, asked],
        ['call_function_entry', 1, 6],
      ],
      [0, 0, 1],
    ],
    [
      'there',
      [
        ['ipi_send_cpu', 0, 5, asked],
        ['reschedule_entry', 2, 6],
      ],
      [0, 0, 1],
    ],
    [
      'is not answered before it',
      [
        ['any', 0, 9],
        ['ipi_send_cpu', 0, 9, asked],
        ['reschedule_entry', 1, 8],
      ],
      [0, 0, 1],
    ],
    [
      'merges for 10 ms',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['ipi_send_cpu', 2, 1e7, asked],
      ],
      [0, 1, 1],
    ],
    [
      'and no longer',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['ipi_send_cpu', 2, 1e7 + 1, asked],
      ],
      [0, 0, 2],
    ],
    [
      'is on its way for 100 µs when its target takes a tick',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['local_timer_entry', 1, 1e5],
        ['reschedule_entry', 1, 2e5],
      ],
      [1, 0, 0],
    ],
    [
      'and no longer, be it a tick',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['local_timer_entry', 1, 1e5 + 1],
        ['reschedule_entry', 1, 2e5],
      ],
      [0, 0, 1],
    ],
    [
      'an interrupt of a device',
      [
        ['ipi_send_cpu', 0, 0, called],
        ['irq_handler_entry', 1, 1e5 + 1, 'irq=4'],
        ['call_function_entry', 1, 2e5],
      ],
      [0, 0, 1],
    ],
    [
      'a switch of threads',
      [
        ['ipi_send_cpu', 0, 0, called],
        ['sched_switch', 1, 1e5 + 1, 'next_pid=7'],
        ['call_function_single_entry', 1, 2e5],
      ],
      [0, 0, 1],
    ],
    [
      'or a function call, before which it would have come',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['call_function_entry', 1, 1e5 + 1],
        ['reschedule_entry', 1, 2e5],
      ],
      [0, 0, 1],
    ],
    [
      'a softirq says nothing of it',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['softirq_entry', 1, 1e5 + 1, 'vec=1'],
        ['reschedule_entry', 1, 2e5],
      ],
      [1, 0, 0],
    ],
    [
      'is asked once by ARM, which tells it twice',
      [
        ['ipi_send_cpu', 0, 0, asked],
        ['ipi_raise', 0, 1, 'target_mask=2 (Rescheduling interrupts)'],
        ['ipi_entry', 1, 2, '(Rescheduling interrupts)'],
      ],
      [1, 0, 0],
    ],
    [
      'again where something came between',
      [
        ['ipi_send_cpumask', 0, 0, 'cpumask=0-1'],
        ['softirq_raise', 0, 1, 'vec=1'],
        ['ipi_raise', 0, 1, 'target_mask=3 (Function call interrupts)'],
        ['ipi_entry', 1, 2, '(Function call interrupts)'],
      ],
      [1, 2, 1],
    ],
    [
      "nothing by ARM's other requests",
      [
        ['ipi_raise', 0, 1, 'target_mask=2 (IRQ work interrupts)'],
        ['ipi_entry', 1, 2, '(IRQ work interrupts)'],
      ],
      [0, 0, 0],
    ],
  ])('%s', (_, events, counts) => {
    expect(told(events)).toEqual(counts);
  });
});

it('names of events are told apart up to 64 of them and 60 characters', () => {
  const counts = new Map<string, number>();
  const long = 'x'.repeat(60);
  countName(counts, `${long}1`);
  countName(counts, `${long}2`, 3);
  for (let i = 0; i < 64; i++) countName(counts, `n${i}`);
  countName(counts, 'n63');
  countName(counts, 'n62');
  expect(counts.get(long)).toBe(4);
  expect([counts.get('n62'), counts.get('n63'), counts.get('(further names)')]).toEqual([
    2,
    undefined,
    2,
  ]);
  expect(counts.size).toBe(65);
});
