import { Document, isCollection, isPair } from 'yaml';
import type { ResultDocument } from '../result/document.js';
import { formatCount } from '../units.js';

/** Elements of a list that are written out; the rest is counted. */
const LIST_LIMIT = 24;
/** Characters of JSON of a value that is written on one line. */
const FLOW_LIMIT = 90;
/** Lines of the text; a scenario with a thousand sources has more than anybody reads. */
const LINE_LIMIT = 600;

/**
 * The scenario as simulated, as YAML: every default filled in, every time in nanoseconds.
 *
 * Policies by name only, because a report shows their rules beside. Long lists are cut and counted,
 * runs of equal entries are written once.
 */
export function scenarioText(scenario: ResultDocument['scenario']): string {
  const { policies, ...rest } = scenario;
  const written = { ...rest, policies: policies.map((policy) => policy.name) };
  const document = new Document(shorten(written), { aliasDuplicateObjects: false });
  flatten(document.contents, 0);
  const lines = document.toString({ lineWidth: 96 }).trimEnd().split('\n');
  if (lines.length <= LINE_LIMIT) return lines.join('\n');
  const left = formatCount(lines.length - LINE_LIMIT);
  const note = `# … ${left} more lines: see "scenario" in the JSON result`;
  return [...lines.slice(0, LINE_LIMIT), note].join('\n');
}

/** Puts what is short on one line, as in `isr: { kind: constant, ns: 2000 }`. */
function flatten(node: unknown, depth: number): void {
  if (!isCollection(node)) return;
  if (depth > 0 && JSON.stringify(node).length <= FLOW_LIMIT) {
    node.flow = true;
    return;
  }
  for (const item of node.items) flatten(isPair(item) ? item.value : item, depth + 1);
}

function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return shortenList(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item)]));
}

function shortenList(list: unknown[]): unknown {
  const first = JSON.stringify(list[0]);
  if (
    list.length > 1 &&
    typeof list[0] === 'object' &&
    list.every((item) => JSON.stringify(item) === first)
  ) {
    return [shorten(list[0]), `(${formatCount(list.length - 1)} more, all equal)`];
  }
  if (list.length <= LIST_LIMIT || typeof list[0] === 'object') return list.map(shorten);
  const left = formatCount(list.length - LIST_LIMIT);
  return [...list.slice(0, LIST_LIMIT).map(shorten), `(${left} more)`];
}
