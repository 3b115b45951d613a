import type { DeviceSource } from '../scenario/scenario.js';
import type { ResultDocument } from '../result/document.js';
import type { SimulatedDevice, SimulatedScenario } from '../result/scenario-shape.js';
import { shareOver } from './share-over.js';

/**
 * Microsoft's guidelines for drivers: a DPC should not run for more than 100 µs, an ISR not for
 * more than 25 µs (Windows driver documentation, KeInsertQueueDpc and the guidelines for ISRs).
 */
export const ISR_GUIDELINE_NS = 25_000;
export const DPC_GUIDELINE_NS = 100_000;

export interface GuidelineBreach {
  source: string;
  kind: 'ISR' | 'DPC';
  limitNs: number;
  /** The part of its executions that is over, above 0 and at most 1. */
  share: number;
}

/** Rarer than this and nobody would see it in a trace either. */
const LEAST_SHARE = 1e-6;

/**
 * The sources whose ISR or DPC runs for longer than the guidelines allow, and how often.
 *
 * Judged from what the scenario says of the durations: the share of a distribution, or of a
 * recording's arrivals. A DPC counts its service time and a single item's time; the costs of the
 * machine itself, which are assumptions, do not count.
 */
export function guidelineBreaches(scenario: SimulatedScenario): GuidelineBreach[] {
  const breaches: GuidelineBreach[] = [];
  const judge = (source: string, kind: 'ISR' | 'DPC', limitNs: number, share: number): void => {
    if (share >= LEAST_SHARE) breaches.push({ source, kind, limitNs, share });
  };
  for (const source of scenario.sources) {
    if (source.kind === 'timer') {
      judge(source.name, 'DPC', DPC_GUIDELINE_NS, shareOver(source.service, DPC_GUIDELINE_NS));
      continue;
    }
    judge(source.name, 'ISR', ISR_GUIDELINE_NS, isrShare(source));
    judge(source.name, 'DPC', DPC_GUIDELINE_NS, serviceShare(source));
  }
  return breaches;
}

function isrShare(source: SimulatedDevice): number {
  if (source.arrivals.kind !== 'recording') return shareOver(source.isr, ISR_GUIDELINE_NS);
  const { longIsrs, arrivals } = source.arrivals.recording;
  return longIsrs / Math.max(1, arrivals);
}

function serviceShare(source: SimulatedDevice): number {
  if (source.dpc === null) return 0;
  if (source.arrivals.kind === 'recording') {
    const { longServices, arrivals } = source.arrivals.recording;
    return longServices / Math.max(1, arrivals);
  }
  return dpcShare(source.dpc);
}

function dpcShare({ service, perItem }: NonNullable<DeviceSource['dpc']>): number {
  const itemNs = perItem.kind === 'constant' ? perItem.ns : 0;
  return shareOver(service, Math.max(0, DPC_GUIDELINE_NS - itemNs));
}

/** A source whose longest ISR or DPC routine was longer than the guidelines allow. */
export interface MeasuredBreach {
  source: string;
  kind: 'ISR' | 'DPC';
  limitNs: number;
  /** Under any policy. */
  longestNs: number;
}

/**
 * What ran for longer than the guidelines allow, the longest first; null for a result that is older
 * than the measurement.
 */
export function measuredBreaches({ results, scenario }: ResultDocument): MeasuredBreach[] | null {
  const breaches: MeasuredBreach[] = [];
  for (const [i, { name }] of scenario.sources.entries()) {
    const executions = results.flatMap(({ sources }) => sources[i].execution ?? []);
    if (executions.length < results.length) return null;
    const judge = (kind: 'ISR' | 'DPC', limitNs: number): void => {
      const all = executions.map((of) => of[kind === 'ISR' ? 'isr' : 'dpc'].maxNs);
      const longestNs = Math.max(...all);
      if (longestNs > limitNs) breaches.push({ source: name, kind, limitNs, longestNs });
    };
    judge('ISR', ISR_GUIDELINE_NS);
    judge('DPC', DPC_GUIDELINE_NS);
  }
  return breaches.sort((a, b) => b.longestNs - a.longestNs);
}
