import { InputError } from '../../src/errors.js';
import type { CompiledKernel } from '../../src/kernel/compiled-kernel.js';
import type { Shard } from '../../src/kernel/shard.js';
import { ShardSeries } from '../../src/kernel/shard-series.js';
import { SpareMemory } from '../../src/kernel/spare-memory.js';
import { type LiveColumn, LiveColumns } from '../../src/play/live-column.js';
import type { Survey } from '../../src/kernel/survey.js';
import {
  motionAround,
  type SlowMotion,
  slowMotionOf,
  timelineAround,
} from '../../src/play/slow-motion.js';
import type { FoundShard } from '../../src/run/seen-shards.js';
import { tellWait } from '../../src/run/tell-wait.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { sceneOf } from '../../src/timeline/replayed-timeline.js';
import type { WorstWait } from '../../src/timeline/worst-wait.js';
import { Abreast } from './abreast.js';
import type {
  Failure,
  FromMachine,
  MachineAnswer,
  MachineOrder,
  Pace,
  SlowAnswer,
  Stretch,
  ToldScene,
  ToldWait,
} from './messages.js';

/** A chunk takes about so long: the worker hears what it is told between two of them. */
const CHUNK_MS = 8;
/** So often the page is told: a frame. */
const FRAME_MS = 16;
/** What the processors did of late is read by people: so often they are told. */
const PROCESSORS_MS = 200;
/** Looking at the machine takes at most this share of the time: less where charts come seldom. */
const MOST_LOOKING = { spare: 0.05, crowded: 0.03 };
/** So many columns in a row may be left out for that: a short run has a picture too. */
const MOST_MISSED = 10;
const FIRST_CHUNK = 5_000;
const MOST_CHUNK = 2_000_000;

class Stopped extends Error {}

type RunOrder = MachineOrder & { kind: 'run' };
export type MachineNews = FromMachine | SlowAnswer | ToldScene | ToldWait | Failure;

/** What a machine stands on: kernels, and lines to the director, the other machine and the page. */
export interface MachineGround {
  kernel: CompiledKernel;
  debugKernel: () => CompiledKernel;
  orders: MessagePort;
  beside: MessagePort;
  tell: (message: MachineNews) => void;
  /** There is a processor for the page beside those of the machines. */
  hasSpareProcessor: boolean;
}

/** Runs the shards of one policy, one order after another, at the pace that the page sets. */
export class Machine {
  private pace: Pace | null = null;
  private run = 0;
  private wake: (() => void) | null = null;
  private order: RunOrder | null = null;
  private worst: FoundShard | null = null;
  /** The wait that was told last. */
  private told: WorstWait | null = null;
  /** What its timelines refer to, once for each run. */
  private scene: { run: number; scene: Scenario } | null = null;
  /** The stretch that was asked for last, of all processors. */
  private motion: SlowMotion | null = null;
  private readonly breath = new MessageChannel();
  private readonly breathing: (() => void)[] = [];
  /** It is over, or rests until there is another pace. */
  private isStill = true;
  private readonly whenStill: (() => void)[] = [];

  readonly abreast: Abreast;

  constructor(private readonly ground: MachineGround) {
    const { beside, orders } = ground;
    this.abreast = new Abreast(beside, () => this.wake?.());
    this.breath.port1.onmessage = () => this.breathing.shift()?.();
    orders.onmessage = ({ data }: MessageEvent<MachineOrder>) => {
      this.run++;
      this.worst = null;
      this.told = null;
      this.motion = null;
      this.wake?.();
      this.setStill(true);
      this.order = data.kind === 'run' ? data : null;
      if (data.kind === 'run') void this.answer(data);
    };
  }

  /** A stretch of one of its shards again, event by event. */
  slow(run: number, { processor, shardIndex, window }: Stretch): void {
    const { order } = this;
    const shard = order?.shards.find((each) => each.shardIndex === shardIndex);
    if (order === null || order.run !== run || shard === undefined) return;
    const known = this.motion;
    const isKnown =
      known?.shardIndex === shardIndex &&
      known.timeline.window.fromNs === window.fromNs &&
      known.timeline.window.toNs === window.toNs;
    const kernel = this.ground.debugKernel();
    this.motion = isKnown ? known : slowMotionOf(order.scenario, shard, { kernel, window });
    const { policyIndex } = shard;
    this.tellScene(order);
    this.send({ kind: 'slow', run, policyIndex, motion: motionAround(this.motion, processor) });
  }

  /** What timelines of an order refer to, which the page is told once. */
  private tellScene({ run, scenario, shards: [{ policyIndex }] }: RunOrder): Scenario {
    if (this.scene?.run !== run) {
      this.scene = { run, scene: sceneOf(scenario, policyIndex) };
      this.send({ kind: 'scene', run, policyIndex, scene: this.scene.scene });
    }
    return this.scene.scene;
  }

