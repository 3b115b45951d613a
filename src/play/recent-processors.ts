import type { ProcessorSurvey } from '../kernel/survey.js';
import { TIME_PARTS } from '../report/activity-colours.js';

/** What each processor of a machine did of late, packed: there may be a thousand. */
export interface ProcessorWindow {
  /** By processor: the mean depth of its queue. */
  depths: Float32Array;
  /** The greatest depth since the shard began. */
  deepest: Uint32Array;
  /** By processor, then in the order of TIME_PARTS: shares of its time, 0 to 1. */
  shares: Float32Array;
}

/** It looks back on so many looks at the machine, and not into the shard before. */
const MOST_SPANS = 20;
const PARTS = TIME_PARTS.length;
/** Each processor has its depth × ns, then the ns of each part of its time. */
const FIELDS = 1 + PARTS;

/** What a shard's processors had counted at an instant. */
interface Look {
  nowNs: number;
  counted: Float64Array;
}

/** Turns surveys of a shard, one after another, into what its processors did of late. */
export class RecentProcessors {
  private startNs = 0;
  /** The last looks, the oldest first. */
  private readonly looks: Look[] = [];
  private deepest = new Uint32Array();

  /** A shard's statistics begin. */
  begin(startNs: number): void {
    this.startNs = startNs;
    this.looks.length = 0;
  }

  add(nowNs: number, processors: readonly ProcessorSurvey[]): void {
    const { looks } = this;
    const length = FIELDS * processors.length;
    if (looks.length === 0) {
      looks.push({ nowNs: this.startNs, counted: new Float64Array(length) });
      this.deepest = new Uint32Array(processors.length);
    }
    const isFull = looks.length > MOST_SPANS;
    const counted = isFull ? looks.shift()!.counted : new Float64Array(length);
    processors.forEach(({ queueDepth, timeSplit }, cpu) => {
      const at = FIELDS * cpu;
      counted[at] = queueDepth.areaNs;
      TIME_PARTS.forEach(([name], part) => (counted[at + 1 + part] = timeSplit[name] ?? 0));
      this.deepest[cpu] = queueDepth.maximum;
    });
    looks.push({ nowNs, counted });
  }

  /** Null before any time has passed. */
  read(): ProcessorWindow | null {
    const to = this.looks.at(-1);
    if (to === undefined) return null;
    const [from] = this.looks;
    const { deepest } = this;
    const share = (at: number): number =>
      (to.counted[at] - from.counted[at]) / (to.nowNs - from.nowNs);
    return {
      depths: Float32Array.from(deepest, (_, cpu) => share(FIELDS * cpu)),
      deepest: deepest.slice(),
      shares: Float32Array.from({ length: PARTS * deepest.length }, (_, i) =>
        share(FIELDS * Math.floor(i / PARTS) + 1 + (i % PARTS)),
      ),
    };
  }
}
