import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { PacketWriter, SLICE_END } from '../../src/export/perfetto-packets.js';
import { perfettoTrace } from '../../src/run/trace.js';
import { parseScenario } from '../../src/scenario/parse.js';
import { expectGolden, hashOf } from './golden-file.js';

const schema = join(import.meta.dirname, '../fixtures/perfetto.proto');
const Trace = protobuf.parse(readFileSync(schema, 'utf8')).root.lookupType('Trace');
const SHOWN = 90;

function packetsOf(bytes: Uint8Array): string[] {
  const told = Trace.toObject(Trace.decode(bytes), { longs: Number, enums: String });
  return (told['packet'] as object[]).map((packet) => JSON.stringify(packet));
}

describe('a trace for Perfetto, as before, has', () => {
  it.each([
    [0, 'dispatch'],
    [1, 'ipi-level'],
    [2, 'dispatch'],
  ])('the packets of everything that happens: rules %i, IPIs at %s', (index, ipi) => {
    const text = readFileSync(join(import.meta.dirname, 'transcripts/mixed.yaml'), 'utf8');
    const { machine, policies, ...rest } = parseScenario(text, 'mixed.yaml');
    const scenario = {
      ...rest,
      machine: { ...machine, ipi: ipi as 'dispatch' },
      policies: [policies[index]],
      until: { timeNs: 2_200_000, interrupts: null },
    };
    const lines = packetsOf(Buffer.concat([...perfettoTrace(scenario, { seed: 5 })]));
    const shown = lines.slice(0, SHOWN).join('\n');
    expectGolden(
      `pages/rules-${index}.perfetto.txt`,
      `${shown}\n${lines.length} packets: ${hashOf(lines.join('\n'))}\n`,
    );
  });

  it('pieces of 65,536 bytes and what the last packet has more', () => {
    const writer = new PacketWriter();
    expect([...writer.take(true)]).toEqual([]);
    const pieces: Uint8Array[] = [];
    const event = { timeNs: 1, type: SLICE_END, trackUuid: 1, name: 'x'.repeat(113) } as const;
    for (let i = 0; i < 1100; i++) {
      writer.event(event);
      pieces.push(...writer.take());
    }
    const [{ length }] = [...writer.take(true)];
    // A packet has 128 bytes: the 512th makes a piece whole.
    expect(pieces.map((piece) => piece.length)).toEqual([65_536, 65_536]);
    expect(length).toBe(76 * 128);
    expect([...writer.take(true)]).toEqual([]);
  });
});
