import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatProcessor } from '../../src/export/processor.js';
import { drawTimeline } from '../../src/report/draw-timeline.js';
import { machineAt, timelineOf } from '../../src/run/look-at.js';
import { resolveScenario } from '../../src/scenario/parse.js';
import { runCli } from './run-cli.js';

const NONE = { busy: 0, idle: 0, passive: 0, dispatch: 0 };
const WRITTEN = {
  name: 'looked at',
  machine: {
    processors: 2,
    background: [NONE, { busy: '1ms', idle: '5us', passive: '100us', dispatch: '20us' }],
  },
  sources: [
    {
      name: 'nic',
      irql: 6,
      processor: 1,
      isr: '1us',
      arrivals: { at: ['30us', '40us'] },
      dpc: { importance: 'medium', target: 'current', objects: 'one', service: '20us' },
    },
    {
      name: 'disk',
      irql: 5,
      processor: 0,
      isr: '1us',
      arrivals: { at: ['34us'] },
      dpc: { importance: 'high', target: 1, service: '5us' },
    },
    {
      name: 'late',
      irql: 4,
      processor: 0,
      isr: '1us',
      arrivals: { at: ['60us'] },
      dpc: { importance: 'low', target: 1, service: '5us' },
    },
  ],
  policies: ['pre-vista'],
  until: { time: '200us' },
};
const scenario = resolveScenario(WRITTEN);

async function inspect(atNs: number, processor: number): Promise<string[]> {
  const state = await machineAt(scenario, atNs, {});
  return formatProcessor(scenario, state, processor, atNs).split('\n');
}

describe('a processor at an instant', () => {
  it('runs an ISR above a routine on the DPC stack, with two queued', async () => {
    // The thread runs at 7 µs. nic: ISR from 30, drain from 31.5, routine from 32. disk pays an
    // exit from the halt, queues at 37.5 and finds processor 1 draining.
    expect(await inspect(41_600, 1)).toEqual([
      'looked at under pre-vista, processor 1 after 41.6 µs',
      '',
      '!pcr',
      '  Irql                     2 (DISPATCH_LEVEL)',
      '  CurrentThread            a thread',
      '  NextThread               none',
      '  IdleHalt                 clear',
      '  DpcQueueDepth            2',
      '  MaximumDpcQueueDepth     4',
      '  DpcRequestRate           0 (low below 3, ideal 20)',
      '  Since the last tick      3 inserts, 1 DPCs',
      '  Drain rate               0',
      '  Maximum may rise         in 20 ticks',
      '  DpcRoutineActive         1',
      '  DpcInterruptRequested    1',
      '  DISPATCH interrupt waits 0',
      '  IPIs on their way        none',
      '  Interrupts that wait     none',
      '  DPC thread               waits, 0 queued',
      '',
      '!dpcs',
      '  list      importance  queued by  for        object',
      '  normal    High        0          4.10 µs    disk',
      '  normal    Medium      1          100 ns     nic',
      '',
      'k',
      '  nic!DpcRoutine                      since 9.60 µs',
      '  nt!KiRetireDpcList                  on the DPC stack, IRQL 2',
      '  nt!KiDispatchInterrupt              ',
      '  driver!Thread                       IRQL 0, since 34.6 µs',
      '',
    ]);
    expect((await inspect(40_500, 1)).slice(-7)).toEqual([
      'k',
      '  nic!InterruptService                IRQL 6, since 500 ns',
      '  nic!DpcRoutine                      since 8.50 µs',
      '  nt!KiRetireDpcList                  on the DPC stack, IRQL 2',
      '  nt!KiDispatchInterrupt              ',
      '  driver!Thread                       IRQL 0, since 33.5 µs',
      '',
    ]);
  });

  it('is a halted idle loop, or a thread that holds a spin lock', async () => {
    expect((await inspect(20_000, 0)).slice(-3, -1)).toEqual([
      'k',
      '  nt!KiIdleLoop                       halted',
    ]);
    const held = await inspect(170_000, 1);
    expect(held).toContain('  nt!KeAcquireSpinLockRaiseToDpc      held, IRQL 2');
    expect(held).toContain('  Irql                     2 (DISPATCH_LEVEL)');
  });

  it('is refused after the end of the run, and of several policies', async () => {
    await expect(machineAt(scenario, 300_000, {})).rejects.toThrow(/over after 200 µs/);
    const both = resolveScenario({ ...WRITTEN, policies: ['vista', 'msdn'] });
    await expect(machineAt(both, 1000, {})).rejects.toThrow(/has vista, msdn/);
    await expect(timelineOf(scenario, { fromNs: 5, toNs: 5 }, {})).rejects.toThrow(/not after/);
  });
});

