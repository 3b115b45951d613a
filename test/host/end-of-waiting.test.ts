import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { EndOfWaiting } from '../../src/run/end-of-waiting.js';

it('ends for all who wait, and for who comes later', async () => {
  const waiting = new EndOfWaiting();
  const never = new Promise<number>(() => undefined);
  const both = [waiting.for(never), waiting.for(never)].map((one) =>
    expect(one).rejects.toThrow('over'),
  );
  expect(await waiting.for(Promise.resolve(7))).toBe(7);
  waiting.end(new Error('over'));
  await Promise.all(both);
  await expect(waiting.for(never)).rejects.toThrow('over');
});

it('keeps nothing of what was answered', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const waiting = new EndOfWaiting();
  const answers: WeakRef<object>[] = [];
  for (let i = 0; i < 20; i++) {
    answers.push(new WeakRef(await waiting.for(Promise.resolve({ i }))));
  }
  // A reference is kept until its task is over.
  await new Promise((resolve) => setTimeout(resolve, 0));
  collect();
  expect(answers.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(1);
});
