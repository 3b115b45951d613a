import { describe, expect, it } from 'vitest';
import { device, dpc, THREAD, traceOf } from './trace-of.js';

const threaded = (rest: Record<string, unknown> = {}): Record<string, unknown> =>
  dpc({ threaded: true, ...rest });
/** In the background, with a spin lock held from 40000 to 70000. */
const LOCKED = { busy: '1000s', idle: 0, passive: 40_000, dispatch: 30_000 };
const STORY = [
  'drain-start',
  'drain-end',
  'dpc-thread',
  'dpc-thread-end',
  'dpc-start',
  'dpc-end',
  'insert',
];

describe('R22: threaded DPCs', () => {
  it('run at PASSIVE in the DPC thread, after a drain has passed the signal on', () => {
    const { lines, outcome } = traceOf({
      machine: { background: [THREAD] },
      sources: [device('disk', [10_000], { dpc: threaded() })],
      until: 30_000,
    });
    expect(lines.slice(-8)).toEqual([
      '12500 p0 insert disk -> 0 depth 1 local',
      '12500 p0 isr-end disk',
      '12500 p0 drain-start dispatch',
      '13000 p0 drain-end 0', // costs.dispatch, and nothing of the ordinary queue
      '13000 p0 dpc-thread',
      '14500 p0 dpc-start disk items 1 wait 2000', // costs.threadSwitch
      '18600 p0 dpc-end disk',
      '18600 p0 dpc-thread-end',
    ]);
    expect(outcome.machine.counters).toMatchObject({
      spurious: 0,
      dispatchDrains: 1,
      dpcThreadNs: 5600,
      threadNs: 30_000 - 2500 - 500 - 5600,
    });
    expect(outcome.processors[0].timeSplit.dpcThreadNs).toBe(5600);
  });

  it('give way to ordinary DPCs, which run above the DPC thread', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('disk', [10_000], { dpc: threaded({ service: 60_000 }) }),
        device('audio', [30_000], { dpc: dpc() }),
      ],
      until: 100_000,
    });
    expect(only('dpc-start', 'dpc-end')).toEqual([
      '14500 p0 dpc-start disk items 1 wait 2000',
      '33000 p0 dpc-start audio items 1 wait 500',
      '37100 p0 dpc-end audio',
      '81700 p0 dpc-end disk', // 60100 ns, and 2500 + 500 + 4100 of audio
    ]);
  });

  it('wait for the drain that is due during the switch', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('disk', [10_000], { dpc: threaded() }),
        device('audio', [11_400], { irql: 6, dpc: dpc() }), // ends within the switch
      ],
      until: 40_000,
    });
    expect(only('drain-start', 'drain-end', 'dpc-thread', 'dpc-start')).toEqual([
      // audio's ISR: 11400 to 13900 above disk's, which ends at 15000
      '15000 p0 drain-start dispatch',
      '15500 p0 dpc-start audio items 1 wait 1600',
      '19600 p0 drain-end 1',
      '19600 p0 dpc-thread',
      '21100 p0 dpc-start disk items 1 wait 6100',
    ]);
  });

  it('are drained for once more where an ordinary DPC is asked for in the switch', () => {
    const { only } = traceOf({
      machine: { background: [THREAD] },
      sources: [
        device('disk', [10_000], { dpc: threaded() }),
        device('audio', [13_100], { irql: 6, dpc: dpc() }),
      ],
      until: 40_000,
    });
    expect(only('drain-start', 'drain-end', 'dpc-thread', 'dpc-start')).toEqual([
      '12500 p0 drain-start dispatch',
      '13000 p0 drain-end 0',
      '13000 p0 dpc-thread',
      '17000 p0 drain-start dispatch', // 13000 + 1500 + 2500 of the ISR
      '17500 p0 dpc-start audio items 1 wait 1900',
      '21600 p0 drain-end 1',
      '21600 p0 dpc-start disk items 1 wait 9100',
    ]);
  });

  it('ask once: nothing while the DPC thread is signalled or active', () => {
    const { only, outcome } = traceOf({
      machine: { background: [THREAD] },
      // Whatever the policy: requests of R10 would be declined, and are not suppressed.
      policy: {
        name: 'never',
        extends: 'vista',
        suppress: false,
        current: { medium: 'never', high: 'never' },
      },
      sources: [
        device('a', [10_000], { dpc: threaded() }),
        device('b', [10_100], { irql: 6, dpc: threaded({ importance: 'high' }) }),
        device('c', [20_000], { dpc: threaded() }),
      ],
      until: 60_000,
    });
    expect(only(...STORY)).toEqual([
      '12600 p0 insert b -> 0 depth 1 local',
      '15000 p0 insert a -> 0 depth 2 suppressed', // behind b, which is High and was first
      '15000 p0 drain-start dispatch',
      '15500 p0 drain-end 0',
      '15500 p0 dpc-thread',
      '17000 p0 dpc-start b items 1 wait 4400',
      '22500 p0 insert c -> 0 depth 2 suppressed',
      '23600 p0 dpc-end b', // 4100, and 2500 of the ISR of c
      '23600 p0 dpc-start a items 1 wait 8600',
      '27700 p0 dpc-end a',
      '27700 p0 dpc-start c items 1 wait 5200',
      '31800 p0 dpc-end c',
      '31800 p0 dpc-thread-end',
    ]);
    expect(outcome.machine.counters).toMatchObject({ localRequests: 1, suppressed: 2 });
  });

  it('send the IPI whatever their importance and the target; it drains, spurious if late', () => {
    const { only, outcome } = traceOf({
      machine: { processors: 2, background: [THREAD], costs: { ipiFlight: 20_000 } },
      sources: [
        device('far', [10_000], { dpc: threaded({ importance: 'low', target: 1 }) }),
        // Its drain passes the signal on while the IPI still flies.
        device('near', [15_000], { processor: 1, dpc: dpc() }),
      ],
      until: 60_000,
    });
    expect(only('insert', 'ipi', 'drain-start', 'drain-end', 'dpc-thread', 'dpc-start')).toEqual([
      '12500 p0 insert far -> 1 depth 1 ipi',
      '17500 p1 insert near -> 1 depth 1 local',
      '17500 p1 drain-start dispatch',
      '18000 p1 dpc-start near items 1 wait 500',
      '22100 p1 drain-end 1',
      '22100 p1 dpc-thread',
      '23600 p1 dpc-start far items 1 wait 11100',
      '32500 p1 ipi',
      '32500 p1 drain-start dispatch', // the DPC thread has ended: nothing is signalled
      '33000 p1 drain-end 0',
    ]);
    expect(outcome.machine.counters).toMatchObject({ ipis: 1, spurious: 1 });
  });

  it('are taken up at once by a polling processor, to which the IPI is sent all the same', () => {
    const { only } = traceOf({
      machine: { processors: 2, poll: 1_000_000 },
      sources: [device('far', [10_000], { dpc: threaded({ target: 1 }) })],
      until: 30_000,
    });
    expect(
      only('insert', 'ipi', 'dpc-thread', 'dpc-start', 'dpc-thread-end', 'drain-start'),
    ).toEqual([
      '12500 p0 insert far -> 1 depth 1 ipi',
      '12500 p1 dpc-thread',
      '13300 p1 ipi', // waits for the switch, then drains above the DPC thread
      '14000 p1 drain-start dispatch',
      '14500 p1 dpc-start far items 1 wait 2000',
      '18600 p1 dpc-thread-end',
    ]);
  });

  it('come after the queue and before a ready thread in the idle loop, without a drain', () => {
    const { only, outcome } = traceOf({
      machine: { background: [{ busy: 10_000, idle: 11_000 }] },
      sources: [
        device('disk', [10_000], { dpc: threaded() }),
        device('low', [10_100], { dpc: dpc({ importance: 'low' }), irql: 6 }),
      ],
      policy: { name: 'patient', extends: 'vista', current: { low: 'never' } },
      until: 60_000,
    });
    // The ISRs, an exit of 2000 in the first: 10000 to 17000.
    expect(
      only('drain-start', 'drain-end', 'dpc-thread', 'dpc-thread-end', 'thread', 'idle'),
    ).toEqual([
      '17000 p0 drain-start idle',
      '21100 p0 drain-end 1',
      '21100 p0 dpc-thread',
      '26700 p0 dpc-thread-end',
      '26700 p0 thread', // ready since 11000
      '36700 p0 idle',
      '49700 p0 thread', // 11000 later, and the exit of the halt
      '59700 p0 idle',
    ]);
    expect(outcome.machine.counters.dispatchDrains).toBe(0);
  });

  it('wait for a thread that holds a spin lock, and leave it where it stood', () => {
    const { only } = traceOf({
      machine: { background: [LOCKED] },
      sources: [device('disk', [45_000], { dpc: threaded() })],
      until: 160_000,
    });
    expect(only('drain-start', 'dpc-thread', 'dpc-thread-end')).toEqual([
      '72500 p0 drain-start dispatch', // 70000, and 2500 of the ISR
      '73000 p0 dpc-thread',
      '78600 p0 dpc-thread-end',
    ]);
    // The next lock is held from 78600 + 40000 to 148600: a DPC at 130000 waits for its end.
    const later = traceOf({
      machine: { background: [LOCKED] },
      sources: [
        device('disk', [45_000], { dpc: threaded() }),
        device('nic', [130_000], { dpc: dpc() }),
      ],
      until: 160_000,
    });
    expect(later.only('drain-start').at(-1)).toBe('151100 p0 drain-start dispatch');
  });

  it('are not in the depth and the rates of the ordinary queue', () => {
    const { only } = traceOf({
      machine: { tick: 30_000, background: [LOCKED], tunables: { maximumDpcQueueDepth: 2 } },
      sources: [
        device('disk', [45_000], { dpc: threaded() }),
        device('far', [47_500], { irql: 6, dpc: threaded() }),
        device('low', [50_000], { dpc: dpc({ importance: 'low' }) }),
      ],
      policy: { name: 'deep', extends: 'vista', current: { low: 'over' } },
      until: 92_000,
    });
    expect(only('insert', 'tick')).toEqual([
      '31000 p0 tick request 0 drain 0 maximum 2',
      '47500 p0 insert disk -> 0 depth 1 local',
      '50000 p0 insert far -> 0 depth 2 suppressed',
      '52500 p0 insert low -> 0 depth 1 none', // the only one there
      // The queue waits and nobody asked: R16 looks at the ordinary list alone.
      '61000 p0 tick request 0 drain 0 maximum 1 rescue',
      '91000 p0 tick request 0 drain 0 maximum 1',
    ]);
  });

  it('queue themselves again for a budget, for other processors without cost', () => {
    const { only } = traceOf({
      machine: { processors: 2, background: [THREAD] },
      sources: [
        device('nic', [10_000, 10_100, 10_200], {
          dpc: threaded({ target: 'round-robin', budget: 1 }),
        }),
      ],
      until: 60_000,
    });
    expect(only('insert', 'dpc-start', 'dpc-end', 'dpc-thread-end', 'ipi')).toEqual([
      '12500 p0 insert nic -> 0 depth 1 local',
      '15000 p0 insert nic -> 1 coalesced',
      '17000 p0 dpc-start nic items 1 wait 4500',
      '21100 p0 insert nic -> 1 depth 1 ipi',
      '21100 p0 dpc-end nic',
      '21100 p0 dpc-thread-end',
      '21900 p1 ipi',
      '23900 p1 dpc-start nic items 1 wait 2800',
      '28000 p1 insert nic -> 0 depth 1 ipi',
      '28000 p1 dpc-end nic',
      '28000 p1 dpc-thread-end',
      '28800 p0 ipi',
      '30800 p0 dpc-start nic items 1 wait 2800',
      '34900 p0 dpc-end nic',
      '34900 p0 dpc-thread-end',
    ]);
  });

  it('are ordinary ones with threadedDpcs off', () => {
    const { only, outcome } = traceOf({
      machine: { background: [THREAD], threadedDpcs: false },
      sources: [device('disk', [10_000], { dpc: threaded() })],
      until: 30_000,
    });
    expect(only(...STORY)).toEqual([
      '12500 p0 insert disk -> 0 depth 1 local',
      '12500 p0 drain-start dispatch',
      '13000 p0 dpc-start disk items 1 wait 500',
      '17100 p0 dpc-end disk',
      '17100 p0 drain-end 1',
    ]);
    expect(outcome.machine.counters.dpcThreadNs).toBe(0);
  });

  it('make their processor busy: it is not idle while the DPC thread is its bottom', () => {
    const { only } = traceOf({
      machine: { processors: 2 },
      sources: [
        device('disk', [10_000], { processor: 1, dpc: threaded({ service: 50_000 }) }),
        device('high', [30_000], { dpc: dpc({ importance: 'high', target: 1 }) }),
      ],
      policy: 'vista',
      until: 60_000,
    });
    // vista sends an IPI for High only to an idle processor.
    expect(only('insert').at(-1)).toBe('34500 p0 insert high -> 1 depth 1 none');
  });
});
