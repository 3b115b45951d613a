import type { Pace, RunShape } from './messages.js';

/** What the pace depends on. */
export interface PaceGround {
  readonly state: { readonly value: { readonly speedNs: number | null } };
  readonly plan: { readonly value: Pick<RunShape, 'expectedInterrupts' | 'expectedNs'> | null };
  readonly progress: { readonly value: string };
  /** How far the machine that is ahead has come. */
  readonly atNs: number;
}

/**
 * The charts of a whole run have so many columns; fewer where they would hold fewer interrupts than
 * a p99 takes.
 */
const COLUMNS = 400;
const INTERRUPTS_A_COLUMN = 1_200;
const LEAST_COLUMNS = 100;
/** At a pace: so many columns a second. */
const COLUMNS_A_SECOND = 20;

const UNKNOWN = { expectedInterrupts: Infinity, expectedNs: 1e9 };

/** How fast the machines are to run, and where they are by now. */
export class PaceKeeper {
  /** Nothing is simulated beyond; null: to the end. */
  untilNs: number | null = null;
  private pace: Pace | null = null;

  constructor(
    private readonly ground: PaceGround,
    private readonly tell: (pace: Pace) => void,
  ) {}

  get columnNs(): number {
    const { speedNs } = this.ground.state.value;
    const { expectedInterrupts, expectedNs } = this.ground.plan.value ?? UNKNOWN;
    const filled = Math.max(LEAST_COLUMNS, expectedInterrupts / INTERRUPTS_A_COLUMN);
    const wholeNs = expectedNs / Math.min(COLUMNS, filled);
    return Math.max(1, Math.min(wholeNs, speedNs === null ? Infinity : speedNs / COLUMNS_A_SECOND));
  }

  /** Tells the machines of a run what holds from now on. */
  send(run: number): void {
    const { atNs, progress, state } = this.ground;
    this.pace = {
      run,
      speedNs: progress.value === 'paused' ? null : state.value.speedNs,
      fromNs: atNs,
      sinceMs: performance.timeOrigin + performance.now(),
      untilNs: this.untilNs,
      columnNs: this.columnNs,
    };
    this.tell(this.pace);
  }

  /** Where the pace is by now, within a column of where the machines are. */
  nowNs(): number {
    const { pace } = this;
    const { atNs } = this.ground;
    if (pace === null || pace.speedNs === null) return this.untilNs ?? atNs;
    const passedMs = performance.timeOrigin + performance.now() - pace.sinceMs;
    const ns = pace.fromNs + (pace.speedNs * passedMs) / 1000;
    return Math.min(ns, pace.untilNs ?? Infinity, atNs + 2 * pace.columnNs);
  }
}
