import { describe, expect, it } from 'vitest';
import { calibrate } from '../../src/recording/calibration.js';
import type { RaiseContext } from '../../src/recording/raise-context.js';
import { recordingContexts } from '../../src/recording/recording-contexts.js';
import {
  UNKNOWN_LATENCY,
  type RecordedStream,
  type Recording,
  type StreamKind,
} from '../../src/recording/recording.js';
import { fitRecording } from '../../src/study/fit-recording.js';
import type { FitDocument } from '../../src/stats/fit.js';
import { fitSentences } from '../../src/stats/fit-sentence.js';
import type { VectorFit } from '../../src/stats/prediction.js';
import { SeededStream } from '../../src/stats/seeded-stream.js';
import { INVENTED, inventedRecording } from '../fixtures/recordings/invented-recording.js';

/** A row of a stream: instant, processor, own time, latency if it has one. */
type Row = [atNs: number, processor: number, ownNs: number, latencyNs?: number];

function recordingOf(spanNs: number, rows: Record<string, Row[]>): Recording {
  const { meta, processors } = inventedRecording({ events: 1 });
  const streams = Object.entries(rows).map(([name, own]): RecordedStream => {
    const kind = name.slice(0, name.indexOf('/')) as StreamKind;
    const sorted = [...own].sort((a, b) => a[0] - b[0]);
    const isSoftirq = kind === 'softirq';
    return {
      name,
      kind,
      target: null,
      atNs: Float64Array.from(sorted, ([atNs]) => atNs),
      processor: Uint16Array.from(sorted, ([, processor]) => processor),
      isrNs: Uint32Array.from(sorted, ([, , ownNs]) => (isSoftirq ? 0 : ownNs)),
      serviceNs: Uint32Array.from(sorted, ([, , ownNs]) => (isSoftirq ? ownNs : 0)),
      latencyNs: Uint32Array.from(sorted, ([, , , latencyNs]) => latencyNs ?? UNKNOWN_LATENCY),
    };
  });
  streams.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { meta: { ...meta, spanNs }, processors, streams };
}

function vector({ vectors }: FitDocument, name: string): VectorFit {
  return vectors.find((each) => each.name === name) ?? expect.fail(name);
}

function contextsOf(recording: Recording, name: string): RaiseContext[] {
  return recordingContexts(recording).raises.filter(({ place }) => place.stream.name === name);
}

describe('handlers that were not recorded', () => {
  const hidden = inventedRecording({ hidesHandlers: true });
  const fitted = fitRecording(hidden);

  it('are entered once for all that one raised, from the last raise on', () => {
    const { afterRaise, dequeueNs } = calibrate(recordingContexts(hidden), hidden.meta.spanNs / 2);
    const timer = afterRaise.find(({ name }) => name === 'softirq/TIMER')!;
    const restNs = INVENTED.handlerNs - INVENTED.handlerNs / 3;
    expect(new Set(timer.samplesNs)).toEqual(
      new Set(INVENTED.afterHandlerNs.map((ns) => restNs + ns)),
    );
    // Raised before TIMER and served after it: no entry of its own.
    expect(dequeueNs).toBe(INVENTED.dequeueNs);
  });

  it('have what they raised predicted, in the order of vectors', () => {
    for (const name of ['softirq/TIMER', 'softirq/NET_RX', 'softirq/SCHED']) {
      const { recorded, predicted, ratio, ksDistance } = vector(fitted, name);
      expect(predicted.count).toBe(recorded.count);
      expect(ksDistance).toBeLessThan(0.15);
      expect(ratio.p50Ns).toBeGreaterThan(0.9);
      expect(ratio.p50Ns).toBeLessThan(1.1);
      expect(ratio.p90Ns).toBeGreaterThan(0.85);
      expect(ratio.p90Ns).toBeLessThan(1.15);
    }
  });
});

