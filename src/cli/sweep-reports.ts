import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../errors.js';
import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { runBenchmark, usualExecutor } from '../run/run-benchmark.js';
import { SeenShards } from '../run/seen-shards.js';
import type { Scenario } from '../scenario/scenario.js';
import { frontPoints } from '../stats/pareto.js';
import { keyOf, type SweepPlan } from '../sweep/carry-out-sweep.js';
import { formatCount } from '../units.js';
import { unwritable } from '../disk/unwritable.js';
import type { StepsProgress } from './steps-display.js';
import { worstCommand } from './worst-hint.js';
import { writeFileWhole } from './write-file.js';

/** Points whose reports are written. */
export type ReportedPoints = 'front' | 'all';

/** Each is a file of some hundred kilobytes, and nobody opens as many. */
const MOST_REPORTS = 1_000;
const FOLDER = 'reports';
/** Events looked through again for the longest waits, of all reports together: half a minute. */
const MOST_TOLD_EVENTS = 96_000_000;
/** Events looked through again for one report: a few seconds. */
const MOST_TOLD_EACH = 16_000_000;
/** Characters of a key that tell the choices of a sweep apart. */
const NAME = 16;

export interface ReportGround {
  folder: string;
  plan: SweepPlan;
  workers: number;
  signal: AbortSignal;
  onProgress: (progress: StepsProgress) => void;
  /** The words that run a choice by itself, such as `dpcbench run default`. */
  wordsAt: (settings: readonly string[]) => string[];
}

/**
 * Writes the report of each choice that is asked for into a folder beside the page, and puts its
 * place into its points. One that is there already has the same scenario and options, and stays.
 *
 * @throws InputError for more than anybody opens.
 */
export async function writePointReports(
  sweep: SweepDocument,
  which: ReportedPoints,
  ground: ReportGround,
): Promise<void> {
  const { folder, onProgress, plan } = ground;
  const choices = [...choicesOf(sweep, which)];
  if (choices.length > MOST_REPORTS) {
    throw inputError(
      `--reports ${which}: ${formatCount(choices.length)} reports, of at most ` +
        formatCount(MOST_REPORTS),
      which === 'all' ? 'take --reports front' : 'sweep over fewer values',
    );
  }
  await mkdir(join(folder, FOLDER), { recursive: true }).catch((error: unknown) => {
    throw unwritable(join(folder, FOLDER), error);
  });
  const mostEvents = Math.min(MOST_TOLD_EACH, Math.floor(MOST_TOLD_EVENTS / choices.length));
  let simulated = 0;
  for (const [done, points] of choices.entries()) {
    const { choice } = points[0];
    const scenario = plan.open(choice);
    const name = `${FOLDER}/${keyOf(scenario, plan).slice(0, NAME)}.html`;
    if (!existsSync(join(folder, name))) {
      const words = ground.wordsAt(plan.settingsAt(choice));
      const html = await reportOf(scenario, words, mostEvents, ground);
      await writeFileWhole(join(folder, name), html);
      simulated += 1;
    }
    for (const point of points) point.report = name;
    onProgress({ all: choices.length, done: done + 1, simulated });
  }
}

/** As `run --report` makes it, with the longest waits as far as they are found soon. */
async function reportOf(
  scenario: Scenario,
  words: string[],
  mostEvents: number,
  { plan, signal, workers }: ReportGround,
): Promise<string> {
  const { renderDocuments } = await import('../run/render-documents.js');
  const { tellLongestWaits } = await import('../run/worst-wait.js');
  const seen = new SeenShards(null);
  const document = await runBenchmark(
    scenario,
    { ...plan.options, overTime: true, workers, signal, commandLine: words },
    seen.watch(usualExecutor(scenario)),
  );
  const [, , what, ...args] = words;
  document.meta.host.worstCommand = worstCommand(what, args);
  const waits = await tellLongestWaits(scenario, seen, { mostEvents, signal });
  return renderDocuments([document], [waits]);
}

/** The points of each choice of which one is wanted: a report is of all of its policies. */
function choicesOf(sweep: SweepDocument, which: ReportedPoints): Iterable<SweepPoint[]> {
  const { points } = sweep;
  const wanted = which === 'all' ? points : frontPoints(sweep).map((place) => points[place]);
  const keys = new Set(
    wanted.filter(({ problem }) => problem === '').map(({ choice }) => choice.join()),
  );
  const byChoice = new Map<string, SweepPoint[]>();
  for (const point of points) {
    const key = point.choice.join();
    if (keys.has(key)) byChoice.set(key, [...(byChoice.get(key) ?? []), point]);
  }
  return byChoice.values();
}
