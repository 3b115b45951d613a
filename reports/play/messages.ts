import type { Problem } from '../../src/errors.js';
import type { PolicySumState } from '../../src/kernel/policy-sum.js';
import type { Shard } from '../../src/kernel/shard.js';
import type { Decision, Redecided, Rules } from '../../src/play/edited-rules.js';
import type { Knob } from '../../src/play/knobs.js';
import type { LiveColumn, LiveTotal } from '../../src/play/live-column.js';
import type { ProcessorWindow } from '../../src/play/recent-processors.js';
import type { ShownTimeline, SlowMotion } from '../../src/play/slow-motion.js';
import type { PlayKernel } from '../../src/play/play-content.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import type { Window } from '../../src/timeline/timeline.js';
import type { WorstWait } from '../../src/timeline/worst-wait.js';
import type { ExplainedSituation } from '../../src/stats/explain.js';

/** How fast the machines run; all of them by the same clock. */
export interface Pace {
  /** For which run; another one waits for a pace of its own. */
  run: number;
  /** Simulated ns in a second of the reader's time; null: as fast as it goes. */
  speedNs: number | null;
  /** Measured simulated time at an instant, in ms since the epoch, from which it is counted. */
  fromNs: number;
  sinceMs: number;
  /** Nothing is simulated beyond; null: to the end. */
  untilNs: number | null;
  /** How much simulated time a column of the charts stands for. */
  columnNs: number;
}

/** The first message to any worker: what it is, and what it simulates by. */
export interface Setup {
  role: 'director' | 'machine';
  kernels: Record<'release' | 'debug', PlayKernel>;
  version: string;
  /** The director's: to each machine. A machine's: to the director, to the other machine. */
  ports: MessagePort[];
  /** There is a processor for the page beside those of the machines. */
  hasSpareProcessor: boolean;
}

/** A stretch of a shard that is to be told event by event, around a processor. */
export interface Stretch {
  shardIndex: number;
  window: Window;
  processor: number;
}

/** From the page to a machine. */
export type ToMachine =
  | { kind: 'pace'; pace: Pace }
  | ({ kind: 'slow'; run: number } & Stretch)
  | { kind: 'why'; run: number }
  /** The wait that was told last, around another processor. */
  | { kind: 'around'; run: number; processor: number };

/** From a machine to the page: its policy's columns since the last message. */
export interface FromMachine {
  kind: 'live';
  run: number;
  policyIndex: number;
  columns: LiveColumn[];
  total: LiveTotal;
  /** Null where they were told a short while ago. */
  processors: ProcessorWindow | null;
  shard: number;
  shards: number;
  /** Where its shard stands, its warm-up included. */
  shardNs: number;
  /** Wall-clock ms that went into simulating so far. */
  busyMs: number;
  /** Nothing of its order is left to be simulated. */
  isOver: boolean;
}

/** What timelines of a run refer to: from a machine, once before the first of them. */
export interface ToldScene {
  kind: 'scene';
  run: number;
  policyIndex: number;
  scene: Scenario;
}

/** A stretch of a shard, event by event, as a machine was asked for it. */
export interface SlowAnswer {
  kind: 'slow';
  run: number;
  policyIndex: number;
  motion: SlowMotion;
}

/** The longest wait so far, told; null: no DPC has been taken yet. */
export interface ToldWait {
  kind: 'told';
  run: number;
  policyIndex: number;
  worst: ShownWait | null;
}

/** A wait, and what of its timeline can be shown at once. */
export type ShownWait = Omit<WorstWait, 'around' | 'timeline'> & ShownTimeline;

/** What neither should ever say. */
export interface Failure {
  kind: 'failure';
  message: string;
}

/** From the director to a machine, by their own channel; `order` counts up. */
export type MachineOrder =
  | { kind: 'run'; run: number; order: number; scenario: Scenario; shards: Shard[] }
  | { kind: 'stop' };

export type MachineAnswer =
  | { kind: 'sum'; run: number; sum: PolicySumState }
  | { kind: 'problems'; run: number; problems: readonly Problem[] }
  | { kind: 'failure'; run: number; message: string };

/** From the page to the director. */
export type ToDirector =
  | { kind: 'describe'; id: number; file: string; text: string }
  | { kind: 'edit'; id: number; file: string; text: string; path: Path; value: string | number }
  | { kind: 'decide'; id: number; file: string; text: string; decision: Decision }
  | { kind: 'explain'; id: number; totals: LiveTotal[] }
  /** The document of the run that was over last, as `run --json` prints it. */
  | { kind: 'result'; id: number }
  | { kind: 'run'; run: number; request: RunRequest }
  | { kind: 'stop' };

type Path = readonly (string | number)[];

export interface RunRequest {
  file: string;
  text: string;
  policies: readonly string[];
  seed: number;
  interrupts: number | null;
}

/** What a scenario's text says, for the controls. */
export interface Description {
  name: string;
  question: string;
  processors: number;
  /** The scenario's own, then those that ship. */
  policies: string[];
  /** Those that the scenario compares. */
  compared: string[];
  knobs: Knob[];
  /** So many sources have none of them: a large machine has too many. */
  sourcesLeft: number;
  /** What each of `policies` decides. */
  rules: Rules[];
}

/** From the director to the page. */
export type FromDirector =
  | { kind: 'description'; id: number; description: Description }
  | { kind: 'edited'; id: number; text: string }
  | { kind: 'decided'; id: number; redecided: Redecided }
  | { kind: 'explained'; id: number; situations: ExplainedSituation[] }
  | { kind: 'result'; id: number; text: string }
  | { kind: 'problems'; id: number; problems: readonly Problem[] }
  | { kind: 'plan'; run: number; plan: RunShape }
  | { kind: 'document'; run: number; answer: Answer }
  | { kind: 'refused'; run: number; problems: readonly Problem[] }
  | Failure;

/** How a run is cut, told before it starts; again when it starts anew with a longer warm-up. */
export interface RunShape {
  shards: number;
  warmupNs: number;
  processors: number;
  policies: string[];
  /** What all shards will measure together, about. */
  expectedNs: number;
  expectedInterrupts: number;
}

/** What a policy's tiles show. */
export interface AnswerFigures {
  policy: string;
  interrupts: number;
  perThousand: number | null;
  p50Ns: number | null;
  p99Ns: number | null;
  maxNs: number | null;
}

/** What the result says when the run is over; the result itself, which is large, stays behind. */
export interface Answer {
  figures: AnswerFigures[];
  sentences: string[];
  situations: ExplainedSituation[];
}
