import { InputError } from '../errors.js';
import { COUNTER_NAMES, LATER_COUNTERS, RATE_NAMES } from '../result/outcome.js';
import { IMPORTANCES } from '../policy/policy.js';
import {
  INTERVAL_FIGURES, LATENCY_NAMES, RESULT_SCHEMA, type ResultDocument,
} from '../result/document.js';
import { warningsOf } from '../stats/warnings.js';

/** What a member must be: a word for a leaf, a list of one form, or members with a form each. */
type Form = Leaf | readonly [Form] | Optional | { readonly [name: string]: Form };
/** The form, or null. */
class Optional {
  constructor(readonly form: Form) {}
}
/** A value of the shape, or null when it is missing: the result is older than the field. */
class Later extends Optional {}
type Leaf = 'number' | 'number?' | 'string' | 'boolean' | 'any';

const LATENCY: Form = {
  count: 'number', minNs: 'number', maxNs: 'number', sumNs: 'number', meanNs: 'number',
  p50Ns: 'number?', p90Ns: 'number?', p99Ns: 'number?', p999Ns: 'number?', p9999Ns: 'number?',
};
const HISTOGRAM: Form = { lowNs: ['number'], highNs: ['number'], counts: ['number'] };
const COUNTERS = counted(COUNTER_NAMES, 'number');
const BY_IMPORTANCE = members(IMPORTANCES, { text: 'string', table: 'string' });

const INTERVAL: Form = new Optional({ low: 'number', high: 'number' });
const LOAD: Form = new Optional({ timeShares: 'any', meanDepth: INTERVAL });
const SCOPE = {
  name: 'string',
  counters: COUNTERS,
  latency: members(LATENCY_NAMES, LATENCY),
  intervals: new Optional(perFigure(INTERVAL)),
} as const;
const COMPARED: Form = new Optional({
  first: 'number', other: 'number', difference: 'number', differenceInterval: INTERVAL,
  ratio: 'number?', ratioInterval: INTERVAL, verdict: 'string',
});

const RESULT: Form = {
  schema: 'string',
  meta: {
    versions: { dpcbench: 'string', abi: 'number', rules: 'number' },
    kernelHash: 'string', scenarioHash: 'string', seed: 'number', shards: 'number',
    warmup: { kind: 'string', ns: 'number', method: 'string', found: 'boolean' },
    settling: new Later({
      state: 'string', ns: 'number', slowest: 'string', sentence: 'string',
    }),
    precision: new Optional({
      figure: 'string', target: 'number', reached: 'number?', limit: 'number',
    }),
    processors: 'number', durationNs: 'number', interrupts: 'number',
    host: {
      commandLine: ['string'], node: 'string', platform: 'string', workers: 'number',
      wallSeconds: 'number', interruptsPerSecond: 'number',
    },
  },
  warnings: new Later([{
    kind: 'string', policies: ['string'], subjects: ['string'], share: 'number',
    sentence: 'string',
  }]),
  scenario: {
    name: 'string',
    question: 'string',
    machine: { processors: 'number', tickNs: 'number', costs: 'any', tunables: 'any' },
    sources: [{ kind: 'string', name: 'string' }],
    policies: [
      {
        name: 'string', sentence: 'string', source: 'string', current: BY_IMPORTANCE,
        other: BY_IMPORTANCE, insert: members(IMPORTANCES, 'string'), depth: 'string',
        suppress: 'boolean', tickRescue: 'boolean', adaptive: 'boolean', drainLimit: 'number',
      },
    ],
    until: { timeNs: 'number?', interrupts: 'number?' },
  },
  results: [
    {
      policy: 'string',
      counters: { ...COUNTERS, unserved: 'number' },
      latency: members(LATENCY_NAMES, LATENCY),
      intervals: new Optional(perFigure(INTERVAL)),
      distribution: members(LATENCY_NAMES, HISTOGRAM),
      load: LOAD,
      sources: [SCOPE],
      processors: [
        {
          ...SCOPE, index: 'number', timeSplit: 'any',
          queueDepth: { maximum: 'number', mean: 'number' },
          load: LOAD,
        },
      ],
    },
  ],
  comparisons: [
    { policy: 'string', against: 'string', sentence: 'string', ...perFigure(COMPARED) },
  ],
};

function perFigure(form: Form): { perThousand: Form; latency: Form } {
  return {
    perThousand: counted(RATE_NAMES, form),
    latency: members(LATENCY_NAMES, members(INTERVAL_FIGURES, form)),
  };
}

