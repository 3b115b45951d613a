/** Colours of activities after Okabe and Ito, as in the report; classes begin with `tl-`. */
export const TIMELINE_STYLE = `
.timeline{--tl-paper:#fff;--tl-ink:#1b1f24;--tl-soft:#57606a;--tl-grid:#e6e9ee;--tl-base:#aeb5bf;
--tl-isr:#e69f00;--tl-dispatch:#0072b2;--tl-idle:#7cc0ea;--tl-entry:#173f5f;--tl-thread:#009e73;
--tl-clock:#cc79a7;--tl-ipi:#d55e00;--tl-passive:#d9dde3;--tl-lock:#8b94a1;--tl-wake:#f0e6c8;
--tl-mark:#c2410c;font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){.timeline{--tl-paper:#14171b;--tl-ink:#e8eaed;--tl-soft:#a3acb7;
--tl-grid:#262c34;--tl-base:#59626e;--tl-isr:#c98b12;--tl-dispatch:#2e8fd0;--tl-idle:#1d5f8a;
--tl-entry:#a9cbe4;--tl-thread:#1fae85;--tl-clock:#b5648f;--tl-ipi:#e0702a;--tl-passive:#3a424d;
--tl-lock:#737d8b;--tl-wake:#5b5238;--tl-mark:#ff8a3d}}
.tl-paper{fill:var(--tl-paper)}.timeline text{fill:var(--tl-ink);font-size:12px}
.timeline .tl-title{font-size:18px;font-weight:650}.timeline .tl-note{fill:var(--tl-soft)}
.timeline .tl-irql{fill:var(--tl-soft);font-size:9px}.timeline .tl-name{font-weight:600}
.timeline .tl-in{font-size:9.5px;fill:var(--tl-paper)}
.timeline .tl-on-idle{font-size:9.5px}
.tl-grid{stroke:var(--tl-grid)}.tl-base{stroke:var(--tl-base)}
.tl-isr{fill:var(--tl-isr)}.tl-dispatch{fill:var(--tl-dispatch)}.tl-idle{fill:var(--tl-idle)}
.tl-entry{fill:var(--tl-entry)}.tl-dpc-thread{fill:var(--tl-thread)}.tl-clock{fill:var(--tl-clock)}
.tl-ipi{fill:var(--tl-ipi)}.tl-passive{fill:var(--tl-passive)}.tl-lock{fill:var(--tl-lock)}
.tl-wake{fill:var(--tl-wake);stroke:var(--tl-soft);stroke-width:.5}
.tl-wait{fill:var(--tl-soft)}.tl-arrow{fill:none;stroke:var(--tl-ink);stroke-width:1.2}
.tl-ipi-arrow{stroke:var(--tl-ipi)}.tl-dpc-arrow{stroke-dasharray:3 3;stroke:var(--tl-soft)}
.tl-tip{fill:var(--tl-ink)}.tl-mark{fill:var(--tl-mark);fill-opacity:.08;stroke:var(--tl-mark)}
`.replaceAll('\n', '');
