import { Argument, type Command } from 'commander';
import { inputError } from '../errors.js';
import { truthTable } from '../export/truth-table.js';
import { wrap } from '../export/wrap.js';
import { selectPolicies } from '../policy/select-policies.js';
import { PRESETS } from '../policy/presets.js';
import { IMPORTANCES, type Policy } from '../policy/policy.js';
import type { Console } from './console.js';
import { policyFileOption } from './shared-options.js';

interface PolicyFlags {
  diff?: string[];
  policyFile?: string[];
}

/** `policies`, `scenarios`, `schema`: what ships. */
export function addCatalogCommands(program: Command, console: Console): void {
  program
    .command('policies')
    .summary('list the policies that ship, or show one')
    .description(
      'Lists the policies that ship, or shows the rules of one and where they stand, as ' +
        'conditions and as a truth table. With --policy-file: those of the file.',
    )
    .argument('[name]', 'a policy')
    .addOption(policyFileOption())
    .option('--diff <names...>', 'the situations in which policies decide differently')
    .action(async (name: string | undefined, { diff, policyFile }: PolicyFlags) => {
      const { loadPolicies } = await import('../disk/load-policies.js');
      const own = loadPolicies(policyFile ?? []);
      if (diff !== undefined) {
        const { describeDifferences } = await import('../export/differences.js');
        console.out(describeDifferences(selectCompared(name, diff, own)));
        return;
      }
      if (name === undefined && policyFile === undefined) {
        console.out(PRESETS.map((preset) => describe(preset, console.width)).join('\n'));
        return;
      }
      const policies = name === undefined ? own : selectPolicies({ policies: own }, [name]);
      console.out(policies.map((policy) => showRules(policy, console.width)).join('\n'));
    });

  program
    .command('scenarios')
    .summary('list the ready scenarios, or print one')
    .description('Lists the ready scenarios and the question that each answers, or prints one.')
    .argument('[name]', 'a scenario of the catalogue')
    .action(async (name?: string) => {
      const { loadScenario, scenarioSource } = await import('../disk/load-scenario.js');
      if (name !== undefined) {
        console.out(scenarioSource(name));
        return;
      }
      const { CATALOG_NAMES } = await import('../disk/catalog.js');
      for (const known of CATALOG_NAMES) {
        const { question } = loadScenario(known);
        console.out(
          `${known}\n${wrap(question, console.width - 2)
            .map((line) => `  ${line}\n`)
            .join('')}`,
        );
      }
    });

  program
    .command('schema')
    .summary('print the JSON Schema of a scenario, or of a result')
    .description(
      'Prints the JSON Schema of a scenario, for editors, or of a result, for what reads it.',
    )
    .addArgument(
      new Argument('[document]', 'of what').choices(['scenario', 'result']).default('scenario'),
    )
    .action(async (document: 'scenario' | 'result') => {
      if (document === 'result') {
        const { resultJsonSchemaText } = await import('../export/result-schema.js');
        console.out(resultJsonSchemaText());
        return;
      }
      const { scenarioJsonSchemaText } = await import('../scenario/json-schema.js');
      console.out(scenarioJsonSchemaText());
    });
}

/** `policies --diff A B` and `policies A --diff B` name the same. */
function selectCompared(
  name: string | undefined,
  diff: readonly string[],
  own: readonly Policy[],
): Policy[] {
  const names = [...(name === undefined ? [] : [name]), ...diff.flatMap((each) => each.split(','))];
  if (names.length < 2) {
    throw inputError('--diff compares at least two policies', '--diff pre-vista vista');
  }
  return selectPolicies({ policies: own }, names);
}

/** A policy of one's own has no published sentence. */
function describe({ name, sentence, source }: Policy, width: number): string {
  if (source === '') return `${name}\n`;
  const lines = [sentence, `Source: ${source}.`].flatMap((text) => wrap(text, width - 2));
  return `${name}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function showRules(policy: Policy, width: number): string {
  const row = (importance: string, current: string, other: string, insert: string): string =>
    `  ${importance.padEnd(12)}${current.padEnd(20)}  ${other.padEnd(22)}  ${insert}\n`;
  const head = row('importance', 'current processor', 'another processor', 'linked at');
  const { current, other, insert } = policy;
  const rows = IMPORTANCES.map((name) =>
    row(name, current[name].text, other[name].text, insert[name]),
  );
  const settings =
    `  over: the depth ${policy.depth} the maximum; suppress ${onOff(policy.suppress)}; ` +
    `tick rescue ${onOff(policy.tickRescue)};\n` +
    `  adaptive threshold ${onOff(policy.adaptive)}; ` +
    `drain limit ${policy.drainLimit === 0 ? 'none' : policy.drainLimit}\n`;
  const decisions = truthTable(policy).map((line) => `${line}\n`);
  return `${describe(policy, width)}\n${head}${rows.join('')}\n${settings}\n${decisions.join('')}`;
}

function onOff(value: boolean): string {
  return value ? 'on' : 'off';
}
