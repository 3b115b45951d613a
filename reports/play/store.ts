import { batch, computed, signal } from '@preact/signals';
import { formatProblem, InputError, type Problem } from '../../src/errors.js';
import { commandLineOf } from '../../src/play/command-line.js';
import { type Knob, writtenValue } from '../../src/play/knobs.js';
import { decodeLink, encodeLink, type LinkOrigin } from '../../src/play/link.js';
import type { LiveColumn, LiveTotal } from '../../src/play/live-column.js';
import type { PlayContent } from '../../src/play/play-content.js';
import type { PlayState, PlayView, WrittenScenario } from '../../src/play/play-state.js';
import { workloadText } from '../../src/scenario/workloads.js';
import type { Window } from '../../src/timeline/timeline.js';
import type { WorstWait } from '../../src/timeline/worst-wait.js';
import { SlowStore } from './slow-store.js';
import type { ExplainedSituation } from '../../src/stats/explain.js';
import type { Answer, Description, FromMachine, Pace, RunShape } from './messages.js';
import { type News, Workers } from './workers.js';

/** What the page knows of one policy's machine. */
export interface LiveMachine {
  columns: LiveColumn[];
  total: LiveTotal | null;
  shard: number;
  /** Where its shard stands, its warm-up included. */
  shardNs: number;
  busyMs: number;
  arrivals: number;
}

/** The charts of a whole run have so many columns, and no chart more than the second number. */
const COLUMNS = 400;
const MOST_COLUMNS = 1_200;
/** At a pace: so many columns a second. */
const COLUMNS_A_SECOND = 20;
/** Decisions are put side by side so often, in ms. */
const EXPLAIN_MS = 250;
const GLANCE_MS = 100;
const NONE: LiveMachine = {
  columns: [],
  total: null,
  shard: 0,
  shardNs: 0,
  busyMs: 0,
  arrivals: 0,
};

export type Progress = 'starting' | 'running' | 'paused' | 'done' | 'refused';

/** All that the page shows, as signals, and what its controls do. */
export class PlayStore {
  readonly state;
  readonly description = signal<Description | null>(null);
  readonly problems = signal<readonly Problem[]>([]);
  readonly notice = signal('');
  readonly plan = signal<RunShape | null>(null);
  /** By policy; what is in it changes with `frame`. */
  readonly machines: LiveMachine[] = [NONE, NONE];
  readonly frame = signal(0);
  /** Changes as `frame` does, but not more often than figures can be read. */
  readonly glance = signal(0);
  readonly progress = signal<Progress>('starting');
  readonly answer = signal<Answer | null>(null);
  readonly situations = signal<readonly ExplainedSituation[]>([]);
  /** Where on the charts the run started anew, in words. */
  readonly restarted = signal('');
  /** The longest wait that was asked for, told. */
  readonly worst = signal<WorstWait | 'asked' | null>(null);
  readonly slow = new SlowStore(this);
  readonly commandLine = computed(() => commandLineOf(this.state.value));
  readonly written = computed<WrittenScenario>(() => {
    const { scenario } = this.state.value;
    if (!('name' in scenario)) return scenario;
    const { file, name, text } = this.content.catalog.find((each) => each.name === scenario.name)!;
    return { file, text: text ?? workloadText(name) ?? '' };
  });

  private readonly workers: Workers;
  private run = 0;
  private untilNs: number | null = null;
  private pace: Pace | null = null;
  private explainedMs = 0;
  private glancedMs = 0;

  constructor(
    readonly content: PlayContent,
    script: string,
  ) {
    this.state = signal<PlayState>(content.start);
    this.workers = new Workers(script, content, (message) => this.hear(message));
  }

  private get origin(): LinkOrigin {
    const { kernels, version } = this.content;
    return { version, kernelHash: kernels.release.hash };
  }

  /** Starts with what a link holds, or says why it cannot. */
  async open(fragment: string): Promise<void> {
    let state = this.content.start;
    if (fragment !== '') {
      try {
        const linked = await decodeLink(fragment, this.origin);
        this.checkName(linked);
        state = linked;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.notice.value = error.problems.map(formatProblem).join(' ');
      }
    }
    await this.change(state);
  }

  private checkName({ scenario }: PlayState): void {
    if (!('name' in scenario)) return;
    if (this.content.catalog.some(({ name }) => name === scenario.name)) return;
    throw new InputError([
      {
        file: null,
        line: null,
        column: null,
        path: '',
        message: `the link cannot be used: this page has no scenario "${scenario.name}"`,
        hint: '',
      },
    ]);
  }

