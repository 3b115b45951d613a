import type { Journal } from '../disk/journal.js';
import { sha256Hex } from '../disk/sha256.js';
import { inputError } from '../errors.js';
import type { Policy } from '../policy/policy.js';
import type { FigureComparison, ResultDocument } from '../result/document.js';
import { describeScenario } from '../run/describe-scenario.js';
import { planShards } from '../run/plan-shards.js';
import { runExperiment } from '../run/run-benchmark.js';
import { canonicalJson } from '../scenario/canonical.js';
import type { Scenario } from '../scenario/scenario.js';
import { compareFigures, type ShardedResult } from '../stats/compare-policies.js';
import { type FigurePath, parseIntervalFigure, readFigure } from '../stats/figure-path.js';
import { LEAST_SHARDS } from '../stats/interval.js';
import type { Trade } from '../stats/pareto.js';
import { formatCountOf } from '../units.js';
import { RATE_NAMES } from '../result/outcome.js';

/** How a tuning simulates: whatever it compares draws from the same streams. */
export interface TuneGround {
  /** The scenario with these settings put in; its policies are replaced. */
  open: (settings: readonly string[]) => Scenario;
  /** Without a policy, such as `interruptToDpc.p99`. */
  figures: readonly [string, string];
  workers?: number;
  signal?: AbortSignal;
  journal?: Journal;
}

/** A policy, and the settings that it is tried with. */
export interface Entry {
  policy: Policy;
  settings: readonly string[];
}

/** Both figures of one entry against those of another one. */
export type Effects = readonly [FigureComparison | null, FigureComparison | null];

/** Simulates entries side by side, and compares them by pairs of shards. */
export class TuneRunner {
  private readonly shards: number;

  /** @throws InputError for a scenario of which too few shards can be had to compare them. */
  constructor(private readonly ground: TuneGround) {
    const scenario = ground.open([]);
    this.shards = planShards(scenario).length;
    for (const figure of ground.figures) this.pathOf(figure, '*');
    if (this.shards >= LEAST_SHARDS) return;
    throw inputError(
      `"${scenario.name}" is cut into ${formatCountOf(this.shards, 'shard')}, too few to tune by`,
      'simulate longer with --time or --interrupts; a list of arrivals cannot be tuned for',
    );
  }

  /** The two figures of each entry; null where one has no samples, or the settings are none. */
  async trades(entries: readonly Entry[], seed: number): Promise<(Trade | null)[]> {
    const found: (Trade | null)[] = entries.map(() => null);
    for (const [settings, places] of groupsOf(entries)) {
      const policies = places.map((place, i) => ({ ...entries[place].policy, name: `c${i}` }));
      const trades = await this.tradesOf(settings, policies, seed);
      places.forEach((place, i) => {
        found[place] = trades[i];
      });
    }
    return found;
  }

  /** What is finished is read from the journal. */
  private async tradesOf(
    settings: readonly string[],
    policies: readonly Policy[],
    seed: number,
  ): Promise<(Trade | null)[]> {
    const { figures, journal } = this.ground;
    const scenario = this.scenarioOf(settings, policies);
    const described = describeScenario(scenario, sha256Hex);
    const named = { described, figures, seed, shards: this.shards };
    const key = sha256Hex([Buffer.from(canonicalJson(named))]);
    const kept = journal?.get(key);
    if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString()) as (Trade | null)[];
    const { document } = await this.run(scenario, seed);
    const trades = policies.map(({ name }) => this.tradeOf(document, name));
    journal?.add(key, Buffer.from(JSON.stringify(trades)));
    return trades;
  }

  private tradeOf(document: ResultDocument, policy: string): Trade | null {
    const [a, b] = this.ground.figures.map(
      (figure) => readFigure(document, this.pathOf(figure, policy)).value,
    );
    return a === null || b === null ? null : [a, b];
  }

  /** The census of these policies, and their figures. */
  async survey(policies: readonly Policy[], seed: number): Promise<ResultDocument> {
    return (await this.run(this.scenarioOf([], policies), seed)).document;
  }

  /** Each of the others against the first, whatever their settings. */
  async compare(first: Entry, others: readonly Entry[], seed: number): Promise<Effects[]> {
    const entries = [first, ...others];
    const results: ShardedResult[] = [];
    for (const [settings, places] of groupsOf(entries)) {
      const policies = places.map((place) => ({ ...entries[place].policy, name: `c${place}` }));
      const { document, figures } = await this.run(this.scenarioOf(settings, policies), seed);
      places.forEach((place, i) => {
        results[place] = { result: document.results[i], figures: figures[i] };
      });
    }
    return others.map((_, i) => this.effectsOf(results[0], results[i + 1]));
  }

  private effectsOf(first: ShardedResult, other: ShardedResult): Effects {
    const [a, b] = this.ground.figures.map((name) => {
      const { figure } = this.pathOf(name, '*');
      const compared = compareFigures(first, other, true, figure);
      return figure.kind === 'latency'
        ? compared.latency[figure.latency][figure.statistic as 'p99Ns']
        : compared.perThousand[figure.name as 'ipis'];
    });
    return [a, b];
  }

  private pathOf(figure: string, policy: string): FigurePath {
    const names = { policies: [policy], sources: [], counters: [...RATE_NAMES] };
    return parseIntervalFigure(`${policy}.${figure}`, names, '--front');
  }

  private scenarioOf(settings: readonly string[], policies: readonly Policy[]): Scenario {
    return { ...this.ground.open(settings), policies: [...policies] };
  }

  private run(scenario: Scenario, seed: number): ReturnType<typeof runExperiment> {
    const { signal, workers } = this.ground;
    return runExperiment(scenario, { seed, shards: this.shards, signal, workers });
  }
}

/** Places of entries that are of the same settings. */
function groupsOf(entries: readonly Entry[]): [readonly string[], number[]][] {
  const groups = new Map<string, [readonly string[], number[]]>();
  entries.forEach(({ settings }, place) => {
    const key = JSON.stringify(settings);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [settings, [place]]);
    else group[1].push(place);
  });
  return [...groups.values()];
}
