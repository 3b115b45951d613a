import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { shippedKernel } from '../../src/disk/shipped-kernel.js';
import { motionAround, type SlowMotion, slowMotionOf } from '../../src/play/slow-motion.js';
import { drawLanes } from '../../src/report/draw-lanes.js';
import { drawTimeline, drawTimelineStrip } from '../../src/report/draw-timeline.js';
import { parseScenario } from '../../src/scenario/parse.js';
import type { Window } from '../../src/timeline/timeline.js';
import { expectGolden, hashOf, shownFile } from './golden-file.js';

function motionOf(file: string, policyIndex: number, window: Window): SlowMotion {
  const text = readFileSync(join(import.meta.dirname, 'transcripts', file), 'utf8');
  const limits = { untilTimeNs: 2_500_000, untilInterrupts: null, warmupNs: 0 };
  const shard = { policyIndex, shardIndex: 0, seed: 5, ...limits };
  return slowMotionOf(parseScenario(text, file), shard, {
    kernel: shippedKernel('debug'),
    window,
  });
}

const CASES: Record<string, [file: string, policyIndex: number, window: Window]> = {
  // A millisecond with its tick, in which everything of the scenario happens.
  mixed: ['mixed.yaml', 0, { fromNs: 900_000, toNs: 2_100_000 }],
  'mixed, at once': ['mixed.yaml', 1, { fromNs: 1_000_000, toNs: 1_000_000 }],
  'mixed, from the start': ['mixed.yaml', 2, { fromNs: 0, toNs: 300_000 }],
  // Too much for its paper.
  crowd: ['crowd.yaml', 0, { fromNs: 100_000, toNs: 1_100_000 }],
};

describe('a stretch of a machine, as before, is', () => {
  it.each(Object.keys(CASES))('drawn and told: %s', (name) => {
    const motion = motionOf(...CASES[name]);
    const { busy, steps, timeline } = motion;
    const { fromNs, toNs } = timeline.window;
    const middleNs = (fromNs + toNs) / 2;
    const window = { fromNs: fromNs + 0.2 * (toNs - fromNs), toNs: middleNs };
    const marked = { processor: busy[0], ...window, label: 'a & b' };
    const notes = ['A sentence that is too long for one line of a picture of this width.', ''];
    const narrow = { title: name, notes, zeroNs: middleNs, widthPx: 300 };
    const lanes = [...busy].reverse().slice(0, 3);
    const strip = { zeroNs: fromNs, window, widthPx: 640 };
    const part = { summary: '<', zeroNs: fromNs, lanes, marked };
    const told: [string, unknown][] = [
      ['steps', steps.map(({ p, rule, t, text, to }) => `${t} ${p} ${to} ${rule} ${text}`)],
      ['around the last', motionAround(motion, 99).steps.length],
      ['spans and arrows', [timeline.spans, timeline.arrows]],
      ['whole', drawTimeline(timeline, { title: name, notes: [], zeroNs: 0 })],
      ['narrow', drawTimeline(timeline, { ...narrow, window, marked })],
      ['of nothing', drawTimeline(timeline, { ...narrow, lanes: [] })],
      ['strip', drawTimelineStrip(timeline, { ...strip, marked, lanes })],
      ['strip of one lane', drawTimelineStrip(timeline, { ...strip, lanes: busy.slice(0, 1) })],
      ...[1_000, 20_000, 1_000_000].map((mostCharacters): [string, unknown] => [
        `lanes of ${mostCharacters} characters`,
        drawLanes(timeline, { ...part, mostCharacters }),
      ]),
    ];
    const lines = told.map(([what, value]) => {
      if (typeof value === 'number') return `${what}: ${value}`;
      const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1);
      if (what === 'whole') return `${what}:\n${shownFile(text)}`;
      return `${what}: ${text.length} characters: ${hashOf(text)}`;
    });
    expectGolden(`pages/${name.replaceAll(/\W+/g, '-')}.drawn.txt`, `${lines.join('\n')}\n`);
  });
});
