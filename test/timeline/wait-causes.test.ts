import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ShardRequest } from '../../src/kernel/simulate.js';
import type { LogEvent } from '../../src/timeline/log-event.js';
import { MachineState } from '../../src/timeline/machine-state.js';
import { type WaitStory, WaitTeller } from '../../src/timeline/wait-causes.js';
import { randomScenario } from '../conformance/random-scenario.js';
import { requestsOf } from '../conformance/simulate-models.js';
import { detailedLog } from '../simulate.js';

const SEED = 20_260_103;

/** The story of the first of the longest waits in the log; null where no DPC was taken. */
function storyOf(request: ShardRequest, events: readonly LogEvent[]): WaitStory | null {
  const taken = events.filter((event) => event.e === 'dpc-start');
  const [worst] = taken.sort((a, b) => b.wait - a.wait || a.t - b.t);
  if (worst === undefined) return null;
  const { object, p: processor, t: takenNs, wait } = worst;
  const { policyIndex, scenario } = request;
  const queuedNs = takenNs - wait;
  const teller = new WaitTeller(scenario, policyIndex, { processor, object, queuedNs, takenNs });
  const state = new MachineState(scenario, policyIndex);
  for (const event of events) {
    teller.before(event, state);
    state.apply(event);
    teller.after(event, state);
  }
  return teller.story();
}

/** Its causes as lines, of a scenario with nothing random in it. */
function causesOf(written: object): string[] {
  const [request] = requestsOf({ name: 'told', ...written }, { seed: 1 });
  const story = storyOf(request, detailedLog(request));
  return (story?.causes ?? []).map(({ p, rule, t, text }) => `${t} ${p} ${rule} ${text}`);
}

/** A High DPC for a processor whose thread holds a spin lock. */
function mouseAndSpinLock(tick: string, policy: string): object {
  const busy = { busy: '20ms', idle: '100us', passive: '300us', dispatch: '200us' };
  return {
    machine: {
      processors: 2,
      tick,
      background: [{ busy: 0, idle: 0, passive: 0, dispatch: 0 }, busy],
    },
    sources: [
      {
        name: 'mouse',
        irql: 6,
        processor: 0,
        isr: '1us',
        arrivals: { at: ['500us'] },
        dpc: { importance: 'high', target: 1, service: '5us' },
      },
    ],
    policies: [policy],
    until: { time: '3ms' },
  };
}

