import { computed, signal } from '@preact/signals';
import { lastStep } from '../../src/play/slow-motion.js';
import type { Step } from '../../src/timeline/explain-event.js';
import type { Window } from '../../src/timeline/timeline.js';
import { MOST_LANES } from '../../src/timeline/narrowed-timeline.js';
import type { RunShape, SlowAnswer, Stretch } from './messages.js';

/** What slow motion wants of the page: where it stands, and a way to ask for a stretch. */
export interface SlowGround {
  readonly state: { readonly value: { readonly speedNs: number | null } };
  readonly machines: readonly {
    total: { atNs: number; arrivals: number } | null;
    shard: number;
    shardNs: number;
  }[];
  readonly plan: {
    readonly value: Pick<RunShape, 'processors' | 'expectedInterrupts' | 'expectedNs'> | null;
  };
  readonly pace: { nowNs(): number };
  askSlowly(policyIndex: number, stretch: Stretch): void;
}

/** Up to this speed, simulated ns a second, single events can be followed. */
export const SLOW_NS = 1_000_000;
/**
 * A stretch holds about so many interrupts of the processors that are shown, or up to twice as many
 * to last so many seconds of the reader's: more take too long to be drawn.
 */
const INTERRUPTS = 150;
const MOST_INTERRUPTS = 300;
const LEAST_SECONDS = 5;
const LEAST_NS = 1_000_000;
const MOST_NS = 50_000_000;
/** Asked for again when less than this share of it lies ahead, */
const LEFT = 0.1;
/** or what goes by while it is simulated, up to this share. */
const MOST_LEFT = 0.7;

/** The stretches of both machines around where the pace stands. */
export class SlowStore {
  readonly motions = signal<readonly (SlowAnswer['motion'] | null)[]>([null, null]);
  readonly isOn = computed(() => {
    const { speedNs } = this.ground.state.value;
    return speedNs !== null && speedNs <= SLOW_NS;
  });
  /** The instant that is shown. */
  readonly now = signal<number | null>(null);
  private asked: { shard: number; window: Window; ms: number } | null = null;
  /** The processor that is inspected, by policy: those around it are shown. */
  private readonly processors = [0, 0];
  /** How many answers are still to come, and how long the last one took. */
  private due = 0;
  private tookMs = 0;

  constructor(private readonly ground: SlowGround) {}

  clear(): void {
    this.asked = null;
    this.due = 0;
    this.motions.value = [null, null];
  }

  take({ motion, policyIndex }: SlowAnswer): void {
    this.due--;
    if (this.asked !== null) this.tookMs = performance.now() - this.asked.ms;
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
    const spanNs = asked === null ? 0 : asked.window.toNs - asked.window.fromNs;
    const goesByNs = (this.tookMs / 1000) * (this.ground.state.value.speedNs ?? 0);
    const leftNs =
      this.due > 0 ? 0 : Math.max(LEFT * spanNs, Math.min(MOST_LEFT * spanNs, goesByNs));
    const isKnown =
      asked !== null &&
      asked.shard === shard &&
      nowNs >= asked.window.fromNs &&
      nowNs <= asked.window.toNs - leftNs;
    if (!isKnown) this.ask(shard, nowNs);
  }

  private ask(shard: number, nowNs: number): void {
    const { state } = this.ground;
    const { expectedInterrupts, expectedNs, processors } = this.ground.plan.value!;
    // What was counted by now may be a handful; of lists nobody knows.
    const isKnown = Number.isFinite(expectedInterrupts);
    const perInterruptNs = isKnown
      ? expectedNs / Math.max(1, expectedInterrupts)
      : LEAST_NS / INTERRUPTS;
    const lanes = Math.max(1, processors / MOST_LANES);
    const leastNs = Math.min(LEAST_NS, LEAST_SECONDS * (state.value.speedNs ?? LEAST_NS));
    const perShownNs = lanes * perInterruptNs;
    const wantedNs = Math.max(leastNs, INTERRUPTS * perShownNs);
    const spanNs = Math.min(MOST_NS, wantedNs, MOST_INTERRUPTS * perShownNs);
    const fromNs = Math.max(0, Math.floor(nowNs - spanNs / 10));
    const window = { fromNs, toNs: Math.ceil(fromNs + spanNs) };
    this.asked = { shard, window, ms: performance.now() };
    this.due = this.processors.length;
    this.processors.forEach((processor, policyIndex) => {
      this.ground.askSlowly(policyIndex, { shardIndex: shard, window, processor });
    });
  }

  /** Another processor of a policy's machine is inspected; a large one's are not all there. */
  choose(policyIndex: number, processor: number): void {
    if (this.processors[policyIndex] === processor) return;
    this.processors[policyIndex] = processor;
    const { asked } = this;
    const motion = this.motions.value[policyIndex];
    if (asked === null || motion?.told === undefined || motion.told.includes(processor)) return;
    this.due++;
    const { shard: shardIndex, window } = asked;
    this.ground.askSlowly(policyIndex, { shardIndex, window, processor });
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
