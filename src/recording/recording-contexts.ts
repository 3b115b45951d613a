import type { ArrivalPlace, RaiseContext, RecordingContexts } from './raise-context.js';
import type { Recording, RecordedStream } from './recording.js';
import { entryNs, isRaiseKnown } from './raise-context.js';
import { SpanStack } from './span-stack.js';

/**
 * In the order of events at one instant. A raise stands in the handler or softirq entered there. A
 * softirq that was entered when it was raised stands behind its raise.
 */
const STEP = { handler: 0, softirq: 1, raise: 2, softirqAtRaise: 3 } as const;

interface Step {
  atNs: number;
  kind: (typeof STEP)[keyof typeof STEP];
  place: ArrivalPlace;
  ownNs: number;
}

/**
 * Takes a recording apart again, processor by processor: which handler or softirq ran when each
 * softirq was raised, and what ended last before it was entered. Own times and instants of entry
 * tell both, since handlers and softirqs nest.
 */
export function recordingContexts(recording: Recording): RecordingContexts {
  const contexts = stepsByProcessor(recording).map((steps) => contextsOf(steps));
  return {
    raises: contexts.flatMap(({ raises }) => raises),
    handlers: contexts.flatMap(({ handlers }) => handlers),
  };
}

function stepsByProcessor(recording: Recording): Step[][] {
  const byProcessor = recording.processors.map((): Step[] => []);
  for (const stream of recording.streams) {
    for (let index = 0; index < stream.atNs.length; index++) {
      addSteps(byProcessor, { stream, index });
    }
  }
  for (const steps of byProcessor) steps.sort((a, b) => a.atNs - b.atNs || a.kind - b.kind);
  return byProcessor;
}

function addSteps(byProcessor: readonly Step[][], place: ArrivalPlace): void {
  const {
    stream: { kind, target, atNs, processor, isrNs, serviceNs },
    index,
  } = place;
  const steps = byProcessor[target ?? processor[index]];
  const ownNs = isrNs[index] + serviceNs[index];
  const enteredNs = entryNs(place);
  if (kind !== 'softirq') {
    steps.push({ atNs: enteredNs, kind: STEP.handler, place, ownNs });
    return;
  }
  const isSeen = isRaiseKnown(place);
  if (isSeen) steps.push({ atNs: atNs[index], kind: STEP.raise, place, ownNs: 0 });
  const step = isSeen && enteredNs === atNs[index] ? STEP.softirqAtRaise : STEP.softirq;
  steps.push({ atNs: enteredNs, kind: step, place, ownNs });
}

function contextsOf(steps: readonly Step[]): RecordingContexts {
  const contexts: RecordingContexts = { raises: [], handlers: [] };
  const stack = new SpanStack();
  const raised = new Map<RecordedStream, RaiseContext>();
  for (const { atNs, kind, place, ownNs } of steps) {
    if (kind === STEP.raise) {
      raised.set(place.stream, stack.raise(place));
      continue;
    }
    stack.advance(atNs);
    const isSoftirq = kind !== STEP.handler;
    const context = isSoftirq ? raised.get(place.stream) : undefined;
    if (context !== undefined && context.place.index === place.index) {
      raised.delete(place.stream);
      const { obstacle, sinceNs } = stack.obstacleOf(context);
      contexts.raises.push({ ...context, obstacle, entryNs: atNs - sinceNs });
    } else if (!isSoftirq && stack.isAtThread) {
      contexts.handlers.push(stack.handlerContext(place, atNs, raised.size > 0));
    }
    stack.enter({ isSoftirq, place, leftNs: 0 }, ownNs);
  }
  return contexts;
}
