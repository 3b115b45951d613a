import { inputError } from '../errors.js';
import { shippedKernel } from '../disk/shipped-kernel.js';
import { simulateShard } from '../kernel/simulate.js';
import { LINUX_SOFTIRQ } from '../policy/linux-softirq.js';
import { calibrate, type EntrySamples } from '../recording/calibration.js';
import { recordingContexts } from '../recording/recording-contexts.js';
import {
  countArrivals,
  UNKNOWN_LATENCY,
  type RecordedStream,
  type Recording,
} from '../recording/recording.js';
import { FIT_SCHEMA, type EntryTimes, type FitDocument } from '../stats/fit.js';
import { addHistograms, summarize } from '../result/histogram.js';
import { fitOf, histogramOf, type VectorFit } from '../stats/prediction.js';
import { formatCount } from '../units.js';
import { OWN_SAMPLES, raisePool, SamplePool } from './fit-draws.js';
import { fitScenario, halfOf } from './fit-scenario.js';
import type { OnProgress } from '../kernel/shard.js';
import type { RunProgress } from '../run/tasks.js';
import type { Scenario } from '../scenario/scenario.js';
import { checkSeed } from '../run/seed.js';
import { packageVersion } from '../disk/version.js';

/** Every arrival is looked at with what ran around it: some 200 bytes each. */
export const MAX_FITTED_ARRIVALS = 2_000_000;

export interface FitOptions {
  seed?: number;
  onProgress?: (progress: RunProgress) => void;
}

/** After so many interrupts of the replay it is said how far it is. */
const PROGRESS_INTERRUPTS = 50_000;

/**
 * Measures the costs of the recorded machine on the first half of the recording's time, replays all
 * of it on a machine with those costs, and sets latencies from raise to entry in the second half
 * beside the recorded ones, vector by vector.
 *
 * @throws InputError if no softirq of a half has a known latency, for a seed that is none, and for
 *   more than MAX_FITTED_ARRIVALS.
 */
export function fitRecording(recording: Recording, options: FitOptions = {}): FitDocument {
  const seed = checkSeed(options.seed);
  const { meta } = recording;
  const arrivals = countArrivals(recording);
  if (arrivals > MAX_FITTED_ARRIVALS) {
    throw inputError(
      `the recording has ${formatCount(arrivals)} arrivals; a fit takes at most ` +
        formatCount(MAX_FITTED_ARRIVALS),
      'import a shorter part of it',
    );
  }
  const halfNs = halfOf(meta);
  const contexts = recordingContexts(recording);
  const calibration = calibrate(contexts, halfNs);
  const { afterRaise, afterHandler } = calibration;
  if (afterRaise.length + afterHandler.length === 0) {
    throw nothingToFit('no softirq in the first half of the recording shows what an entry costs');
  }
  const { scenario, lateNs } = fitScenario(recording, contexts, calibration, seed);
  const kernel = shippedKernel();
  const outcome = simulateShard(
    {
      scenario,
      policyIndex: 0,
      seed,
      shardIndex: 0,
      untilTimeNs: scenario.until.timeNs,
      untilInterrupts: null,
      warmupNs: halfNs,
    },
    { kernel, chunkInterrupts: PROGRESS_INTERRUPTS, onProgress: told(scenario, options) },
  );
  const vectors = scenario.sources.flatMap(({ name }, i): VectorFit[] => {
    const stream = recording.streams.find((each) => each.name === name);
    if (stream === undefined || stream.kind !== 'softirq') return [];
    const before = histogramOf(latenciesOf(stream, (raisedNs) => raisedNs < halfNs));
    const recorded = histogramOf(latenciesOf(stream, (raisedNs) => raisedNs >= halfNs));
    const late = histogramOf(lateNs.get(stream) ?? []);
    const predicted = addHistograms(outcome.sources[i].interruptToDpc, late);
    const isSeen = recorded.count + predicted.count > 0;
    return isSeen ? [fitOf(name, { before, recorded, predicted }, meta.stampResolutionNs)] : [];
  });
  if (vectors.every((each) => each.recorded.count === 0)) {
    throw nothingToFit('the second half of the recording has no softirq whose raise was seen');
  }
  const { hash, abi, rules } = kernel.identity;
  const { name, sentence, source } = LINUX_SOFTIRQ;
  return {
    schema: FIT_SCHEMA,
    meta: {
      versions: { dpcbench: packageVersion(), abi, rules },
      kernelHash: hash,
      origin: meta.origin,
      processors: meta.processors,
      spanNs: meta.spanNs,
      halfNs,
      seed,
    },
    policy: { name, sentence, source },
    calibration: {
      dispatchNs: calibration.dispatchNs,
      dequeueNs: calibration.dequeueNs,
      dequeueCount: calibration.dequeueCount,
      afterRaise: entryTimes(afterRaise, raisePool(calibration)),
      afterHandler: entryTimes(afterHandler, new SamplePool(afterHandler)),
      beforeHandler: takingTimes(calibration.beforeHandler),
    },
    vectors,
  };
}

function told({ until }: Scenario, { onProgress }: FitOptions): OnProgress {
  const endNs = Math.max(1, until.timeNs ?? 1);
  return ({ interrupts, timeNs }) => {
    const share = Math.min(1, timeNs / endNs);
    onProgress?.({ interrupts, share, tasksDone: 0, tasks: 1 });
    return true;
  };
}

function latenciesOf(
  { atNs, latencyNs }: RecordedStream,
  isOfHalf: (raisedNs: number) => boolean,
): number[] {
  return Array.from(latencyNs).filter((ns, i) => ns !== UNKNOWN_LATENCY && isOfHalf(atNs[i]));
}

function entryTimes(group: readonly EntrySamples[], pool: SamplePool): EntryTimes[] {
  return group.map(({ name, samplesNs }) => ({
    name,
    entry: summarize(histogramOf(samplesNs)),
    pooled: samplesNs.length < OWN_SAMPLES,
    lateCount: samplesNs.filter((ns) => ns >= pool.of(name).lateFromNs).length,
  }));
}

/** Handlers with too few samples are left out: nothing is made use of. */
function takingTimes(group: readonly EntrySamples[]): EntryTimes[] {
  return group
    .filter(({ samplesNs }) => samplesNs.length >= OWN_SAMPLES)
    .map(({ name, samplesNs }) => ({
      name,
      entry: summarize(histogramOf(samplesNs)),
      pooled: false,
      lateCount: 0,
    }));
}

function nothingToFit(message: string): Error {
  return inputError(message, 'record longer, with irq:softirq_raise, softirq_entry, softirq_exit');
}