  link(): Promise<string> {
    return encodeLink(this.state.value, this.origin);
  }

  /** Another state: its scenario is read, and both machines start anew if it can be. */
  async change(next: PlayState): Promise<void> {
    this.stop();
    const change = this.run;
    batch(() => {
      this.state.value = next;
      this.answer.value = null;
      this.progress.value = 'starting';
    });
    const { file, text } = this.written.value;
    const reply = await this.workers.ask<'description'>({ kind: 'describe', file, text });
    if (change !== this.run) return;
    if (reply.kind === 'problems') {
      return batch(() => {
        this.problems.value = reply.problems;
        this.progress.value = 'refused';
      });
    }
    const { policies } = reply.description;
    batch(() => {
      this.problems.value = [];
      this.description.value = reply.description;
      // A policy of one scenario may be unknown to the next one.
      if (next.policies.some((name) => !policies.includes(name))) {
        this.state.value = { ...this.state.value, policies: pairOf(reply.description) };
      }
    });
    this.restart();
  }

  /** A state that a tour wants: nothing starts anew where only the pace is another. */
  async show(next: PlayState): Promise<void> {
    const { speedNs: _, ...wanted } = next;
    const { speedNs: __, ...present } = this.state.value;
    const isSame = JSON.stringify(wanted) === JSON.stringify(present);
    const goesOn = this.progress.value === 'running' || this.progress.value === 'paused';
    if (!isSame || !goesOn) return this.change(next);
    this.setSpeed(next.speedNs);
    this.play();
  }

  choose(name: string): Promise<void> {
    const { policies, ...rest } = this.state.value;
    this.description.value = null;
    return this.change({ ...rest, policies, scenario: { name } });
  }

  write(text: string): Promise<void> {
    const { file } = this.written.value;
    return this.change({ ...this.state.value, scenario: { file, text } });
  }

  async turn(knob: Knob, value: number | string): Promise<void> {
    const { file, text } = this.written.value;
    const reply = await this.workers.ask<'edited'>({
      kind: 'edit',
      file,
      text,
      path: knob.path,
      value: writtenValue(knob, value),
    });
    if (reply.kind === 'problems') this.problems.value = reply.problems;
    else await this.write(reply.text);
  }

  setPolicy(index: 0 | 1, name: string): void {
    const policies: [string, string] = [...this.state.value.policies];
    if (policies[1 - index] === name) policies[1 - index] = policies[index];
    policies[index] = name;
    this.state.value = { ...this.state.value, policies };
    this.restart();
  }

  set(changes: Partial<Pick<PlayState, 'seed' | 'interrupts'>>): void {
    this.state.value = { ...this.state.value, ...changes };
    this.restart();
  }

  /** What the machines still say is of no interest any more. */
  private stop(): void {
    this.run++;
    this.workers.order({ kind: 'stop' });
  }

  /** One part of the page alone, or all of it. */
  look(view: PlayView | null): void {
    this.state.value = { ...this.state.value, view };
  }

  /** Both machines start anew, on the same interrupts. */
  restart(): void {
    const { interrupts, policies, seed } = this.state.value;
    this.run++;
    this.untilNs = null;
    this.workers.order({
      kind: 'run',
      run: this.run,
      request: { ...this.written.value, policies, seed, interrupts },
    });
    batch(() => {
      this.answer.value = null;
      this.situations.value = [];
      this.progress.value = 'running';
      this.clear();
    });
  }

  private clear(): void {
    this.machines.fill(NONE);
    this.slow.clear();
    this.worst.value = null;
    this.frame.value++;
    this.glance.value++;
  }

  setSpeed(speedNs: number | null): void {
    this.state.value = { ...this.state.value, speedNs };
    this.sendPace();
  }

  play(): void {
    if (this.progress.value === 'done') return this.restart();
    this.untilNs = null;
    this.progress.value = 'running';
    this.sendPace();
  }

  pause(): void {
    if (this.progress.value !== 'running') return;
    this.untilNs = this.atNs;
    this.progress.value = 'paused';
    this.sendPace();
  }

  /** One column further, and no more; in slow motion to the next event. */
  step(): void {
    if (this.progress.value === 'done') return;
    const nextNs = this.slow.nextEventNs();
    if (nextNs !== null) return this.runTo(nextNs);
    this.untilNs = this.atNs + this.columnNs;
    this.progress.value = 'paused';
    this.sendPace();
  }

