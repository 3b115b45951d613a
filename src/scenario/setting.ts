import { inputError, type InputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import { quote } from '../units.js';
import { plainObject, SyntaxProblem } from './places.js';
import { formatPath } from './problems.js';
import { readYaml } from './read-yaml.js';
import { describe, isObject, type Path } from './shape.js';

/**
 * One value of a scenario in its written form, to be put in before it is read: what `--set
 * sources.nic.dpc.budget=16` says. What may stand there is checked with the scenario, by its own
 * declarations.
 */
export interface Setting {
  /** As `machine.costs.dispatch`, `sources.nic.dpc`, `sources[0].dpc` or `sources["a.b"].irql`. */
  path: string;
  /** Undefined: the key is left out. */
  value: unknown;
  /** What error messages call it, such as `--set machine.processors=2`. */
  origin: string;
}

const LONGEST = 4_096;
const DEEPEST = 32;
const FORM = 'write PATH=VALUE, such as sources.nic.dpc.budget=16';

/**
 * Parses `PATH=VALUE`; the value is YAML, in which `16`, `20k/s`, `[0, 1]` and `{ exponential:
 * 2us }` are what they are in a scenario. Nothing after the `=` leaves the key out.
 *
 * @throws InputError.
 */
export function parseSetting(text: string, option = '--set'): Setting {
  if (text.length > LONGEST) {
    throw inputError(`${option}: longer than ${LONGEST} characters`, 'put it into the scenario');
  }
  const at = text.indexOf('=');
  if (at <= 0) throw inputError(`${option} ${quote(text)}: this sets nothing`, FORM);
  const path = text.slice(0, at).trim();
  const origin = `${option} ${path}=${text.slice(at + 1)}`;
  return { path, value: parseValue(text.slice(at + 1).trim(), origin), origin };
}

function parseValue(text: string, origin: string): unknown {
  if (text === '') return undefined;
  try {
    return readYaml(text).value;
  } catch (error) {
    const [first] = error instanceof AggregateError ? error.errors : [error];
    if (!(first instanceof SyntaxProblem)) throw error;
    throw inputError(`${origin}: the value is no YAML: ${first.message}`, first.hint || FORM);
  }
}

type Container = Record<string, unknown> | unknown[];

/**
 * Puts the value into a scenario as it is written, in place, and returns the path that it has
 * there, sources and policies by index. Objects on the way that are not there are made: whether
 * they may be is for the declarations to say.
 *
 * @throws InputError for a path that leads nowhere, with the nearest name.
 */
export function applySetting(root: unknown, setting: Setting): Path {
  const steps: (string | number)[] = [];
  let node: unknown = root;
  let rest = setting.path;
  let put: ((value: unknown) => void) | null = null;
  while (rest !== '') {
    if (steps.length >= DEEPEST) throw leadsNowhere(setting, 'it is too long', '');
    if (!isContainer(node)) throw refuseInside(setting, steps, node);
    const { step, length } = Array.isArray(node)
      ? itemStep(setting, steps, node, rest)
      : keyStep(setting, steps, rest);
    const owner: Container = node;
    put = (value) => putInto(owner, step, value);
    rest = rest.slice(length);
    steps.push(step);
    node = memberOf(owner, step);
    if (node === undefined && rest !== '') {
      node = plainObject();
      put(node);
    }
  }
  if (put === null) throw leadsNowhere(setting, 'it is empty', FORM);
  put(setting.value);
  return steps;
}

function isContainer(value: unknown): value is Container {
  return Array.isArray(value) || isObject(value);
}

function memberOf(owner: Container, step: string | number): unknown {
  return Object.hasOwn(owner, step) ? (owner as Record<string | number, unknown>)[step] : undefined;
}

/** Defined, not assigned: `__proto__` is a key like any other. */
function putInto(owner: Container, step: string | number, value: unknown): void {
  if (value === undefined) {
    if (Array.isArray(owner)) owner.splice(Number(step), 1);
    else delete owner[step];
    return;
  }
  Object.defineProperty(owner, step, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

interface Found {
  step: string | number;
  /** Characters of the path that it takes. */
  length: number;
}

const QUOTED = /^\[("(?:[^"\\]|\\.)*")\]/;

function keyStep(setting: Setting, steps: Path, rest: string): Found {
  const plain = /^\.?([A-Za-z_$][\w$-]*)/.exec(rest);
  const match = plain ?? QUOTED.exec(rest);
  if (match !== null) {
    const step = plain === null ? unquoted(setting, match[1]) : match[1];
    return { step, length: match[0].length };
  }
  const where = steps.length === 0 ? 'it' : `after ${quote(formatPath(steps))} it`;
  throw leadsNowhere(setting, `${where} goes on with ${quote(rest, 20)}, which is no key`, FORM);
}

/** An item of a list, by index or by name. */
function itemStep(setting: Setting, steps: Path, items: readonly unknown[], rest: string): Found {
  const index = /^\[(\d{1,6})\]|^\.(\d{1,6})(?=[.[]|$)/.exec(rest);
  if (index !== null) {
    const step = Number(index[1] ?? index[2]);
    if (step < items.length) return { step, length: index[0].length };
    const last = `[0] to [${items.length - 1}]`;
    const has = items.length === 0 ? 'is empty' : `has the items ${last}`;
    throw leadsNowhere(setting, `${formatPath(steps)} ${has}, not [${step}]`, '');
  }
  const names = items.map((item) => (isObject(item) ? item.name : item));
  const quoted = QUOTED.exec(rest);
  const written = quoted === null ? rest.replace(/^\./, '') : unquoted(setting, quoted[1]);
  const fitting = names.filter(
    (name): name is string =>
      typeof name === 'string' && (quoted === null ? beginsWith(written, name) : written === name),
  );
  if (fitting.length === 0) throw noItem(setting, steps, names, written);
  const name = fitting.reduce((a, b) => (b.length > a.length ? b : a));
  const length = quoted?.[0].length ?? name.length + (rest.length - written.length);
  return { step: names.indexOf(name), length };
}

/** Does the path begin with the name, and go on with a next step, if at all? */
function beginsWith(path: string, name: string): boolean {
  return path.startsWith(name) && /^([.[]|$)/.test(path.slice(name.length));
}

function noItem(
  setting: Setting,
  steps: Path,
  names: readonly unknown[],
  written: string,
): InputError {
  const list = formatPath(steps);
  const known = names.filter((name): name is string => typeof name === 'string');
  const word = /^[.[]/.test(written) ? written : written.split(/[.[]/)[0];
  if (known.length === 0) {
    return leadsNowhere(setting, `${list} is a list`, `write ${list}[0] for its first item`);
  }
  const nearest = nearestWord(word, known);
  const hint = nearest === null ? `there are ${listed(known)}` : `did you mean ${nearest}?`;
  return leadsNowhere(setting, `nothing in ${list} is named ${quote(word)}`, hint);
}

function refuseInside(setting: Setting, steps: Path, node: unknown): InputError {
  const at = formatPath(steps);
  // A policy by its name, such as "vista": one that ships.
  if (steps[0] === 'policies' && steps.length === 2) {
    return leadsNowhere(
      setting,
      `${describe(node)} is a policy that ships, and a changed one must not carry its name`,
      `write one of your own that extends it: docs/policies.md`,
    );
  }
  return leadsNowhere(setting, `${at} is ${describe(node)}, with nothing inside`, `set ${at}`);
}

function unquoted(setting: Setting, text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    throw leadsNowhere(setting, `${quote(text)} is no text in quotes`, '');
  }
}

const LISTED = 12;

function listed(names: readonly string[]): string {
  return names.slice(0, LISTED).join(', ') + (names.length > LISTED ? ', …' : '');
}

function leadsNowhere({ origin }: Setting, message: string, hint: string): InputError {
  return inputError(`${origin}: ${message}`, hint);
}
