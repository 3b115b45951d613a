import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { RecordedArrivals } from '../scenario/scenario.js';
import type { Recording } from './recording.js';
import { readable } from './read-lines.js';
import { readRecording, refuseLength } from './read-recording.js';
import { recordedArrivals } from './recording.js';

/**
 * Resolves what a scenario writes as `arrivals: { recording, stream }`. Paths are relative to
 * `folder`, where the scenario file lies; each recording is read once and
 * named to `onFile`. The returned function throws
 * InputError if the file is no sound recording or has no such stream.
 */
export function recordingResolver(
  folder: string,
  onFile: (file: string) => void = () => undefined,
): (path: string, stream: string | null) => RecordedArrivals {
  const read = new Map<string, Recording>();
  return (path, stream) => {
    const file = resolve(folder, path);
    let recording = read.get(file);
    if (recording === undefined) {
      recording = readFileNow(file);
      onFile(file);
      read.set(file, recording);
    }
    return recordedArrivals(recording, stream);
  };
}

function readFileNow(file: string): Recording {
  let bytes: Uint8Array;
  try {
    refuseLength(file, statSync(file).size);
    bytes = readFileSync(file);
  } catch (error) {
    throw readable(error, file);
  }
  return readRecording(bytes, basename(file));
}
