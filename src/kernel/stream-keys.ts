/** What a random stream is for; each (source, role) has a stream of its own. */
export type StreamRole = 'gap' | 'phase' | 'isr' | 'service' | 'perItem' | 'thread';

const utf8 = new TextEncoder();

/**
 * What the streams of a shard have in common. With `streamKey` it is all that a stream's state
 * depends on (assembly/streams/seeds.ts): the stream of a source is the same under every policy,
 * whatever
 * other sources there are and in whatever order they stand.
 */
export function shardKey(seed: number, shardIndex: number): Uint8Array {
  return utf8.encode(`${seed}/${shardIndex}/`);
}

/** What tells a stream from the others of a shard; `name` is the source's, or the processor's. */
export function streamKey(role: StreamRole, name: string): Uint8Array {
  return utf8.encode(`${role}/${name}`);
}
