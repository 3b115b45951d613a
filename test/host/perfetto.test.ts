import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/disk/load-scenario.js';
import { selectPolicies } from '../../src/policy/select-policies.js';
import { perfettoTrace, trace } from '../../src/run/trace.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { runCli } from './run-cli.js';

interface TrackEvent {
  type: 'TYPE_SLICE_BEGIN' | 'TYPE_SLICE_END' | 'TYPE_INSTANT' | 'TYPE_COUNTER';
  trackUuid: number;
  name?: string;
  counterValue?: number;
  flowIds?: number[];
  terminatingFlowIds?: number[];
}
interface Packet {
  timestamp?: number;
  trustedPacketSequenceId: number;
  trackEvent?: TrackEvent;
  trackDescriptor?: { uuid: number; name: string; parentUuid?: number; counter?: object };
}
interface Slice {
  track: string;
  name: string;
  startNs: number;
  endNs: number;
  depth: number;
}

const schema = new URL('../fixtures/perfetto.proto', import.meta.url);
const Trace = protobuf.parse(readFileSync(schema, 'utf8')).root.lookupType('Trace');

/** Read by another library than wrote it, and by the published schema. */
function read(bytes: Uint8Array): Packet[] {
  const message = Trace.decode(bytes);
  // Nothing was written that the schema does not know: it would be lost on the way.
  expect(Trace.encode(message).finish().length).toBe(bytes.length);
  return Trace.toObject(message, { longs: Number, enums: String })['packet'] as Packet[];
}

/** What Perfetto makes of the packets: sorted by time, in their own order at one instant. */
class Imported {
  readonly slices: Slice[] = [];
  readonly counters = new Map<string, number>();
  readonly flows = new Map<number, number>();
  readonly names = new Map<number, string>();
  instants = 0;
  ended = 0;

  constructor(packets: readonly Packet[]) {
    const parents = new Map<number, number>();
    for (const { trackDescriptor: track } of packets) {
      if (track === undefined) continue;
      expect(this.names.has(track.uuid), track.name).toBe(false);
      parents.set(track.uuid, track.parentUuid ?? 0);
      const parent = this.names.get(track.parentUuid ?? 0);
      this.names.set(track.uuid, parent === undefined ? track.name : `${parent}/${track.name}`);
    }
    const open = new Map<number, Slice[]>();
    const events = packets.filter(({ trackEvent }) => trackEvent !== undefined);
    events.sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0));
    for (const { timestamp = 0, trackEvent } of events) {
      if (trackEvent !== undefined) this.take(timestamp, trackEvent, open);
    }
    for (const [track, left] of open) expect(left, this.names.get(track)).toEqual([]);
  }

  private take(timeNs: number, event: TrackEvent, open: Map<number, Slice[]>): void {
    const track = this.names.get(event.trackUuid);
    if (track === undefined) throw new Error(`no track ${event.trackUuid}`);
    const stack = open.get(event.trackUuid) ?? [];
    open.set(event.trackUuid, stack);
    for (const id of event.flowIds ?? []) this.flows.set(id, (this.flows.get(id) ?? 0) + 1);
    for (const id of event.terminatingFlowIds ?? []) {
      expect(this.flows.has(id)).toBe(true);
      this.ended++;
    }
    switch (event.type) {
      case 'TYPE_SLICE_BEGIN': {
        const { name = '' } = event;
        stack.push({ track, name, startNs: timeNs, endNs: -1, depth: stack.length });
        return;
      }
      case 'TYPE_SLICE_END': {
        const slice = stack.pop();
        if (slice === undefined) throw new Error(`nothing ends on ${track} at ${timeNs}`);
        this.slices.push({ ...slice, endNs: timeNs });
        return;
      }
      case 'TYPE_INSTANT':
        this.instants++;
        return;
      case 'TYPE_COUNTER':
        this.counters.set(track, event.counterValue ?? 0);
    }
  }
}

function scenarioOf(name: string, policy: string, timeNs: number, machine = {}): Scenario {
  const scenario = loadScenario(name);
  const policies = selectPolicies(scenario, [policy]);
  const until = { timeNs, interrupts: null };
  return { ...scenario, policies, until, machine: { ...scenario.machine, ...machine } };
}

function bytesOf(scenario: Scenario): Uint8Array {
  return Buffer.concat([...perfettoTrace(scenario, { seed: 7 })]);
}

