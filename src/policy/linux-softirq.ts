import type { Importance, Policy } from './policy.js';
import { parseCondition } from './parse-condition.js';

/**
 * What Linux does with a softirq, as a policy: every raise is delivered at once, or when the
 * interrupt that raised it is left, on the processor that raised it. For `dpcbench fit` alone: it
 * stands for no version of Windows, so it is none of the policies that ship for comparison.
 */
export const LINUX_SOFTIRQ: Policy = {
  name: 'linux-softirq',
  sentence:
    'Every raise asks for delivery on its own processor, at once or as soon as the interrupt or ' +
    'the round of softirqs that it came in is over. Nothing waits for a depth, a rate or a tick.',
  source: 'Linux 6.18, kernel/softirq.c: __raise_softirq_irqoff, irq_exit_rcu, handle_softirqs',
  current: everyImportance('always'),
  other: everyImportance('always'),
  insert: { low: 'tail', medium: 'tail', mediumHigh: 'tail', high: 'tail' },
  depth: 'reaches',
  suppress: true,
  tickRescue: false,
  adaptive: false,
  drainLimit: 0,
};

function everyImportance(text: string): Policy['current'] {
  const condition = (): Policy['current'][Importance] => parseCondition(text);
  return { low: condition(), medium: condition(), mediumHigh: condition(), high: condition() };
}
