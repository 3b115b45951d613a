import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/recording/calibration.js';
import type {
  ArrivalPlace,
  HandlerContext,
  RaiseBatch,
  RaiseContext,
} from '../../src/recording/raise-context.js';
import { type RecordedStream, type Recording } from '../../src/recording/recording.js';
import { drawFit, lateFromNs, raisePool, SamplePool } from '../../src/study/fit-draws.js';

const times = (count: number, ns: number): number[] => Array.from({ length: count }, () => ns);

describe('an entry was late', () => {
  it('from over ten times the p90 on, and over the p99 where a thousand samples tell it', () => {
    expect(lateFromNs([])).toBe(Infinity);
    expect(lateFromNs([5])).toBe(51);
    expect(lateFromNs([10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(91);
    expect(lateFromNs([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])).toBe(101);
    expect(lateFromNs([...times(949, 1), ...times(50, 100)])).toBe(11);
    expect(lateFromNs([...times(950, 1), ...times(50, 100)])).toBe(101);
    expect(lateFromNs([...times(990, 1), ...times(10, 100)])).toBe(11);
  });
});

describe('samples are drawn from', () => {
  it("a name's own where there are ten, else those of its kind, else what it falls back on", () => {
    const group = [
      { name: 'a1', samplesNs: times(10, 1) },
      { name: 'a2', samplesNs: times(9, 2) },
      { name: 'b1', samplesNs: [3] },
    ];
    const fallback = new SamplePool([{ name: 'z', samplesNs: [9] }]);
    const pool = new SamplePool(group, (name) => name[0], fallback);
    expect(pool.of('a1')).toEqual({ samplesNs: times(10, 1), lateFromNs: 11 });
    expect(pool.of('a2')).toEqual({ samplesNs: [...times(10, 1), ...times(9, 2)], lateFromNs: 21 });
    expect(pool.of('b2').samplesNs).toEqual([3]);
    expect(pool.of('c').samplesNs).toEqual([9]);
    expect(new SamplePool([]).of('c')).toEqual({ samplesNs: [], lateFromNs: Infinity });
  });

  it('what the clock raises apart from what others do', () => {
    const of = (name: string): readonly number[] => {
      const samples = (vector: string, ns: number) => ({ name: vector, samplesNs: [ns] });
      const afterRaise = [samples('softirq/TIMER', 1), samples('softirq/NET_RX', 2)];
      return raisePool({ afterRaise, afterHandler: [] } as unknown as Calibration).of(name)
        .samplesNs;
    };
    for (const vector of ['TIMER', 'SCHED', 'HRTIMER', 'RCU']) {
      expect(of(`softirq/${vector}`)).toEqual([1]);
    }
    expect(of('softirq/BLOCK')).toEqual([2]);
  });
});

describe('what a machine does between a raise and its entry', () => {
  const stream = (name: string, atNs: number[], more: object = {}): RecordedStream =>
    ({
      name,
      atNs: Float64Array.from(atNs),
      latencyNs: Uint32Array.from(atNs, () => 40),
      isrNs: Uint32Array.from(atNs, () => 300),
      serviceNs: Uint32Array.from(atNs, () => 7),
      ...more,
    }) as unknown as RecordedStream;
  const soft = stream('softirq/NET_RX', [1000, 2000, 5000]);
  const irq = stream('irq/nic', [900, 4900]);
  const at = (of: RecordedStream, index: number): ArrivalPlace => ({ stream: of, index });
  const raised = (place: ArrivalPlace, by: Partial<RaiseContext>): RaiseContext =>
    ({ place, batch: null, handler: null, ...by }) as RaiseContext;
  const drawn = (
    raises: RaiseContext[],
    samples: Partial<Calibration>,
    handlers: HandlerContext[] = [],
  ) => {
    const nothing = { dispatchNs: 10, afterRaise: [], afterHandler: [], beforeHandler: [] };
    const { afterHandler, beforeHandler, lateNs, sections } = drawFit(
      { streams: [irq, soft] } as unknown as Recording,
      { raises, handlers },
      { ...nothing, ...samples } as unknown as Calibration,
      1,
    );
    return {
      sections: sections.map(({ busyNs }) => busyNs),
      after: [...afterHandler.get(irq)!],
      before: [...beforeHandler.get(irq)!],
      late: [...lateNs.get(soft)!],
    };
  };
  const NOTHING = { sections: [], after: [0, 0], before: [0, 0], late: [0, 0, 0] };
  /** Samples of one name. */
  const of = (name: string, ...samplesNs: number[]) => [{ name, samplesNs }];

  it('keeps the processor from the first raise of a batch to its entry', () => {
    const batch: RaiseBatch = { places: [at(soft, 0), at(soft, 1)] };
    const raises = batch.places.map((place) => raised(place, { batch }));
    expect(drawn(raises, { afterRaise: of('softirq/NET_RX', 50) })).toEqual({
      ...NOTHING,
      sections: [1040],
    });
    // Nothing was measured, or less than the dispatch takes.
    expect(drawn(raises, {}).sections).toEqual([1000]);
    expect(drawn(raises, { afterRaise: of('softirq/NET_RX', 4) }).sections).toEqual([1000]);
  });

  it('leaves every raise of a batch waiting whose entry is late', () => {
    const batch: RaiseBatch = { places: [at(soft, 0), at(soft, 1)] };
    const raises = batch.places.map((place) => raised(place, { batch }));
    const mixed = [...times(19, 1), ...times(1, 5000)];
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { lateNs, sections } = drawFit(
        { streams: [irq, soft] } as unknown as Recording,
        { raises, handlers: [] },
        {
          dispatchNs: 10,
          afterRaise: of('softirq/NET_RX', ...mixed),
          afterHandler: [],
          beforeHandler: [],
        } as unknown as Calibration,
        seed,
      );
      seen.add(`${sections.map(({ busyNs }) => busyNs).join()} ${[...lateNs.get(soft)!].join()}`);
    }
    expect([...seen].sort()).toEqual([' 6000,5000,0', '1000 0,0,0']);
  });

  it('is drawn once for all that a handler raised, and stands at the handler', () => {
    const handler = at(irq, 1);
    const raises = [raised(at(soft, 2), { handler }), raised(at(soft, 1), { handler })];
    expect(drawn(raises, { afterHandler: of('irq/nic', 25) })).toEqual({
      ...NOTHING,
      after: [0, 15],
    });
    expect(drawn(raises, { afterHandler: of('irq/nic', 3) }).after).toEqual([0, 0]);
  });

  it('leaves what a handler raised waiting for the rest of it, too, where it is late', () => {
    const handler = at(irq, 1);
    const raises = [raised(at(soft, 2), { handler })];
    const found = new Set<string>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { afterHandler, lateNs } = drawFit(
        { streams: [irq, soft] } as unknown as Recording,
        { raises, handlers: [] },
        {
          dispatchNs: 10,
          afterRaise: [],
          afterHandler: of('irq/nic', ...times(19, 1), 6000),
          beforeHandler: [],
        } as unknown as Calibration,
        seed,
      );
      found.add(`${[...afterHandler.get(irq)!].join()} ${[...lateNs.get(soft)!].join()}`);
    }
    // Entered at 4,940, which runs for 307 ns: 247 ns after the raise at 5,000.
    expect([...found].sort()).toEqual(['0,0 0,0,0', '0,0 0,0,6247']);
  });

  it('begins a handler that interrupts a thread earlier: by the median, if it can', () => {
    const context = (index: number, sinceNs: number): HandlerContext =>
      ({ place: at(irq, index), sinceNs }) as HandlerContext;
    const samples = [9, 1, 2, 3, 4, 5, 6, 7, 8, 10];
    const handlers = [context(0, 100), context(1, 3)];
    const before = (beforeHandler: Calibration['beforeHandler']): number[] =>
      drawn([], { beforeHandler }, handlers).before;
    expect(before(of('irq/nic', ...samples))).toEqual([5, 3]);
    expect(before(of('irq/nic', ...samples, 11))).toEqual([6, 3]);
    expect(before(of('irq/nic', ...samples.slice(1)))).toEqual([0, 0]);
    expect(before(of('irq/other', ...samples))).toEqual([0, 0]);
  });
});
