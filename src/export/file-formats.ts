import { LATENCY_NAMES } from '../result/figures.js';
import type { Deflate } from './histogram-file.js';
import type { Exported } from './result-table.js';

/** One file of an export. */
export interface ExportedFile {
  /** What its name has between the stem and the ending; "" for the name as given. */
  suffix: string;
  content: () => Promise<string | Uint8Array>;
}

/** What is known of results before they are there: enough to know which files there will be. */
export interface ExportNames {
  label: string;
  policies: readonly string[];
}

export interface FileFormat {
  ending: string;
  /** What it is, for a list. */
  what: string;
  suffixes: (results: readonly ExportNames[]) => string[];
  files: (exported: Exported, deflate: Deflate) => ExportedFile[];
}

/** A format of which one file holds everything. */
function single(
  ending: string,
  what: string,
  content: (exported: Exported, deflate: Deflate) => Promise<string | Uint8Array>,
): FileFormat {
  return {
    ending,
    what,
    suffixes: () => [''],
    files: (exported, deflate) => [{ suffix: '', content: () => content(exported, deflate) }],
  };
}

const PERCENTILES: FileFormat = {
  ending: '.hgrm',
  what: 'percentiles of each latency in µs, a file for each (HdrHistogram)',
  suffixes: (results) => distinct(results.flatMap(namesOfLatencies)),
  files: ({ results }) => {
    const all = results.flatMap(({ label, document }) =>
      document.results.flatMap((result) =>
        LATENCY_NAMES.map((latency) => ({ label, result, latency })),
      ),
    );
    const suffixes = distinct(
      all.map(({ label, result, latency }) => join(label, result.policy, latency)),
    );
    return all.map(({ result, latency }, i) => ({
      suffix: suffixes[i],
      content: async () =>
        (await import('./histogram-file.js')).toPercentileDistribution(result, latency),
    }));
  },
};

function namesOfLatencies({ label, policies }: ExportNames): string[] {
  return policies.flatMap((policy) => LATENCY_NAMES.map((latency) => join(label, policy, latency)));
}

/** Formats by the ending of a file's name, longest endings first. */
export const FILE_FORMATS: readonly FileFormat[] = [
  single('.csv', 'a row for each figure, with its interval', async (exported) =>
    (await import('./csv.js')).toCsv(exported),
  ),
  single('.parquet', 'the rows of the CSV as Apache Parquet', async (exported) =>
    (await import('./parquet.js')).toParquet(exported),
  ),
  single('.md', 'a summary for a pull request (Markdown)', async (exported) =>
    (await import('./markdown.js')).toMarkdown(exported),
  ),
  single('.prom', 'OpenMetrics text, for Prometheus', async (exported) =>
    (await import('./open-metrics.js')).toOpenMetrics(exported),
  ),
  PERCENTILES,
  single('.hlog', 'all latencies in ns as a log (HdrHistogram)', async (exported, deflate) =>
    (await import('./histogram-file.js')).toHistogramLog(exported, deflate),
  ),
];

/** The parts that are not empty, as a part of a file's name. */
function join(...parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => part.replace(/[^\p{L}\p{N}_.+-]/gu, '_').slice(0, LONGEST_PART))
    .join('.');
}

const LONGEST_PART = 60;

/** Names that are cut or replaced may fall together: the later ones are numbered. */
function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free.toLowerCase()); i++) free = `${name}-${i}`;
    taken.add(free.toLowerCase());
    return free;
  });
}
