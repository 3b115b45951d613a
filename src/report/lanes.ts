import { IRQL_NAMES } from '../timeline/processor-state.js';
import type { Arrow, Span, SpanKind } from '../timeline/spans.js';
import type { Window } from '../timeline/timeline.js';
import { formatNs, formatNsExactly } from '../units.js';
import type { Activity } from './activity-colours.js';

/** What all drawings of lanes have in common: their rows, their axis and their words. */

/**
 * The rows of a lane from the bottom up: the IRQLs that occur on the lanes' processors, and in any
 * case PASSIVE and DISPATCH.
 */
export function irqlsOf(spans: readonly Span[], lanes: readonly number[]): number[] {
  const drawn = new Set(lanes);
  const used = spans.filter(({ processor }) => drawn.has(processor)).map(({ irql }) => irql);
  return [...new Set([0, 2, ...used])].sort((a, b) => a - b);
}

export function irqlName(irql: number): string {
  return IRQL_NAMES[irql] ?? String(irql);
}

/** Where an instant lies in a window, 0 to 1; what is outside lies at its edge. */
export function shareOf(ns: number, { fromNs, toNs }: Window): number {
  return (Math.min(toNs, Math.max(fromNs, ns)) - fromNs) / Math.max(1, toNs - fromNs);
}

/** The axis' instants, at least `leastNs` apart, in ns after `zeroNs`. */
export function instantsOf({ fromNs, toNs }: Window, zeroNs: number, leastNs: number): number[] {
  const stepNs = niceStep(leastNs);
  const first = Math.ceil((fromNs - zeroNs) / stepNs);
  const last = Math.floor((toNs - zeroNs) / stepNs);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => (first + k) * stepNs);
}

/** What stands at instants of an axis: three digits where they tell them apart, or all of them. */
export function instantWords(instants: readonly number[]): string[] {
  const wordsBy = (format: (ns: number) => string): string[] =>
    instants.map((ns) => (ns === 0 ? '0' : format(ns)));
  const words = wordsBy(formatNs);
  return new Set(words).size === words.length ? words : wordsBy(formatNsExactly);
}

/** 1, 2 or 5 times a power of ten, not below. */
function niceStep(ns: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, ns)));
  return power * ([1, 2, 5].find((times) => times * power >= ns) ?? 10);
}

const ACTIVITIES: Partial<Record<SpanKind, Activity>> = {
  isr: 'isr',
  clock: 'clock',
  ipi: 'ipi',
  drain: 'entry',
  switch: 'entry',
  'dpc-thread': 'dpc-thread',
  passive: 'thread',
  'spin-lock': 'lock',
  wake: 'wake',
};

/** A routine is told by the stack that it runs on. */
export function activityOf({ kind, origin }: Span): Activity {
  const activity = ACTIVITIES[kind];
  if (activity !== undefined) return activity;
  if (origin === null) return 'dpc-thread';
  return origin === 'idle' ? 'idle-stack' : 'dpc-stack';
}

/** What a span is, the rule by which it runs, and for how long. */
export function spanTitle(span: Span): string {
  return `${wordsOf(span)}, ${formatNs(span.endNs - span.startNs)}`;
}

/** What an arrow that stands for a DPC says under its lane. */
export function waitTitle({ fromNs, label, toNs }: Arrow): string {
  return `${label} waits on the queue, ${formatNs(toNs - fromNs)}`;
}

export function arrowTitle({ kind, label, request }: Arrow): string {
  return kind === 'ipi' ? `IPI for ${label}` : `${label} is queued, request: ${request}`;
}

/** To the same processor only an IPI is drawn: a DPC's wait stands under the lane. */
export function isDrawn({ from, kind, to }: Arrow): boolean {
  return kind === 'ipi' || from !== to;
}

/** When an arrow ends: a DPC is on the target's queue at once, an IPI takes its time. */
export function arrivesNs({ fromNs, kind, toNs }: Arrow): number {
  return kind === 'ipi' ? toNs : fromNs;
}

function wordsOf({ kind, label, origin }: Span): string {
  const stack = origin === 'idle' ? 'on the idle stack' : 'on the DPC stack';
  switch (kind) {
    case 'routine':
      return origin === null ? `threaded routine of ${label} (R22)` : `routine of ${label} (R13)`;
    case 'drain':
      return `drain ${stack} (${origin === 'idle' ? 'R14' : 'R12'})`;
    case 'isr':
      return `ISR of ${label} (R7)`;
    case 'clock':
      return 'clock (R15)';
    case 'ipi':
      return 'handler of an IPI (R11)';
    case 'wake':
      return 'exit from the halt (R14)';
    case 'dpc-thread':
      return 'DPC thread (R22)';
    case 'switch':
      return 'switch to the DPC thread (R22)';
    case 'spin-lock':
      return 'thread that holds a spin lock (R17)';
    case 'passive':
      return 'thread at PASSIVE (R17)';
    default:
      return 'idle loop (R14)';
  }
}
