import { FACT_OVER, FACT_RARE, FACT_SLOW, FACTS } from '../policy/facts.js';
import { type Importance, IMPORTANCES, type Policy } from '../policy/policy.js';
import { TARGETS } from '../policy/situations.js';
import type { ResultDocument } from '../result/document.js';
import type { Moderation, Scenario } from '../scenario/scenario.js';
import { occurring, type Question, type SettingChoice, type Space } from './candidate.js';

/** A tunable changes what the facts are that are named here, and nothing else (R10, R16). */
const TUNABLES = [
  { name: 'maximumDpcQueueDepth', values: ['1', '2', '4', '8', '16'], facts: FACT_OVER },
  { name: 'idealDpcRate', values: ['0', '5', '20', '100', '1000'], facts: FACT_OVER },
  { name: 'adjustDpcThreshold', values: ['1', '5', '20', '100'], facts: FACT_OVER },
  { name: 'minimumDpcRate', values: ['0', '3', '20', '100', '1000'], facts: FACT_SLOW | FACT_RARE },
] as const;
const HOLD_TIMES = ['20us', '50us', '100us', '200us'];
/** Devices that may hold interrupts back: of more than this the search would see little each. */
const MOST_MODERATED = 4;

/**
 * What there is to decide in a scenario: the cells of the census that occurred under any of the
 * policies of a result, where DPCs of these importances are linked, and the settings of the machine
 * and its devices that bear on it. `rulesOnly`: no settings.
 */
export function spaceOf(
  document: ResultDocument,
  scenario: Scenario,
  base: Policy,
  rulesOnly: boolean,
): Space {
  const counts = new Map<string, Map<number, number>>();
  const importances = new Set<Importance>();
  for (const { decisions } of document.results) {
    for (const { facts, importance, inserts, target, threaded } of decisions ?? []) {
      if (threaded) continue;
      importances.add(importance);
      const set = FACTS.reduce(
        (bits, fact) => (facts.includes(fact.word) ? bits | fact.bit : bits),
        0,
      );
      const key = `${target} ${importance}`;
      const cells = counts.get(key) ?? new Map<number, number>();
      counts.set(key, cells.set(set, (cells.get(set) ?? 0) + inserts));
    }
  }
  const questions = TARGETS.flatMap((target) =>
    IMPORTANCES.flatMap((importance): Question[] => {
      const cells = counts.get(`${target} ${importance}`);
      if (cells === undefined) return [];
      const list = [...cells].map(([facts, inserts]) => ({ facts, inserts }));
      list.sort((a, b) => b.inserts - a.inserts || a.facts - b.facts);
      return [{ target, importance, cells: list }];
    }),
  );
  return {
    questions,
    importances: occurring(importances),
    settings: rulesOnly ? [] : settingsOf(scenario),
    base,
  };
}

function settingsOf({ machine, sources }: Scenario): SettingChoice[] {
  const tunables = TUNABLES.map(({ name, values, facts }) =>
    choiceOf(`machine.tunables.${name}`, String(machine.tunables[name]), values, facts),
  );
  const devices = sources
    .flatMap((source) => (source.kind === 'device' && source.dpc !== null ? [source] : []))
    .slice(0, MOST_MODERATED);
  const moderations = devices.map(({ name, moderation }) =>
    choiceOf(
      `sources${/^[A-Za-z][\w-]*$/.test(name) ? `.${name}` : `["${name}"]`}.moderation`,
      moderation === undefined ? '' : moderationText(moderation),
      // What a device does already is tried without as well.
      ['', ...HOLD_TIMES.map((time) => `{ time: ${time} }`)],
      0,
    ),
  );
  return [...tunables, ...moderations];
}

function choiceOf(
  path: string,
  own: string,
  values: readonly string[],
  facts: number,
): SettingChoice {
  return { path, values: [own, ...values.filter((value) => value !== own)], facts };
}

function moderationText({ count, timeNs }: Moderation): string {
  const parts = [
    ...(timeNs === null ? [] : [`time: ${writtenNs(timeNs)}`]),
    ...(count === null ? [] : [`count: ${count}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

function writtenNs(ns: number): string {
  return ns % 1000 === 0 ? `${ns / 1000}us` : `${ns}ns`;
}