  /** How far the machine that is ahead has come. */
  get atNs(): number {
    return Math.max(0, ...this.machines.map(({ total }) => total?.atNs ?? 0));
  }

  get columnNs(): number {
    const { speedNs } = this.state.value;
    const wholeNs = (this.plan.value?.expectedNs ?? 1e9) / COLUMNS;
    return Math.max(1, Math.min(wholeNs, speedNs === null ? Infinity : speedNs / COLUMNS_A_SECOND));
  }

  private sendPace(): void {
    this.pace = {
      run: this.run,
      speedNs: this.progress.value === 'paused' ? null : this.state.value.speedNs,
      fromNs: this.atNs,
      sinceMs: performance.timeOrigin + performance.now(),
      untilNs: this.untilNs,
      columnNs: this.columnNs,
    };
    this.workers.setPace(this.pace);
  }

  /** Where the pace is by now, within a column of where the machines are. */
  paceNs(): number {
    const { pace } = this;
    if (pace === null || pace.speedNs === null) return this.untilNs ?? this.atNs;
    const passedMs = performance.timeOrigin + performance.now() - pace.sinceMs;
    const ns = pace.fromNs + (pace.speedNs * passedMs) / 1000;
    return Math.min(ns, pace.untilNs ?? Infinity, this.atNs + 2 * pace.columnNs);
  }

  /** So far and no further: to an event that is known. */
  runTo(ns: number): void {
    this.untilNs = ns;
    this.progress.value = 'paused';
    this.sendPace();
  }

  /** A stretch of both machines' shards, event by event. */
  askSlowly(shardIndex: number, window: Window): void {
    this.workers.tellMachines({ kind: 'slow', run: this.run, shardIndex, window });
  }

  /** The longest wait of a policy, once the run is over. */
  async why(policyIndex: number): Promise<void> {
    const { run } = this;
    this.worst.value = 'asked';
    const reply = await this.workers.ask<'told'>({ kind: 'why', policyIndex });
    if (run === this.run && reply.kind === 'told') this.worst.value = reply.worst;
  }

  private hear(message: News): void {
    switch (message.kind) {
      case 'live':
        if (message.run === this.run) this.receive(message);
        return;
      case 'slow':
        if (message.run === this.run) this.slow.take(message);
        return;
      case 'plan':
        if (message.run !== this.run) return;
        batch(() => {
          this.plan.value = message.plan;
          this.clear();
        });
        return this.sendPace();
      case 'document':
        if (message.run !== this.run) return;
        return batch(() => {
          this.answer.value = message.answer;
          this.situations.value = message.answer.situations;
          this.progress.value = 'done';
          this.glance.value++;
        });
      case 'refused':
        if (message.run !== this.run) return;
        return batch(() => {
          this.problems.value = message.problems;
          this.progress.value = 'refused';
        });
      case 'failure':
        this.notice.value = `A defect of dpcbench: ${message.message}`;
    }
  }

  private receive({ policyIndex, columns, total, shard, shardNs, busyMs }: FromMachine): void {
    const machine = this.machines[policyIndex];
    const all = [...machine.columns, ...columns].slice(-MOST_COLUMNS);
    const { arrivals } = total;
    this.machines[policyIndex] = {
      columns: all,
      total,
      shard,
      shardNs,
      busyMs,
      arrivals,
    };
    this.frame.value++;
    const nowMs = performance.now();
    if (nowMs - this.glancedMs >= GLANCE_MS || this.progress.value === 'paused') {
      this.glancedMs = nowMs;
      this.glance.value++;
    }
    void this.explain();
  }

  /** Puts the decisions side by side, now and then. */
  private async explain(): Promise<void> {
    const totals = this.machines.flatMap(({ total }) => total ?? []);
    const nowMs = performance.now();
    if (totals.length < this.machines.length || nowMs - this.explainedMs < EXPLAIN_MS) return;
    this.explainedMs = nowMs;
    const { run } = this;
    const reply = await this.workers.ask<'explained'>({ kind: 'explain', totals });
    if (run !== this.run || reply.kind !== 'explained' || this.answer.value !== null) return;
    this.situations.value = reply.situations;
  }
}

function pairOf({ compared, policies }: Description): [string, string] {
  const [first, second] = [...new Set([...compared, 'pre-vista', 'vista', ...policies])];
  return [first, second];
}
