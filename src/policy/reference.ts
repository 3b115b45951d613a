import { IMPORTANCES } from './policy.js';
import type { Importance, Policy } from './policy.js';
import { FACTS } from './facts.js';
import { READINGS, readingOf } from './dispute.js';
import { DEFAULT_BASE_NAME, PRESETS } from './presets.js';

const INTRODUCTION = `# Policies

<!-- Generated from the declarations in src/policy; test/host/policy-reference.test.ts -->

A policy is the rule by which \`KeInsertQueueDpc\` decides whether queueing a DPC interrupts its
target at once (R10). It holds one condition for each importance, for the processor that queues and
for another one, and a few settings. The presets are published rules; their sources truly disagree
on whether an idle processor gets an IPI, so results always name the rule set.

In a scenario, \`policies\` lists presets by name, or objects that change one:

\`\`\`yaml
policies:
  - vista
  - name: wake-the-busy-too
    extends: vista
    other: { high: always }
\`\`\`

What such an object leaves out is as in \`extends\`, a preset or a policy that stands before it,
by default \`${DEFAULT_BASE_NAME}\`. Its keys are listed in
[scenarios.md](scenarios.md#policy). Its name must not be that of a preset.

Policies can stand in a file of their own, under the key \`policies\`, or a single one without it.
\`--policy-file FILE\` adds them to those of any scenario, and \`dpcbench policies --policy-file
FILE\` prints what each of them does in every state of the target.
`;

const CONDITIONS_TAIL = `
\`always\` and \`never\` are conditions too. \`not\` binds tightest, then \`and\`, then \`or\`;
parentheses group. \`over and not polling or deep\` is \`(over and (not polling)) or deep\`.
`;

const PRESETS_INTRODUCTION = `
\`current\` is for the processor that queues, \`other\` for another one. \`current\` for Medium,
MediumHigh and High is \`always\` in every preset. Low, Medium and MediumHigh are inserted at the
tail, High at the head; \`suppress\`, \`tickRescue\` and \`adaptive\` are on, \`drainLimit\` and
\`drainTime\` are 0. MediumHigh did not exist before Vista: there it acts as Medium.
`;

const DISPUTE = `
### The dispute

The sources truly disagree on when a High DPC for another processor sends an IPI:
`;

const DISPUTE_TAIL = `\
The readings part where the target is busy, and where it is idle and polling. A result says how many
of its DPCs were queued in such a situation, and which of its policies follow which reading;
\`dpcbench explain\` says what came of them.
`;

function readingText({ id, rule, source }: (typeof READINGS)[number]): string {
  const followers = PRESETS.filter((preset) => readingOf(preset) === id).map(
    ({ name }) => `\`${name}\``,
  );
  return `- **${id}**: ${rule} (${source}; ${followers.join(', ')});`;
}

/** The whole of `docs/policies.md`. */
export function policyReference(): string {
  const facts = FACTS.map(({ word, sentence }) => `- \`${word}\`: ${sentence};`).join('\n');
  return [
    INTRODUCTION,
    '## Conditions\n',
    'A condition is a boolean expression of what is true of the target, the new DPC linked:\n',
    facts,
    CONDITIONS_TAIL,
    '## Presets',
    PRESETS_INTRODUCTION,
    presetTable(),
    DISPUTE,
    ...READINGS.map(readingText),
    '',
    DISPUTE_TAIL,
    '',
    ...PRESETS.map(presetText),
  ].join('\n');
}

function presetTable(): string {
  const rows = PRESETS.map((preset) => {
    const other = IMPORTANCES.map((importance) => code(preset, importance));
    return (
      `| \`${preset.name}\` | \`${preset.current.low.text}\` | ${other.join(' | ')} | ` +
      `\`${preset.depth}\` |`
    );
  });
  const others = IMPORTANCES.map((importance) => `other: ${importance}`);
  return [
    `| policy | current: low | ${others.join(' | ')} | depth |`,
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function code(preset: Policy, importance: Importance): string {
  return `\`${preset.other[importance].text}\``;
}

function presetText(preset: Policy): string {
  return `### ${preset.name}\n\n${preset.sentence}\n\nSource: ${preset.source}.\n`;
}
