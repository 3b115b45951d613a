import type { Scenario } from '../scenario/scenario.js';
import { formatCountOf, formatNs } from '../units.js';
import { activityOf, stackInWords } from './activity.js';
import { listOf } from './decision-reason.js';
import { explainEvent, type Step } from './explain-event.js';
import type { LogEvent } from './log-event.js';
import type { MachineState } from './machine-state.js';
import {
  holdsSpinLock,
  type ProcessorState,
  sectionEndNs,
  type Sections,
  topOf,
} from './processor-state.js';

/** A DPC's wait on a queue, as a log found it. */
export interface Wait {
  processor: number;
  object: number;
  queuedNs: number;
  takenNs: number;
}

/** How far the target was from taking the DPC off its queue. */
export type Stage =
  /** Nobody had asked it to drain. */
  | 'unasked'
  /** Asked for, and it could not yet. */
  | 'asked'
  /** It drained, others first; a threaded DPC: its DPC thread was active. */
  | 'draining';

/** A part of the wait: what the target did in a stage. All parts add up to the wait. */
export interface WaitPart {
  stage: Stage;
  activity: string;
  ns: number;
}

export interface WaitStory {
  wait: Wait;
  /** The chain of causes, in order; `t` in ns as in the log. */
  causes: Step[];
  /** The longest first. */
  parts: WaitPart[];
}

const LEADS: Record<Stage, string> = {
  unasked: 'nobody has asked processor',
  asked: 'a drain is due and cannot begin: processor',
  draining: 'its turn has not come: processor',
};

/** In place of `asked`, of a threaded DPC (R22). */
const LEAD_OF_SIGNAL = 'the DPC thread is due and cannot run: processor';

/** Tells why a DPC waited, from the events between its insert and its routine. */
export class WaitTeller {
  private causes: Step[] = [];
  private parts = new Map<string, WaitPart>();
  /** Parts of the stage under way. */
  private stageParts = new Map<string, number>();
  private stage: Stage = 'unasked';
  private sinceNs = 0;
  private stageNs = 0;
  /** Where among the causes the stage began: its summary comes before what happens in it. */
  private stageFrom = 0;
  private isWaiting = false;
  private isThreaded = false;

  constructor(
    private readonly scenario: Scenario,
    private readonly policyIndex: number,
    private readonly wait: Wait,
  ) {}

  /** Call it before the state carries the event out. */
  before(event: LogEvent, state: MachineState): void {
    if (this.isWaiting) this.book(state, event.t);
  }

  /** Call it after the state has carried the event out. */
  after(event: LogEvent, state: MachineState): void {
    const { object, processor, queuedNs, takenNs } = this.wait;
    if (event.t < queuedNs || event.t > takenNs) return;
    const isOwn = 'object' in event && event.object === object;
    if (isOwn && event.e === 'insert' && event.queued && event.t === queuedNs) {
      return this.begin(event, state);
    }
    if (!this.isWaiting) return;
    if (isOwn && event.e === 'dpc-start' && event.p === processor) {
      this.endStage(event.t);
      this.isWaiting = false;
      return this.tell(event, state);
    }
    const stage = this.stageOf(state);
    if (stage !== this.stage) {
      this.endStage(event.t);
      this.stage = stage;
      this.tell(event, state);
      this.stageFrom = this.causes.length;
    } else if (event.e === 'ipi' && event.p === processor) {
      this.tell(event, state);
    }
  }

  /** Once the routine has begun. */
  story(): WaitStory {
    const parts = [...this.parts.values()].filter(({ ns }) => ns > 0);
    return { wait: this.wait, causes: this.causes, parts: parts.sort((a, b) => b.ns - a.ns) };
  }

  private begin(event: LogEvent, state: MachineState): void {
    this.causes = [];
    this.parts = new Map();
    this.stageParts = new Map();
    this.isWaiting = true;
    const { threadedQueue } = this.targetOf(state);
    this.isThreaded = threadedQueue.some(({ object }) => object === this.wait.object);
    this.sinceNs = this.stageNs = event.t;
    this.stage = this.stageOf(state);
    this.tell(event, state);
    this.tellTarget(state, event.t);
    this.stageFrom = this.causes.length;
  }

