import { formatCount, formatNsExactly } from '../units.js';
import {
  arrivalForms,
  burstsRecord,
  periodicRecord,
  poissonRecord,
  renewalRecord,
} from './arrivals.js';
import {
  distributionForms,
  histogramFields,
  lognormalFields,
  paretoFields,
  partFields,
} from './distribution.js';
import { focusRecord } from './focus-shape.js';
import { LIMITS } from './limits.js';
import {
  backgroundRecord,
  costsRecord,
  machineRecord,
  tunablesRecord,
  watchdogRecord,
} from './machine.js';
import { conditionsRecord, insertRecord, policyRecord } from './policy.js';
import { scenarioRecord, untilRecord } from './schema.js';
import type { Field } from './shape.js';
import {
  deviceRecord,
  dpcRecord,
  moderationRecord,
  timerRecord,
  timerSourceRecord,
} from './source.js';
import type { VariantsShape } from './variants.js';

/** One heading of the reference page and the fields under it. */
interface Section {
  anchor: string;
  intro: string;
  fields: Record<string, Field<unknown>>;
  /** What the default column says of a key that must be given. */
  requiredText: string;
}

const INTRODUCTION = `# Scenarios

<!-- Generated from the declarations in src/scenario; test/host/scenario-reference.test.ts -->

A scenario says what to simulate: a machine, the sources of its interrupts, and the policies to
compare. It is a JSON, YAML or TOML file, known by its ending. Unknown keys are errors, and
\`dpcbench check FILE\` shows everything that is wrong with a file at once. The same is published as
a JSON Schema in [scenario.schema.json](scenario.schema.json), which \`dpcbench schema\` prints.
Editors complete and check a file that names it: in its first line, as
\`# yaml-language-server: $schema=scenario.schema.json\` in YAML and
\`#:schema ./scenario.schema.json\` in TOML, or as the key \`"$schema"\` in JSON. Rules such as R17
are those of [semantics.md](semantics.md).

A **duration** is a whole number of nanoseconds, or text with a unit: \`"800ns"\`, \`"2us"\` (or
\`µs\`), \`"15.625ms"\`, \`"1s"\`, \`"3min"\`, \`"1h"\`. It must come out as a whole number of
nanoseconds. A **rate** is a number of events per second, or text: \`"20000/s"\`, \`"20k/s"\`,
\`"20/ms"\`, \`"1kHz"\`. Where a field takes a [distribution](#distributions), a plain duration is a
constant.

Files are UTF-8 (or UTF-16 with its mark) of up to ${formatCount(LIMITS.textLength)} characters,
in YAML and TOML up to ${formatCount(LIMITS.slowTextLength)}, nested up to ${LIMITS.nesting} deep.
JSON is read as its standard has it, without comments and trailing commas. YAML and TOML are for
what people write: ${formatCount(LIMITS.yamlTokens)} words and marks in YAML, which is one document
to a file, and ${formatCount(LIMITS.tomlMarks)} values, keys and lines in TOML are the most. Long
lists of arrivals belong into JSON or a recording. YAML may use anchors and merge keys; all aliases
together may stand for ${formatCount(LIMITS.aliasedValues)} values.

\`\`\`yaml
machine:
  processors: 2
sources:
  - name: nic
    irql: 6
    processor: 0
    isr: 2us
    arrivals: { poisson: 20000/s }
    dpc: { importance: medium, target: 1, service: { exponential: 4us } }
policies: [pre-vista, vista]
\`\`\`
`;

/** The whole of `docs/scenarios.md`. */
export function scenarioReference(): string {
  return `${INTRODUCTION}\n${sections().map(sectionText).join('\n')}`;
}

/** Every section, in the order of the page. */
function sections(): Section[] {
  return [...machineSections(), ...sourceSections(), ...drawingSections(), ...policySections()];
}

function machineSections(): Section[] {
  return [
    section('scenario', 'The top level of the file.', scenarioRecord.fields),
    section(
      'focus',
      'What the question is about. The answer begins with a sentence about it, with intervals; ' +
        'what is simulated does not depend on it, and neither does the hash of a scenario.',
      focusRecord.fields,
    ),
    section('machine', 'Settings are constants; only `background` is drawn.', machineRecord.fields),
    section(
      'costs',
      'What the machine itself takes. No public measurement of the Windows costs ' +
        'exists: the defaults are chosen, and each is a setting.',
      costsRecord.fields,
    ),
    section(
      'tunables',
      'The registry values that steer the adaptive threshold (R10, R16).',
      tunablesRecord.fields,
    ),
    section(
      'watchdog',
      'The two limits behind bug check 0x133 (R23). Windows does not publish ' +
        'what they are: set those of the machine in question.',
      watchdogRecord.fields,
    ),
    section(
      'background',
      'Threads (R17). Each duration is drawn once for each thread.',
      backgroundRecord.fields,
    ),
  ];
}

