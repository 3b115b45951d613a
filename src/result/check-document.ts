import type { Spot } from '../scenario/shape.js';
import { formatCount } from '../units.js';
import { isBucket } from './histogram.js';
import type { Decision } from './decision-shape.js';
import type { PolicyResult, ResultDocument, ScopeResult } from './document.js';
import { LATENCY_NAMES } from './figures.js';

/**
 * What relates the fields of a result to each other: names and numbers of policies, sources and
 * processors, buckets to the format of histograms, parts to their sums. Reports a problem at each
 * place where they contradict each other.
 */
export function checkDocument(document: ResultDocument, spot: Spot): void {
  const { comparisons, meta, results, scenario } = document;
  if (meta.processors !== scenario.machine.processors) {
    spot
      .at('meta')
      .at('processors')
      .expected(
        `the number of the scenario's machine, ${scenario.machine.processors}`,
        meta.processors,
      );
  }
  const scenarioSpot = spot.at('scenario');
  checkUnique(scenario.policies, scenarioSpot.at('policies'));
  checkUnique(scenario.sources, scenarioSpot.at('sources'));
  const policies = scenario.policies.map(({ name }) => name);
  checkNames(
    results.map(({ policy }) => policy),
    policies,
    'policy',
    spot.at('results'),
  );
  const sources = scenario.sources.map(({ name }) => name);
  results.forEach((result, i) => {
    const at = spot.at('results').at(i);
    checkNames(
      result.sources.map(({ name }) => name),
      sources,
      'source',
      at.at('sources'),
    );
    checkShards(result, meta.shards, at.at('shards'));
    checkProcessors(result, meta.processors, at);
    checkDistributions(result, at.at('distribution'));
    checkDecisions(result, at.at('decisions'));
  });
  const compared = comparisons.map(({ policy }) => policy);
  const others = compared.length === 0 ? [] : policies.slice(1);
  checkNames(compared, others, 'policy', spot.at('comparisons'));
  comparisons.forEach(({ against }, i) => {
    if (against === policies[0]) return;
    spot.at('comparisons').at(i).at('against').expected('the first policy', against);
  });
}

function checkUnique(named: readonly { name: string }[], spot: Spot): void {
  const seen = new Set<string>();
  named.forEach(({ name }, i) => {
    if (seen.has(name)) spot.at(i).at('name').expected('a name of its own', name);
    seen.add(name);
  });
}

/** Whatever is named twice in a result stands in the same order. */
function checkNames(
  seen: readonly string[],
  names: readonly string[],
  what: 'policy' | 'source',
  spot: Spot,
): void {
  if (seen.length !== names.length) {
    const plural = what === 'policy' ? 'policies' : 'sources';
    spot.problem(
      `expected as many as the scenario has ${plural}, ${formatCount(names.length)}, ` +
        `found ${formatCount(seen.length)}`,
    );
    return;
  }
  seen.forEach((name, i) => {
    if (name === names[i]) return;
    spot
      .at(i)
      .at(what === 'policy' ? 'policy' : 'name')
      .expected(`the name of this ${what} in the scenario`, name);
  });
}

function checkProcessors({ counters, processors }: PolicyResult, count: number, at: Spot): void {
  const spot = at.at('processors');
  if (processors.length !== count) {
    spot.problem(`expected one for each of the ${count} processors, found ${processors.length}`);
    return;
  }
  processors.forEach(({ index }, i) => {
    if (index !== i) spot.at(i).at('index').expected(`${i}, its place in the list`, index);
  });
  for (const name of Object.keys(processors[0].counters) as (keyof ScopeResult['counters'])[]) {
    // A counter of which nothing is known has no sum.
    if (counters[name] === undefined) continue;
    const sum = processors.reduce((total, scope) => total + (scope.counters[name] ?? 0), 0);
    // Sums of nanoseconds may pass 2^53, where each is rounded on its own.
    if (sum === counters[name] || !Number.isSafeInteger(sum)) continue;
    at.at('counters')
      .at(name)
      .expected(`the sum over all processors, ${formatCount(sum)}`, counters[name]);
  }
}

/** As many of each figure as there are shards. */
function checkShards({ shards }: PolicyResult, count: number, at: Spot): void {
  if (shards === null) return;
  const { counters, latency } = shards;
  const columns = [
    ...Object.entries(counters).map(([name, column]) => ({ name, column, of: 'counters' })),
    ...LATENCY_NAMES.flatMap((of) =>
      Object.entries(latency[of]).map(([name, column]) => ({ name, column, of })),
    ),
  ];
  const wrong = columns.find(({ column }) => column !== null && column.length !== count);
  if (wrong === undefined) return;
  at.problem(
    `${wrong.of}.${wrong.name} has ${formatCount(wrong.column!.length)} entries, and there are ` +
      `${formatCount(count)} shards`,
  );
}

function checkDistributions({ distribution, latency }: PolicyResult, at: Spot): void {
  for (const name of LATENCY_NAMES) {
    const { counts, highNs, lowNs } = distribution[name];
    const spot = at.at(name);
    if (lowNs.length !== counts.length || highNs.length !== counts.length) {
      spot.problem('the columns differ in length');
      continue;
    }
    const wrong = lowNs.findIndex(
      (low, i) => !isBucket(low, highNs[i]) || (i > 0 && low <= lowNs[i - 1]),
    );
    if (wrong >= 0) {
      spot
        .at('lowNs')
        .at(wrong)
        .problem(`${lowNs[wrong]} to ${highNs[wrong]} is no bucket, or not above the one before`);
      continue;
    }
    const sum = counts.reduce((total, count) => total + count, 0);
    if (sum === latency[name].count) continue;
    spot
      .at('counts')
      .problem(
        `expected ${formatCount(latency[name].count)} samples, as many as latency.${name} has, ` +
          `found ${formatCount(sum)}`,
      );
  }
}

/** Every DPC queued is in one of them, and so is every wait. */
function checkDecisions({ counters, decisions, latency }: PolicyResult, at: Spot): void {
  if (decisions === null) return;
  decisions.forEach(({ wait: { count, counts, lowNs } }, i) => {
    const spot = at.at(i).at('wait');
    if (counts.length !== lowNs.length) spot.problem('the columns differ in length');
    const sum = counts.reduce((total, waits) => total + waits, 0);
    if (sum !== count) spot.at('count').expected(`the sum of counts, ${formatCount(sum)}`, count);
  });
  const sumOf = (of: (decision: Decision) => number): number =>
    decisions.reduce((sum, decision) => sum + of(decision), 0);
  const requested = (request: Decision['request']): number =>
    sumOf((decision) => (decision.request === request ? decision.inserts : 0));
  const sums: [string, number, number][] = [
    ['inserts', sumOf(({ inserts }) => inserts), counters.inserts],
    ['ipis', requested('ipi'), counters.ipis],
    ['localRequests', requested('local'), counters.localRequests],
    ['suppressed', requested('suppressed'), counters.suppressed],
    ['declined', requested('none'), counters.declined],
    ['waits', sumOf(({ wait }) => wait.count), latency.dpcWait.count],
  ];
  for (const [what, sum, counted] of sums) {
    if (sum === counted) continue;
    at.problem(`they add up to ${formatCount(sum)} ${what}, not to ${formatCount(counted)}`);
  }
}
