import type { Scenario } from '../scenario/scenario.js';
import { explainEvent, type Step } from './explain-event.js';
import type { LogEvent } from './log-event.js';
import type { MachineState } from './machine-state.js';
import type { Wait } from './wait-causes.js';

/** So many steps are kept right before and after the insert and the routine's start. */
const MOST_BEFORE = 6;
const MOST_FIRST = 8;
const MOST_LAST = 8;
const MOST_AFTER = 4;
/** Steps longer before the insert are not told: their sentences would take most of the time. */
const BEFORE_NS = 100_000_000;

/** Keeps what happened around a wait on the processor that took the DPC, or was queued to it. */
export class StepKeeper {
  private readonly before: Step[] = [];
  private readonly first: Step[] = [];
  private readonly last: Step[] = [];
  private readonly after: Step[] = [];
  private leftOut = 0;

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
    private readonly wait: Wait,
  ) {}

  /** Call it after the state has carried the event out. */
  add(event: LogEvent, state: MachineState): void {
    const { processor, queuedNs, takenNs } = this.wait;
    const isOn = event.p === processor || (event.e === 'insert' && event.target === processor);
    if (!isOn || event.t < queuedNs - BEFORE_NS) return;
    const step = explainEvent(event, state, this.scenario, this.policyIndex);
    if (step === null) return;
    if (event.t < queuedNs) {
      this.before.push(step);
      if (this.before.length > MOST_BEFORE) this.before.shift();
    } else if (event.t > takenNs) {
      if (this.after.length < MOST_AFTER) this.after.push(step);
    } else if (this.first.length < MOST_FIRST) {
      this.first.push(step);
    } else {
      this.last.push(step);
      if (this.last.length <= MOST_LAST) return;
      this.last.shift();
      this.leftOut++;
    }
  }

  /** In order; a number stands for so many steps that are left out. */
  kept(): (Step | number)[] {
    const left = this.leftOut > 0 ? [this.leftOut] : [];
    return [...this.before, ...this.first, ...left, ...this.last, ...this.after];
  }
}