  /** The longest wait that has been counted so far, found again in its shard and told. */
  async why(run: number): Promise<void> {
    const { order } = this;
    if (order === null || order.run !== run) return;
    const [{ policyIndex }] = order.shards;
    const own = this.run;
    const { scenario } = order;
    const breathe = (): Promise<void> => this.breathe(own);
    try {
      if (this.pace?.untilNs !== null) await this.standing(own);
      const { worst } = this;
      const replay = { scenario, sourceIndex: null, breathe, kernel: this.ground.debugKernel() };
      this.told = worst === null ? null : await tellWait(replay, worst);
      if (this.told === null) this.send({ kind: 'told', run, policyIndex, worst: null });
      else this.around(run, this.told.wait.processor);
    } catch (error) {
      if (!(error instanceof Stopped)) this.send({ kind: 'failure', message: String(error) });
    }
  }

  /** The wait that was told last: of a large machine, the processors around one of them. */
  around(run: number, processor: number): void {
    const { order, told } = this;
    if (order === null || order.run !== run || told === null) return;
    const { around: _, timeline, ...rest } = told;
    const shown = timelineAround(timeline, this.tellScene(order), processor);
    const [{ policyIndex }] = order.shards;
    this.send({ kind: 'told', run, policyIndex, worst: { ...rest, ...shown } });
  }

  /** Until it is where the pace holds it: what is told then is of all that its reader sees. */
  private async standing(own: number): Promise<void> {
    if (!this.isStill) await new Promise<void>((resolve) => this.whenStill.push(resolve));
    if (own !== this.run) throw new Stopped();
  }

  private setStill(isStill: boolean): void {
    this.isStill = isStill;
    if (isStill) this.whenStill.splice(0).forEach((goOn) => goOn());
  }

  /** The first of the shards that have the longest wait is kept. */
  note(shard: Shard, maxNs: number): void {
    if (maxNs > (this.worst?.maxNs ?? 0)) this.worst = { shard, maxNs };
  }

  setPace(pace: Pace): void {
    this.pace = pace;
    if (this.wake === null) return;
    this.isStill = false;
    this.wake();
  }

  private async answer(order: RunOrder): Promise<void> {
    const own = this.run;
    const { run, scenario, shards } = order;
    const { kernel, orders } = this.ground;
    const say = (answer: MachineAnswer): void => orders.postMessage(answer);
    this.abreast.begin(order.order);
    this.setStill(false);
    try {
      const performance = new Performing(this, { scenario, shards, run, own });
      say({ kind: 'sum', run, sum: (await performance.perform(kernel)).state });
    } catch (error) {
      if (error instanceof Stopped) return;
      if (error instanceof InputError) say({ kind: 'problems', run, problems: error.problems });
      else say({ kind: 'failure', run, message: String(error) });
    } finally {
      if (own === this.run) this.setStill(true);
    }
  }

