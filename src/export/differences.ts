import { IMPORTANCES, type Policy } from '../policy/policy.js';
import { situationsOf } from '../policy/situations.js';
import { formatNs, plainText } from '../units.js';
import { wrap } from './wrap.js';

const WIDTH = 80;

/** The situations in which policies decide differently, each with who asks for an interrupt. */
export function describeDifferences(policies: readonly Policy[]): string {
  const differing = situationsOf(policies).filter(({ asks }) =>
    asks.some((answer) => answer !== asks[0]),
  );
  const names = policies.map(({ name }) => plainText(name));
  const alike = `${names.join(' and ')} decide alike in every situation.\n`;
  const situations = differing.map(({ target, importances, asks, words }) => {
    const answers = policies.map(
      (policy, i) =>
        `  ${names[i].padEnd(20)}${asks[i] ? 'asks' : 'lets it wait'} ` +
        `(${plainText(policy[target][importances[0]].text)})\n`,
    );
    return `${wrap(words, WIDTH).join('\n')}\n${answers.join('')}`;
  });
  const settings = SETTINGS.flatMap(({ of, words }) => {
    const values = policies.map(of);
    if (values.every((value) => value === values[0])) return [];
    const told = names.map((name, i) => `${name} ${values[i]}`).join(', ');
    return wrap(`${words}: ${told}.`, WIDTH).map((line) => `${line}\n`);
  });
  return [
    ...(differing.length === 0 ? [alike] : situations),
    ...(settings.length === 0 ? [] : ['\n', ...settings]),
    '\n',
    ...describeSources(policies),
  ].join('');
}

/** What is no condition, and how it is called. */
const SETTINGS: readonly { words: string; of: (policy: Policy) => string }[] = [
  {
    words: 'A queue is over its depth when its length … the maximum',
    of: ({ depth }) => depth,
  },
  ...IMPORTANCES.map((importance) => ({
    words: `Where ${importance} is linked`,
    of: ({ insert }: Policy) => `at the ${insert[importance]}`,
  })),
  { words: 'Asking again while asked', of: ({ suppress }) => (suppress ? 'never' : 'always') },
  { words: 'Rescue by the tick', of: ({ tickRescue }) => (tickRescue ? 'on' : 'off') },
  { words: 'The maximum depth', of: ({ adaptive }) => (adaptive ? 'adapts' : 'is fixed') },
  {
    words: 'Most routines of a drain',
    of: ({ drainLimit }) => (drainLimit > 0 ? String(drainLimit) : 'any number'),
  },
  {
    words: 'Longest drain',
    of: ({ drainTimeNs = 0 }) => (drainTimeNs > 0 ? formatNs(drainTimeNs) : 'any time'),
  },
];

/** Where each rule set was read. */
export function describeSources(
  policies: readonly Pick<Policy, 'name' | 'source'>[],
  width = WIDTH,
): string[] {
  return policies
    .flatMap(({ name, source }) =>
      wrap(
        `${plainText(name)}: ${source === '' ? 'a rule of one’s own' : plainText(source)}.`,
        width,
      ),
    )
    .map((line) => `${line}\n`);
}
