import { basename, dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { DEFAULT_POLICY_NAMES, PRESET_NAMES, PRESETS } from '../policy/presets.js';
import type { ImportReport } from '../recording/import-report.js';
import type { Recording } from '../recording/recording.js';
import type { StampedEnd } from '../recording/routine-spans.js';
import type { Scenario } from '../scenario/scenario.js';
import type { Setting } from '../scenario/setting.js';
import type { Console } from './console.js';
import { CommandInterrupted } from './exit-code.js';
import { loadKind } from './kind-of-file.js';

const EXAMPLE = 'http-loopback-2cpu.dpcrec';

export interface RecordingFlags {
  quiet?: boolean;
  stamp?: StampedEnd;
}

/** Opens a recording of either kind, imports it if need be and says what the import left out. */
export async function openRecordingFile(
  path: string,
  { quiet, stamp }: RecordingFlags,
  console: Console,
): Promise<{ recording: Recording; report: ImportReport | null }> {
  const { openRecording } = await import('../recording/import-recording.js');
  const opened = await console.listening(async (interrupted) => {
    const reading = await loadKind('recording', path, () =>
      openRecording(path, { stamp, onProgress: () => !interrupted.aborted }),
    );
    if (interrupted.aborted) throw new CommandInterrupted();
    return reading;
  });
  if (opened.report !== null && quiet !== true) {
    const { formatImportReport } = await import('../recording/import-report.js');
    console.err(`${formatImportReport(opened.report).join('\n')}\n\n`);
  }
  return opened;
}

/** The scenario that replays a recording under every policy that ships. */
export async function openForReplay(
  path: string,
  flags: RecordingFlags,
  console: Console,
  set: readonly string[] = [],
): Promise<Scenario> {
  const { parseSetting } = await import('../scenario/setting.js');
  const settings = set.map((text) => parseSetting(text));
  const { recording } = await openRecordingFile(path, flags, console);
  return scenarioOf(recording, basename(path), PRESET_NAMES, settings);
}

/** The recording that ships, under the policies of the default comparison. */
export async function replayExample(): Promise<Scenario> {
  const { readRecordingFile } = await import('../recording/read-recording.js');
  const root = dirname(createRequire(import.meta.url).resolve('dpcbench/package.json'));
  const recording = await readRecordingFile(join(root, 'examples', 'recordings', EXAMPLE));
  return scenarioOf(recording, EXAMPLE, DEFAULT_POLICY_NAMES);
}

async function scenarioOf(
  recording: Recording,
  name: string,
  policyNames: readonly string[],
  settings: readonly Setting[] = [],
): Promise<Scenario> {
  const { replayScenario } = await import('../recording/replay.js');
  const policies = PRESETS.filter((preset) => policyNames.includes(preset.name));
  return replayScenario(recording, name, { policies, settings });
}
