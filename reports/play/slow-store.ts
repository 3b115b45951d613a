import { computed, signal } from '@preact/signals';
import { lastStep, type SlowMotion } from '../../src/play/slow-motion.js';
import type { Step } from '../../src/timeline/explain-event.js';
import type { Window } from '../../src/timeline/timeline.js';
import type { SlowAnswer } from './messages.js';

/** What slow motion wants of the page: where it stands, and a way to ask for a stretch. */
export interface SlowGround {
  readonly state: { readonly value: { readonly speedNs: number | null } };
  readonly machines: readonly {
    total: { atNs: number; arrivals: number } | null;
    shard: number;
    shardNs: number;
  }[];
  readonly pace: { nowNs(): number };
  askSlowly(shardIndex: number, window: Window): void;
}

/** Up to this speed, simulated ns a second, single events can be followed. */
export const SLOW_NS = 1_000_000;
/** A stretch holds about so many interrupts, within these times. */
const INTERRUPTS = 150;
const LEAST_NS = 1_000_000;
const MOST_NS = 50_000_000;
/** Asked for again when less than this share of it lies ahead. */
const LEFT = 0.1;

/** The stretches of both machines around where the pace stands. */
export class SlowStore {
  readonly motions = signal<readonly (SlowMotion | null)[]>([null, null]);
  readonly isOn = computed(() => {
    const { speedNs } = this.ground.state.value;
    return speedNs !== null && speedNs <= SLOW_NS;
  });
  /** The instant that is shown. */
  readonly now = signal<number | null>(null);
  private asked: { shard: number; window: Window } | null = null;

  constructor(private readonly ground: SlowGround) {}

  clear(): void {
    this.asked = null;
    this.motions.value = [null, null];
  }

  take({ motion, policyIndex }: SlowAnswer): void {
    this.motions.value = this.motions.value.map((each, i) => (i === policyIndex ? motion : each));
  }

  /** The instant within its shard at which the pace stands; null before anything is measured. */
  private nowNs(): number | null {
    const [{ shardNs, total }] = this.ground.machines;
    return total === null ? null : shardNs + this.ground.pace.nowNs() - total.atNs;
  }

  /** Goes where the pace is by now, and asks for another stretch where that one has ended. */
  follow(): void {
    const nowNs = this.nowNs();
    this.now.value = nowNs;
    const [{ shard, total }] = this.ground.machines;
    if (nowNs === null || total === null) return;
    const { asked } = this;
    const isKnown =
      asked !== null &&
      asked.shard === shard &&
      nowNs >= asked.window.fromNs &&
      nowNs <= asked.window.toNs - LEFT * (asked.window.toNs - asked.window.fromNs);
    if (isKnown) return;
    const perInterruptNs = total.atNs / Math.max(1, total.arrivals);
    const spanNs = Math.min(MOST_NS, Math.max(LEAST_NS, INTERRUPTS * perInterruptNs));
    const fromNs = Math.max(0, Math.floor(nowNs - spanNs / 10));
    this.asked = { shard, window: { fromNs, toNs: Math.ceil(fromNs + spanNs) } };
    this.ground.askSlowly(shard, this.asked.window);
  }

  /** What happened last, of each machine. */
  stepsAt(nowNs: number): (Step | null)[] {
    return this.motions.value.map((motion) => {
      if (motion === null) return null;
      return motion.steps[lastStep(motion.steps, nowNs)] ?? null;
    });
  }

  /** When the next event of either machine happens, as measured time; null where none is known. */
  nextEventNs(): number | null {
    const nowNs = this.nowNs();
    if (!this.isOn.value || nowNs === null) return null;
    const next = this.motions.value.flatMap(
      (motion) => motion?.steps[lastStep(motion.steps, nowNs) + 1]?.t ?? [],
    );
    if (next.length === 0) return null;
    // A little later: what rounding takes off must not leave it ahead.
    return this.ground.pace.nowNs() + Math.min(...next) - nowNs + 0.5;
  }
}
