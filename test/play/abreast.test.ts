import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Abreast } from '../../reports/play/abreast.js';
import { Machine, type MachineNews } from '../../reports/play/machine.js';
import type { MachineAnswer, Pace } from '../../reports/play/messages.js';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';

const NS_A_MS = 1_000;
/** What a machine simulates in 100 ms. */
const LEAD_NS = 100 * NS_A_MS;
const COLUMN_NS = 1;

/** Two machines that hear each other at once, and how often each of them was woken. */
function pair(): { machines: [Abreast, Abreast]; wakes: [number, number] } {
  const ports = [0, 1].map(() => ({ onmessage: null }) as unknown as MessagePort);
  ports.forEach((port, i) => {
    port.postMessage = (data: unknown) => {
      ports[1 - i].onmessage?.({ data: structuredClone(data) } as MessageEvent);
    };
  });
  const wakes: [number, number] = [0, 0];
  const [first, second] = ports.map((port, i) => new Abreast(port, () => wakes[i]++));
  return { machines: [first, second], wakes };
}

describe('machines side by side', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('the one ahead waits, until the other one has come near', () => {
    const { machines, wakes } = pair();
    const [fast, slow] = machines;
    machines.forEach((machine) => machine.begin(1));
    const go = (machine: Abreast, atNs: number): number => {
      vi.advanceTimersByTime(20);
      machine.stand(atNs, atNs / NS_A_MS);
      return machine.allowedNs(COLUMN_NS);
    };
    fast.stand(NS_A_MS, 1);
    expect(fast.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    fast.stand(LEAD_NS, 99);
    expect(fast.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    expect(wakes).toEqual([0, 0]);
    // The one behind goes on, and each of its words is heard; only the last one is enough.
    expect(go(slow, 0.4 * LEAD_NS)).toBeGreaterThan(LEAD_NS);
    expect(fast.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    expect(go(slow, 0.6 * LEAD_NS)).toBeGreaterThan(LEAD_NS);
    expect(fast.allowedNs(COLUMN_NS)).toBe(1.6 * LEAD_NS);
    expect(wakes).toEqual([2, 0]);
  });

  test('a column is wide: it leads by two of them', () => {
    const [fast] = pair().machines;
    fast.begin(1);
    fast.stand(NS_A_MS, 1);
    expect(fast.allowedNs(1e9)).toBe(2e9);
  });

  test('one that is over, or says nothing for half a second, holds nobody up', () => {
    const { machines, wakes } = pair();
    const [fast, slow] = machines;
    machines.forEach((machine) => machine.begin(1));
    fast.stand(LEAD_NS, 100);
    expect(fast.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    expect(fast.restMs).toBe(500);
    vi.advanceTimersByTime(500);
    expect(fast.allowedNs(COLUMN_NS)).toBe(Infinity);
    // It settles, and so it is there.
    slow.stand(0, 20);
    expect(fast.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    slow.stand(Infinity, 0);
    expect(wakes[0]).toBe(1);
    vi.advanceTimersByTime(400);
    expect(fast.allowedNs(COLUMN_NS)).toBe(Infinity);
  });

  test('what was said of another order does not count', () => {
    const [first, second] = pair().machines;
    first.begin(1);
    second.begin(1);
    second.stand(Infinity, 0);
    // Over before this one began.
    first.begin(1);
    expect(first.allowedNs(COLUMN_NS)).toBe(Infinity);
    first.begin(2);
    first.stand(LEAD_NS, 100);
    expect(first.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
    second.stand(5 * LEAD_NS, 100);
    expect(first.allowedNs(COLUMN_NS)).toBe(LEAD_NS);
  });
});

describe('a machine', () => {
  test('waits for the other one, and its figures are those of one that does not', async () => {
    const kernel = shippedKernel();
    const scenario = loadScenario('default');
    const orders = new MessageChannel();
    const beside = new MessageChannel();
    const machine = new Machine({
      kernel,
      debugKernel: () => kernel,
      orders: orders.port2,
      beside: beside.port2,
      tell: ({ kind, ...rest }) => {
        if (kind === 'live') atNs = (rest as { total: { atNs: number } }).total.atNs;
      },
      hasSpareProcessor: true,
    });
    let atNs = 0;
    const untilTimeNs = 8e9;
    const shard = { policyIndex: 0, shardIndex: 0, seed: 3, untilTimeNs, untilInterrupts: null };
    const pace: Pace = {
      ...{ run: 1, speedNs: null, fromNs: 0, sinceMs: 0, untilNs: null },
      columnNs: untilTimeNs / 400,
    };
    const sums: MachineAnswer[] = [];
    const over = (): Promise<void> =>
      new Promise((resolve) => {
        orders.port1.onmessage = ({ data }: MessageEvent<MachineAnswer>) => {
          sums.push(data);
          resolve();
        };
      });
    const run = (order: number): Promise<void> => {
      atNs = 0;
      const message = { kind: 'run', run: 1, order, scenario, shards: [{ ...shard, warmupNs: 0 }] };
      orders.port1.postMessage(message);
      machine.setPace(pace);
      return over();
    };
    const free = run(1);
    beside.port1.postMessage({ order: 1, atNs: Infinity });
    await free;
    const heldUp = run(2);
    const said = setInterval(() => beside.port1.postMessage({ order: 2, atNs: 0 }), 50);
    await vi.waitFor(() => expect(atNs).toBeGreaterThan(0));
    await vi.waitFor(
      async () => {
        const before = atNs;
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(atNs).toBe(before);
      },
      { timeout: 20_000 },
    );
    expect(atNs).toBeLessThan(untilTimeNs);
    expect(sums.length).toBe(1);
    clearInterval(said);
    beside.port1.postMessage({ order: 2, atNs: Infinity });
    await heldUp;
    expect(atNs).toBe(untilTimeNs);
    expect(sums[1]).toEqual(sums[0]);
    orders.port1.close();
    beside.port1.close();
  });

  test('that is halted tells the longest wait of all that it has counted by then', async () => {
    const kernel = shippedKernel();
    const debugKernel = shippedKernel('debug');
    const orders = new MessageChannel();
    const beside = new MessageChannel();
    const told: MachineNews[] = [];
    const machine = new Machine({
      kernel,
      debugKernel: () => debugKernel,
      orders: orders.port2,
      beside: beside.port2,
      tell: (message) => told.push(message),
      hasSpareProcessor: true,
    });
    const last = <Kind extends string>(kind: Kind) =>
      told.findLast((each): each is typeof each & { kind: Kind } => each.kind === kind);
    const pace = { run: 1, speedNs: null, fromNs: 0, sinceMs: 0, columnNs: 1e9 };
    const shard = { policyIndex: 0, shardIndex: 0, seed: 3, untilTimeNs: 8e9, warmupNs: 0 };
    const shards = [{ ...shard, untilInterrupts: null }];
    const scenario = loadScenario('default');
    orders.port1.postMessage({ kind: 'run', run: 1, order: 1, scenario, shards });
    beside.port1.postMessage({ order: 1, atNs: Infinity });
    machine.setPace({ ...pace, untilNs: 10_000 });
    await vi.waitFor(() => expect(last('live')).toBeDefined());
    const few = last('live')!.total;
    machine.setPace({ ...pace, untilNs: 2e9 });
    await machine.why(1);
    const { maxNs } = last('live')!.total;
    expect(last('live')!.total.dpcs).toBeGreaterThan(few.dpcs);
    expect(maxNs).toBeGreaterThan(few.maxNs);
    expect(last('told')!.worst!.waitNs).toBe(maxNs);
    // Another order: nobody asks any more.
    const sinceMs = performance.timeOrigin + performance.now();
    machine.setPace({ ...pace, speedNs: 1, fromNs: 2e9, sinceMs, untilNs: 3e9 });
    const asked = machine.why(1);
    orders.port1.postMessage({ kind: 'stop' });
    await asked;
    expect(told.filter(({ kind }) => kind === 'told').length).toBe(1);
    orders.port1.close();
    beside.port1.close();
  });
});
