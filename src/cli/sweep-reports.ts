import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inputError } from '../errors.js';
import type { SweepDocument, SweepPoint } from '../result/sweep-document.js';
import { runBenchmark } from '../run/run-benchmark.js';
import { frontPoints } from '../stats/pareto.js';
import { keyOf, type SweepPlan } from '../sweep/carry-out-sweep.js';
import { formatCount } from '../units.js';
import { unwritable } from '../disk/unwritable.js';
import type { StepsProgress } from './steps-display.js';
import { writeFileWhole } from './write-file.js';

/** Points whose reports are written. */
export type ReportedPoints = 'front' | 'all';

/** Each is a file of some hundred kilobytes, and nobody opens as many. */
const MOST_REPORTS = 1_000;
const FOLDER = 'reports';
/** Characters of a key that tell the choices of a sweep apart. */
const NAME = 16;

interface ReportGround {
  folder: string;
  plan: SweepPlan;
  workers: number;
  signal: AbortSignal;
  onProgress: (progress: StepsProgress) => void;
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
  { folder, plan, workers, signal, onProgress }: ReportGround,
): Promise<void> {
  const { renderDocuments } = await import('../run/render-documents.js');
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
  let simulated = 0;
  for (const [done, points] of choices.entries()) {
    const scenario = plan.open(points[0].choice);
    const name = `${FOLDER}/${keyOf(scenario, plan).slice(0, NAME)}.html`;
    if (!existsSync(join(folder, name))) {
      const document = await runBenchmark(scenario, { ...plan.options, workers, signal });
      await writeFileWhole(join(folder, name), renderDocuments([document]));
      simulated += 1;
    }
    for (const point of points) point.report = name;
    onProgress({ all: choices.length, done: done + 1, simulated });
  }
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
