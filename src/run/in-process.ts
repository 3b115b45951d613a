import { setImmediate } from 'node:timers/promises';
import { simulateShard } from '../kernel/simulate.js';
import { SpareMemory } from '../kernel/spare-memory.js';
import { PartBuilder } from './policy-part.js';
import { type Execute, RunCancelled, type RunProgress, taskShare } from './tasks.js';

/**
 * Carries out the tasks one after another on this thread: for runs too small to pay for starting
 * workers. Between shards it lets the event loop run, so that Ctrl-C is heard.
 */
export const executeInProcess: Execute = (scenario, tasks, onOutcome, options) =>
  oneByOne(false, scenario, tasks, onOutcome, options);

/**
 * The same one event at a time, where the kernel would let processors run ahead of each other, and
 * with every outcome handed on: nothing is added up in the way that it is elsewhere.
 */
export const executeInLockstep: Execute = (scenario, tasks, onOutcome, options) =>
  oneByOne(true, scenario, tasks, onOutcome, { ...options, onPart: undefined });

async function oneByOne(lockstep: boolean, ...run: Parameters<Execute>): Promise<void> {
  const [scenario, tasks, onOutcome, { kernel, onPart, onProgress, signal }] = run;
  let interrupts = 0;
  let builder: PartBuilder | null = null;
  const spare = new SpareMemory();
  for (const [index, task] of tasks.entries()) {
    const progressAt = (within: number, share: number): RunProgress => ({
      interrupts: interrupts + within,
      share: (index + share) / tasks.length,
      tasksDone: index,
      tasks: tasks.length,
    });
    if (signal?.aborted === true) throw new RunCancelled(progressAt(0, 0));
    const onChunk = (chunk: { interrupts: number; timeNs: number }): boolean => {
      const share = taskShare(task, chunk.interrupts, chunk.timeNs);
      onProgress?.(progressAt(chunk.interrupts, share));
      return true;
    };
    if (onPart === undefined) {
      const shardOptions = { kernel, lockstep, onProgress: onChunk, spare };
      const outcome = simulateShard({ scenario, ...task }, shardOptions);
      onOutcome(outcome, task);
      interrupts += outcome.machine.counters.arrivals;
    } else {
      builder ??= new PartBuilder(scenario, task.policyIndex, { kernel, spare });
      interrupts += builder.simulate(task, onChunk).counters.arrivals;
      if (tasks[index + 1]?.policyIndex !== task.policyIndex) {
        onPart(builder.part());
        builder = null;
      }
    }
    onProgress?.({ ...progressAt(0, 1), tasksDone: index + 1 });
    await setImmediate();
  }
}
