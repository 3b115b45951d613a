import { describe, expect, it } from 'vitest';
import { answerTiles } from '../../src/report/answer-tiles.js';
import { changeOf } from '../../src/report/change-words.js';
import { headlineOf } from '../../src/report/headline.js';
import { markPolicies, type RichText } from '../../src/report/rich-text.js';
import { reasonsOf } from '../../src/report/reasons.js';
import { buildReportModel } from '../../src/report/build-model.js';
import { tilesOf } from '../../src/report/tiles.js';
import type { AnswerFigure } from '../../src/result/answer-shape.js';
import type { ResultDocument } from '../../src/result/document.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const PAIR = ['pre-vista', 'vista'];

function plainRich(text: RichText, policies: readonly string[]): string {
  return text.map((part) => (typeof part === 'string' ? part : policies[part.policy])).join('');
}

function say(document: ResultDocument): string {
  return plainRich(
    headlineOf(document),
    document.results.map(({ policy }) => policy),
  );
}

/** The second policy with other figures; decisions left out unless they are wanted. */
function changed(ipis: number, p99: number, withDecisions = false): ResultDocument {
  const document = inventedResult({ policies: PAIR });
  const [first, second] = document.results;
  const wait = first.latency.dpcWait;
  const { counters } = second;
  const scaled = {
    ...wait,
    p99Ns: wait.p99Ns! * p99,
    maxNs: wait.maxNs * Math.max(1, p99),
  };
  const decisions = withDecisions ? {} : { decisions: null };
  return {
    ...document,
    results: [
      { ...first, ...decisions },
      {
        ...second,
        ...decisions,
        counters: { ...counters, ipis: Math.round(first.counters.ipis * ipis) },
        latency: { ...second.latency, dpcWait: scaled },
      },
    ],
  };
}

describe('the headline', () => {
  it.each([
    [1.18, 1, 'vista sends 18 % more IPIs than pre-vista.'],
    [
      0.8,
      1.5,
      'vista sends 20 % fewer IPIs than pre-vista, but its p99 DPC latency is 50 % longer.',
    ],
    [
      0.1,
      0.25,
      'vista sends 10 times fewer IPIs than pre-vista, ' +
        'and its p99 DPC latency is 4.0 times shorter.',
    ],
    [
      3,
      14,
      'vista sends 3.0 times as many IPIs as pre-vista, ' +
        'and its p99 DPC latency is 14 times as long.',
    ],
    [0, 1.05, 'vista sends no IPIs, unlike pre-vista.'],
  ])('says of %d times the IPIs and %d times the p99: %s', (ipis, p99, sentence) => {
    expect(say(changed(ipis, p99)).replaceAll('\u00a0', ' ')).toBe(sentence);
  });

  it('says who waits now, where decisions were counted', () => {
    expect(say(changed(1.18, 1, true))).toMatch(
      /, and moves the waiting: High DPCs for busy processors now wait\.$/,
    );
  });

  it('names the best of many at either end, in their order', () => {
    const document = inventedResult({ policies: ['pre-vista', 'vista', 'msdn'] });
    expect(say(document)).toMatch(
      /^Of 3 rule sets vista sends the fewest IPIs \(.*\) and pre-vista has the shortest p99/,
    );
  });

  it('says that equal policies cost the same, and what one alone costs', () => {
    const document = inventedResult({ policies: PAIR });
    const [first] = document.results;
    const equal = { ...document, results: [first, { ...first, policy: 'vista' }] };
    expect(say(equal)).toMatch(/^pre-vista and vista cost the same here: 189 IPIs per 1,000/);
    expect(say({ ...document, results: [first] })).toMatch(
      /^pre-vista sends 189 IPIs per 1,000 interrupts, and 99 of 100 DPCs wait at most/,
    );
  });
});

describe('policies in a sentence', () => {
  it('are found whole, the longest first, whatever they are made of', () => {
    expect(markPolicies('vista and pre-vista, not vistas', ['vista', 'pre-vista'])).toEqual([
      { policy: 0 },
      ' and ',
      { policy: 1 },
      ', not vistas',
    ]);
    expect(markPolicies('a (x) b', ['(x)', '.*'])).toEqual(['a ', { policy: 0 }, ' b']);
    expect(markPolicies('nothing', [''])).toEqual(['nothing']);
    expect(markPolicies('my 2 or my', ['my', 'my 2'])).toEqual([
      { policy: 1 },
      ' or ',
      { policy: 0 },
    ]);
  });
});