  private tell(event: LogEvent, state: MachineState): void {
    const step = explainEvent(event, state, this.scenario, this.policyIndex);
    if (step !== null) this.causes.push(step);
  }

  /** What the target does when the DPC is queued to it. */
  private tellTarget(state: MachineState, nowNs: number): void {
    const target = this.targetOf(state);
    const { sections } = topOf(target);
    const isHeld = sections !== null && holdsSpinLock(sections, nowNs);
    const until = isHeld
      ? `, for ${formatNs(sectionEndNs(sections, nowNs) - nowNs)} more if nothing interrupts it`
      : '';
    const text = `Processor ${target.index} runs ${stackInWords(target, nowNs)}${until}.`;
    this.causes.push({ t: nowNs, p: target.index, rule: isHeld ? 'R17' : 'R2', text });
  }

  private targetOf({ processors }: MachineState): ProcessorState {
    return processors[this.wait.processor];
  }

  private stageOf(state: MachineState): Stage {
    const target = this.targetOf(state);
    const { dispatchWaiting, draining, index, ipiWaiting, requested, signalled, stack } = target;
    if (this.isThreaded) {
      if (stack.some(({ kind }) => kind === 'dpc-thread')) return 'draining';
      return signalled ? 'asked' : 'unasked';
    }
    if (draining) return 'draining';
    const isFlying = state.ipis.some(({ to }) => to === index);
    const isHandled = stack.some(({ kind }) => kind === 'ipi' || kind === 'wake');
    return requested || dispatchWaiting || ipiWaiting || isFlying || isHandled
      ? 'asked'
      : 'unasked';
  }

  /** Books the time since the last event to what the target did in it. */
  private book(state: MachineState, nowNs: number): void {
    const target = this.targetOf(state);
    const { sections } = topOf(target);
    if (sections !== null && isTooFine(sections, nowNs - this.sinceNs)) {
      this.bookTo('a thread', nowNs);
    }
    while (this.sinceNs < nowNs) {
      const endNs =
        sections === null ? nowNs : Math.min(nowNs, sectionEndNs(sections, this.sinceNs));
      this.bookTo(activityOf(target, this.sinceNs), endNs);
    }
  }

  private bookTo(activity: string, endNs: number): void {
    const ns = endNs - this.sinceNs;
    this.sinceNs = endNs;
    const key = `${this.stage} ${activity}`;
    const part = this.parts.get(key) ?? { stage: this.stage, activity, ns: 0 };
    part.ns += ns;
    this.parts.set(key, part);
    this.stageParts.set(activity, (this.stageParts.get(activity) ?? 0) + ns);
  }

  /** Sums up a stage that took time. */
  private endStage(nowNs: number): void {
    const tookNs = nowNs - this.stageNs;
    if (tookNs > 0) {
      const parts = [...this.stageParts].sort(([, a], [, b]) => b - a);
      const told = parts.slice(0, MOST_PARTS).map(([what, ns]) => `${what} (${formatNs(ns)})`);
      const rest = parts.length - told.length;
      if (rest > 0) told.push(`${formatCountOf(rest, 'more thing')}`);
      const { processor } = this.wait;
      const isSignalled = this.isThreaded && this.stage === 'asked';
      const lead = isSignalled ? LEAD_OF_SIGNAL : LEADS[this.stage];
      const text = `For ${formatNs(tookNs)} ${lead} ${processor}`;
      const said =
        this.stage === 'unasked'
          ? `${text} to drain its queue; it runs ${listOf(told, 'and')}.`
          : `${text} runs ${listOf(told, 'and')}.`;
      const summary = { t: this.stageNs, p: processor, rule: '', text: said };
      this.causes.splice(this.stageFrom, 0, summary);
    }
    this.stageNs = nowNs;
    this.stageParts = new Map();
  }
}

/** A stretch of more sections than that is told as a whole. */
const MOST_SECTIONS = 10_000;

function isTooFine({ dispatchNs, passiveNs }: Sections, ns: number): boolean {
  return dispatchNs > 0 && ns / (passiveNs + dispatchNs) > MOST_SECTIONS;
}

/** So many activities of a stage are named. */
const MOST_PARTS = 4;
