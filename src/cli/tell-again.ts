import { RunCancelled } from '../run/tasks.js';
import type { SeenShards } from '../run/seen-shards.js';
import type { Scenario } from '../scenario/scenario.js';
import type { LongestWait } from '../timeline/worst-wait.js';
import { visibleLine } from '../visible-text.js';
import type { Console } from './console.js';
import { CommandInterrupted } from './exit-code.js';
import { StatusLine } from './status-line.js';

/** The longest waits of a run for its report, simulated again; a terminal says so. */
export async function tellAgain(
  scenario: Scenario,
  seen: SeenShards,
  { quiet }: { quiet?: boolean },
  console: Console,
): Promise<LongestWait[]> {
  const line = quiet === true || !console.isInteractive ? null : new StatusLine(console);
  const { length } = scenario.policies;
  const name = visibleLine(scenario.name);
  try {
    const { tellLongestWaits } = await import('../run/worst-wait.js');
    return await console.listening((signal) =>
      tellLongestWaits(scenario, seen, {
        signal,
        onPolicy: (index) =>
          line?.show(() => `${name}: finding the longest waits again, ${index + 1} of ${length}`),
      }),
    );
  } catch (error) {
    if (!(error instanceof RunCancelled)) throw error;
    throw new CommandInterrupted('Interrupted: the report was not written.');
  } finally {
    line?.end();
  }
}