describe('the reasons', () => {
  it('are the decisions that differ between the two, with what came of them', () => {
    const document = inventedResult({ policies: ['nt52', 'pre-vista', 'vista'] });
    const reason = reasonsOf(document, 2)!;
    expect(plainRich(reason.summary, ['nt52', 'pre-vista', 'vista'])).toBe(
      'One decision of the rules makes the whole difference:',
    );
    expect(reason.situations).toHaveLength(1);
    expect(reason.situations[0].head).toBe('High DPCs for busy processors');
    expect(plainRich(reason.situations[0].text, ['nt52', '', 'vista'])).toMatch(
      /^nt52 asks \([\d,]+\sIPIs.*\); vista lets them wait/,
    );
  });

  it('are none where the two decide alike, or where nothing was counted', () => {
    const document = inventedResult({ policies: PAIR });
    const [first] = document.results;
    const { policies } = document.scenario;
    const alike = {
      ...document,
      scenario: { ...document.scenario, policies: [policies[0], { ...policies[0], name: 'b' }] },
      results: [first, { ...first, policy: 'b' }],
    };
    expect(reasonsOf(alike, 1)!.situations).toEqual([]);
    const uncounted = document.results.map((result) => ({ ...result, decisions: null }));
    expect(reasonsOf({ ...document, results: uncounted }, 1)).toBeNull();
  });
});

describe('the answer to a scenario that says what it is about', () => {
  const document = inventedResult({ policies: PAIR });
  const figure = (verdict: 'higher' | 'same', name: string, source: string) => ({
    figure: name,
    from: { policy: 'pre-vista', source, value: 10_000 },
    to: { policy: 'vista', source: 'nvme', value: 146_000 },
    comparison: {
      first: 10_000,
      other: 146_000,
      difference: 136_000,
      differenceInterval: { low: 130_000, high: 142_000 },
      ratio: 14.6,
      ratioInterval: { low: 14, high: 15.2 },
      verdict,
    },
  });
  const focus = { sources: ['nvme'], against: [], latencies: ['dpcWait' as const] };
  const sentences = [`nvme's p99 DPC latency goes up; ${'long '.repeat(30)}.`];
  const answered = (isGuess: boolean, figures: AnswerFigure[]): ResultDocument => ({
    ...document,
    answer: {
      focus: { ...focus, statistic: 'p99Ns', counters: ['ipis'] },
      isGuess,
      figures,
      sentences,
    },
  });
  const figures = [
    figure('same', 'ipis', 'nvme'),
    figure('higher', 'dpcWait.p99Ns', 'nvme'),
    figure('higher', 'isrWait.p99Ns', 'other'),
  ];

  it('is the headline, cut where it grows too long, and the first figures', () => {
    const [section] = buildReportModel([answered(false, figures)]).sections;
    expect(plainRich(section.headline, PAIR)).toBe("nvme's p99 DPC latency goes up.");
    expect(section.answer.map((rich) => plainRich(rich, PAIR))).toEqual([
      `Long ${'long '.repeat(29)}.`,
    ]);
    const [first, second, ...machine] = section.tiles[0];
    expect(first).toEqual({
      label: 'p99 DPC latency:',
      subject: 'nvme',
      values: [
        { policy: 0, text: '10' },
        { policy: 1, text: '146 µs' },
      ],
      detail: '15 times as long (14 to 15)',
    });
    // Two sources under one policy wear no policy's colour.
    expect(second.label).toBe('p99 ISR wait under vista: other against');
    expect(second.values.map(({ policy }) => policy)).toEqual([null, null]);
    expect(machine.map(({ label }) => label)).toContain('IPIs per 1,000 interrupts');
  });

  it.each([
    ['ipis', 'IPIs:'],
    ['dpcs', 'DPCs:'],
    ['isrs', 'ISRs:'],
    ['localRequests', 'Local requests:'],
    ['interruptToDpc.meanNs', 'mean Interrupt to DPC:'],
  ])('calls %s what it is: %s', (name, label) => {
    const [tile] = answerTiles(answered(false, [figure('higher', name, 'nvme')]), 1);
    expect(tile.label).toBe(label);
    const isLatency = name.includes('.');
    expect(tile.values[0].text).toBe(isLatency ? '10' : '10,000');
    expect(tile.detail).toBe(`15 times as ${isLatency ? 'long' : 'many'} (14 to 15)`);
  });

  it('has no figures where there is none, or none under the policy that is shown', () => {
    const one = answered(false, [figure('higher', 'ipis', 'nvme')]);
    expect(answerTiles({ ...one, answer: null }, 1)).toEqual([]);
    expect(answerTiles(answered(true, figures), 1)).toEqual([]);
    expect(answerTiles(one, null)).toEqual([]);
    expect(answerTiles(one, 1)).toHaveLength(1);
  });

  it('stands below the headline where it is about several sources', () => {
    const document = answered(false, figures);
    const focus = { ...document.answer!.focus, sources: ['nvme', 'other', 'third'] };
    const sentences = ['One goes up.', 'vista is like another.'];
    const several = { ...document.answer!, focus, sentences };
    const [section] = buildReportModel([{ ...document, answer: several }]).sections;
    expect(plainRich(section.headline, PAIR)).toContain('fewer IPIs than pre-vista');
    expect(section.answer).toEqual([['One goes up.'], [{ policy: 1 }, ' is like another.']]);
  });

  it.each([
    [150, 'one is so; the other too', []],
    [151, 'one is so.', ['The other too']],
  ])('is cut where it turns to its next figure, if it has %d characters', (length, head, rest) => {
    const document = answered(false, figures);
    const padding = 'x'.repeat(length - 'one is so; the other too'.length);
    const linesOf = (...sentences: string[]): string[] => {
      const focus = { ...document.answer!.focus, against: ['other'] };
      const answer = { ...document.answer!, focus, sentences };
      const [section] = buildReportModel([{ ...document, answer }]).sections;
      return [section.headline, ...section.answer].map((rich) => plainRich(rich, PAIR));
    };
    expect(linesOf(`${padding}one is so; the other too`)).toEqual([`${padding}${head}`, ...rest]);
    // What has one figure alone stays whole, and so does what does not stand first.
    const whole = `${padding}one is so, the other too`;
    expect(linesOf(whole)).toEqual([whole]);
    const later = `${padding}${padding}a; b`;
    expect(linesOf('First; second.', later)).toEqual(['First; second.', later]);
  });

  it('gives way where the focus was a guess', () => {
    const [section] = buildReportModel([answered(true, figures)]).sections;
    expect(plainRich(section.headline, PAIR)).toContain('fewer IPIs than pre-vista');
    expect(section.tiles[0][0].label).toBe('IPIs per 1,000 interrupts');
  });

  it('names other clauses of the rules where no decision differs', () => {
    const { policies } = document.scenario;
    const insert = { ...policies[0].insert, high: 'tail' as const };
    const [first] = document.results;
    const tail = {
      ...document,
      scenario: {
        ...document.scenario,
        policies: [policies[0], { ...policies[0], name: 'b', insert }],
      },
      results: [first, { ...first, policy: 'b' }],
    };
    const { situations } = reasonsOf(tail, 1)!;
    expect(situations.map(({ head, text }) => [head, plainRich(text, ['a', 'b'])])).toEqual([
      ['High DPCs join the queue', 'a at the head; b at the tail.'],
    ]);
  });
});

