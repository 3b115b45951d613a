import type { Policy } from '../policy/policy.js';
import { IMPORTANCES } from '../policy/policy.js';
import type { SimulatedScenario } from '../result/scenario-shape.js';
import { canonicalJson } from '../scenario/canonical.js';
import { meanNs } from '../scenario/distribution-mean.js';
import type { Distribution } from '../scenario/scenario.js';
import { formatCount, formatNsExactly, quote } from '../units.js';

/** One thing in which two scenarios differ; null: the other one alone has it. */
export interface ScenarioDifference {
  /** In the written form, sources and policies by name: `sources.nic.dpc.budget`. */
  path: string;
  before: string | null;
  now: string | null;
}

/** A value as it is compared, and as it is said. */
interface Leaf {
  same: string;
  words: string;
}
type Leaves = Map<string, Leaf>;

/**
 * What differs between two scenarios as they were simulated, in plain words. Names, questions and
 * the texts of equal conditions are prose and no difference.
 */
export function scenarioDifferences(
  before: SimulatedScenario,
  now: SimulatedScenario,
): ScenarioDifference[] {
  const [a, b] = [leavesOf(before), leavesOf(now)];
  const found: ScenarioDifference[] = [];
  for (const list of ['sources', 'policies'] as const) {
    const names = (scenario: SimulatedScenario): string[] => scenario[list].map(({ name }) => name);
    for (const [own, other, isBefore] of [
      [before, now, true],
      [now, before, false],
    ] as const) {
      for (const name of names(own).filter((one) => !names(other).includes(one))) {
        const path = pathOf([list, name]);
        found.push({ path, before: isBefore ? 'there' : null, now: isBefore ? null : 'there' });
        const leaves = isBefore ? a : b;
        for (const key of leaves.keys()) if (isUnder(key, path)) leaves.delete(key);
      }
    }
  }
  for (const path of new Set([...a.keys(), ...b.keys()])) {
    const [from, to] = [a.get(path), b.get(path)];
    if (from?.same === to?.same) continue;
    const isReworded = from !== undefined && to !== undefined && from.words === to.words;
    const otherwise = isReworded ? ' (other values)' : '';
    const after = to === undefined ? null : to.words + otherwise;
    found.push({ path, before: from?.words ?? null, now: after });
  }
  return found.sort((one, other) => orderOf(one.path) - orderOf(other.path));
}

const ORDER = ['machine', 'sources', 'policies', 'until'];

function orderOf(path: string): number {
  return ORDER.findIndex((top) => path.startsWith(top));
}

function isUnder(path: string, parent: string): boolean {
  return path.startsWith(`${parent}.`) || path.startsWith(`${parent}[`);
}

