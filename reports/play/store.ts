import { batch, computed, signal } from '@preact/signals';
import { formatProblem, InputError, type Problem } from '../../src/errors.js';
import { commandLineOf } from '../../src/play/command-line.js';
import { decodeLink, encodeLink, type LinkOrigin } from '../../src/play/link.js';
import type { PlayContent } from '../../src/play/play-content.js';
import type { PlayState, PlayView, WrittenScenario } from '../../src/play/play-state.js';
import { workloadText } from '../../src/scenario/workloads.js';
import { type EarlierRun, earlierRun } from './earlier-run.js';
import { heard, isProcessorSpare, type LiveMachine, newMachine } from './live-machine.js';
import { type Edit, ScenarioEdits } from './scenario-edits.js';
import { checkName, CLOSE_NS, embedded, pairOf } from './opened-state.js';
import { SlowStore } from './slow-store.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { ExplainedSituation } from '../../src/stats/explain.js';
import type { Answer, Description, FromMachine, RunShape } from './messages.js';
import type { Stretch, ToldWait } from './messages.js';
import { PaceKeeper } from './pace-keeper.js';
import { ProcessorChoice } from './processor-choice.js';
import { type News, PROCESSORS, Workers } from './workers.js';

/** Decisions are put side by side so often, in ms. */
const EXPLAIN_MS = 250;
const GLANCE_MS = 250;

export type Progress = 'starting' | 'running' | 'paused' | 'done' | 'refused';

/** All that the page shows, as signals, and what its controls do. */
export class PlayStore {
  readonly state;
  readonly description = signal<Description | null>(null);
  readonly problems = signal<readonly Problem[]>([]);
  readonly notice = signal('');
  readonly plan = signal<RunShape | null>(null);
  /** By policy; what is in it changes with `frame`. */
  readonly machines: LiveMachine[] = [newMachine(), newMachine()];
  readonly frame = signal(0);
  /** Changes as `frame` does, but not more often than figures can be read. */
  readonly glance = signal(0);
  readonly progress = signal<Progress>('starting');
  readonly answer = signal<Answer | null>(null);
  readonly situations = signal<readonly ExplainedSituation[]>([]);
  /** The run before this one, where a single change of the scenario lies between them. */
  readonly before = signal<EarlierRun | null>(null);
  /** The longest wait that was asked for, told. */
  readonly worst = signal<ToldWait['worst'] | 'asked'>(null);
  /** By policy: what timelines of the run refer to, once one was asked for. */
  readonly scenes: (Scenario | null)[] = [null, null];
  readonly slow = new SlowStore(this);
  readonly processors = new ProcessorChoice(this);
  readonly edits: ScenarioEdits;
  readonly commandLine = computed(() => commandLineOf(this.state.value));
  readonly written = computed<WrittenScenario>(() => {
    const { scenario } = this.state.value;
    if (!('name' in scenario)) return scenario;
    const { file, name, text } = this.content.catalog.find((each) => each.name === scenario.name)!;
    return { file, text: text ?? workloadText(name) ?? '' };
  });

  private readonly workers: Workers;
  private run = 0;
  readonly pace = new PaceKeeper(this, (pace) => this.workers.setPace(pace));
  private explainedMs = 0;
  private glancedMs = 0;
  private nextGlance: ReturnType<typeof setTimeout> | null = null;
  private askedWhy: { run: number; policyIndex: number } | null = null;

  constructor(
    readonly content: PlayContent,
    script: string,
    /** Which view another page shows of this one (`?embed=waits`); null: nobody does. */
    readonly embed: string | null,
  ) {
    this.state = signal<PlayState>(content.start);
    this.workers = new Workers(script, content, (message) => this.hear(message));
    this.edits = new ScenarioEdits(this, this.workers);
  }

  private get origin(): LinkOrigin {
    const { kernels, version } = this.content;
    return { version, kernelHash: kernels.release.hash };
  }

  /** Starts with what a link holds, or says why it cannot. */
  async open(fragment: string): Promise<void> {
    let state = this.content.start;
    let refusal = '';
    if (fragment !== '') {
      try {
        const linked = await decodeLink(fragment, this.origin);
        checkName(linked, this.content.catalog);
        state = linked;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        refusal = error.problems.map(formatProblem).join(' ');
      }
    }
    const changed = this.change(embedded(state, this.embed));
    this.notice.value = refusal;
    await changed;
  }

  link(): Promise<string> {
    return encodeLink(this.state.value, this.origin);
  }

