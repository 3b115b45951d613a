import type { Console } from './console.js';
import { checkWritable, writeFileWhole } from './write-file.js';

/** Where an answer goes; `-` for `json` is standard output. */
export interface OutputFlags {
  json?: string;
  report?: string;
  quiet?: boolean;
}

/** Made when it is asked for. */
type Text = () => string | Promise<string>;

/** Refuses places that cannot be written before anything is simulated. */
export async function checkOutputs({ json, report }: OutputFlags): Promise<void> {
  if (json !== undefined && json !== '-') await checkWritable(json);
  if (report !== undefined) await checkWritable(report);
}

/** The answer: text on standard output, or JSON there and nothing else; JSON in a file if asked. */
export async function deliverAnswer(
  { json }: OutputFlags,
  console: Console,
  answer: { toJson: Text; toText: Text },
): Promise<void> {
  if (json === '-') {
    console.out(await answer.toJson());
    return;
  }
  if (json !== undefined) await writeFileWhole(json, await answer.toJson());
  console.out(await answer.toText());
}

/** The HTML report, if one is asked for. */
export async function deliverReport(
  { quiet, report }: OutputFlags,
  console: Console,
  toHtml: Text,
): Promise<void> {
  if (report === undefined) return;
  await writeFileWhole(report, await toHtml());
  if (quiet !== true) console.err(`Report: ${report}\n`);
}
