import { expect, test } from 'vitest';
import { inParts, type MessagePart, PartKeeper } from '../../reports/play/message-parts.js';

const LONG = Array.from({ length: 1_001 }, (_, i) => ({ i }));

/** As it comes out at the other end of a line. */
function sent<T extends object>(message: T): { messages: (MessagePart | T)[]; taken: T } {
  const messages = [...inParts(message)].map((each) => structuredClone(each));
  const keeper = new PartKeeper();
  const whole = messages.flatMap((each) => keeper.take<T>(each) ?? []);
  expect(whole.length).toBe(1);
  return { messages, taken: whole[0] };
}

test('a short message goes as it is', () => {
  const message = { kind: 'live', packed: new Float32Array(5_000), none: null, few: [[1], [2]] };
  const [only, ...more] = inParts(message);
  expect(only).toEqual(message);
  expect(more).toEqual([]);
  expect(sent(message).taken).toEqual(message);
});

test('long lists go before their message, a part at a time, and come to their places', () => {
  const message = {
    kind: 'told',
    run: 3,
    deep: { events: LONG, steps: LONG.slice(1) },
    names: LONG,
  };
  const { messages, taken } = sent(message);
  expect(taken).toEqual(message);
  expect(messages.length).toBeGreaterThan(6);
  for (const each of messages) {
    const { items = [] } = each as Partial<MessagePart>;
    expect(items.length).toBeLessThanOrEqual(400);
  }
  expect(JSON.stringify(messages.at(-1)).length).toBeLessThan(200);
});

test('of one sender they come one after another', () => {
  const keeper = new PartKeeper();
  const messages = [{ first: LONG }, { second: LONG.toReversed() }];
  const taken = messages
    .flatMap((message) => [...inParts<object>(message)])
    .flatMap((part) => keeper.take(part) ?? []);
  expect(taken).toEqual(messages);
});