describe('a trace for Perfetto', () => {
  it.each([
    { name: 'default', policy: 'pre-vista', timeNs: 4_000_000, machine: {} },
    { name: 'default', policy: 'vista', timeNs: 20_000_000, machine: { ipi: 'ipi-level' } },
    { name: 'threaded-beside-audio', policy: 'vista', timeNs: 30_000_000, machine: {} },
  ])('holds what happened in $name by $policy', ({ name, policy, timeNs, machine }) => {
    const scenario = scenarioOf(name, policy, timeNs, machine);
    const { counters, dpcWait } = trace(scenario, { seed: 7 }, () => undefined).machine;
    const imported = new Imported(read(bytesOf(scenario)));
    const { slices } = imported;
    const own = scenario.sources.map((source) => source.name);
    const isRoutine = ({ name: label, depth }: Slice): boolean =>
      depth > 0 && (own.includes(label.split('@')[0]) || label.startsWith('KiTimerExpiration@'));
    expect(slices.filter(isRoutine)).toHaveLength(counters.dpcs);
    expect(slices.filter((each) => each.name.startsWith('ISR '))).toHaveLength(counters.isrs);
    const drains = slices.filter((each) => each.name.startsWith('drain on'));
    expect(drains).toHaveLength(counters.dispatchDrains + counters.idleDrains);
    expect(dpcWait.count).toBe(counters.dpcs);
    // An arrow for each insert and for each IPI.
    expect(imported.flows.size).toBe(counters.inserts + counters.ipis);
    expect(imported.ended).toBeGreaterThanOrEqual(counters.dpcs);
    const depths = [...imported.counters].filter(([track]) => track.endsWith('queue depth'));
    expect(depths.reduce((sum, [, depth]) => sum + depth, 0)).toBe(counters.stillQueued);
    for (const { endNs, startNs, track } of slices) {
      expect(endNs).toBeGreaterThanOrEqual(startNs);
      expect(track).toMatch(/\/CPU \d+\/IRQL \d+/);
    }
  });

  it('lays no slices across each other on a track', () => {
    const { slices } = new Imported(read(bytesOf(scenarioOf('default', 'msdn', 3_000_000))));
    for (const track of new Set(slices.map((each) => each.track))) {
      const own = slices.filter((each) => each.track === track);
      const flat = own.filter(({ depth }) => depth === 0).sort((a, b) => a.startNs - b.startNs);
      for (let i = 1; i < flat.length; i++) {
        expect(flat[i].startNs, track).toBeGreaterThanOrEqual(flat[i - 1].endNs);
      }
    }
  });

  it('comes in pieces', () => {
    const pieces = [...perfettoTrace(scenarioOf('default', 'vista', 20_000_000), {})];
    expect(pieces.length).toBeGreaterThan(3);
    for (const piece of pieces) expect(piece.length).toBeLessThan(1 << 18);
  });
});

describe('dpcbench trace --format perfetto', () => {
  let folder = '';
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-perfetto-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('leaves nothing behind when it is interrupted', async () => {
    const place = mkdtempSync(join(folder, 'interrupted-'));
    const args = ['trace', 'default', '-p', 'vista', '--format', 'perfetto'];
    const command = [...args, '-o', join(place, 'run.pftrace')];
    const { code, err } = await runCli(command, AbortSignal.abort());
    expect([code, err]).toEqual([130, 'Interrupted: no trace was written.\n']);
    expect(readdirSync(place)).toEqual([]);
  });

  it('writes a file, and says what is missing', async () => {
    const file = join(folder, 'run.pftrace');
    const args = ['trace', 'default', '-p', 'vista', '-t', '2ms', '--format', 'perfetto'];
    const { code, out } = await runCli([...args, '-o', file]);
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(read(readFileSync(file)).length).toBeGreaterThan(100);
    expect((await runCli(args)).code).toBe(2);
    expect((await runCli([...args, '-o', join(folder, 'no', 'x')])).code).toBe(3);
    const several = await runCli(['trace', 'default', '--format', 'perfetto', '-o', file]);
    expect(several.code).toBe(2);
    expect(several.err).toMatch(/^an event log is of one policy/);
    const ndjson = ['trace', 'default', '-p', 'vista', '-t', '2ms', '-o', file];
    expect((await runCli(ndjson)).code).toBe(2);
  });
});
