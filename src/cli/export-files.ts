import { basename, dirname, join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { type Command, InvalidArgumentError } from 'commander';
import { FILE_FORMATS, type ExportNames, type FileFormat } from '../export/file-formats.js';
import type { Exported, LabelledResult } from '../export/result-table.js';
import type { ResultDocument } from '../result/document.js';
import { visibleLine } from '../visible-text.js';
import type { Attempts } from './attempts.js';
import type { Place } from './check-places.js';
import type { Console } from './console.js';
import { writeFileWhole } from './write-file.js';

export interface ExportFlags {
  export?: string[];
  quiet?: boolean;
}

/** `--export`, of every command that has results. */
export function withExportOption(command: Command): Command {
  return command.option(
    '--export <file>',
    `write the figures in the format of the ending: ${endings()}; may be repeated`,
    collectExports,
  );
}

function endings(): string {
  return FILE_FORMATS.map(({ ending }) => ending).join(', ');
}

/** Refuses an ending that is not known before anything runs. */
function collectExports(path: string, before: readonly string[] = []): string[] {
  if (formatOf(path) === null) {
    const known = FILE_FORMATS.map(({ ending, what }) => `${ending} (${what})`).join(', ');
    const own = /\.json$/i.test(path)
      ? ' The result as JSON is written with --json.'
      : /\.html?$/i.test(path)
        ? ' The report is written with --report.'
        : /\.xml$/i.test(path)
          ? ' Gates are written as JUnit XML with --junit.'
          : '';
    throw new InvalidArgumentError(`The ending says the format; there are ${known}.${own}`);
  }
  return [...before, path];
}

function formatOf(path: string): FileFormat | null {
  const name = path.toLowerCase();
  return FILE_FORMATS.find(({ ending }) => name.endsWith(ending)) ?? null;
}

/** Results with what tells them apart. */
export function labelled(
  labels: readonly string[],
  documents: readonly ResultDocument[],
): LabelledResult[] {
  return documents.map((document, i) => ({ label: labels[i], document }));
}

/** What names of files depend on. */
export function namesOf(results: readonly LabelledResult[]): ExportNames[] {
  return results.map(({ label, document }) => ({
    label,
    policies: document.results.map(({ policy }) => policy),
  }));
}

/** Where the files of `--export` go, known by the names of the policies alone. */
export function exportPlaces(
  { export: paths = [] }: ExportFlags,
  results: readonly ExportNames[],
): Place[] {
  return paths.flatMap((path) =>
    formatOf(path)!
      .suffixes(results)
      .map((suffix) => ({ as: '--export', path: withSuffix(path, suffix) })),
  );
}

/** Writes the files of `--export`, whatever becomes of the others. */
export async function exportFiles(
  exported: Exported,
  { export: paths = [], quiet }: ExportFlags,
  console: Console,
  attempts: Attempts,
): Promise<void> {
  for (const path of paths) {
    const files = formatOf(path)!.files(exported, (bytes) => deflateSync(bytes));
    for (const { suffix, content } of files) {
      const place = withSuffix(path, suffix);
      await attempts.make(async () => {
        const made = await content();
        await writeFileWhole(place, typeof made === 'string' ? made : [made]);
        if (quiet !== true) console.err(`Export: ${visibleLine(place)}\n`);
      });
    }
  }
}

/** `out/run.hgrm` with the suffix `vista.dpcWait` is `out/run.vista.dpcWait.hgrm`. */
function withSuffix(path: string, suffix: string): string {
  if (suffix === '') return path;
  const { ending } = formatOf(path)!;
  const name = basename(path);
  const stem = name.slice(0, name.length - ending.length);
  const given = name.slice(name.length - ending.length);
  return join(dirname(path), `${stem === '' ? '' : `${stem}.`}${suffix}${given}`);
}
