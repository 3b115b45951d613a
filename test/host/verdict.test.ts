import { describe, expect, it } from 'vitest';
import type { ResultDocument } from '../../src/result/document.js';
import { disputeHere } from '../../src/stats/dispute-here.js';
import { guidelineBreaches } from '../../src/stats/guidelines.js';
import { distrust, lead, machineWide } from '../../src/stats/verdict.js';
import { warningsOf } from '../../src/stats/warnings.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const POLICIES = ['pre-vista', 'vista', 'nt52', 'msdn'];

interface Figures {
  ipis: number;
  p99Ns: number | null;
  maxNs?: number;
}

/** Four policies with these figures, in the order of POLICIES, and no intervals. */
function documentOf(figures: readonly Figures[]): ResultDocument {
  const document = inventedResult({ policies: POLICIES, samples: 100 });
  document.results.forEach((result, i) => {
    const { ipis, p99Ns, maxNs = 9000 } = figures[i];
    result.counters.ipis = ipis;
    result.intervals = null;
    Object.assign(result.latency.dpcWait, { p99Ns, maxNs });
  });
  return document;
}

/** The sentences that compare the policies, where there is no answer to a question. */
function compared(figures: readonly Figures[]): string[] {
  return lead(documentOf(figures));
}

describe('the answer for four policies', () => {
  it('names the one with the fewest IPIs and the one with the shortest p99', () => {
    expect(
      compared([
        { ipis: 1000, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 8000 },
        { ipis: 2000, p99Ns: 2000 },
      ]),
    ).toEqual([
      expect.stringMatching(/^nt52 sends 90 % fewer IPIs than pre-vista \(100 against 1,000\); /),
      expect.stringMatching(/^msdn sends 100 % more IPIs than pre-vista \(2,000 against 1,000\); /),
    ]);
  });

  it('says it once of one that has both', () => {
    expect(
      compared([
        { ipis: 1000, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 2000 },
        { ipis: 2000, p99Ns: 3000 },
      ]),
    ).toEqual([expect.stringMatching(/^nt52 sends 90 % fewer IPIs than pre-vista/)]);
  });

  it('says that the first is not beaten, in the one or in both', () => {
    expect(
      compared([
        { ipis: 100, p99Ns: 4000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 100, p99Ns: 2000 },
        { ipis: 2000, p99Ns: 3000 },
      ]),
    ).toEqual([
      'None sends fewer IPIs than pre-vista.',
      expect.stringMatching(/^nt52 sends as many IPIs as pre-vista \(100\); /),
    ]);
    expect(
      compared([
        { ipis: 100, p99Ns: 2000 },
        { ipis: 500, p99Ns: 6000 },
        { ipis: 101, p99Ns: 2000 },
        { ipis: 2000, p99Ns: null },
      ]),
    ).toEqual([
      'None sends fewer IPIs than pre-vista.',
      'None has a shorter p99 DPC latency than pre-vista.',
    ]);
  });

  it('counts policies that cost the same', () => {
    const same = { ipis: 7, p99Ns: 2000 };
    expect(compared([same, same, same, same])).toEqual([
      expect.stringMatching(/^All 4 policies cost the same here: 7 IPIs, /),
    ]);
  });
});

