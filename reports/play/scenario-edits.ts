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
  change(next: PlayState, edit: Edit): Promise<void>;
}

/** What was changed in words, and whether the change before this one goes on with it. */
export interface Edit {
  words: string;
  goesOn: boolean;
}

/** A slider on its way: wherever it comes takes effect, and all of it is one change. */
interface Movement {
  id: string;
  words: string;
  /** The text that it left behind: after another edit a movement is a new one. */
  text: string;
  value: number;
  /** The value that took effect last, and when. */
  taken: number | null;
  takenMs: number;
  isLetGo: boolean;
  movedMs: number;
  /** Until the last value has taken effect, where that is still to come. */
  due: Promise<void> | null;
}

/** A slider that moves takes effect so often, in ms: both machines start anew each time. */
const TAKEN_EVERY_MS = 150;
/** Keys let go of a slider at each step: moved again by then, it goes on. */
const GOES_ON_MS = 1_000;

/** Changes of the scenario's text, one after another: each builds on the one before it. */
export class ScenarioEdits {
  private last: Promise<void> = Promise.resolve();
  private movement: Movement | null = null;

  constructor(
    private readonly ground: EditGround,
    private readonly workers: Workers,
  ) {}

  /** Another text; `edit` says what of it was changed. */
  write(text: string, edit: Edit, policies = this.ground.state.value.policies): Promise<void> {
    const { file } = this.ground.written.value;
    const scenario = { file, text };
    return this.ground.change({ ...this.ground.state.value, scenario, policies }, edit);
  }

  turn(knob: Knob, value: number | string): Promise<void> {
    return this.next(() => this.setValue(knob, value, { words: changeOf(knob), goesOn: false }));
  }

  /** A slider comes to a value; resolves when that, or a later one, has taken effect. */
  move(knob: Knob, value: number, isLetGo: boolean): Promise<void> {
    const movement = this.movementOf(knob, value);
    Object.assign(movement, { value, isLetGo, movedMs: performance.now() });
    movement.due ??= this.next(() => this.take(knob, movement));
    return movement.due;
  }

  private movementOf(knob: Knob, value: number): Movement {
    const { movement } = this;
    const { text } = this.ground.written.value;
    const nowMs = performance.now();
    const isSame =
      movement !== null &&
      movement.id === knob.id &&
      movement.text === text &&
      (!movement.isLetGo || nowMs - movement.movedMs < GOES_ON_MS);
    if (isSame) return movement;
    this.movement = {
      id: knob.id,
      words: changeOf(knob),
      text,
      value,
      taken: null,
      takenMs: -Infinity,
      isLetGo: false,
      movedMs: nowMs,
      due: null,
    };
    return this.movement;
  }

  /** The value where the slider is by now; those that it has left meanwhile are not simulated. */
  private async take(knob: Knob, movement: Movement): Promise<void> {
    const restMs = movement.takenMs + TAKEN_EVERY_MS - performance.now();
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
    movement.due = null;
    movement.takenMs = performance.now();
    const { taken, value, words } = movement;
    if (value === taken) return;
    movement.taken = value;
    const edit = { words, goesOn: taken !== null };
    await this.setValue(knob, value, edit, (text) => (movement.text = text));
  }

  private async setValue(
    knob: Knob,
    value: number | string,
    edit: Edit,
    before: (text: string) => void = () => {},
  ): Promise<void> {
    const { path } = knob;
    const { file, text } = this.ground.written.value;
    const wanted = writtenValue(knob, value);
    const question = { kind: 'edit', file, text, path, value: wanted } as const;
    const reply = await this.workers.ask<'edited'>(question);
    if (reply.kind === 'problems') {
      this.ground.problems.value = reply.problems;
      return;
    }
    before(reply.text);
    await this.write(reply.text, edit);
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
      await this.write(reply.redecided.text, { words, goesOn: false }, policies);
    });
  }

  private next(edit: () => Promise<void>): Promise<void> {
    this.last = this.last.then(edit);
    return this.last;
  }
}

function changeOf(knob: Knob): string {
  const before = knob.kind === 'range' ? knob.words : knob.value;
  return `${knob.group}: ${knob.label}, before ${before}`;
}