describe('three rule sets that send as many IPIs', () => {
  it.each([
    [0, 'None of 3 rule sets sends an IPI; vista has the shortest p99 DPC latency ('],
    [500, 'All 3 rule sets send 12.5 IPIs per 1,000 interrupts; vista has the shortest p99'],
  ])('are told apart by their waits: %i', (ipis, start) => {
    const document = inventedResult({ policies: ['pre-vista', 'vista', 'msdn'] });
    const results = document.results.map((result, i) => {
      const { dpcWait } = result.latency;
      return {
        ...result,
        counters: { ...result.counters, arrivals: 40_000, ipis },
        latency: { ...result.latency, dpcWait: { ...dpcWait, p99Ns: [30_000, 20_000, 25_000][i] } },
      };
    });
    expect(say({ ...document, results }).startsWith(start)).toBe(true);
  });
});

it('a tile says no range from a figure to itself', () => {
  const document = inventedResult({ policies: ['vista'] });
  const tileOf = (high: number): string => {
    const intervals = {
      perThousand: { ipis: { low: 5, high } },
      latency: { dpcWait: {} },
    } as never;
    const results = document.results.map((result) => ({ ...result, intervals }));
    return tilesOf({ ...document, answer: null, results }, null)[0].detail;
  };
  expect([tileOf(6), tileOf(5)]).toEqual(['5 to 6', '']);
});

describe('a change', () => {
  const figure = { figure: 'ipis', first: 1, other: 1, difference: 0, differenceInterval: null };
  it.each([
    ['indistinguishable', 1.001, 0.997, 1.006, 'not distinguishable (−0.3 to 0.6)'],
    ['indistinguishable', 1.004, 0.996, 1.012, 'not distinguishable (0 to 1)'],
    ['higher', 14.4, 13.6, 15.4, '14 times as long (14 to 15)'],
    ['higher', 2127.3, 1861.2, 2473.4, '2,130 times as long (1,860 to 2,470)'],
  ] as const)('that is %s, %d times (%d to %d): %s', (verdict, ratio, low, high, text) => {
    const compared = { ...figure, verdict, ratio, ratioInterval: { low, high } };
    expect(changeOf(compared).text).toBe(text);
  });
});
