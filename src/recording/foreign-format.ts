import { looksLikeCswitch } from './idle-shares.js';
import { TextDecoding } from './text-encoding.js';

/** A kind of file that recorders write and the importer does not read. */
interface ForeignFormat {
  /** What it is, and why it is not read. */
  noun: string;
  /** Tells it by the first bytes of the file, unpacked. */
  matches: (start: Uint8Array, text: string) => boolean;
  /** The way to a file that is read; `file` is the path as it was given. */
  wayOut: (file: string) => string;
}

/** How many bytes of a file are looked at. */
export const FOREIGN_BYTES = 4096;

const PERF_SCRIPT = 'perf script --ns -F comm,pid,cpu,time,event,trace';
/** On Windows; what it writes becomes a scenario, since it holds sums and no single events. */
const dpcReport = (file: string): string =>
  `make a report of it on Windows: xperf -i ${file} -o dpcisr.txt -a dpcisr`;

const FOREIGN: readonly ForeignFormat[] = [
  {
    noun: 'a perf.data file, not text',
    matches: (_, text) => text.startsWith('PERFILE2') || text.startsWith('PERFFILE'),
    wayOut: (file) => `make text of it: ${PERF_SCRIPT} -i ${file} > trace.txt`,
  },
  {
    noun: 'a trace.dat of trace-cmd, not text',
    matches: (_, text) => text.startsWith('\x17\x08Dtracing'),
    wayOut: (file) => `make text of it: trace-cmd report -t -i ${file} > trace.txt`,
  },
  {
    noun: 'a part of a CTF trace, as LTTng writes it, not text',
    matches: ([a, b, c, d], text) =>
      (a === 0xc1 && b === 0x1f && c === 0xfc && d === 0xc1) ||
      (a === 0x57 && b === 0x1d && c === 0xd1 && d === 0x75) ||
      text.startsWith('/* CTF 1'),
    wayOut: () => 'make text of its folder: babeltrace2 --clock-seconds FOLDER > trace.txt',
  },
  {
    noun: 'a Perfetto trace, not text',
    matches: isPerfetto,
    wayOut: (file) => `make text of it: traceconv systrace ${file} trace.txt`,
  },
  { noun: 'a Windows event trace (.etl), not text', matches: isEtl, wayOut: dpcReport },
  {
    noun: 'a CSV of tracerpt, which does not tell how long DPCs ran',
    // Windows XP has the identifier of the thread in the third column.
    matches: (_, text) => /^\s*"?Event Name"?,\s*"?Type"?,\s*"?(?:Event ID|TID)\b/.test(text),
    wayOut: () => dpcReport('trace.etl'),
  },
  {
    noun: 'a CSV of PerfView, which says nothing of processors unless asked',
    matches: (_, text) => /^Event Name.Time MSec.Process Name\b/.test(text),
    wayOut: () => 'save the events as XML: File, Save View as XML, in the window of events',
  },
  {
    noun: 'what "xperf -a cswitch" prints, idle shares and no DPCs',
    matches: (_, text) => looksLikeCswitch(text),
    wayOut: (file) => `give it beside a report: dpcbench import REPORT --cswitch ${file}`,
  },
  {
    noun: 'packed with zstd, xz or bzip2, not text',
    matches: ([a, b, c, d], text) =>
      (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) ||
      text.startsWith('\xfd7zXZ\0') ||
      /^BZh[1-9]1AY/.test(text),
    wayOut: () => 'unpack it; gzip is read as it is',
  },
  {
    noun: 'a ZIP archive, not text',
    matches: (_, text) => text.startsWith('PK\x03\x04'),
    wayOut: () => 'unpack it; gzip is read as it is',
  },
];

/**
 * What a file is that no importer reads, and the way to one that is read; null if the first bytes,
 * FOREIGN_BYTES of them, look like none of these.
 */
export function foreignFormat(
  start: Uint8Array,
  file: string,
): { noun: string; wayOut: string } | null {
  const text = new TextDecoding().decode(Buffer.from(start));
  const found = FOREIGN.find(({ matches }) => matches(start, text));
  return found === undefined ? null : { noun: found.noun, wayOut: found.wayOut(file) };
}

/** A folder that holds a CTF trace. */
export function ctfFolderWayOut(folder: string): string {
  return `make text of it: babeltrace2 --clock-seconds ${folder} > trace.txt`;
}

/** So many packets one after another are no accident. */
const PERFETTO_PACKETS = 3;

/** A protobuf message of packets, field 1, each with its length. */
function isPerfetto(start: Uint8Array): boolean {
  let at = 0;
  let packets = 0;
  while (packets < PERFETTO_PACKETS && at < start.length) {
    const next = packetEnd(start, at);
    if (next === null) return false;
    packets += 1;
    at = next;
  }
  // The last one may reach beyond what is looked at. Text may look so too, by its line feeds.
  const text = Buffer.from(start.subarray(0, at)).toString('latin1');
  return packets > 1 && !/^[\s\x20-\x7e]*$/.test(text);
}

/** Where the packet that begins at `from` ends, or null if none does. */
function packetEnd(start: Uint8Array, from: number): number | null {
  if (start[from] !== 0x0a) return null;
  let length = 0;
  for (let i = 0; i < 4; i++) {
    const byte = start[from + 1 + i];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (7 * i);
    if (byte >= 0x80) continue;
    // A packet begins with the key of a field: a varint's, a fixed word's or a length's.
    const isKey = [0, 1, 2, 5].includes(start[from + 2 + i] & 7);
    return length > 0 && isKey ? from + 2 + i + length : null;
  }
  return null;
}

/** A buffer's header of 72 bytes, then that of the trace: version 2, a system header, its mark. */
function isEtl(start: Uint8Array): boolean {
  if (start.length < 80) return false;
  const bufferBytes = start[0] + start[1] * 2 ** 8 + start[2] * 2 ** 16 + start[3] * 2 ** 24;
  return (
    bufferBytes >= 1024 &&
    bufferBytes % 1024 === 0 &&
    start[73] === 0 &&
    (start[74] === 1 || start[74] === 2) &&
    start[75] === 0xc0
  );
}
