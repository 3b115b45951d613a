import { figureText } from '../export/sweep-table.js';
import { wrap } from '../export/wrap.js';
import { IMPORTANCES, type Policy } from '../policy/policy.js';
import { plainText } from '../units.js';
import type { Change } from './candidate.js';
import type { TuneResult, Winner } from './tune.js';
import { effectsText, elsewhereText, presetText, seedText, setText, unitOf } from './tune-text.js';

const COMMENT_WIDTH = 96;

/** A file for `--policy-file`: each winner, with the reason for each of its conditions. */
export function winnersYaml(result: TuneResult, commandLine: string): string {
  const { base, figures, winners } = result;
  const about =
    `Each is lower than ${base} there in ${figures.join(' or ')}, and higher in neither. What ` +
    `is not written is as in ${base}.`;
  const blocks = winners.map((winner) => winnerYaml(winner, result));
  return fileText(commandLine, about, blocks);
}

/** A file for `--policy-file`: what no other one beats, but for policies that ship. */
export function frontYaml(result: TuneResult, commandLine: string): string {
  const { base, figures, front } = result;
  const about =
    `Nothing that was tried there is lower in both, ${figures.join(' and ')}. None of these is ` +
    `checked on other seeds. What is not written is as in ${base}.`;
  const blocks = front
    .filter(({ preset }) => preset === '')
    .map(({ changes, name, policy, settings, trade }) => {
      const values = figures.map(
        (figure, i) => `${figure} ${figureText(trade[i], unitOf(figure))}`,
      );
      const comments = [`${values.join(', ')}.`, ...withSettings(settings)];
      return policyYaml(
        { ...policy, name },
        base,
        comments,
        changes.map((change) => ({ change })),
      );
    });
  return fileText(commandLine, about, blocks);
}

function fileText(commandLine: string, about: string, blocks: readonly string[][]): string {
  const head = [`# Found by: ${plainText(commandLine, 500)}`, ...comment(about, '')];
  return `${[...head, 'policies:', ...blocks.flat()].join('\n')}\n`;
}

function withSettings(settings: readonly string[]): string[] {
  return settings.length === 0 ? [] : [`With ${settings.map(setText).join(' ')}.`];
}

function winnerYaml(winner: Winner, { base, figures }: TuneResult): string[] {
  const { elsewhere, here, policy, preset, reasons, seeds, settings } = winner;
  const said = [
    `Here: ${effectsText(here, figures)}.${presetText(preset)}`,
    ...withSettings(settings),
    seedText(
      winner,
      base,
      seeds.map(({ seed }) => seed),
    ),
    ...(elsewhere.length === 0 ? [] : [elsewhereText(elsewhere, base)]),
  ];
  const changes = reasons.map(({ change, effects }) => ({
    change,
    why: `${base}: ${change.base}. Without this ${effectsText(effects, figures)}.`,
  }));
  return policyYaml(policy, base, said, changes);
}

/** Changes of settings are no part of a policy; `said` tells them. */
function policyYaml(
  policy: Policy,
  base: string,
  said: readonly string[],
  changes: readonly { change: Change; why?: string }[],
): string[] {
  const lines = [
    ...said.flatMap((text) => comment(text, '  ')),
    `  - name: ${policy.name}`,
    `    extends: ${base}`,
  ];
  const at = (path: string): { change: Change; why?: string } | undefined =>
    changes.find(({ change }) => change.path === path);
  const reasonOf = (path: string): string[] => {
    const why = at(path)?.why;
    return why === undefined ? [] : comment(why, '      ');
  };
  for (const part of ['current', 'other', 'insert'] as const) {
    const own = IMPORTANCES.filter((importance) => at(`${part}.${importance}`) !== undefined);
    if (own.length > 0) lines.push(`    ${part}:`);
    for (const importance of own) {
      lines.push(...reasonOf(`${part}.${importance}`));
      lines.push(`      ${importance}: ${JSON.stringify(valueOf(policy, part, importance))}`);
    }
  }
  if (at('depth') !== undefined) lines.push(...reasonOf('depth'), `    depth: ${policy.depth}`);
  return lines;
}

function valueOf(
  policy: Policy,
  part: 'current' | 'other' | 'insert',
  importance: (typeof IMPORTANCES)[number],
): string {
  return part === 'insert' ? policy.insert[importance] : policy[part][importance].text;
}

function comment(text: string, indent: string): string[] {
  return wrap(plainText(text, 2_000), COMMENT_WIDTH - indent.length).map(
    (line) => `${indent}# ${line}`,
  );
}

/**
 * The command lines that show a winner beside the base. Settings are the winner's alone, so they
 * take a run of their own, and a comparison of both.
 */
export function commandsToSee(
  { policy, settings }: Pick<Winner, 'policy' | 'settings'>,
  base: string,
  { nameOrPath, own, file }: { nameOrPath: string; own: readonly string[]; file: string },
): string[][] {
  const run = ['dpcbench', 'run', nameOrPath];
  const set = (texts: readonly string[]): string[] => texts.flatMap((text) => ['--set', text]);
  const { name } = policy;
  const from = ['--policy-file', file, '--policy'];
  if (settings.length === 0) return [[...run, ...from, `${base},${name}`, ...set(own)]];
  const [before, now] = [`${base}.json`, `${name}.json`];
  return [
    [...run, '--policy', base, ...set(own), '--json', before],
    [...run, ...from, name, ...set([...own, ...settings]), '--json', now],
    ['dpcbench', 'compare', before, now],
  ];
}