  /** Lets messages in; throws when the order does not hold any more. */
  async breathe(own: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.breathing.push(resolve);
      this.breath.port2.postMessage(0);
    });
    if (own !== this.run) throw new Stopped();
  }

  /** Until the pace or the order changes, or some time has passed. */
  async rest(own: number, ms: number): Promise<void> {
    this.setStill(ms === Infinity);
    await new Promise<void>((resolve) => {
      const timer = ms === Infinity ? 0 : setTimeout(resolve, ms);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = null;
    this.isStill = false;
    if (own !== this.run) throw new Stopped();
  }

  /** Up to where the pace lets the machine run now; nowhere before there is one. */
  allowedNs(run: number): number {
    const { pace } = this;
    if (pace === null || pace.run !== run) return -1;
    const until = pace.untilNs ?? Infinity;
    if (pace.speedNs === null) return until;
    const passedMs = performance.timeOrigin + performance.now() - pace.sinceMs;
    return Math.min(until, pace.fromNs + (pace.speedNs * Math.max(0, passedMs)) / 1000);
  }

  /** How long until the pace lets it come there; infinite where only another pace will. */
  msUntil(ns: number): number {
    const { pace } = this;
    if (pace === null || pace.speedNs === null) return Infinity;
    if (pace.untilNs !== null && ns > pace.untilNs) return Infinity;
    const dueMs = pace.sinceMs + ((ns - pace.fromNs) / pace.speedNs) * 1000;
    return Math.max(1, dueMs - performance.timeOrigin - performance.now());
  }

  get columnNs(): number {
    return this.pace?.columnNs ?? Infinity;
  }

  /** The share of the time that looking at the machine may take. */
  get mostLooking(): number {
    return this.ground.hasSpareProcessor ? MOST_LOOKING.spare : MOST_LOOKING.crowded;
  }

  send(message: MachineNews): void {
    this.ground.tell(message);
  }
}

/** One order being carried out. */
class Performing {
  private readonly columns = new LiveColumns();
  private unsent: LiveColumn[] = [];
  private chunk = FIRST_CHUNK;
  private busyMs = 0;
  private sentMs = 0;
  private toldProcessorsMs = -Infinity;
  private lookMs = 0;
  private lookedMs = 0;
  private missed = 0;
  private shard = 0;
  private shardNs = 0;
  /** Where the machine stands: measured time, all shards one after another. */
  private atNs = 0;
  private isOver = false;

  constructor(
    private readonly machine: Machine,
    private readonly order: { scenario: Scenario; shards: Shard[]; run: number; own: number },
  ) {}

  async perform(kernel: CompiledKernel): Promise<ReturnType<ShardSeries['finish']>> {
    const { scenario, shards } = this.order;
    const spare = new SpareMemory();
    const series = new ShardSeries(scenario, shards[0].policyIndex, { kernel, spare });
    for (const [index, shard] of shards.entries()) {
      this.shard = index;
      const prepared = series.prepare(shard);
      if (prepared.isFresh) this.columns.restart();
      await this.performShard(shard, prepared);
      this.isOver = index === shards.length - 1;
      this.look(prepared.survey, true);
      prepared.add();
    }
    this.machine.abreast.stand(Infinity, 0);
    return series.finish();
  }

  private async performShard(
    { warmupNs }: Shard,
    prepared: ReturnType<ShardSeries['prepare']>,
  ): Promise<void> {
    let nowNs = 0;
    let isMeasuring = warmupNs === 0;
    if (isMeasuring) this.columns.begin(0);
    let steps: ReturnType<typeof prepared.steps> | null = null;
    for (;;) {
      const ns = isMeasuring ? await this.nextSpan(nowNs, prepared.survey) : undefined;
      const chunk = { interrupts: this.chunk, ns };
      const started = performance.now();
      steps ??= prepared.steps(chunk);
      const step = steps.next(chunk);
      const tookMs = performance.now() - started;
      this.adapt(tookMs);
      if (step.done === true) return;
      nowNs = step.value.timeNs;
      if (isMeasuring) this.atNs = this.columns.at(nowNs);
      this.machine.abreast.stand(this.atNs, tookMs);
      if (isMeasuring && this.isColumnEnd(nowNs)) this.look(prepared.survey, false);
      if (!isMeasuring && nowNs >= warmupNs) {
        isMeasuring = true;
        this.columns.begin(nowNs);
      }
      await this.machine.breathe(this.order.own);
    }
  }

  /**
   * How much simulated time the next chunk may take: to the end of a column, of the pace, or of the
   * lead over the other machine.
   */
  private async nextSpan(nowNs: number, survey: () => Survey): Promise<number> {
    const atNs = this.columns.at(nowNs);
    for (;;) {
      const { columnNs } = this.machine;
      const columnEndNs = (Math.floor(atNs / columnNs) + 1) * columnNs;
      const { abreast } = this.machine;
      const pacedNs = Math.ceil(this.machine.allowedNs(this.order.run) - atNs);
      const leadNs = pacedNs < 1 ? 0 : Math.ceil(abreast.allowedNs(columnNs) - atNs);
      const spanNs = Math.min(pacedNs, leadNs);
      if (spanNs >= 1) return Math.max(1, Math.min(spanNs, Math.ceil(columnEndNs - atNs)));
      const restMs = pacedNs < 1 ? this.machine.msUntil(atNs + 1) : abreast.restMs;
      if (restMs === Infinity) this.look(survey, true);
      await this.machine.rest(this.order.own, restMs);
    }
  }

  /** Within the ns by which a chunk ends later than it was told. */
  private isColumnEnd(nowNs: number): boolean {
    const { columnNs } = this.machine;
    return this.columns.at(nowNs) % columnNs < 1 || columnNs < 1;
  }

  private adapt(ms: number): void {
    this.busyMs += ms;
    const times = ms > 0 ? Math.min(2, CHUNK_MS / ms) : 2;
    this.chunk = Math.floor(Math.min(MOST_CHUNK, Math.max(FIRST_CHUNK, this.chunk * times)));
  }

  /** Adds a column, unless looking takes too much of the time; then the next one is longer. */
  private look(survey: () => Survey, isDue: boolean): void {
    const nowMs = performance.now();
    const isSoon = nowMs - this.lookedMs < this.lookMs / this.machine.mostLooking;
    if (!isDue && isSoon && ++this.missed < MOST_MISSED) return;
    this.missed = 0;
    const seen = survey();
    this.machine.note(this.order.shards[this.shard], seen.waits.maxNs);
    const column = this.columns.add(seen);
    this.shardNs = seen.nowNs;
    if (column !== null) this.unsent.push(column);
    this.lookedMs = performance.now();
    this.lookMs = this.lookedMs - nowMs;
    if (isDue || nowMs - this.sentMs >= FRAME_MS) this.send(nowMs, isDue);
  }

  private send(nowMs: number, isDue: boolean): void {
    const total = this.columns.total();
    if (total === null) return;
    const { run, shards } = this.order;
    const isTold = !isDue && nowMs - this.toldProcessorsMs < PROCESSORS_MS;
    if (!isTold) this.toldProcessorsMs = nowMs;
    this.machine.send({
      kind: 'live',
      run,
      policyIndex: shards[0].policyIndex,
      columns: this.unsent,
      total,
      processors: isTold ? null : this.columns.processors.read(),
      shard: this.shard,
      shardNs: this.shardNs,
      shards: shards.length,
      busyMs: this.busyMs,
      isOver: this.isOver,
    });
    this.unsent = [];
    this.sentMs = nowMs;
  }
}