describe('the picture of a window', () => {
  it('has an axis of time below its lanes, inside the picture', async () => {
    const timeline = await timelineOf(scenario, { fromNs: 28_000, toNs: 70_000 }, {});
    const svg = drawTimeline(timeline, { title: '', notes: [], zeroNs: 30_000 });
    const instants = svg.matchAll(
      /<text x="([\d.]+)" [^>]*text-anchor="(end|middle)">[\d.]+ [nµm]s/g,
    );
    for (const [, x, anchor] of instants) {
      expect(Number(x) + (anchor === 'end' ? 0 : 28)).toBeLessThanOrEqual(1100);
    }
    const height = Number(/viewBox="0 0 [\d.]+ ([\d.]+)"/.exec(svg)![1]);
    const lines = [...svg.matchAll(/class="tl-grid" d="M([\d.]+) [\d.]+V([\d.]+)"/g)];
    const labels = [
      ...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" class="tl-note" [^>]*>([^<]*)/g),
    ].filter(([, , , text]) => /^-?\d+( .s)?$/.test(text));
    expect(labels.length).toBe(lines.length);
    expect(labels.map(([, , , text]) => text)).toContain('0');
    labels.forEach(([, x, y], i) => {
      expect(x).toBe(lines[i][1]);
      expect(Number(y)).toBeGreaterThan(Number(lines[i][2]));
      expect(Number(y)).toBeLessThanOrEqual(height);
    });
  });

  it('has what happened in it, and no markup out of names', async () => {
    const hostile = resolveScenario({
      ...WRITTEN,
      sources: WRITTEN.sources.map((source) => ({ ...source, name: `<b>"${source.name}'&` })),
    });
    const timeline = await timelineOf(hostile, { fromNs: 28_000, toNs: 70_000 }, {});
    const svg = drawTimeline(timeline, { title: '<i>', notes: ['a & b'], zeroNs: 0 });
    expect(svg).not.toMatch(/<[bi]>/);
    expect(svg).toContain('routine of &lt;b&gt;&quot;nic&#39;&amp; (R13)');
    expect(svg).toContain('CPU 1');
    // Every element is closed: what is left after taking pairs away is nothing.
    let rest = svg.replace(/<[^<>]*\/>|[^<>]*(?=<)/g, '');
    for (let before = ''; before !== rest;) {
      before = rest;
      rest = rest.replace(/<([a-z]+)[^<>]*><\/\1>/g, '');
    }
    expect(rest.trim()).toBe('');
    expect(drawTimeline(timeline, { title: '<i>', notes: ['a & b'], zeroNs: 0 })).toBe(svg);
  });

  it('stays small, whatever the window holds', async () => {
    const [nic] = WRITTEN.sources;
    const crowded = resolveScenario({
      ...WRITTEN,
      sources: [{ ...nic, isr: 0, arrivals: { periodic: { period: '2us' } }, dpc: undefined }],
      until: { time: '40ms' },
    });
    const timeline = await timelineOf(crowded, { fromNs: 0, toNs: 40_000_000 }, {});
    expect(timeline.spans.length).toBeGreaterThan(20_000);
    const svg = drawTimeline(timeline, { title: 'crowded', notes: [], zeroNs: 0 });
    expect(svg.length).toBeLessThan(1_000_000);
  });
});

describe('dpcbench inspect and timeline', () => {
  let folder = '';
  let file = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'dpcbench-look-'));
    file = join(folder, 'looked-at.json');
    writeFileSync(file, JSON.stringify(WRITTEN));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('answer, and name what cannot be', async () => {
    const { code, out } = await runCli(['inspect', file, '--at', '41.6us', '--processor', '1']);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual(await inspect(41_600, 1));
    const none = await runCli(['inspect', file, '--at', '41.6us', '--processor', '2']);
    expect(none.code).toBe(2);
    expect(none.err).toContain('the machine has 2');
    const svg = join(folder, 'window.svg');
    const window = ['--from', '20us', '--to', '80us', '-o'];
    expect((await runCli(['timeline', file, ...window, svg])).code).toBe(0);
    expect(readFileSync(svg, 'utf8')).toContain('<svg xmlns=');
    expect((await runCli(['timeline', file, ...window, file])).code).toBe(2);
    expect((await runCli(['timeline', file, ...window, join(folder, 'no', 'x.svg')])).code).toBe(3);
  });
});
