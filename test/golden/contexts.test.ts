import { it } from 'vitest';
import { calibrate } from '../../src/recording/calibration.js';
import type { ArrivalPlace } from '../../src/recording/raise-context.js';
import type { RecordedStream, Recording, StreamKind } from '../../src/recording/recording.js';
import { UNKNOWN_LATENCY } from '../../src/recording/recording.js';
import { recordingContexts } from '../../src/recording/recording-contexts.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';
import { QUIET_PROCESSOR } from '../fixtures/recordings/quiet-processor.js';

const STREAMS: [name: string, kind: StreamKind, target: number | null][] = [
  ['ipi/call-to-1', 'ipi', 1],
  ['irq/nic', 'irq', null],
  ['softirq/RCU', 'softirq', null],
  ['softirq/SCHED', 'softirq', null],
  ['vector/local_timer', 'vector', null],
];

/** What two processors did, at instants that often meet and at the limits of what is together. */
function drawnRecording(pick: Pick): Recording {
  let atNs = 0;
  const rows = Array.from({ length: pick.of(1, 4, 12, 30) }, () => {
    atNs += pick.of(0, 0, 10, 20, 30, 500, 99_990, 100_000, 100_001);
    const [name] = pick.of(...STREAMS, ...STREAMS.slice(2, 4));
    const latencyNs = pick.of(0, 0, 10, 30, 60, 100_050, UNKNOWN_LATENCY);
    return { name, atNs, processor: pick.of(0, 0, 1), ownNs: pick.of(0, 10, 20, 50), latencyNs };
  });
  const streams = STREAMS.map(([name, kind, target]): RecordedStream => {
    const own = rows.filter((row) => row.name === name);
    const isHandler = kind === 'irq' || kind === 'vector';
    return {
      name,
      kind,
      target,
      atNs: Float64Array.from(own, (row) => row.atNs),
      processor: Uint16Array.from(own, (row) => row.processor),
      isrNs: Uint32Array.from(own, (row) => (isHandler ? row.ownNs : 0)),
      serviceNs: Uint32Array.from(own, (row) => (isHandler ? 0 : row.ownNs)),
      latencyNs: Uint32Array.from(own, (row) => (isHandler ? UNKNOWN_LATENCY : row.latencyNs)),
    };
  });
  return {
    meta: { origin: 'a', format: 'ftrace', processors: 2, spanNs: atNs, stampResolutionNs: 1 },
    processors: [QUIET_PROCESSOR, QUIET_PROCESSOR],
    streams,
  };
}

const named = ({ stream, index }: ArrivalPlace): string => `${stream.name} ${index}`;

it('who raised what, and what stood before it, is told as before', () => {
  const told = Array.from({ length: 70 }, (_, seed) => {
    const pick = new Pick(seed);
    const recording = drawnRecording(pick);
    const contexts = recordingContexts(recording);
    const raises = contexts.raises.map(({ place, raisedBy, handler, batch, obstacle, entryNs }) => {
      const by = handler === null ? raisedBy : `${raisedBy} ${named(handler)}`;
      const together = batch === null ? '' : ` (${batch.places.map(named).join(', ')})`;
      return `  ${named(place)} by ${by}${together}, ${obstacle}, ${entryNs}`;
    });
    const handlers = contexts.handlers.map(
      ({ place, sinceNs, beforeEntry }) => `  ${named(place)} after ${sinceNs}, ${beforeEntry}`,
    );
    const ends = [0, ...recording.streams.flatMap(({ atNs }) => [...atNs]), Infinity];
    const costs = [pick.of(...ends), Infinity].map(
      (untilNs) => `  until ${untilNs}: ${JSON.stringify(calibrate(contexts, untilNs))}`,
    );
    return [`${seed}`, ...raises, ...handlers, ...costs].join('\n');
  });
  expectGolden('recordings/contexts.txt', told.join('\n') + '\n');
});
