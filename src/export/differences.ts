import { type Policy } from '../policy/policy.js';
import { situationsOf } from '../policy/situations.js';
import { plainText } from '../units.js';
import { wrap } from './wrap.js';

const WIDTH = 80;

/** The situations in which policies decide differently, each with who asks for an interrupt. */
export function describeDifferences(policies: readonly Policy[]): string {
  const differing = situationsOf(policies)
    .filter(({ asks }) => asks.some((answer) => answer !== asks[0]));
  const names = policies.map(({ name }) => plainText(name));
  if (differing.length === 0) return `${names.join(' and ')} decide alike in every situation.\n`;
  return differing.map(({ target, importance, asks, words }) => {
    const answers = policies.map((policy, i) =>
      `  ${names[i].padEnd(20)}${asks[i] ? 'asks' : 'lets it wait'} ` +
        `(${plainText(policy[target][importance].text)})\n`);
    return `${wrap(words, WIDTH).join('\n')}\n${answers.join('')}`;
  }).join('');
}
