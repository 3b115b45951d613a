import { describe, it } from 'vitest';
import { pointsCsv, pointsNdjson } from '../../src/export/points.js';
import { formatSweep } from '../../src/export/sweep-table.js';
import { renderSweep } from '../../src/report/render-sweep.js';
import type { SweepDocument, SweepPoint } from '../../src/result/sweep-document.js';
import { type InventedSweep, inventedSweep } from '../fixtures/results/invented-sweep.js';
import { expectGoldenPart, hashOf } from './golden-file.js';

const ONE = ['vista'];
const FOUR = ['pre-vista', 'vista', 'msdn', 'nt52'];

/** Figures by the place of their point, without intervals. */
function withFigures(of: (place: number, count: number) => (number | null)[]) {
  return (sweep: SweepDocument): void => {
    const { points } = sweep;
    points.forEach((point, place) => {
      point.figures = of(place, points.length).map((value) => ({ value, low: null, high: null }));
    });
  };
}

/** All on the front: what is lower in one figure is higher in the other. */
const trading = withFigures((place, count) => [100 + place, 1e6 * (count - place)]);

/** Each is beaten by all that come before it. */
const worse = withFigures((place) => [1 + place, 1 + place]);

const ODD: Record<string, [InventedSweep, (sweep: SweepDocument) => void]> = {
  'a front that is not folded': [{ params: ['a=1..12'], policies: ONE }, trading],
  'a front that is folded': [{ params: ['a=1..13'], policies: ONE }, trading],
  'a front with numbers': [{ params: ['a=1..24'], policies: ONE }, trading],
  'a front without': [{ params: ['a=1..25'], policies: ONE }, trading],
  'figures up to eight times as large': [
    { params: ['a=1..4', 'b=1,2'], policies: ONE },
    withFigures((place) => [1 + place, 8 - place]),
  ],
  'figures more than that': [
    { params: ['a=1..4', 'b=1,2'], policies: ONE },
    withFigures((place) => [1 + 1.1 * place, 9 - place]),
  ],
  'figures from nothing to much': [
    { params: ['a=1..4', 'b=1,2'], policies: ONE },
    withFigures((place) => [100 * place, 70 - 10 * place]),
  ],
  'values in no order': [{ params: ['a=40,10,30,20'], policies: FOUR }, () => {}],
  'as many rows as a table has': [{ params: ['a=1..2000'], policies: ONE }, worse],
  'one row more': [{ params: ['a=1..2001'], policies: ONE }, worse],
  'more points behind the front than are drawn': [
    { params: ['a=1..2001', 'b=1,2'], policies: ONE },
    worse,
  ],
  'figures of nothing': [{ params: ['a=1..3', 'b=1,2'] }, withFigures(() => [0, 0])],
  'figures that are not known': [
    { params: ['a=1..3'] },
    withFigures((place) => [place, place === 2 ? 7 : null]),
  ],
  'no figure at all': [{ params: ['a=1..3'] }, withFigures(() => [null, null])],
  'one figure with an end of its interval alone': [
    { params: ['a=1..3'], policies: FOUR },
    ({ points }) => {
      points.forEach(({ figures }, i) => {
        if (i % 2 === 0) figures[0].low = null;
        if (i % 3 === 0) figures[1].high = null;
        if (i === 4) figures[0].value = 0;
      });
    },
  ],
  'points at one place': [
    { params: ['a=1..3'], policies: FOUR },
    withFigures((place) => [5 + (place % 2), 5 - (place % 2)]),
  ],
  'choices that are no scenarios': [
    { params: ['a=1..3', 'b=1,2'], policies: ONE },
    ({ points }) => {
      for (const point of points.slice(0, 2)) {
        Object.assign(point, { problem: 'a is <not> this', figures: [], report: '' });
      }
      points[3].note = 'not settled; raise --interrupts 10M or so';
      points[4].note = points[3].note;
    },
  ],
  'nothing varied': [{ params: ['a=5'], policies: FOUR }, () => {}],
  'long words': [
    {
      params: ['a.b.importance=a-word-that-is-far-too-long-for-an-axis,low', 'c=1,2,3'],
      policies: ['a-policy-with-a-name-that-goes-on-and-on', ...FOUR],
    },
    trading,
  ],
  'as many charts as are drawn': [
    { params: ['a=1..4', 'b=1..3', 'c=1..4'], policies: ONE },
    trading,
  ],
  'more charts than that': [{ params: ['a=1..5', 'b=1..5', 'c=1..3'], policies: ONE }, trading],
  'more policies than marks': [
    { params: ['a=1..2'], policies: Array.from({ length: 11 }, (_, i) => `p${i}`) },
    trading,
  ],
  'rates, and names of latencies': [
    { params: ['a=1..2'] },
    (sweep) => {
      sweep.figures[0] = { name: 'rescuesPerThousand', unit: 'count' };
      sweep.figures[1] = { name: 'sources.nic.isrWait.p99.9', unit: 'ns' };
      sweep.question = 'Which <one>?';
    },
  ],
  'a sample': [{ params: ['a=1..1000', 'b=1us..100ms:50us'], sample: 25 }, () => {}],
};

describe('a sweep with something odd in it is told as before, everywhere:', () => {
  it.each(Object.keys(ODD))('%s', (name) => {
    const [invention, edit] = ODD[name];
    const sweep = inventedSweep(invention);
    for (const point of sweep.points as SweepPoint[]) point.report = '';
    edit(sweep);
    const page = renderSweep(sweep, () => 'HASH');
    const parts = page
      .split(/(?=<h1>|<h2>|<figure|<div class="front-chart|<details|<div class="scroll)/)
      .slice(1)
      .map((part) => {
        const text = part.replace(/<title>[^<]*<\/title>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
        return `${text.trim().slice(0, 90)} [${part.length} characters: ${hashOf(part)}]`;
      });
    const points = `points: ${hashOf(pointsCsv(sweep))} ${hashOf(pointsNdjson(sweep))}`;
    const told = `${formatSweep(sweep)}----\n${parts.join('\n')}\n${points}\n\n`;
    expectGoldenPart('pages/odd-sweeps.txt', name, told);
  });
});