/** As `--set` takes it: a name stands after a dot where that can be read. */
function pathOf(steps: Steps): string {
  return steps
    .map((step, i) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${quote(step)}]`;
      return i === 0 ? step : `.${step}`;
    })
    .join('');
}

function leavesOf({ machine, sources, policies, until }: SimulatedScenario): Leaves {
  const leaves: Leaves = new Map();
  const { background, ...rest } = machine;
  walk(rest, ['machine'], leaves);
  const [first] = background;
  const isUniform = background.every((one) => canonicalJson(one) === canonicalJson(first));
  if (isUniform && first !== undefined) walk(first, ['machine', 'background'], leaves);
  else background.forEach((one, i) => walk(one, ['machine', 'background', i], leaves));
  for (const { name, ...source } of sources) walk(source, ['sources', name], leaves);
  policies.forEach((policy) => addPolicy(policy, leaves));
  walk(until, ['until'], leaves);
  return leaves;
}

type Steps = readonly (string | number)[];

/** Every value under this one: times in words, without the unit in their name. */
function walk(value: unknown, steps: Steps, leaves: Leaves): void {
  if (value === undefined) return;
  const last = steps.at(-1);
  if (typeof last === 'string' && last.endsWith('Ns') && !Array.isArray(value)) {
    const path = pathOf([...steps.slice(0, -1), last.slice(0, -2)]);
    leaves.set(path, leaf(value, typeof value === 'number' ? formatNsExactly(value) : 'none'));
    return;
  }
  const words = wordsOf(value);
  if (words !== null) {
    leaves.set(pathOf(steps), leaf(value, words));
    return;
  }
  for (const [key, member] of Object.entries(value as object)) {
    if (key === 'kind' && (member === 'device' || member === 'timer')) continue;
    walk(member, [...steps, key === 'processors' && steps.length > 1 ? 'processor' : key], leaves);
  }
}

function leaf(value: unknown, words: string): Leaf {
  return { same: canonicalJson(value), words };
}

const LONGEST_LIST = 8;

/** Null for an object that is looked into. */
function wordsOf(value: unknown): string | null {
  if (value === null) return 'none';
  if (Array.isArray(value)) {
    const shown = value.slice(0, LONGEST_LIST).join(', ');
    const count = `${formatCount(value.length)} values`;
    return value.length > LONGEST_LIST ? `${count}: ${shown}, …` : shown;
  }
  if (typeof value !== 'object') {
    return typeof value === 'number' ? formatCount(value) : String(value);
  }
  if (!('kind' in value)) return null;
  const { kind } = value as { kind: string };
  if (kind === 'device' || kind === 'timer') return null;
  if ('recording' in value) {
    const { origin, arrivals } = (value as { recording: { origin: string; arrivals: number } })
      .recording;
    return `${origin}, ${formatCount(arrivals)} arrivals`;
  }
  return ARRIVALS.includes(kind)
    ? arrivalsWords(value as Spans)
    : distributionWords(value as never);
}

const ARRIVALS = ['at', 'renewal', 'periodic', 'bursts'];

interface Spans {
  kind: string;
  [part: string]: unknown;
}

/** `Poisson, 10,000/s`; `bursts, on exponential of mean 2 ms, off …`. */
function arrivalsWords({ kind, ...parts }: Spans): string {
  if (kind === 'at') return `a list of ${formatCount((parts.atNs as number[]).length)}`;
  const { startNs, ...spans } = parts as { startNs: number; [part: string]: unknown };
  const gap = spans.gap as Distribution | undefined;
  const start = startNs === 0 ? '' : `, from ${formatNsExactly(startNs)} on`;
  if (kind === 'renewal' && gap?.kind === 'exponential') {
    return `Poisson, ${perSecond(gap.meanNs)}${start}`;
  }
  const said = Object.entries(spans).map(([name, span]) =>
    typeof span === 'number'
      ? `${name.replace(/Ns$/, '')} ${formatNsExactly(span)}`
      : `${name} ${distributionWords(span as Distribution)}`,
  );
  return [kind, ...said].join(', ') + start;
}

function perSecond(gapNs: number): string {
  return `${formatCount(Number((1e9 / gapNs).toPrecision(6)))}/s`;
}

function distributionWords(from: Distribution): string {
  switch (from.kind) {
    case 'constant':
      return formatNsExactly(from.ns);
    case 'uniform':
      return `uniform from ${ns(from.minNs)} to ${ns(from.maxNs)}`;
    case 'exponential':
      return `exponential of mean ${ns(from.meanNs)}`;
    case 'lognormal':
      return `log-normal of mean ${ns(from.meanNs)} and p99 ${ns(from.p99Ns)}`;
    case 'pareto':
      return `Pareto of shape ${from.shape} from ${ns(from.minNs)} to ${ns(from.maxNs)}`;
    case 'mixture':
      return `a mixture of ${from.parts.length}, of mean ${ns(Math.round(meanNs(from)))}`;
    case 'histogram':
      return `a histogram of ${from.weights.length}, of mean ${ns(Math.round(meanNs(from)))}`;
  }
}

/** A mean that was worked out from a rate may have a fraction. */
function ns(value: number): string {
  return Number.isInteger(value) ? formatNsExactly(value) : `${value} ns`;
}

/** Conditions by what they answer, said as they are written. */
function addPolicy(policy: Policy, leaves: Leaves): void {
  const {
    name,
    sentence: _,
    source: __,
    current,
    other,
    insert,
    drainTimeNs = 0,
    ...rest
  } = policy;
  const top = ['policies', name];
  for (const importance of IMPORTANCES) {
    for (const [target, conditions] of Object.entries({ current, other })) {
      const { table, text } = conditions[importance];
      leaves.set(pathOf([...top, target, importance]), { same: table, words: text });
    }
    const end = insert[importance];
    leaves.set(pathOf([...top, 'insert', importance]), { same: end, words: end });
  }
  walk({ ...rest, drainTimeNs }, top, leaves);
}
