import { setImmediate } from 'node:timers/promises';
import { simulateShard } from '../kernel/simulate.js';
import { type Execute, RunCancelled, type RunProgress, taskShare } from './tasks.js';

/**
 * Carries out the tasks one after another on this thread: for runs too small to pay for starting
 * workers. Between shards it lets the event loop run, so that Ctrl-C is heard.
 */
export const executeInProcess: Execute = (scenario, tasks, onOutcome, options) =>
  oneByOne(false, scenario, tasks, onOutcome, options);

/** The same one event at a time, where the kernel would let processors run ahead of each other. */
export const executeInLockstep: Execute = (scenario, tasks, onOutcome, options) =>
  oneByOne(true, scenario, tasks, onOutcome, options);

async function oneByOne(lockstep: boolean, ...run: Parameters<Execute>): Promise<void> {
  const [scenario, tasks, onOutcome, options] = run;
  const { onProgress, signal } = options;
  let interrupts = 0;
  for (const [index, task] of tasks.entries()) {
    const progressAt = (within: number, share: number): RunProgress => ({
      interrupts: interrupts + within,
      share: (index + share) / tasks.length,
      tasksDone: index,
      tasks: tasks.length,
    });
    if (signal?.aborted === true) throw new RunCancelled(progressAt(0, 0));
    const outcome = simulateShard(
      { scenario, ...task },
      {
        lockstep,
        onProgress: ({ interrupts: within, timeNs }) => {
          onProgress?.(progressAt(within, taskShare(task, within, timeNs)));
          return true;
        },
      },
    );
    onOutcome(outcome, task);
    interrupts += outcome.machine.counters.arrivals;
    onProgress?.({ ...progressAt(0, 1), tasksDone: index + 1 });
    await setImmediate();
  }
}