describe('the causes of a wait', () => {
  it(
    'begin with the insert, end with the routine, and leave no ns out',
    { timeout: 60_000 },
    () => {
      let told = 0;
      fc.assert(
        fc.property(randomScenario({ isDrawn: true }), fc.nat(), (written, seed) => {
          for (const each of requestsOf(written, { seed })) {
            const untilTimeNs = Math.min(each.untilTimeNs ?? Infinity, 200_000);
            const request = { ...each, untilTimeNs, untilInterrupts: null };
            const story = storyOf(request, detailedLog(request));
            if (story === null) continue;
            told++;
            const { causes, parts, wait } = story;
            const sumNs = parts.reduce((sum, { ns }) => sum + ns, 0);
            expect(sumNs).toBe(wait.takenNs - wait.queuedNs);
            expect(causes[0].text).toMatch(/^Processor \d+ queues /);
            expect(causes[0].t).toBe(wait.queuedNs);
            expect(causes.at(-1)?.text).toMatch(/^The routine of .* starts after a wait/);
            expect(causes.at(-1)?.t).toBe(wait.takenNs);
            const times = causes.map(({ t }) => t);
            expect(times).toEqual(times.toSorted((a, b) => a - b));
          }
        }),
        { numRuns: 40, seed: SEED },
      );
      expect(told).toBeGreaterThan(20);
    },
  );

  it('tell of a High DPC for a busy processor that its tick rescues', () => {
    expect(causesOf(mouseAndSpinLock('1ms', 'vista'))).toEqual([
      '503500 0 R10 Processor 0 queues mouse to processor 1, depth 1. No request: vista asks for ' +
        'High on another processor only if "idle", and processor 1 is not idle.',
      '503500 1 R17 Processor 1 runs a thread that holds a spin lock, begun 402 µs before, for ' +
        '98.5 µs more if nothing interrupts it.',
      '503500 1  For 498 µs nobody has asked processor 1 to drain its queue; it runs a thread at ' +
        'PASSIVE (300 µs), a thread that holds a spin lock (197 µs) and the clock (1 µs).',
      '1001000 1 R16 The clock finds 1 queued that nobody is asked to drain: rescue.',
      '1001000 1  For 102 µs a drain is due and cannot begin: processor 1 runs a thread that ' +
        'holds a spin lock (102 µs).',
      '1103000 1 R12 The DISPATCH interrupt is accepted: a drain starts on the DPC stack.',
      '1103000 1  For 500 ns its turn has not come: processor 1 runs the entry of a drain ' +
        '(500 ns).',
      '1103500 1 R13 The routine of mouse starts after a wait of 600 µs, with 1 item.',
    ]);
  });

  it.each([
    // From the insert to the tick are 496.5 µs: 9,930 sections, or 10,133.
    [50, 'it runs a thread at PASSIVE (397 µs), a thread that holds a spin lock (99.3 µs) and'],
    [49, 'it runs a thread (497 µs) and'],
  ])('tell as one of a thread that takes a lock every %d ns if it is too often', (ns, words) => {
    const { machine, ...others } = mouseAndSpinLock('1ms', 'vista') as {
      machine: { background: object[] };
    };
    const [none, busy] = machine.background;
    const fine = { ...busy, passive: `${ns - 10}ns`, dispatch: '10ns' };
    const causes = causesOf({ ...others, machine: { ...machine, background: [none, fine] } });
    expect(causes.find((cause) => cause.includes('nobody has asked'))).toContain(words);
  });

  it.each([0, 1])('tell of a stage that takes %d ns, if any', (ns) => {
    const { machine, ...others } = mouseAndSpinLock('1ms', 'vista') as { machine: object };
    const causes = causesOf({ ...others, machine: { ...machine, costs: { dispatch: ns } } });
    const entries = causes.filter((cause) => cause.includes('its turn has not come'));
    expect(entries.map((cause) => / For (.*) its turn/.exec(cause)![1])).toEqual(
      ns === 0 ? [] : ['1 ns'],
    );
  });

  it('tell of an IPI that meets a spin lock', () => {
    expect(causesOf(mouseAndSpinLock('10ms', 'pre-vista'))).toEqual([
      '503500 0 R10 Processor 0 queues mouse to processor 1, depth 1. An IPI is sent: pre-vista ' +
        'asks for High on another processor always.',
      '503500 1 R17 Processor 1 runs a thread that holds a spin lock, begun 402 µs before, for ' +
        '98.5 µs more if nothing interrupts it.',
      '503500 1  For 98.5 µs a drain is due and cannot begin: processor 1 runs a thread that ' +
        'holds a spin lock (98.5 µs).',
      '504300 1 R11 The IPI arrives, and waits: a thread that holds a spin lock is at IRQL 2.',
      '602000 1 R12 The DISPATCH interrupt is accepted: a drain starts on the DPC stack.',
      '602000 1  For 500 ns its turn has not come: processor 1 runs the entry of a drain (500 ns).',
      '602500 1 R13 The routine of mouse starts after a wait of 99 µs, with 1 item.',
    ]);
  });

  it('tell of a threaded DPC whose thread a routine keeps waiting', () => {
    const causes = causesOf({
      machine: { processors: 1 },
      sources: [
        {
          name: 'long',
          irql: 5,
          processor: 0,
          isr: '1us',
          arrivals: { at: ['10us'] },
          dpc: { target: 'current', service: '50us' },
        },
        {
          name: 'late',
          irql: 6,
          processor: 0,
          isr: '1us',
          arrivals: { at: ['20us'] },
          dpc: { target: 'current', service: '5us', threaded: true },
        },
      ],
      policies: ['vista'],
      until: { time: '200us' },
    });
    // long pays 2 us for the halt: its routine runs from 13.5 to 63.6 us and the ISR of late in it.
    expect(causes.slice(2, 4)).toEqual([
      '21500 0  For 43.6 µs the DPC thread is due and cannot run: processor 0 runs the routine ' +
        'of long (43.6 µs).',
      '65100 0 R22 The DPC thread takes over, and is switched to.',
    ]);
  });
});
