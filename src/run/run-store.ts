import { checkIdentity, Journal, JournalReader } from '../disk/journal.js';
import { inputError } from '../errors.js';
import type { Scenario } from '../scenario/scenario.js';
import { isShardKey, type ShardStore } from './kept-shards.js';
import { parsePart, type Part } from './part.js';
import { readRun, runIdentity, runRecords, type RunChoices } from './run-journal.js';

const PART = 'part';

/** The journal of a run, open to be written, and those of others beside it. */
export class RunJournal implements ShardStore {
  private constructor(
    private readonly journal: Journal,
    private readonly others: readonly JournalReader[],
  ) {}

  /** @throws InputError for a journal that is not of this run, or in use. */
  static async open(
    path: string,
    scenario: Scenario,
    choices: RunChoices,
    { part, others = [] }: { part?: Part; others?: readonly string[] } = {},
  ): Promise<RunJournal> {
    const identity = runIdentity(scenario, choices);
    const journal = await Journal.open(path, identity);
    const readers: JournalReader[] = [];
    try {
      const records = runRecords(scenario, choices);
      if (part !== undefined) records.set(PART, encode(`${part.index}/${part.count}`));
      for (const [key, bytes] of records) {
        if (!equal(journal.get(key), bytes)) journal.add(key, bytes);
      }
      for (const other of others) {
        readers.push(JournalReader.open(other));
        checkIdentity(other, readers[readers.length - 1].identity, identity);
      }
      return new RunJournal(journal, readers);
    } catch (error) {
      for (const reader of readers) reader.close();
      journal.close();
      throw error;
    }
  }

  get path(): string {
    return this.journal.path;
  }

  /** Bytes of a torn end that was cut off. */
  get lostBytes(): number {
    return this.journal.lostBytes;
  }

  /** Shards in the journal itself. */
  get finished(): number {
    return this.journal.keys().filter(isShardKey).length;
  }

  get(key: string): Uint8Array | undefined {
    const own = this.journal.get(key);
    if (own !== undefined) return own;
    for (const other of this.others) {
      const bytes = other.get(key);
      if (bytes !== undefined) return bytes;
    }
    return undefined;
  }

  readonly add = (key: string, bytes: Uint8Array): void => this.journal.add(key, bytes);

  close(): void {
    for (const other of this.others) other.close();
    this.journal.close();
  }
}

/** Journals of one run, each with some of its shards, to be read. */
export class RunParts implements ShardStore {
  private readonly where = new Map<string, JournalReader>();
  /** Shards that two of them hold, with the same bytes, and both files. */
  readonly doubles: { key: string; first: string; second: string }[] = [];

  private constructor(
    private readonly journals: readonly JournalReader[],
    readonly scenario: Scenario,
    readonly choices: RunChoices,
  ) {}

  /**
   * Throws InputError for what is no journal of a run, for those of different runs, and for a shard
   * of which two tell different things.
   */
  static open(paths: readonly string[]): RunParts {
    const journals: JournalReader[] = [];
    try {
      for (const path of paths) journals.push(JournalReader.open(path));
      const { scenario, choices } = readRun(journals[0]);
      const identity = runIdentity(scenario, choices);
      for (const { identity: found, path } of journals) checkIdentity(path, found, identity);
      const parts = new RunParts(journals, scenario, choices);
      for (const journal of journals) parts.take(journal);
      return parts;
    } catch (error) {
      for (const journal of journals) journal.close();
      throw error;
    }
  }

  private take(journal: JournalReader): void {
    for (const key of journal.keys()) {
      if (!isShardKey(key)) continue;
      const other = this.where.get(key);
      if (other === undefined) {
        this.where.set(key, journal);
        continue;
      }
      const double = { key, first: other.path, second: journal.path };
      if (!equal(other.get(key), journal.get(key)!)) {
        throw inputError(
          `${double.first} and ${double.second}: they hold different results of one shard, ${key}`,
          'one of the two hosts cannot be trusted: run its part again, elsewhere',
        );
      }
      this.doubles.push(double);
    }
  }

  get path(): string {
    return this.journals[0].path;
  }

  /** How many parts the run was cut into; null where the journals do not agree on it. */
  get partCount(): number | null {
    const counts = this.journals.map((journal) => {
      const bytes = journal.get(PART);
      return bytes === undefined ? null : (parsePart(Buffer.from(bytes).toString())?.count ?? null);
    });
    return counts.every((count) => count === counts[0]) ? counts[0] : null;
  }

  /** By file: bytes of a torn end that are left out. */
  get lost(): { path: string; bytes: number }[] {
    return this.journals.flatMap(({ lostBytes: bytes, path }) =>
      bytes > 0 ? [{ path, bytes }] : [],
    );
  }

  get shards(): number {
    return this.where.size;
  }

  get(key: string): Uint8Array | undefined {
    return this.where.get(key)?.get(key);
  }

  close(): void {
    for (const journal of this.journals) journal.close();
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function equal(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
