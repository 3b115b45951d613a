import { inputError } from '../errors.js';
import type { RunJournal } from '../run/run-store.js';
import type { Part } from '../run/part.js';
import { RunCancelled } from '../run/tasks.js';
import { recordedSource } from '../scenario/recorded-source.js';
import type { Scenario } from '../scenario/scenario.js';
import { visibleLine } from '../visible-text.js';
import { type RunFlags, runOptions } from './carry-out.js';
import { checkPlaces, type Place } from './check-places.js';
import type { Console } from './console.js';
import { journalPlaces, sayFound } from './journal-flags.js';
import type { AnswerFlags } from './judged-answer.js';
import { ProgressDisplay } from './progress.js';

/** `run --shard`: carries out a part of the shards, and says what is to be done with it. */
export async function runPart(
  scenario: Scenario,
  { flags, inputs, part }: { flags: AnswerFlags; inputs: readonly Place[]; part: Part },
  console: Console,
): Promise<void> {
  const path = flags.journal ?? '';
  refuseAnswers(flags);
  refuseRecording(scenario);
  const places = journalPlaces(flags);
  await checkPlaces(places.outputs, [...inputs, ...places.inputs]);
  const { RunJournal } = await import('../run/run-store.js');
  const journal = await RunJournal.open(path, scenario, runOptions(flags), {
    part,
    others: flags.others,
  });
  const display = flags.quiet === true ? null : new ProgressDisplay(console, scenario.name);
  try {
    if (flags.quiet !== true) sayFound(journal, console);
    const said = await console.listening((signal) =>
      carryOutPart(scenario, { flags, journal, part, signal, display }),
    );
    display?.end();
    console.out(`Part ${part.index}/${part.count}: ${said}\n`);
  } catch (error) {
    throw error instanceof RunCancelled ? new RunCancelled(error.progress, path) : error;
  } finally {
    display?.end();
    journal.close();
  }
}

interface PartRun {
  flags: RunFlags;
  journal: RunJournal;
  part: Part;
  signal: AbortSignal;
  display: ProgressDisplay | null;
}

/** Answers what is to be said. */
async function carryOutPart(
  scenario: Scenario,
  { flags, journal, part, signal, display }: PartRun,
): Promise<string> {
  const { runBenchmark, usualExecutor } = await import('../run/run-benchmark.js');
  const { keepShards } = await import('../run/kept-shards.js');
  const { ShardsMissing, roundReason, shareOf } = await import('../run/missing-shards.js');
  const { partOf } = await import('../run/part.js');
  const share = shareOf((index) => partOf(index, part) === part.index);
  const execute = keepShards(usualExecutor(scenario), journal, share);
  const onProgress = display === null ? undefined : display.show.bind(display);
  try {
    await runBenchmark(scenario, { ...runOptions(flags), onProgress, signal }, execute);
  } catch (error) {
    if (!(error instanceof ShardsMissing)) throw error;
    const { number, shards } = error.pass;
    const own = shards.filter((_, index) => partOf(index, part) === part.index).length;
    const why = roundReason(error, flags.precision !== undefined);
    return (
      `${own} of ${shards.length} shards${why === '' ? '' : ` of round ${number} (${why})`} ` +
      `are in ${visibleLine(journal.path)}.\n` +
      'With those of all parts: dpcbench merge JOURNAL...'
    );
  }
  return 'nothing is left to do. With all parts: dpcbench merge JOURNAL...';
}

/** Only the whole has an answer. */
function refuseAnswers(flags: AnswerFlags): void {
  const given = [
    ['--json', flags.json],
    ['--report', flags.report],
    ['--export', flags.export],
    ['--junit', flags.junit],
    ['--fail-if', flags.failIf],
    ['--fail-on-regression', flags.failOnRegression],
    ['--baseline', flags.baseline],
    ['--save-baseline', flags.saveBaseline],
    ['--check-determinism', flags.checkDeterminism],
  ].find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw inputError(
    `${String(given[0])}: a part of a run has no answer`,
    'give it to "dpcbench merge", which has',
  );
}

/** It is one shard under each policy, and too large to be in every journal. */
function refuseRecording(scenario: Scenario): void {
  const recorded = recordedSource(scenario);
  if (recorded === undefined) return;
  throw inputError(
    `--shard: "${recorded.name}" replays a recording, which is one shard`,
    'leave --shard out',
  );
}
