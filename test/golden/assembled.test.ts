import { it } from 'vitest';
import type { RecordedProcessor, RecordedStream } from '../../src/recording/recording.js';
import { TraceAssembler } from '../../src/recording/trace-assembler.js';
import { emptyEvent, knownIndex } from '../../src/recording/trace-event.js';
import { expectGolden, hashOf } from './golden-file.js';
import { Pick } from './pick.js';

const HANDLERS = [
  ...['softirq', 'softirq', 'irq_handler', 'irq_handler', 'local_timer', 'reschedule'],
  ...['call_function', 'call_function_single', 'irq_work', 'ipi', 'dpc'],
];

/** An event's name, and what stands behind it. */
function drawnEvent(pick: Pick): [name: string, detail: string] {
  const one = pick.of(0, 1, 2);
  const vector = `vec=${pick.of(1, 1, 3)} [action=${pick.of('TIMER', 'a@b')}]`;
  const arm = pick.of('Rescheduling interrupts', 'Function call interrupts', 'IRQ work interrupts');
  const kind = pick.of('raise', 'raise', 'ask', 'ask', 'switch', 'other', 'span', 'span', 'span');
  if (kind === 'raise') return ['softirq_raise', vector];
  if (kind === 'switch') return ['sched_switch', `next_pid=${pick.of(0, 0, 7)}`];
  if (kind === 'other') return [pick.of('kfree_skb', 'sys_enter'), ''];
  if (kind === 'ask') {
    return pick.of<[string, string]>(
      ['ipi_send_cpu', `cpu=${one} callsite=x callback=${pick.of('0x0', '0x00', 'f')}`],
      ['ipi_send_cpumask', `cpumask=${pick.of('0-2', '1', '0,2')} callback=${pick.of('0x0', 'f')}`],
      ['ipi_raise', `target_mask=${pick.of('00000000,00000005', '2')} (${arm})`],
    );
  }
  const handler = pick.of(...HANDLERS);
  const details: Record<string, string> = {
    softirq: vector,
    irq_handler: pick.of('irq=4 name=nic', 'irq=4 name=nic', 'irq=5 name=nic', 'irq=6'),
    ipi: `(${arm})`,
    dpc: pick.of('dpc=1 name=a.sys!f', 'dpc=2 name=', 'dpc=2'),
  };
  return [`${handler}_${pick.of('entry', 'exit')}`, details[handler] ?? 'vector=1'];
}

function processorText({ busyPeriods, idlePeriods, ...rest }: RecordedProcessor): string {
  const periods = [busyPeriods, idlePeriods].map(
    ({ count, sumNs, firstIndex, counts }) =>
      `${count} of ${sumNs} from ${firstIndex} ${hashOf(counts.join())}`,
  );
  return `  ${Object.values(rest).join(' ')}, busy ${periods.join(', idle ')}`;
}

function streamText({ name, kind, target, ...columns }: RecordedStream): string {
  const { atNs, processor, isrNs, serviceNs, latencyNs } = columns;
  const rows = Array.from(atNs, (ns, i) =>
    [ns, processor[i], isrNs[i], serviceNs[i], latencyNs[i]].join(' '),
  );
  return `  ${name} (${kind}, ${target}): ${rows.join('; ')}`;
}

it('any events, of processors that take turns, are assembled as before', () => {
  const told = Array.from({ length: 60 }, (_, seed) => {
    const pick = new Pick(seed);
    const assembler = new TraceAssembler();
    const clocks = [0, 0, 0].map((): number => pick.of(0, 0, 500_000));
    const second = pick.of(0, 1_700_000_000);
    for (let i = pick.of(2, 30, 60, 60); i > 0; i--) {
      const processor = pick.of(0, 0, 1, 1, 2);
      const stepNs = pick.of(-1, 0, 0, 1, 7, 1000, 1000, 100_000, 10_000_000);
      const [name, detail] = drawnEvent(pick);
      clocks[processor] = Math.max(0, clocks[processor] + stepNs);
      // Processors whose clocks were set alike take part in one order of time.
      const nanoseconds = clocks[processor];
      const pid = pick.of(0, 0, 7, 7, -1);
      const stampDecimals = pick.of(6, 9);
      const known = knownIndex(name);
      const event = { ...emptyEvent(), name, known, detail, processor, pid, nanoseconds };
      assembler.take({ ...event, seconds: second, stampDecimals });
      if (pick.of(...Array.from({ length: 40 }, (__, n) => n)) === 0)
        assembler.lose(pick.of(-1, 0, 1));
    }
    const { processors, streams, ...rest } = assembler.finish(pick.of(0, 0, 4));
    return [
      `${seed}: ${JSON.stringify({ ...rest, ...assembler.counts })} ${assembler.stampDecimals}`,
      ...processors.map(processorText),
      ...streams.map(streamText),
    ].join('\n');
  });
  expectGolden('recordings/assembled.txt', told.join('\n') + '\n');
});