function sourceSections(): Section[] {
  return [
    section(
      'device-source',
      'A source that raises interrupts (R5); with the key `timer` it is ' +
        'a [timer-source](#timer-source) instead. Its ISR queues its DPC; ' +
        'without a `dpc` the ISR does all the work.',
      deviceRecord.fields,
    ),
    section('dpc', 'The DPC that an ISR queues (R9, R13).', dpcRecord.fields),
    section(
      'moderation',
      'How a device holds its interrupt back (R24): one of the two at least.',
      moderationRecord.fields,
    ),
    section(
      'timer-source',
      'A source with the key `timer` is a kernel timer (R8): it raises no ' +
        'interrupt, but expires at a clock tick and is served in the timer DPC of its processor.',
      timerSourceRecord.fields,
    ),
    section('timer', 'When a timer is due.', timerRecord.fields),
  ];
}

function drawingSections(): Section[] {
  return [
    formsSection(
      'arrivals',
      'When interrupts arrive: an object in one of these forms.',
      arrivalForms,
    ),
    section(
      'poisson',
      'A Poisson process. A plain rate will do where it starts at 0.',
      poissonRecord.fields,
    ),
    section('periodic', 'Arrivals at a fixed period.', periodicRecord.fields),
    section('bursts', 'Phases with arrivals and phases without, in turn.', burstsRecord.fields),
    section(
      'renewal',
      'Gaps from any distribution with a mean of at least 1 ns.',
      renewalRecord.fields,
    ),
    formsSection(
      'distributions',
      'A drawn duration: a plain duration, or an object in one of ' +
        'these forms. Draws are rounded to the nearest nanosecond. The parameters of an ' +
        `ISR, service or per-item time are at most ${formatNsExactly(LIMITS.workNs)}; longer ` +
        'draws are cut to that.',
      distributionForms(LIMITS.spanNs),
    ),
    section('log-normal', 'Under `lognormal`.', lognormalFields(LIMITS.spanNs)),
    section('pareto', 'Under `pareto`.', paretoFields(LIMITS.spanNs)),
    section(
      'mixture-parts',
      `Under \`mixture\`; mixtures nest up to ${LIMITS.mixtureDepth} deep.`,
      partFields('spanTime', LIMITS.spanNs, 1),
    ),
    section('histogram', 'Under `histogram`.', histogramFields(LIMITS.spanNs)),
  ];
}

function policySections(): Section[] {
  return [
    section(
      'policy',
      'A policy is the name of a preset, or an object that changes one: see ' +
        '[policies.md](policies.md).',
      policyRecord.fields,
    ),
    section(
      'conditions',
      'Under `current` and `other`, by importance: a boolean expression as ' +
        'in [policies.md](policies.md#conditions).',
      conditionsRecord.fields,
    ),
    section('insert', 'By importance.', insertRecord.fields),
    section('until', 'At least one of the two (R21).', untilRecord.fields),
  ];
}

function section(
  anchor: string,
  intro: string,
  fields: object,
  requiredText = 'required',
): Section {
  return { anchor, intro, fields: fields as Section['fields'], requiredText };
}

function formsSection(anchor: string, intro: string, forms: VariantsShape<unknown>): Section {
  const fields = forms.variants.map((option) => Object.entries(option.form.fields));
  return section(anchor, intro, Object.fromEntries(fields.flat()), 'one of the forms');
}

function sectionText({ anchor, intro, fields, requiredText }: Section): string {
  const rows = Object.entries(fields).map(([key, field]) => row(key, field, requiredText));
  return [
    `## ${anchor}`,
    '',
    intro,
    '',
    '| key | takes | default | meaning |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

function row(key: string, field: Field<unknown>, requiredText: string): string {
  const { allowed, section: anchor } = field.shape;
  const takes = anchor === undefined ? allowed : linked(allowed, anchor);
  const fallback = field.fallbackText === '' ? requiredText : field.fallbackText;
  return `| \`${key}\` | ${takes} | ${fallback} | ${field.sentence} |`;
}

/** The keys of an object stand in its own section. */
function linked(allowed: string, anchor: string): string {
  const short = allowed.replace(/an object with (?:one of )?the keys .*$/, 'an object');
  return `${short} ([${anchor}](#${anchor}))`;
}
