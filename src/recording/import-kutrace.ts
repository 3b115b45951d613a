import { gunzipSync } from 'node:zlib';
import { assembledRecording, type ImportedRecording } from './assembled-recording.js';
import { eventsOf, KUTRACE_STEP_NS, kutraceRows } from './kutrace-json.js';
import { readable } from './read-lines.js';
import { readWholeFile } from './read-whole-file.js';
import { groupByProcessor } from './routine-spans.js';
import { TraceAssembler } from './trace-assembler.js';
import { emptyEvent, knownIndex } from './trace-event.js';

/** A trace of some seconds is some tens of MB. */
const MOST_BYTES = 256 * 2 ** 20;

/** Imports the JSON that KUtrace makes of a trace. Throws InputError as `importRecording` does. */
export function importKutrace(path: string): ImportedRecording {
  const { text, gzip } = readText(path);
  const { rows, odd } = kutraceRows(text, path);
  const placed = rows.filter(({ processor }) => processor >= 0);
  const assembler = new TraceAssembler();
  const events = [...groupByProcessor(placed).values()].flatMap((own) =>
    eventsOf(own, (name) => assembler.skip(name)),
  );
  events.sort((a, b) => a.atNs - b.atNs);
  const event = emptyEvent();
  event.stampDecimals = 9 - Math.log10(KUTRACE_STEP_NS);
  for (const { atNs, processor, pid, name, detail } of events) {
    event.seconds = Math.floor(atNs / 1e9);
    event.nanoseconds = atNs % 1e9;
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
    size: { textBytes: text.length, gzip },
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

function readText(path: string): { text: string; gzip: boolean } {
  try {
    const bytes = readWholeFile(path, MOST_BYTES);
    const gzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const unpacked = gzip ? gunzipSync(bytes, { maxOutputLength: MOST_BYTES }) : bytes;
    return { text: new TextDecoder().decode(unpacked), gzip };
  } catch (error) {
    throw readable(error, path);
  }
}