describe('two policies without intervals', () => {
  const NONE = { ipis: 0, p99Ns: null, maxNs: 5000 };
  /** What is said of the second beside the first. */
  const said = (first: Partial<Figures>, other: Partial<Figures>): string => {
    const document = documentOf([{ ...NONE, ...first }, { ...NONE, ...other }, NONE, NONE]);
    document.results = document.results.slice(0, 2);
    return lead(document).join(' | ');
  };

  it('cost the same, with or without IPIs and a p99', () => {
    const same = 'pre-vista and vista cost the same here: ';
    expect(said({}, {})).toBe(`${same}no IPIs, the longest 5 µs.`);
    expect(said({ ipis: 1, p99Ns: 70 }, { ipis: 1, p99Ns: 70 })).toBe(
      `${same}1 IPI, a p99 DPC latency of 70 ns, the longest 5 µs.`,
    );
    // Within what is the same for a latency.
    expect(said({ p99Ns: 100_000 }, { p99Ns: 100_001 })).toMatch(/cost the same here/);
    expect(said({ p99Ns: 1 }, { p99Ns: null })).toBe(
      'vista sends no IPIs, like pre-vista; there are too few DPCs for a p99 of their latency, ' +
        'its longest the same (5 µs).',
    );
    expect(said({ p99Ns: null }, { p99Ns: 1 })).toMatch(/there are too few DPCs for a p99/);
  });

  it.each<[from: number, to: number, said: string]>([
    [0, 1, 'sends more IPIs than pre-vista (1 against 0)'],
    [1, 0, 'sends 100 % fewer IPIs than pre-vista (0 against 1)'],
    [1, 1, 'sends as many IPIs as pre-vista (1)'],
    [100, 200, 'sends 100 % more IPIs than pre-vista (200 against 100)'],
    [100, 201, 'sends more IPIs than pre-vista (2.0 times as many: 201 against 100)'],
    [100, 1234, 'sends more IPIs than pre-vista (12 times as many: 1,234 against 100)'],
    [200, 221, 'sends 10 % more IPIs than pre-vista (221 against 200)'],
    [1000, 901, 'sends 9.9 % fewer IPIs than pre-vista (901 against 1,000)'],
    [10_000, 9_991, 'sends under 0.1 % fewer IPIs than pre-vista (9,991 against 10,000)'],
    [10_000, 9_989, 'sends 0.1 % fewer IPIs than pre-vista (9,989 against 10,000)'],
  ])('of which one sends %i and the other %i: %s', (from, to, text) => {
    const [ipis] = said({ ipis: from, maxNs: 1 }, { ipis: to }).split(';');
    expect(ipis).toBe(`vista ${text}`);
  });

  it.each<[from: number, to: number, said: string]>([
    [0, 100, 'longer (100 ns against 0 ns)'],
    [100, 0, 'shorter (0 ns against 100 ns)'],
    [100, 49, '2.04 times shorter (49 ns against 100 ns)'],
    [100, 50, '0.50 times that of pre-vista (50 ns against 100 ns)'],
    [100, 995, '10 times that of pre-vista (995 ns against 100 ns)'],
    [100, 994, '9.94 times that of pre-vista (994 ns against 100 ns)'],
    [1000, 10, '100 times shorter (10 ns against 1 µs)'],
    [100_000, 100_300, 'about the same (100 µs against 100 µs)'],
  ])('of which the p99 is %i ns and then %i ns: %s', (from, to, text) => {
    expect(said({ p99Ns: from }, { p99Ns: to })).toContain(`its p99 DPC latency is ${text},`);
  });

  it('are told by their intervals where there are any, and by the sentence of those', () => {
    const document = documentOf([NONE, NONE, NONE, NONE].map((one, i) => ({ ...one, ipis: i })));
    document.results = document.results.slice(0, 2);
    document.comparisons = [{ policy: 'vista', sentence: 'So it is.' }] as never;
    expect(lead(document)).toEqual([expect.stringMatching(/^vista sends more IPIs/)]);
    document.results[1].intervals = {} as never;
    expect(lead(document)).toEqual(['So it is.']);
    document.comparisons = [];
    expect(lead(document)).toEqual([expect.stringMatching(/^vista sends more IPIs/)]);
    document.results = document.results.slice(0, 1);
    expect(lead(document)).toEqual([
      'pre-vista ran alone: name a second policy to compare it with.',
    ]);
  });

  it('cost the whole machine something beside the sources that were asked for, or nothing', () => {
    const document = documentOf([NONE, NONE, NONE, NONE]);
    document.results[0].counters.ipis = 100;
    document.results[1].counters.ipis = 200;
    const figure = (first: number, other: number) => {
      const difference = other - first;
      const verdict = difference === 0 ? 'same' : difference > 0 ? 'higher' : 'lower';
      const none = { differenceInterval: null, ratioInterval: null };
      return { first, other, difference, ratio: other / first, verdict, ...none };
    };
    const told = (other: number, p99 = 1000, sources = ['nvme'], sentences = ['It waits.']) => {
      const latency = { dpcWait: { p99Ns: figure(1000, p99) } };
      const comparison = { policy: 'vista', against: 'pre-vista', latency };
      document.comparisons = [
        { ...comparison, perThousand: { ipis: figure(100, other) } },
      ] as never;
      document.answer = { focus: { sources, counters: [], latencies: [] }, sentences } as never;
      return machineWide(document);
    };
    expect(told(200)).toMatch(/^The machine's IPIs go from 100 .* to 200 under vista: 2\.00 times/);
    expect(told(105)).toBe('');
    expect(told(106)).not.toBe('');
    expect(told(100, 1100)).not.toBe('');
    expect(told(200, 1000, [])).toBe('');
    expect(told(200, 1000, ['nvme'], [])).toBe('');
    document.scenario.sources = document.scenario.sources.slice(0, 1);
    expect(told(200)).toBe('');
    document.answer = null;
    expect(machineWide(document)).toBe('');
  });
});

describe('what to distrust', () => {
  const invented = (): ResultDocument =>
    inventedResult({ policies: ['vista'], samples: 100, sources: ['nic', 'disk'], processors: 2 });

  it('is what was lost, in words for one and for many, unless a warning says it', () => {
    const document = invented();
    const { counters } = document.results[0];
    const losses = (dropped: number, unserved: number): string[] => {
      Object.assign(counters, { dropped, unserved });
      return distrust(document).filter((sentence) => sentence.startsWith('vista: '));
    };
    expect(losses(0, 0)).toEqual([]);
    expect(losses(1, 2)).toEqual([
      'vista: 1 item found a full FIFO and was dropped.',
      'vista: 2 items were never served.',
    ]);
    expect(losses(2, 1)).toEqual([
      'vista: 2 items found a full FIFO and were dropped.',
      'vista: 1 item was never served.',
    ]);
    document.warnings = [{ kind: 'dropped', policies: ['vista'] }] as never;
    expect(losses(2, 1)).toEqual(['vista: 1 item was never served.']);
    document.warnings = [{ kind: 'unserved', policies: ['msdn'] }] as never;
    expect(losses(0, 1)).toEqual(['vista: 1 item was never served.']);
  });

  it('is a share of all arrivals that were never served, to the digit', () => {
    const document = invented();
    document.comparisons = [];
    const said = (arrivals: number, of: number): string => {
      const [result] = document.results;
      result.counters.arrivals = of;
      result.sources[0].counters.arrivals = arrivals;
      result.sources[0].latency.interruptToDpc.count = 0;
      return warningsOf(document).find(({ kind }) => kind === 'never served')!.sentence;
    };
    expect(said(1, 1000)).toBe('nic was never served: 0.1 % of all arrivals are in no latency.');
    expect(said(9, 10_000)).toMatch(/never served: under 0\.1 % of/);
    expect(said(994, 10_000)).toMatch(/never served: 9\.9 % of/);
    expect(said(996, 10_000)).toMatch(/never served: 10 % of/);
    expect(said(1, 1)).toMatch(/never served: 100 % of/);
    document.results[0].sources[0].counters.arrivals = 0;
    expect(warningsOf(document).filter(({ kind }) => kind === 'never served')).toEqual([]);
  });

  it('is what share of DPCs the sources dispute', () => {
    const document = invented();
    const said = (disputed: number, all: number): string => {
      const one = { importance: 'high', target: 'other', threaded: false, facts: [] as string[] };
      document.results[0].decisions = [
        { ...one, inserts: disputed - 1 },
        { ...one, facts: ['idle', 'polling'], inserts: 1 },
        { ...one, facts: ['idle'], inserts: all - disputed },
        { ...one, target: 'current', inserts: 0 },
      ] as never;
      return /dispute (.*) of the DPCs here/.exec(disputeHere(document))?.[1] ?? '';
    };
    expect(said(1, 1000)).toBe('0.1 %');
    expect(said(9, 10_000)).toBe('under 0.1 %');
    expect(said(994, 10_000)).toBe('9.9 %');
    expect(said(996, 10_000)).toBe('10 %');
    expect(said(7, 7)).toBe('100 %');
    document.results[0].decisions = [];
    expect(disputeHere(document)).toMatch(/^The sources' dispute does not matter here/);
  });

  it('is an ISR or a DPC over the guidelines, by what the scenario draws', () => {
    const { scenario } = invented();
    const [nic, disk] = scenario.sources;
    if (nic.kind !== 'device' || disk.kind !== 'device') throw new Error('no devices');
    disk.dpc = null;
    disk.isr = { kind: 'constant', ns: 1 };
    nic.isr = { kind: 'constant', ns: 1 };
    const shares = (): unknown[] =>
      guidelineBreaches(scenario).map(({ kind, share }) => [kind, share]);
    const service = (ns: number, itemNs: number): void => {
      nic.dpc!.service = { kind: 'constant', ns };
      nic.dpc!.perItem = { kind: 'constant', ns: itemNs };
    };
    service(100_000, 0);
    expect(shares()).toEqual([]);
    service(100_000, 1);
    expect(shares()).toEqual([['DPC', 1]]);
    service(1, 100_000);
    expect(shares()).toEqual([['DPC', 1]]);
    service(0, 200_000);
    expect(shares()).toEqual([]);
    nic.dpc!.perItem = { kind: 'exponential', meanNs: 1e9 };
    expect(shares()).toEqual([]);
    const recording = { arrivals: 4, longIsrs: 1, longServices: 3 };
    nic.arrivals = { kind: 'recording', recording } as never;
    expect(shares()).toEqual([
      ['ISR', 0.25],
      ['DPC', 0.75],
    ]);
    Object.assign(recording, { arrivals: 0, longIsrs: 0, longServices: 0 });
    expect(shares()).toEqual([]);
    Object.assign(recording, { arrivals: 1_000_000, longIsrs: 1, longServices: 0 });
    expect(shares()).toEqual([['ISR', 1e-6]]);
  });
});
