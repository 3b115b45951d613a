import { IMPORTANCE_LABELS } from '../policy/situations.js';
import type { Scenario } from '../scenario/scenario.js';
import type { MachineState } from '../timeline/machine-state.js';
import {
  type Frame,
  holdsSpinLock,
  IRQL_NAMES,
  irqlOf,
  type ProcessorState,
  type QueuedDpc,
} from '../timeline/processor-state.js';
import { formatNs, formatNsExactly, plainText } from '../units.js';
import { cutToWidth } from './text-width.js';

const WIDTH = 80;
const NAME_WIDTH = 25;

/**
 * A processor as a debugger would show it: what `!pcr`, `!dpcs` and `k` print of a real one, with
 * the names of nt!_KPRCB where it has a field for it.
 */
export function formatProcessor(
  scenario: Scenario,
  state: MachineState,
  index: number,
  atNs: number,
): string {
  const lines = processorLines(scenario, state, index, atNs);
  return lines.map((line) => `${cutToWidth(line, WIDTH)}\n`).join('');
}

/** A processor as a debugger would show it, line by line, however wide. */
export function processorLines(
  scenario: Scenario,
  state: MachineState,
  index: number,
  atNs: number,
): string[] {
  const cpu = state.processors[index];
  const [policy] = scenario.policies;
  return [
    `${plainText(scenario.name)} under ${plainText(policy.name)}, processor ${index} ` +
      `after ${formatNsExactly(atNs)}`,
    '',
    '!pcr',
    ...registers(scenario, state, cpu, atNs),
    '',
    '!dpcs',
    ...queueOf(cpu, atNs),
    '',
    'k',
    ...stackOf(cpu, atNs),
  ];
}

