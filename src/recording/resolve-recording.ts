import { basename, resolve } from 'node:path';
import type { RecordedArrivals } from '../scenario/scenario.js';
import type { Recording } from './recording.js';
import { inputError } from '../errors.js';
import { formatCount } from '../units.js';
import { readable } from './read-lines.js';
import { readRecording } from './read-recording.js';
import { MAX_FILE_BYTES } from './recording-format.js';
import { countArrivals, MAX_RECORDED_ARRIVALS, recordedArrivals } from './recording.js';
import { readWholeFile } from './read-whole-file.js';

/**
 * Resolves what a scenario writes as `arrivals: { recording, stream }`. Paths are relative to
 * `folder`, where the scenario file lies; each recording is read once and named to `onFile`.
 *
 * The returned function throws InputError if the file is no sound recording or has no such stream,
 * and when all recordings, or all sources, together hold more arrivals than one recording may.
 */
export function recordingResolver(
  folder: string,
  onFile: (file: string) => void = () => undefined,
): (path: string, stream: string | null) => RecordedArrivals {
  const read = new Map<string, Recording>();
  const inFiles = new Allowance('the recordings');
  const inSources = new Allowance('the sources');
  return (path, stream) => {
    const file = resolve(folder, path);
    let recording = read.get(file);
    if (recording === undefined) {
      recording = readFileNow(file);
      inFiles.take(countArrivals(recording));
      onFile(file);
      read.set(file, recording);
    }
    const arrivals = recordedArrivals(recording, stream);
    inSources.take(arrivals.atNs.length);
    return arrivals;
  };
}

/** Arrivals that a scenario may still hold. */
class Allowance {
  private left = MAX_RECORDED_ARRIVALS;

  constructor(private readonly owners: string) {}

  take(arrivals: number): void {
    this.left -= arrivals;
    if (this.left >= 0) return;
    throw inputError(
      `${this.owners} of the scenario together hold more than ` +
        `${formatCount(MAX_RECORDED_ARRIVALS)} arrivals`,
      'record a shorter time',
    );
  }
}

function readFileNow(file: string): Recording {
  let bytes: Uint8Array;
  try {
    bytes = readWholeFile(file, MAX_FILE_BYTES);
  } catch (error) {
    throw readable(error, file);
  }
  return readRecording(bytes, basename(file));
}
