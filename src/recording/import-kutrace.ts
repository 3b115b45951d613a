import { assembledRecording, type ImportedRecording } from './assembled-recording.js';
import { eventsOf, KUTRACE_STEP_NS, kutraceRows } from './kutrace-json.js';
import { readUnpacked } from './read-unpacked.js';
import { TraceAssembler } from './trace-assembler.js';
import { emptyEvent, knownIndex } from './trace-event.js';

/** A trace of some seconds is some tens of MB. */
const MOST_BYTES = 256 * 2 ** 20;

/** Imports the JSON that KUtrace makes of a trace. Throws InputError as `importRecording` does. */
export function importKutrace(path: string): ImportedRecording {
  const { bytes, gzip } = readUnpacked(path, MOST_BYTES);
  const { rows, odd } = kutraceRows(new TextDecoder().decode(bytes), path);
  const placed = rows.filter(({ processor }) => processor >= 0);
  const assembler = new TraceAssembler();
  const events = [...groupByProcessor(placed).values()].flatMap((own) =>
    eventsOf(own, (name) => assembler.skip(name)),
  );
  events.sort((a, b) => a.atNs - b.atNs);
  const event = emptyEvent();
  event.stampDecimals = 9 - Math.log10(KUTRACE_STEP_NS);
  for (const { atNs, processor, pid, name, detail } of events) {
    event.nanoseconds = atNs;
    event.processor = processor;
    event.pid = pid;
    event.name = name;
    event.known = knownIndex(name);
    event.detail = detail;
    assembler.take(event);
  }
  const waits = rows.length - placed.length;
  return assembledRecording(assembler, {
    path,
    format: 'kutrace-json',
    size: { textBytes: bytes.length, gzip },
    processors: 0,
    lines: {
      read: rows.length + odd,
      events: placed.length,
      comments: waits,
      stackFrames: 0,
      lossMarkers: 0,
      malformed: odd,
    },
    malformedLines: [],
    lostEvents: 0,
    notes: [
      'lines are the rows of the JSON; those without a processor tell what threads wait for',
      'who raised a softirq is not in this file: each arrives when it begins, with an unknown ' +
        'latency',
    ],
  });
}

function groupByProcessor<T extends { processor: number }>(all: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const each of all) {
    const group = groups.get(each.processor);
    if (group === undefined) groups.set(each.processor, [each]);
    else group.push(each);
  }
  return groups;
}