describe('an entry that took 42 ms', () => {
  const LONG_NS = 42_000_000;
  const STEP_NS = 50_000;
  const events = 4000;
  const spanNs = events * STEP_NS + 6 * LONG_NS;

  function recordingWithOutliers(): Recording {
    const random = new SeededStream([3]);
    const rows: Row[] = [];
    let atNs = 0;
    for (let event = 0; event < events; event++) {
      atNs += STEP_NS;
      const isOutlier = event % 500 === 250 && event < events / 2;
      rows.push([atNs, 0, 2000, isOutlier ? LONG_NS : 1000 + random.below(500)]);
      if (isOutlier) atNs += LONG_NS;
    }
    return recordingOf(spanNs, { 'softirq/NET_RX': rows });
  }

  it('holds up nothing but what it is drawn for, and is said', () => {
    const fitted = fitRecording(recordingWithOutliers());
    const { recorded, predicted, ratio } = vector(fitted, 'softirq/NET_RX');
    expect(recorded.count).toBeGreaterThan(1500);
    expect(predicted.count).toBe(recorded.count);
    expect(ratio.p99Ns).toBeGreaterThan(0.95);
    expect(ratio.p99Ns).toBeLessThan(1.05);
    // Some are drawn all the same, and waited for as long.
    expect(predicted.maxNs).toBe(LONG_NS);
    expect(fitSentences(fitted).join(' ')).toMatch(
      /3 of [\d,]+ entry times measured are outliers, up to 42 ms: .* nothing else/,
    );
  });

  it('is not said where there is none', () => {
    const fitted = fitRecording(inventedRecording());
    expect(fitSentences(fitted).join(' ')).not.toContain('outlier');
  });
});

describe('a handler that came before the entry of what another had raised', () => {
  const STEP_NS = 40_000;
  const TAKING_NS = 5500;

  it('stopped the processor for longer than from its entry on', () => {
    const random = new SeededStream([5]);
    const rows: Record<string, Row[]> = { 'irq/disk': [], 'vector/reschedule': [] };
    const blocks: Row[] = [];
    for (let event = 0; event < 3000; event++) {
      const atNs = (event + 1) * STEP_NS;
      const entryNs = 800 + random.below(100);
      rows['irq/disk'].push([atNs, 0, 3000]);
      if (random.below(5) === 0) {
        rows['vector/reschedule'].push([atNs + 3000 + TAKING_NS, 0, 1000]);
        blocks.push([atNs + 1000, 0, 2000, 2000 + TAKING_NS + 1000 + entryNs]);
      } else {
        blocks.push([atNs + 1000, 0, 2000, 2000 + entryNs]);
      }
    }
    const fitted = fitRecording(recordingOf(3002 * STEP_NS, { ...rows, 'softirq/BLOCK': blocks }));
    const { recorded, ratio } = vector(fitted, 'softirq/BLOCK');
    expect(recorded.p90Ns).toBeGreaterThan(9000);
    expect(ratio.p90Ns).toBeGreaterThan(0.95);
    expect(ratio.p90Ns).toBeLessThan(1.1);
    const [taking] = fitted.calibration.beforeHandler;
    expect(taking).toMatchObject({ name: 'vector/reschedule', entry: { p50Ns: TAKING_NS } });
  });
});

describe('stamps of 1 µs', () => {
  it('leave a raise in the routine that ends at the same instant', () => {
    const recording = recordingOf(1e9, {
      'softirq/RCU': [
        [1000, 0, 4000, 2000],
        [7000, 0, 3000, 4_000_000],
      ],
      'softirq/SCHED': [
        [50_000, 0, 1000, 0],
        [60_000, 0, 0, 3000],
      ],
      'irq/disk': [[90_000, 0, 2000]],
      'softirq/BLOCK': [[92_000, 0, 5000, 1000]],
    });
    const [, raisedAtEnd] = contextsOf(recording, 'softirq/RCU');
    // Entered at 3 µs for 4 µs: over at 7 µs, as it raises itself again.
    expect(raisedAtEnd.raisedBy).toBe('softirq');
    expect(contextsOf(recording, 'softirq/SCHED')).toMatchObject([
      { raisedBy: 'thread', obstacle: 'nothing', entryNs: 0 },
      { raisedBy: 'thread', obstacle: 'nothing', entryNs: 3000 },
    ]);
    expect(contextsOf(recording, 'softirq/BLOCK')).toMatchObject([
      { raisedBy: 'handler', obstacle: 'handler', entryNs: 1000 },
    ]);
  });
});