/**
 * Reads what `run --json` wrote, also by an earlier version: a counter that it lacks is null.
 * `file` is for messages.
 *
 * @throws InputError for text that is no JSON, another schema, or the first member that is not as
 *   it should be.
 */
export function readResult(text: string, file: string): ResultDocument {
  const value = parse(text, file);
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema !== 'string' || !schema.startsWith('dpcbench-result/')) {
    throw refused(file, 'schema', 'this is no result of dpcbench');
  }
  if (schema !== RESULT_SCHEMA) {
    const seen = JSON.stringify(schema.slice(0, 40));
    const message = `${seen} is another version; this program reads ${RESULT_SCHEMA}`;
    throw refused(file, 'schema', message);
  }
  check(value, RESULT, '', file);
  const document = value as ResultDocument;
  checkLengths(document, file);
  // Written before there were any: of the same counters, they are the same.
  document.meta.settling ??= { state: 'from-start', ns: 0, slowest: '', sentence: '' };
  document.warnings ??= warningsOf(document);
  return document;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw refused(file, '', `this is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
}

function check(value: unknown, form: Form, path: string, file: string): void {
  if (typeof form === 'string') {
    if (!isLeaf(value, form)) throw refused(file, path, `this must be ${LEAF_WORDS[form]}`);
    return;
  }
  if (form instanceof Optional) {
    if (value !== null) check(value, form.form, path, file);
    return;
  }
  if (isListForm(form)) {
    if (!Array.isArray(value)) throw refused(file, path, 'this must be a list');
    value.forEach((item, i) => check(item, form[0], `${path}[${i}]`, file));
    return;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw refused(file, path, 'this must be an object');
  }
  for (const [name, member] of Object.entries(form)) {
    const at = path === '' ? name : `${path}.${name}`;
    const members = value as Record<string, unknown>;
    if (!Object.hasOwn(value, name)) {
      if (!(member instanceof Later)) throw refused(file, at, 'this is missing');
      members[name] = null;
    }
    check(members[name], member, at, file);
  }
}

const LEAF_WORDS: Record<Leaf, string> = {
  number: 'a number',
  'number?': 'a number or null',
  string: 'a text',
  boolean: 'true or false',
  any: 'an object',
};

function isLeaf(value: unknown, leaf: Leaf): boolean {
  switch (leaf) {
    case 'number':
      return Number.isFinite(value);
    case 'number?':
      return value === null || Number.isFinite(value);
    case 'any':
      return typeof value === 'object' && value !== null;
    default:
      return typeof value === leaf;
  }
}

function isListForm(form: Form): form is readonly [Form] {
  return Array.isArray(form);
}

/** Results name policies, sources and processors by position. */
function checkLengths(document: ResultDocument, file: string): void {
  const { results, scenario, comparisons } = document;
  if (results.length === 0) throw refused(file, 'results', 'there is none');
  if (results.length !== scenario.policies.length) {
    throw refused(file, 'results', 'there must be one for each policy of the scenario');
  }
  if (comparisons.length >= results.length) {
    throw refused(file, 'comparisons', `there must be at most ${results.length - 1}`);
  }
  results.forEach((result, i) => {
    if (result.sources.length !== scenario.sources.length) {
      throw refused(file, `results[${i}].sources`, 'there must be one for each source');
    }
    for (const name of LATENCY_NAMES) {
      const { lowNs, highNs, counts } = result.distribution[name];
      if (lowNs.length !== highNs.length || lowNs.length !== counts.length) {
        throw refused(file, `results[${i}].distribution.${name}`, 'the columns differ in length');
      }
    }
  });
}

function refused(file: string, path: string, message: string): InputError {
  const hint = 'write results with "dpcbench run … --json FILE"';
  return new InputError([{ file, line: null, column: null, path, message, hint }]);
}

/** A member for each counter; a later one may be missing. */
function counted<Name extends string>(names: readonly Name[], form: Form): Record<Name, Form> {
  const isLater = (name: string): boolean => LATER_COUNTERS.some((later: string) => later === name);
  const entries = names.map((name) => [name, isLater(name) ? new Later(form) : form]);
  return Object.fromEntries(entries) as Record<Name, Form>;
}

function members<Name extends string>(names: readonly Name[], form: Form): Record<Name, Form> {
  return Object.fromEntries(names.map((name) => [name, form])) as Record<Name, Form>;
}
