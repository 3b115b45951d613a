import { expect, test } from 'vitest';
import { wordsAt } from '../../reports/play/pointed-mark.js';
import { drawTimelineStrip } from '../../src/report/draw-timeline.js';
import { timelineOf } from '../../src/run/look-at.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Span } from '../../src/timeline/spans.js';

const SCENARIO = `
machine: { processors: 2 }
sources:
  - name: nic
    irql: 5
    processor: 0
    isr: 2us
    arrivals: { at: [10us] }
    dpc: { importance: high, target: 1, service: 4us }
policies: [vista]
until: { time: 100us }
`;

test('what is pointed at is said: a mark by its height, what waits under its lane', async () => {
  const window = { fromNs: 0, toNs: 60_000 };
  const timeline = await timelineOf(parseScenario(SCENARIO, 'x.yaml'), window, {});
  const lanes = [0, 1];
  const strip = drawTimelineStrip(timeline, { window, widthPx: 600, lanes, zeroNs: 0 });
  // Marks that look alike are one path.
  expect(strip.body.match(/<path class="tl-isr"/g)!.length).toBe(1);
  expect(strip.body).not.toContain('<rect');
  const places = Array.from({ length: strip.heightPx }, (_, y) => strip.laneAt(y));
  const heights = (processor: number): (number | null)[] => [
    ...new Set(places.flatMap((place) => (place?.processor === processor ? [place.irql] : []))),
  ];
  // From the top down: the IRQLs that occur, and room for the waits.
  expect(heights(0)).toEqual([5, 2, 0, null]);
  expect(heights(1)).toEqual(heights(0));
  const spanOf = (kind: Span['kind']): Span => timeline.spans.find((span) => span.kind === kind)!;
  const said = (processor: number, irql: number | null, ns: number): string =>
    wordsAt(timeline, { processor, irql }, ns);
  const isr = spanOf('isr');
  expect(said(0, 5, isr.startNs + 1)).toMatch(/^ISR of nic \(R7\), /);
  expect(said(0, 0, isr.startNs + 1)).toMatch(/^ISR of nic/);
  expect(said(0, 5, isr.endNs + 50)).toBe('');
  const routine = spanOf('routine');
  expect(said(1, 2, routine.startNs + 1)).toContain('routine of nic (R13)');
  expect(said(1, 5, routine.startNs + 1)).toBe('');
  expect(said(1, null, routine.startNs - 1)).toMatch(/^nic waits on the queue, /);
  expect(said(0, null, routine.startNs - 1)).toBe('');
});
