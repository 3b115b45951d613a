import { inputError } from '../errors.js';
import type { GateOutcome } from '../stats/gate.js';
import { plainText } from '../units.js';

/**
 * Gates as a JUnit file, for the test reports of CI: a test case for each gate, `failure` for one
 * that fails and `error` for one without data. Holds no time, so that equal runs give equal files.
 */
export function toJunit(outcomes: readonly GateOutcome[], suite = 'dpcbench'): string {
  if (!Array.isArray(outcomes) || !outcomes.every(isOutcome)) {
    throw inputError('toJUnit was given no outcomes', 'it takes what gate returns, and a name');
  }
  const count = (status: GateOutcome['status']): number =>
    outcomes.filter((outcome) => outcome.status === status).length;
  const counts =
    `tests="${outcomes.length}" failures="${count('fail')}" ` + `errors="${count('noData')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="dpcbench" ${counts}>`,
    `  <testsuite name="${escapeXml(suite)}" ${counts} skipped="0">`,
    ...outcomes.flatMap(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function isOutcome(value: unknown): boolean {
  const { message, name, status } = (value ?? {}) as Partial<GateOutcome>;
  const isStatus = status === 'pass' || status === 'fail' || status === 'noData';
  return isStatus && typeof name === 'string' && typeof message === 'string';
}

function testCase({ kind, name, status, message }: GateOutcome): string[] {
  const open = `    <testcase classname="dpcbench.${kind}" name="${escapeXml(name)}"`;
  if (status === 'pass') return [`${open}/>`];
  const element = status === 'fail' ? 'failure' : 'error';
  const type = status === 'fail' ? kind : 'noData';
  const inside = `<${element} type="${type}" message="${escapeXml(message)}"/>`;
  return [`${open}>`, `      ${inside}`, '    </testcase>'];
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const LONGEST = 1000;

/** XML has no control characters, not even as references: they are written as `\u{…}`. */
function escapeXml(text: string): string {
  return plainText(text, LONGEST).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
