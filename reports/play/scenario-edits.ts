import type { Problem } from '../../src/errors.js';
import type { Decision } from '../../src/play/edited-rules.js';
import { type Knob, writtenValue } from '../../src/play/knobs.js';
import type { PlayState, WrittenScenario } from '../../src/play/play-state.js';
import type { Workers } from './workers.js';

/** What edits change. */
export interface EditGround {
  readonly state: { readonly value: PlayState };
  readonly written: { readonly value: WrittenScenario };
  readonly problems: { value: readonly Problem[] };
  change(next: PlayState, words: string | null): Promise<void>;
}

/** Changes of the scenario's text, one after another: each builds on the one before it. */
export class ScenarioEdits {
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly ground: EditGround,
    private readonly workers: Workers,
  ) {}

  /** Another text; `words` say what of it was changed. */
  write(text: string, words: string, policies = this.ground.state.value.policies): Promise<void> {
    const { file } = this.ground.written.value;
    const scenario = { file, text };
    return this.ground.change({ ...this.ground.state.value, scenario, policies }, words);
  }

  turn(knob: Knob, value: number | string): Promise<void> {
    return this.next(async () => {
      const { path } = knob;
      const { file, text } = this.ground.written.value;
      const wanted = writtenValue(knob, value);
      const question = { kind: 'edit', file, text, path, value: wanted } as const;
      const reply = await this.workers.ask<'edited'>(question);
      if (reply.kind === 'problems') this.ground.problems.value = reply.problems;
      else await this.write(reply.text, `${knob.group}: ${knob.label}, before ${wordsOf(knob)}`);
    });
  }

  /** A decision of one of the two policies, which `words` name, becomes another one. */
  decide(index: 0 | 1, decision: Omit<Decision, 'policy'>, words: string): Promise<void> {
    return this.next(async () => {
      const { file, text } = this.ground.written.value;
      const policies: [string, string] = [...this.ground.state.value.policies];
      const whole = { ...decision, policy: policies[index] };
      const question = { kind: 'decide', file, text, decision: whole } as const;
      const reply = await this.workers.ask<'decided'>(question);
      if (reply.kind === 'problems') {
        this.ground.problems.value = reply.problems;
        return;
      }
      policies[index] = reply.redecided.policy;
      await this.write(reply.redecided.text, words, policies);
    });
  }

  private next(edit: () => Promise<void>): Promise<void> {
    this.last = this.last.then(edit);
    return this.last;
  }
}

function wordsOf(knob: Knob): string {
  return knob.kind === 'range' ? knob.words : knob.value;
}
