import { describe, it } from 'vitest';
import { eventsOf, type KutraceRow } from '../../src/recording/kutrace-json.js';
import { RoutineEvents } from '../../src/recording/routine-events.js';
import {
  findStampedEnd,
  placeRoutines,
  placesByProcessor,
  RoutineSpans,
} from '../../src/recording/routine-spans.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';

/** Routines and switches on a few processors, close to each other and to the step of stamps. */
function drawnSpans(pick: Pick): RoutineSpans {
  const spans = new RoutineSpans();
  const clocks = [0, 0, 0];
  const names = ['a', 'b'].map((name) => spans.nameIndex(name));
  for (let i = pick.of(0, 1, 6, 12, 12); i > 0; i--) {
    const processor = pick.of(0, 0, 1, 2);
    clocks[processor] += pick.of(0, 0, 1, 5, 10, 20);
    const stampNs = pick.of(clocks[processor], clocks[processor] + 3);
    if (pick.of(0, 0, 0, 1) === 1) {
      spans.addSwitch({ processor, atNs: stampNs, isIdle: pick.flip() });
      continue;
    }
    const kind = pick.of('dpc', 'dpc', 'isr' as const);
    const durationNs = pick.of(0, 1, 2, 5, 5, 12, 30);
    const isExclusive = pick.of(0, 0, 1) === 1;
    spans.add({ kind, processor, stampNs, durationNs, name: pick.of(...names), isExclusive });
  }
  return spans;
}

function placedText(spans: RoutineSpans, end: 'entry' | 'exit', stepNs: number): string {
  const placed = placeRoutines(spans, end, stepNs);
  const orders = [...placed.order].map(([processor, order]) => `${processor}: ${order.join()}`);
  const extents = Array.from(placed.entryNs, (ns, i) => `${ns}-${placed.exitNs[i]}`);
  const events: string[] = [];
  const stream = new RoutineEvents(spans, placed);
  for (; !stream.isOver && events.length < 99; stream.next()) {
    events.push(`${stream.kind[0]}${stream.kind[1]}${stream.place}@${stream.atNs}`);
  }
  return [
    `${end} ${placed.overlaps} overlap`,
    orders.join('; '),
    extents.join(' '),
    events.join(' '),
  ].join(' | ');
}

describe('as before are', () => {
  it('routines in their places, and what tells which end their stamps are', () => {
    const told = Array.from({ length: 120 }, (_, seed) => {
      const pick = new Pick(seed);
      const spans = drawnSpans(pick);
      const stepNs = pick.of(1, 1, 3);
      const { routines: r } = spans;
      const written = Array.from({ length: r.length }, (__, i) =>
        [r.isIsr[i] === 1 ? 'i' : 'd', r.processor[i], r.atNs[i], r.durationNs[i]].join(' '),
      );
      const { end, contradictions } = findStampedEnd(spans, stepNs);
      const groups = [...placesByProcessor(spans.switches)].map(
        ([of, at]) => `${of}: ${at.join()}`,
      );
      return [
        `${seed}: ${written.join(', ')}`,
        `  ${end} ${JSON.stringify(contradictions)}; switches ${groups.join('; ')}`,
        `  ${placedText(spans, 'entry', stepNs)}`,
        `  ${placedText(spans, 'exit', stepNs)}`,
      ].join('\n');
    });
    expectGolden('recordings/routines.txt', told.join('\n') + '\n');
  });

  it("events of KUtrace's rows, of bottom halves that interrupts cut", () => {
    const names: [number, string][] = [
      [0x5ff, 'BH:rx'],
      [0x5ff, 'BH:rx'],
      [0x5ff, 'BH:timer'],
      [0x500, 'local_timer_vector'],
      [0x5fe, 'page_fault'],
      [0x5f6, 'call_function_single_vector'],
      [0x5f5, 'call_function_vector'],
      [0x5f4, 'resched'],
      [0x5f3, 'irq_work'],
      [0x207, 'sendipi'],
      [0x206, 'mark'],
      [0x600, 'trap'],
      [0x4ff, 'fault'],
      [0x10000, 'idle'],
      [0x10007, 'a'],
      [0xffff, 'b'],
    ];
    const told = Array.from({ length: 60 }, (_, seed) => {
      const pick = new Pick(seed);
      let atNs = pick.of(0, 1e9);
      const rows = Array.from({ length: pick.of(1, 4, 9, 14) }, (): KutraceRow => {
        const durationNs = pick.of(10, 20, 50, 4, 5, 16);
        const [code, name] = pick.flip() ? pick.of(...names.slice(0, 5)) : pick.of(...names);
        const seconds = atNs / 1e9;
        atNs += durationNs + pick.of(0, 0, 0, 0, 1, 6, 10, 11);
        const durationSeconds = durationNs / 1e9;
        const pid = pick.of(0, 0, 7);
        const argument = pick.of(1, 3, 10);
        return { seconds, durationSeconds, processor: 2, pid, code, argument, name };
      });
      const skipped: string[] = [];
      const shuffled = pick.flip() ? rows.reverse() : rows;
      const events = eventsOf(shuffled, (name) => skipped.push(name)).map(
        ({ atNs: at, pid, name, detail }) => `  ${at} by ${pid} ${name} ${detail}`,
      );
      return [`${seed}: without ${skipped.join(', ')}`, ...events].join('\n');
    });
    expectGolden('recordings/kutrace-rows.txt', told.join('\n') + '\n');
  });
});