function registers(
  { machine, policies }: Scenario,
  state: MachineState,
  cpu: ProcessorState,
  atNs: number,
): string[] {
  const irql = irqlOf(cpu, atNs);
  const { idealDpcRate, minimumDpcRate } = machine.tunables;
  const { adaptive } = policies[0];
  const flying = state.ipis.filter(({ to }) => to === cpu.index);
  return [
    row('Irql', `${irql}${irql in IRQL_NAMES ? ` (${IRQL_NAMES[irql]}_LEVEL)` : ''}`),
    row('CurrentThread', currentThread(cpu)),
    row('NextThread', nextThread(cpu)),
    row('IdleHalt', cpu.halted ? 'set' : 'clear'),
    row('DpcQueueDepth', String(cpu.queue.length)),
    row('MaximumDpcQueueDepth', `${cpu.maximumDepth}${adaptive ? '' : ' (fixed by the policy)'}`),
    row(
      'DpcRequestRate',
      `${cpu.requestRate} (low below ${minimumDpcRate}, ideal ${idealDpcRate})`,
    ),
    row('Since the last tick', `${cpu.insertsSinceTick} inserts, ${cpu.dpcsSinceTick} DPCs`),
    row('Drain rate', String(cpu.drainRate)),
    row('Maximum may rise', `in ${cpu.countdown} ticks`),
    row('DpcRoutineActive', flag(cpu.draining)),
    row('DpcInterruptRequested', flag(cpu.requested)),
    row('DISPATCH interrupt waits', flag(cpu.dispatchWaiting)),
    row('IPIs on their way', flying.length === 0 ? 'none' : flying.map(flight(atNs)).join(', ')),
    row('Interrupts that wait', waitingOf(cpu, atNs)),
    row('DPC thread', dpcThreadOf(cpu)),
  ];
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(NAME_WIDTH)}${value}`;
}

function flag(isSet: boolean): string {
  return isSet ? '1' : '0';
}

function currentThread({ stack }: ProcessorState): string {
  if (stack[1]?.kind === 'dpc-thread') return 'the DPC thread';
  return stack[0].kind === 'idle' ? 'the idle thread' : 'a thread';
}

function nextThread(cpu: ProcessorState): string {
  if (cpu.signalled) return 'the DPC thread';
  return cpu.threadReady ? 'a thread that is ready' : 'none';
}

function flight(atNs: number) {
  return ({ dpc, from, sentNs }: MachineState['ipis'][number]): string =>
    `from ${from} for ${plainText(dpc)}, sent ${formatNs(atNs - sentNs)} ago`;
}

function waitingOf({ ipiWaiting, waiting }: ProcessorState, atNs: number): string {
  const lines = waiting.map(
    ({ irql, sinceNs, source }) =>
      `${plainText(source)} (IRQL ${irql}, since ${formatNs(atNs - sinceNs)})`,
  );
  const all = ipiWaiting ? ['the IPI (IRQL 14)', ...lines] : lines;
  return all.length === 0 ? 'none' : all.join(', ');
}

function dpcThreadOf({ signalled, stack, threadedQueue }: ProcessorState): string {
  const isActive = stack.some(({ kind }) => kind === 'dpc-thread');
  const word = isActive ? 'active' : signalled ? 'signalled' : 'waits';
  return `${word}, ${threadedQueue.length} queued`;
}

const QUEUE_HEAD = '  list      importance  queued by  for        object';

function queueOf({ queue, threadedQueue }: ProcessorState, atNs: number): string[] {
  const all = [...queue, ...threadedQueue];
  if (all.length === 0) return ['  nothing is queued'];
  return [QUEUE_HEAD, ...all.map((dpc) => queueRow(dpc, atNs))];
}

function queueRow({ by, importance, name, queuedNs, threaded }: QueuedDpc, atNs: number): string {
  return (
    `  ${(threaded ? 'threaded' : 'normal').padEnd(10)}` +
    `${IMPORTANCE_LABELS[importance].padEnd(12)}${String(by).padEnd(11)}` +
    `${formatNs(atNs - queuedNs).padEnd(11)}${plainText(name)}`
  );
}

/** From the innermost call out; two columns tell on which stack it runs. */
function stackOf(cpu: ProcessorState, atNs: number): string[] {
  return cpu.stack
    .toReversed()
    .flatMap((frame) => callsOf(frame, cpu, atNs))
    .map(([call, where]) => `  ${call.padEnd(36)}${where}`);
}

type Call = readonly [call: string, where: string];

function callsOf(frame: Frame, cpu: ProcessorState, atNs: number): Call[] {
  const { origin, routine, source } = frame;
  const since = `since ${formatNs(atNs - (routine?.startNs ?? frame.startNs))}`;
  const irql = `IRQL ${frame.irql}`;
  const inRoutine: Call[] =
    routine === null ? [] : [[`${plainText(routine.dpc.name)}!DpcRoutine`, since]];
  switch (frame.kind) {
    case 'isr': {
      const inner: Call[] = frame.isSending
        ? [['nt!KiRequestSoftwareInterrupt', 'sends the IPI']]
        : [];
      return [...inner, [`${plainText(source)}!InterruptService`, `${irql}, ${since}`]];
    }
    case 'drain':
      return origin === 'idle'
        ? [...inRoutine, ['nt!KiRetireDpcList', 'on the idle stack, IRQL 2']]
        : [
            ...inRoutine,
            ['nt!KiRetireDpcList', 'on the DPC stack, IRQL 2'],
            ['nt!KiDispatchInterrupt', routine === null ? 'its entry' : ''],
          ];
    case 'dpc-thread':
      return [...inRoutine, ['nt!KiExecuteDpc', 'the DPC thread, IRQL 0']];
    case 'switch':
      return [['nt!KiSwapContext', `${irql}, ${since}`]];
    case 'clock':
      return [['nt!KeUpdateRunTime', `${irql}, ${since}`]];
    case 'ipi':
      return [['nt!KiIpiInterrupt', `${irql}, ${since}`]];
    case 'wake':
      return [['hal!HalProcessorIdle', `leaves the halt, ${since}`]];
    case 'idle':
      return [['nt!KiIdleLoop', cpu.halted ? 'halted' : 'polls']];
    case 'thread':
      return threadCalls(frame, atNs, since);
  }
}

function threadCalls({ sections }: Frame, atNs: number, since: string): Call[] {
  const thread: Call = ['driver!Thread', `IRQL 0, ${since}`];
  const isHeld = sections !== null && holdsSpinLock(sections, atNs);
  return isHeld ? [['nt!KeAcquireSpinLockRaiseToDpc', 'held, IRQL 2'], thread] : [thread];
}
