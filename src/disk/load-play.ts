import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EXIT, InputError, inputError } from '../errors.js';
import { nearestWord } from '../nearest-word.js';
import { PLAY_SCHEMA, type PlayContent, type PlayKernel } from '../play/play-content.js';
import { MOST_INTERRUPTS, type PlayState } from '../play/play-state.js';
import { type PlayAssets, renderPlay } from '../play/render-play.js';
import { renderTimeline } from '../play/render-timeline.js';
import { TIMELINE_SCHEMA, type TimelineContent } from '../play/timeline-content.js';
import { readTour } from '../play/read-tour.js';
import type { Tour, TourStep } from '../play/tour.js';
import { selectPolicies } from '../policy/select-policies.js';
import { parseScenario } from '../scenario/parse.js';
import type { Scenario } from '../scenario/scenario.js';
import { formatCount, quote } from '../units.js';
import { CATALOG_NAMES, catalogDirectory, catalogFile } from './catalog.js';
import { sha256 } from './load-page.js';
import { loadScenario, readScenarioFile } from './load-scenario.js';
import { type KernelBuild, kernelBytes, shippedKernel } from './shipped-kernel.js';
import { packageVersion } from './version.js';

/** What `renderPlay` takes as the page's code, as the build left it in `dist`. */
function loadPlayAssets(): PlayAssets {
  const { resolve } = createRequire(import.meta.url);
  return {
    script: readFileSync(resolve('#play.js'), 'utf8'),
    worker: readFileSync(resolve('#play-worker.js'), 'utf8'),
    editor: readFileSync(resolve('#play-editor.js'), 'utf8'),
    style: readFileSync(resolve('#play.css'), 'utf8'),
    sha256,
  };
}

/**
 * The live page that opens with this state, as one HTML file.
 * Throws InputError or the file system's error when the package was not built.
 */
export function playPage(
  start: PlayState,
  assets = loadPlayAssets(),
  tours: readonly Tour[] = [],
): string {
  const { interrupts } = start;
  if (interrupts !== null && interrupts > MOST_INTERRUPTS) {
    throw inputError(
      `the live page runs at most ${formatCount(MOST_INTERRUPTS)} interrupts, ` +
        `not ${formatCount(interrupts)}`,
      'give -n fewer, or use `dpcbench run`',
      EXIT.usage,
    );
  }
  return renderPlay(playContent(start, tours), assets);
}

/**
 * A timeline as one HTML file.
 * Throws InputError or the file system's error when the package was not built.
 */
export function timelinePage(content: Omit<TimelineContent, 'schema'>): string {
  const { resolve } = createRequire(import.meta.url);
  const asset = (name: string): string => readFileSync(resolve(`#${name}`), 'utf8');
  const [script, style] = [asset('play-timeline.js'), asset('play.css')];
  return renderTimeline({ schema: TIMELINE_SCHEMA, ...content }, { script, style, sha256 });
}

/** The tours that ship, in the order of presentation. */
const TOUR_NAMES = [
  'an-isr-and-its-dpc',
  'requested-or-not',
  'four-deliveries',
  'a-queue-that-gets-deep',
  'an-ipi-sent-and-one-not',
  'vista-against-pre-vista',
  'how-a-dpc-helps-the-isr',
] as const;

export function shippedTours(): Tour[] {
  const folder = join(catalogDirectory(), 'tours');
  return TOUR_NAMES.map((name) => loadTour(join(folder, `${name}.yaml`)));
}

/**
 * A tour out of its file. A scenario that is named as a file is read from beside the tour.
 *
 * @throws InputError with what is wrong with it, or with a scenario or policy in it.
 */
export function loadTour(path: string): Tour {
  const tour = readTour(readScenarioFile(path), path);
  const steps = tour.steps.map((step) => ({ ...step, scenario: carried(step.scenario, path) }));
  let scenario: Scenario | null = null;
  let policies: [string, string] | null = null;
  for (const [index, step] of steps.entries()) {
    const place = `${path}, step ${index + 1}`;
    scenario = step.scenario === null ? scenario : scenarioOf(step.scenario, place);
    policies = step.policies ?? policies;
    const { why } = step;
    if (scenario === null) continue;
    if (step.policies !== null) checkPolicies(scenario, step.policies, place);
    if (why === null) continue;
    checkPolicies(scenario, [why], place);
    if (policies === null || policies.includes(why)) continue;
    throw inputError(
      `${place}: asks why of ${quote(why)}, which it does not compare`,
      `policies are ${policies.join(' and ')}`,
    );
  }
  return { ...tour, steps };
}

/** What a page can carry: a name of the catalogue, or a text. */
function carried(scenario: TourStep['scenario'], path: string): TourStep['scenario'] {
  if (scenario === null || !('name' in scenario)) return scenario;
  const { name } = scenario;
  if (CATALOG_NAMES.includes(name) || !/\.(ya?ml|json|toml)$/i.test(name)) return scenario;
  return { file: basename(name), text: readScenarioFile(join(dirname(path), name)) };
}

function scenarioOf(scenario: PlayState['scenario'], place: string): Scenario {
  if ('name' in scenario) return loadCatalogued(scenario.name, place);
  const { file, text } = scenario;
  return parseScenario(text, file === 'tour.yaml' ? `${place}.yaml` : file, {
    resolveRecording: () => {
      throw inputError('a page carries no recording');
    },
  });
}

function loadCatalogued(name: string, place: string): Scenario {
  if (CATALOG_NAMES.includes(name)) return loadScenario(name);
  const nearest = nearestWord(name, CATALOG_NAMES);
  throw inputError(
    `${place}: the catalogue has no scenario ${quote(name)}`,
    nearest === null ? 'a file beside the tour ends in .yaml' : `did you mean ${nearest}?`,
  );
}

function checkPolicies(scenario: Scenario, names: readonly string[], place: string): void {
  try {
    selectPolicies(scenario, names);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => ({ ...problem, file: place })));
  }
}

function playContent(start: PlayState, tours: readonly Tour[]): PlayContent {
  return {
    schema: PLAY_SCHEMA,
    version: packageVersion(),
    kernels: { release: playKernel('release'), debug: playKernel('debug') },
    catalog: CATALOG_NAMES.map((name) => {
      const file = catalogFile(name);
      return file === null
        ? { name, file: `${name}.json`, text: null }
        : { name, file: `${name}.yaml`, text: readFileSync(file, 'utf8') };
    }),
    tours: [...shippedTours(), ...tours],
    start,
  };
}

function playKernel(build: KernelBuild): PlayKernel {
  const base64 = Buffer.from(kernelBytes(build)).toString('base64');
  return { hash: shippedKernel(build).identity.hash, base64 };
}
