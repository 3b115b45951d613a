import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { importRecording } from '../src/recording/import-recording.js';
import type { ImportedRecording } from '../src/recording/import-recording.js';
import { perSecond } from './bench-case.js';
import type { BenchCase } from './bench-case.js';

/** A second of a web server's interrupts, as perf printed them. */
const RECORDING = 'test/fixtures/recordings/http-loopback-end.perf-script.txt.gz';

/** Import of a real recording, written many times over into a file of plain text. */
export function importCase(root: string, folder: string, megabytes: number): BenchCase {
  const path = join(folder, `recording-${megabytes}.txt`);
  return {
    subject: 'import',
    variant: 'perf script',
    unit: 'MB/s',
    resultKey: `import ${megabytes}`,
    prepare() {
      if (!existsSync(path)) {
        mkdirSync(folder, { recursive: true });
        writeRepeated(path, gunzipSync(readFileSync(join(root, RECORDING))), megabytes * 1e6);
      }
      const { size } = statSync(path);
      let imported: ImportedRecording;
      return {
        async run() {
          imported = await importRecording(path);
        },
        finish: (ms) => ({ value: perSecond(size / 1e6, ms), hash: hashImport(imported) }),
      };
    },
  };
}

/**
 * Copies until there are so many bytes, each with its time stamps after those of the copy before.
 */
function writeRepeated(path: string, recording: Buffer, bytes: number): void {
  const text = recording.toString('latin1');
  const stamp = /(\] +)(\d+)(?=\.\d{9}: )/g;
  const seconds = Array.from(text.matchAll(stamp), (match) => Number(match[2]));
  const spanSeconds = seconds[seconds.length - 1] - seconds[0] + 1;
  const unfinished = `${path}.part`;
  const file = openSync(unfinished, 'w');
  let written = 0;
  for (let copy = 0; written < bytes; copy++) {
    const later = text.replace(
      stamp,
      (_, before: string, whole: string) => `${before}${Number(whole) + copy * spanSeconds}`,
    );
    written += writeSync(file, later, null, 'latin1');
  }
  closeSync(file);
  renameSync(unfinished, path);
}

function hashImport({ recording, report }: ImportedRecording): string {
  const hash = createHash('sha256').update(JSON.stringify([recording.meta, report]));
  for (const stream of recording.streams) {
    hash.update(`${stream.name} ${stream.kind}`);
    const { atNs, processor, isrNs, serviceNs, latencyNs } = stream;
    for (const column of [atNs, processor, isrNs, serviceNs, latencyNs]) hash.update(column);
  }
  return hash.digest('hex');
}
