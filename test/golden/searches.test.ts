import { describe, it } from 'vitest';
import { FACT_IDLE, FACT_OVER, FACT_POLLING, FACT_SLOW } from '../../src/policy/facts.js';
import { findPreset, PRESETS } from '../../src/policy/presets.js';
import type { Trade } from '../../src/stats/pareto.js';
import {
  behaviourOf,
  type Candidate,
  changesOf,
  type Question,
  settingsOf,
  type Space,
} from '../../src/tune/candidate.js';
import { searchFront } from '../../src/tune/search.js';
import { expectGolden, hashOf } from './golden-file.js';

function question(
  target: Question['target'],
  importance: Question['importance'],
  ...facts: number[]
) {
  const cells = facts.map((of, i) => ({ facts: of, inserts: 1 + (facts.length - i) ** 3 }));
  return { target, importance, cells };
}

const FEW = question('current', 'low', 0, FACT_OVER);
const MANY = question(
  'other',
  'high',
  ...[0, FACT_IDLE, FACT_IDLE | FACT_POLLING, FACT_OVER, FACT_IDLE | FACT_OVER, FACT_SLOW],
);
const DEPTH = {
  path: 'machine.tunables.maximumDpcQueueDepth',
  values: ['4', '1', '2'],
  facts: FACT_OVER,
};
const HOLD = { path: 'sources.nic.moderation', values: ['', '{ time: 20us }'], facts: 0 };
const vista = findPreset('vista')!;

const SPACES: Record<string, Space> = {
  'one question': { questions: [FEW], importances: ['low'], settings: [], base: vista },
  'two questions': {
    questions: [FEW, MANY],
    importances: ['low', 'high'],
    settings: [],
    base: findPreset('nt52')!,
  },
  settings: {
    questions: [MANY],
    importances: ['high'],
    settings: [DEPTH, HOLD],
    base: vista,
  },
};

/** One figure counts the cells that ask, the other weighs those that wait; some have none. */
function tradeOf({ asks, chosen, insert }: Candidate): Trade | null {
  const all = asks.flat();
  const asking = all.filter((answer) => answer).length + chosen.reduce((a, b) => a + b, 0) / 4;
  const waiting = all.reduce((sum, answer, i) => sum + (answer ? 0 : 1 + (i % 3)), 0);
  if (asking === 3) return null;
  return [asking, waiting + (insert[0] === 'tail' ? 0 : 0.5)];
}

describe('as before is what a search tries', () => {
  it.each(Object.keys(SPACES))('in a space with %s, in this order', async (name) => {
    const space = SPACES[name];
    const presets = PRESETS.slice(0, 3);
    const lines: string[] = [];
    for (const [budget, seed] of [
      [2, 1],
      [9, 1],
      [60, 1],
      [60, 2],
    ]) {
      const batches: number[] = [];
      const tried = await searchFront({
        budget,
        seed,
        space,
        presets,
        evaluate: async (candidates) => {
          batches.push(candidates.length);
          return candidates.map(tradeOf);
        },
      });
      const told = tried.map(({ candidate, preset, trade }) => {
        const changes = changesOf(candidate, space).map(({ base, own, path, without }) => {
          return `${path} ${base} -> ${own} (${hashOf(behaviourOf(without, space))})`;
        });
        const settings = settingsOf(candidate, space).join(' ');
        return `${preset} ${trade?.join(' ')} [${settings}] ${changes.join('; ')}`;
      });
      lines.push(`== ${budget}, seed ${seed}: ${batches.join(' ')} ${hashOf(told.join())}`);
      lines.push(...(budget === 60 && seed === 2 ? [] : told));
    }
    expectGolden(`searches/${name.replace(' ', '-')}.txt`, lines.join('\n') + '\n');
  });
});
