/** A piece of a list of the message that follows. */
export interface MessagePart {
  kind: 'part';
  list: number;
  items: unknown[];
}

/** Where a list belongs that went before its message. */
interface Parted {
  parted: number;
}

/**
 * A page takes a message apart in one task, in which it can neither draw nor hear: of longer lists
 * so many items go at once.
 */
const MOST_ITEMS = 400;

/** The message without its long lists, after those. It is plain data; lists of lists are short. */
export function* inParts<T extends object>(message: T): Generator<MessagePart | T> {
  const parts: MessagePart[] = [];
  let lists = 0;
  const parted = (value: unknown): unknown => {
    if (!Array.isArray(value)) return mapped(value, parted);
    if (value.length <= MOST_ITEMS) return value;
    const list = lists++;
    for (let from = 0; from < value.length; from += MOST_ITEMS) {
      parts.push({ kind: 'part', list, items: value.slice(from, from + MOST_ITEMS) });
    }
    return { parted: list } satisfies Parted;
  };
  const rest = parted(message) as T;
  yield* parts;
  yield rest;
}

/** Puts messages together again, as they come from one sender. */
export class PartKeeper {
  private lists: unknown[][] = [];

  /** The whole message; null while its parts come. */
  take<T extends object>(message: MessagePart | T): T | null {
    if (isPart(message)) {
      (this.lists[message.list] ??= []).push(...message.items);
      return null;
    }
    const { lists } = this;
    if (lists.length === 0) return message;
    this.lists = [];
    const whole = (value: unknown): unknown =>
      isParted(value) ? lists[value.parted] : mapped(value, whole);
    return whole(message) as T;
  }
}

/** A plain object with each of its values mapped; anything else as it is. */
function mapped(value: unknown, by: (value: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, by(each)]));
}

function isPart(message: object): message is MessagePart {
  return 'kind' in message && message.kind === 'part';
}

function isParted(value: unknown): value is Parted {
  return typeof value === 'object' && value !== null && 'parted' in value;
}
