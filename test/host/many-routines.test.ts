import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importRecording } from '../../src/recording/import-recording.js';
import { windowsSchedule, wpaText } from './windows-schedule.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dpcbench-routines-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a recording of 501 routines', () => {
  const [dpc] = windowsSchedule(3, 100_000).ran.filter(({ kind }) => kind === 'dpc');

  it.each([
    { modules: 500, streams: 500, first: 'dpc/m0.sys' },
    { modules: 501, streams: 1, first: 'dpc/all' },
  ])('has $streams streams where they are of $modules modules', async (shape) => {
    const ran = Array.from({ length: 501 }, (_, i) => {
      const name = { module: `m${i % shape.modules}.sys`, routine: `f${i}` };
      return { ...dpc, ...name, entry: 10_000 * (i + 1) };
    });
    const path = join(folder, 'trace.csv');
    writeFileSync(path, wpaText(ran, { mark: '.', exits: false }));
    const { streams } = (await importRecording(path)).recording;
    expect(streams).toHaveLength(shape.streams);
    expect(streams[0].name).toBe(shape.first);
  });
});
