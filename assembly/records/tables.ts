import { Line } from './line';
import { Prcb } from './prcb';
import { Source } from './source';

/** First record of each table; the records lie one after another. */
export let prcbs: usize = 0;
export let sources: usize = 0;
export let lines: usize = 0;
export let sourceCount: i32 = 0;
export let lineCount: i32 = 0;

export function setTables(prcbTable: usize, sourceTable: usize, count: i32): void {
  prcbs = prcbTable;
  sources = sourceTable;
  sourceCount = count;
}

export function setLines(lineTable: usize, count: i32): void {
  lines = lineTable;
  lineCount = count;
}

// @ts-ignore: decorator
@inline
export function prcbAt(index: i32): Prcb {
  return changetype<Prcb>(prcbs + <usize>index * offsetof<Prcb>());
}

// @ts-ignore: decorator
@inline
export function sourceAt(index: i32): Source {
  return changetype<Source>(sources + <usize>index * offsetof<Source>());
}

// @ts-ignore: decorator
@inline
export function lineAt(index: i32): Line {
  return changetype<Line>(lines + <usize>index * offsetof<Line>());
}

/** The pointer at a place of a table of pointers. */
// @ts-ignore: decorator
@inline
export function pointerAt(table: usize, index: u32): usize {
  return load<usize>(table + ((<usize>index) << 2));
}

// @ts-ignore: decorator
@inline
export function setPointerAt(table: usize, index: u32, pointer: usize): void {
  store<usize>(table + ((<usize>index) << 2), pointer);
}
