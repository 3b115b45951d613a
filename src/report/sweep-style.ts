import { ROOMS } from './svg-plot.js';

/** The look of the page of a sweep, which has no script: colours as on the report. */
export const SWEEP_STYLE = `
:root{color-scheme:light;--paper:#fff;--panel:#f5f6f8;--ink:#1b1f24;--muted:#57606a;--grid:#dfe3e8;
--strong:#c3c9d2;--link:#0b5cad;--hot:#fff1e0;--behind:#8b949e;
--heat:#4a9fd0;--p0:#0072b2;--p1:#c65300;--p2:#008761;--p3:#b0518b;
--p4:#8a6400;--p5:#2b7fb0;--p6:#5c5f66;--p7:#7a4ccf}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#14171b;
--panel:#1c2127;--ink:#e8eaed;--muted:#a3acb7;--grid:#2b323b;--strong:#444c58;
--link:#7db9f5;--hot:#3a2a14;--behind:#6b7480;--heat:#2f6f95;
--p0:#56b4e9;--p1:#ff8a3d;--p2:#2fc598;--p3:#e39cc5;--p4:#e6b422;--p5:#8fa8ff;--p6:#b4bac4;
--p7:#c39bff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:1120px;margin:0 auto;padding:24px clamp(14px,3vw,32px)}
h1{font-size:clamp(1.35rem,3.4vw,1.85rem);line-height:1.25;margin:.3em 0 .5em;max-width:34em;
overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.2em 0 .3em}
p{max-width:75ch;margin:.4em 0}
.meta,.none{color:var(--muted);font-size:.9rem}
.note{border-left:4px solid var(--p1);padding:.3em .8em;background:var(--panel)}
.option{white-space:nowrap}
a{color:var(--link)}
a:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.legend{display:flex;flex-wrap:wrap;gap:.2em 1.2em;list-style:none;padding:0;margin:.8em 0}
.swatch{width:14px;height:14px;margin-right:.4em;vertical-align:-2px;overflow:visible}
.unseen{position:absolute}
.p0{color:var(--p0)}.p1{color:var(--p1)}.p2{color:var(--p2)}.p3{color:var(--p3)}
.p4{color:var(--p4)}.p5{color:var(--p5)}.p6{color:var(--p6)}.p7{color:var(--p7)}
.plot{padding:8px 24px 0 0}.plot.titled{padding-top:22px}
${ROOMS.map((left) => `.plot.left-${left}{padding-left:${left}px}`).join('')}
.plot>svg{display:block;width:100%;overflow:visible}
.front-chart{max-width:760px}
svg text{font-size:12px;fill:var(--ink)}
svg .t{fill:var(--muted)}
svg .number{paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.g{stroke:var(--grid)}
.d{fill:currentColor;stroke:var(--paper);stroke-width:1}
.hollow{fill:var(--paper);stroke:currentColor;stroke-width:2}
.field{overflow:visible}.field path{vector-effect:non-scaling-stroke}
.behind{color:var(--behind);opacity:.55}
.l{fill:none;stroke:currentColor;stroke-width:2}
.band{fill:currentColor;opacity:.18}
.front{fill:none;stroke:var(--muted);stroke-dasharray:3 4}
.heat{fill:var(--heat);stroke:var(--paper)}
svg .n{pointer-events:none}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:20px}
.charts.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr))}
.charts.wide{grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr))}
figure{margin:0;min-width:0}
@media screen and (max-width:600px){.roomy{display:none}}
figcaption{font-weight:600;font-size:.95rem;overflow-wrap:anywhere}
figcaption small{color:var(--muted);font-weight:400}
details{margin-top:.6em}summary{cursor:pointer}
/* The shadow at the right says that the table goes on there. */
.scroll{overflow-x:auto;margin-top:.6em;background:
linear-gradient(to left,var(--paper) 40%,transparent) right/2.5rem 100% no-repeat local,
linear-gradient(to left,var(--strong),transparent) right/.6rem 100% no-repeat scroll}
table{border-collapse:collapse;font-size:.88rem}
th,td{border-top:1px solid var(--grid);padding:.35em 1.6em .35em 0;text-align:left;
vertical-align:top}
th{color:var(--muted);font-weight:600}
td{white-space:nowrap}
/* What is traded, behind the number and the policy. */
:is(td,th):is(:nth-child(3),:nth-child(4)){text-align:right}td{font-variant-numeric:tabular-nums}
td small{color:var(--muted)}
td code,td .problem{display:block;max-width:34em;overflow:hidden;text-overflow:ellipsis;
font-size:.82rem;min-width:16em}
td code{user-select:all;cursor:copy}
tr:target code,td .problem{white-space:normal;overflow-wrap:anywhere}
tr:target{background:var(--hot);outline:2px solid var(--p1)}
tr{scroll-margin-top:4em}
@media print{html{font-size:75%}body{font-size:12px}svg text{font-size:10px}
.plot{padding-right:14px}
th,td{padding:.2em 1em .2em 0}.scroll{overflow:visible;background:none}.roomy{display:none}
figure,tr,.note{break-inside:avoid}
h2,h2+p,figcaption{break-after:avoid}td code{white-space:normal;overflow-wrap:anywhere}
.charts,.charts.small,.charts.wide{grid-template-columns:repeat(2,minmax(0,1fr))}
.heat,use{print-color-adjust:exact}}
`;
