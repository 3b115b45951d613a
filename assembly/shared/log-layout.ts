// The event log of the debug build. Kernel and host both compile this file, like abi.ts.

/** What is written: nothing, the events of section 10 of docs/semantics.md, or details as well. */
export const LOG_NOTHING: i32 = 0;
export const LOG_EVENTS: i32 = 1;
export const LOG_DETAILS: i32 = 2;

// Records of LOG_BYTES: i64 t; u32 p; u8 event; u8 flag; u16 outcome; u32 a; u32 b;
// i64 value.
export const LOG_BYTES: i32 = 32;
export const LOG_CAPACITY: i32 = 16384;
export const LOG_ARRIVAL: i32 = 0; // flag dropped, outcome RAISE_*, a source
export const LOG_ISR_START: i32 = 1; // a source
export const LOG_ISR_END: i32 = 2; // a source
export const LOG_INSERT: i32 = 3; // flag queued, outcome REQUEST_*, a dpc, b target, value depth
export const LOG_IPI: i32 = 4;
export const LOG_DRAIN_START: i32 = 5; // flag idle
export const LOG_DPC_START: i32 = 6; // a dpc, b items, value wait
export const LOG_DPC_END: i32 = 7; // a dpc
export const LOG_DRAIN_END: i32 = 8; // value routines
export const LOG_TICK: i32 = 9; // flag rescue, a requestRate, b drainRate, value maximum
export const LOG_THREAD: i32 = 10;
export const LOG_IDLE: i32 = 11;
export const LOG_HALT: i32 = 12;
export const LOG_RAISE: i32 = 13; // outcome RAISE_*, a source
export const LOG_DPC_THREAD: i32 = 14;
export const LOG_DPC_THREAD_END: i32 = 15;
export const LOG_WATCHDOG: i32 = 16; // flag dispatch, outcome CULPRIT_*, a dpc or source

// --- Details: what the events leave to be worked out, or to be known by who draws the numbers.
export const LOG_CLOCK_START: i32 = 17; // its activity starts; value when its tick fell due
export const LOG_IPI_START: i32 = 18; // its handler starts, at IPI level
export const LOG_IPI_END: i32 = 19;
export const LOG_WAKE: i32 = 20; // the exit from a halt that no interrupt pays
export const LOG_DISPATCH_END: i32 = 21; // a wake, or the switch to the DPC thread, is over
export const LOG_READY: i32 = 22; // a thread is ready
export const LOG_SECTIONS: i32 = 23; // after LOG_THREAD: value passive ns, b:a dispatch ns
export const LOG_LOOP: i32 = 24; // control reaches the idle loop

/**
 * A DPC in the log: its source in the low 16 bits, its processor above; LOG_NO_PROCESSOR when it
 * has one object.
 */
export const LOG_NO_PROCESSOR: i32 = 0xffff;
/** In place of the source: the processor's KiTimerExpiration. */
export const LOG_TIMER_DPC: i32 = 0xffff;