  /**
   * Another state: its scenario is read, and both machines start anew if it can be. `edit` says
   * what was changed where that is little: then the charts keep what they show, for comparison.
   */
  async change(next: PlayState, edit: Edit | null = null): Promise<void> {
    this.stop();
    const change = this.run;
    batch(() => {
      this.before.value = edit === null ? null : earlierRun(edit, this.before.value, this);
      this.state.value = next;
      this.answer.value = null;
      this.notice.value = '';
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

  setPolicy(index: 0 | 1, name: string): void {
    this.before.value = null;
    const policies: [string, string] = [...this.state.value.policies];
    if (policies[1 - index] === name) policies[1 - index] = policies[index];
    policies[index] = name;
    this.state.value = { ...this.state.value, policies };
    this.restart();
  }

  set(changes: Partial<Pick<PlayState, 'seed' | 'interrupts'>>): void {
    this.before.value = null;
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
    this.pace.untilNs = null;
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
    this.machines.splice(0, 2, newMachine(), newMachine());
    this.slow.clear();
    this.worst.value = null;
    this.frame.value++;
    this.glance.value++;
  }

  setSpeed(speedNs: number | null): void {
    this.state.value = { ...this.state.value, speedNs };
    this.pace.send(this.run);
  }

  /** There is a run that can go on, halt or start again. */
  get canRun(): boolean {
    const { value } = this.progress;
    return value !== 'refused' && value !== 'starting';
  }

  play(): void {
    if (!this.canRun) return;
    if (this.progress.value === 'done') return this.restart();
    this.pace.untilNs = null;
    this.progress.value = 'running';
    this.pace.send(this.run);
  }

  pause(): void {
    if (this.progress.value !== 'running') return;
    this.pace.untilNs = this.atNs;
    this.progress.value = 'paused';
    this.pace.send(this.run);
  }

  /** One column further, and no more; in slow motion to the next event. */
  step(): void {
    if (!this.canRun || this.progress.value === 'done') return;
    const nextNs = this.slow.nextEventNs();
    if (nextNs !== null) return this.runTo(nextNs);
    this.pace.untilNs = this.atNs + this.pace.columnNs;
    this.progress.value = 'paused';
    this.pace.send(this.run);
  }

  /** How far the machine that is ahead has come. */
  get atNs(): number {
    return Math.max(0, ...this.machines.map(({ total }) => total?.atNs ?? 0));
  }

  /** The machines leave a processor to the page: they rest, are over, or there are more. */
  get hasSpareProcessor(): boolean {
    return this.progress.value !== 'running' || isProcessorSpare(PROCESSORS, this.machines);
  }

  /** So far and no further: to an event that is known. */
  runTo(ns: number): void {
    this.pace.untilNs = ns;
    this.progress.value = 'paused';
    this.pace.send(this.run);
  }

  /** Halts both machines where they are, and shows what happens there. */
  lookClosely(): void {
    if (this.state.value.view !== null && this.embed === null) this.look('slow-motion');
    this.pause();
    this.setSpeed(CLOSE_NS);
  }

  /** A stretch of a machine's shard, event by event. */
  askSlowly(policyIndex: number, stretch: Stretch): void {
    this.workers.tellMachine(policyIndex, { kind: 'slow', run: this.run, ...stretch });
  }

  /** The longest wait of a policy so far. */
  why(policyIndex: number): void {
    this.worst.value = 'asked';
    this.workers.tellMachine(policyIndex, { kind: 'why', run: this.run });
  }

  /** The longest wait that is told, around another processor of its machine. */
  whyAround(processor: number): void {
    const worst = this.worst.value;
    if (worst === null || worst === 'asked' || worst.told?.includes(processor) !== false) return;
    const policyIndex = this.state.value.policies.indexOf(worst.policy);
    this.workers.tellMachine(policyIndex, { kind: 'around', run: this.run, processor });
  }

  /** That of the whole run: when it is over, unless it is. */
  whyAtLast(policyIndex: number): void {
    if (this.progress.value === 'done') this.why(policyIndex);
    else this.askedWhy = { run: this.run, policyIndex };
  }

  /** The result of the run that is over, as the command line writes it. */
  async resultText(): Promise<string> {
    const reply = await this.workers.ask<'result'>({ kind: 'result' });
    return reply.kind === 'result' ? reply.text : '';
  }

  private hear(message: News): void {
    switch (message.kind) {
      case 'live':
        if (message.run === this.run) this.receive(message);
        return;
      case 'scene':
        if (message.run === this.run) this.scenes[message.policyIndex] = message.scene;
        return;
      case 'slow':
        if (message.run === this.run) this.slow.take(message);
        return;
      case 'told':
        if (message.run === this.run) this.worst.value = message.worst;
        return;
      case 'plan':
        if (message.run !== this.run) return;
        batch(() => {
          this.plan.value = message.plan;
          this.clear();
        });
        return this.pace.send(this.run);
      case 'document':
        if (message.run !== this.run) return;
        if (this.askedWhy?.run === this.run) this.why(this.askedWhy.policyIndex);
        this.askedWhy = null;
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
        this.progress.value = 'refused';
    }
  }

  private receive(message: FromMachine): void {
    const { policyIndex } = message;
    this.machines[policyIndex] = heard(this.machines[policyIndex], message, performance.now());
    this.frame.value++;
    this.glanceInTime();
    void this.explain();
  }

  /** At once, or when the last glance is long enough ago: the last message is never left out. */
  private glanceInTime(): void {
    const restMs = GLANCE_MS - (performance.now() - this.glancedMs);
    if (restMs > 0 && this.progress.value !== 'paused') {
      this.nextGlance ??= setTimeout(() => this.glanceInTime(), restMs + 1);
      return;
    }
    clearTimeout(this.nextGlance ?? 0);
    this.nextGlance = null;
    this.glancedMs = performance.now();
    this.glance.value++;
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
