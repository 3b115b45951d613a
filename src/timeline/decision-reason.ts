import type { FactWord } from '../policy/facts.js';
import { FACTS } from '../policy/facts.js';
import { conditionHolds } from '../policy/parse-condition.js';
import type { Condition, Policy } from '../policy/policy.js';
import { IMPORTANCE_LABELS } from '../policy/situations.js';
import type { ProcessorState, QueuedDpc } from './processor-state.js';

/** What a sentence about a decision stands on. */
export interface Decision {
  dpc: QueuedDpc;
  /** As it stood right after linking. */
  target: ProcessorState;
  policy: Policy;
  /** Tunables that conditions compare with. */
  minimumDpcRate: number;
}

/**
 * Why the request rule (R10, or R22 of a threaded DPC) answered what it did, in sentences: which
 * condition was asked, and what was true of the target.
 */
export function decisionReason(decision: Decision): string {
  const { dpc, policy, target } = decision;
  const it = `processor ${target.index}`;
  if (dpc.threaded) return threadedReason(dpc, it);
  const isCurrent = dpc.by === target.index;
  const condition = (isCurrent ? policy.current : policy.other)[dpc.importance];
  const { text } = condition;
  const who = `${IMPORTANCE_LABELS[dpc.importance]} on ${isCurrent ? 'the current' : 'another'}`;
  const rule = `${policy.name} asks for ${who} processor`;
  const because = reasonOf(condition, decision);
  switch (dpc.request) {
    case 'none':
      return text === 'never'
        ? `No request: ${policy.name} never asks for ${who} processor.`
        : `No request: ${rule} only if "${text}", and ${because}.`;
    case 'suppressed':
      return target.draining
        ? `No further request: ${it} drains its queue already.`
        : `No further request: ${it} is asked already.`;
    case 'local':
      return `A DISPATCH interrupt is requested: ${conditionHeld(rule, text, because)}.`;
    case 'ipi':
      return `An IPI is sent: ${conditionHeld(rule, text, because)}.`;
  }
}

function threadedReason({ request }: QueuedDpc, it: string): string {
  if (request === 'suppressed') {
    return `No further request: the DPC thread of ${it} is signalled or active already.`;
  }
  const how = request === 'ipi' ? 'by an IPI' : 'by a DISPATCH interrupt';
  return `The DPC thread of ${it} is signalled ${how}: a threaded DPC always is.`;
}

function conditionHeld(rule: string, text: string, because: string): string {
  return text === 'always' ? `${rule} always` : `${rule} if "${text}", and ${because}`;
}

/** The facts that the condition names, those alone on which the answer turned if there are any. */
function reasonOf(condition: Condition, decision: Decision): string {
  const { facts } = decision.dpc;
  const answer = conditionHolds(condition, facts);
  const named = FACTS.filter(({ word }) => new RegExp(`\\b${word}\\b`).test(condition.text));
  const turning = named.filter(({ bit }) => conditionHolds(condition, facts ^ bit) !== answer);
  const phrases = (turning.length > 0 ? turning : named).map(({ bit, word }) =>
    phraseOf(word, (facts & bit) !== 0, decision),
  );
  return `processor ${decision.target.index} ${listOf(phrases, 'and')}`;
}

function phraseOf(word: FactWord, holds: boolean, decision: Decision): string {
  const { minimumDpcRate, policy, target } = decision;
  const { drainRate, maximumDepth, queue, requestRate } = target;
  switch (word) {
    case 'over': {
      const verb = policy.depth === 'exceeds' ? 'exceed' : 'reach';
      const does = holds ? `${verb === 'reach' ? 'reaches' : 'exceeds'}` : `does not ${verb}`;
      return `with ${queue.length} queued ${does} its maximum depth of ${maximumDepth}`;
    }
    case 'slow':
      return `drains at a rate of ${drainRate}, ${below(holds)} ${minimumDpcRate}`;
    case 'rare':
      return `is asked at a rate of ${requestRate}, ${below(holds)} ${minimumDpcRate}`;
    case 'idle':
      return holds ? 'is idle' : 'is not idle';
    case 'polling':
      return holds ? 'polls' : 'does not poll';
    case 'deep':
      return holds ? 'is deeply halted' : 'is not deeply halted';
  }
}

function below(holds: boolean): string {
  return holds ? 'below' : 'not below';
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words[words.length - 1]}`;
}
