/** The look of the page of a sweep, which has no script: colours as on the report. */
export const SWEEP_STYLE = `
:root{color-scheme:light;--paper:#fff;--panel:#f5f6f8;--ink:#1b1f24;--muted:#57606a;--grid:#dfe3e8;
--link:#0b5cad;--hot:#fff1e0;--behind:#8b949e;
--heat:#4a9fd0;--p0:#0072b2;--p1:#c65300;--p2:#008761;--p3:#b0518b;
--p4:#8a6400;--p5:#2b7fb0;--p6:#5c5f66;--p7:#7a4ccf}
@media(prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#14171b;--panel:#1c2127;
--ink:#e8eaed;--muted:#a3acb7;--grid:#2b323b;--link:#7db9f5;--hot:#3a2a14;--behind:#6b7480;
--heat:#2f6f95;
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
.legend{display:flex;flex-wrap:wrap;gap:.2em 1.2em;list-style:none;padding:0;margin:.8em 0 0}
.legend li::before{content:"";display:inline-block;width:.8em;height:.8em;border-radius:50%;
background:currentColor;margin-right:.4em}
.p0{color:var(--p0)}.p1{color:var(--p1)}.p2{color:var(--p2)}.p3{color:var(--p3)}
.p4{color:var(--p4)}.p5{color:var(--p5)}.p6{color:var(--p6)}.p7{color:var(--p7)}
svg{display:block;width:100%;max-width:720px;height:auto}
svg text{font-size:12px;fill:var(--ink)}
svg .t{fill:var(--muted)}
.g{stroke:var(--grid)}
.d{fill:currentColor;stroke:var(--paper);stroke-width:1}
.behind{color:var(--behind);opacity:.55}
.l{fill:none;stroke:currentColor;stroke-width:2}
.band{fill:currentColor;opacity:.18}
.front{fill:none;stroke:var(--muted);stroke-dasharray:3 4}
.heat{fill:var(--heat)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,340px),1fr));gap:20px}
.charts.small{grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr))}
.charts.wide{grid-template-columns:1fr}
figure{margin:0;min-width:0;overflow-x:auto}
@media screen and (max-width:600px){svg{min-width:480px}}
figcaption{font-weight:600;font-size:.95rem;overflow-wrap:anywhere}
figcaption small{color:var(--muted);font-weight:400}
details{margin-top:.6em}summary{cursor:pointer}
.scroll{overflow-x:auto;margin-top:.6em}
table{border-collapse:collapse;font-size:.88rem;width:100%}
th,td{border-top:1px solid var(--grid);padding:.35em .6em;text-align:left;vertical-align:top}
th{color:var(--muted);font-weight:600}
td{white-space:nowrap}
td small{color:var(--muted)}
td code,td .problem{display:block;max-width:34em;overflow:hidden;text-overflow:ellipsis;
font-size:.82rem;min-width:16em}
td code{user-select:all;cursor:copy}
tr:hover code,tr:target code,td .problem{white-space:normal;overflow-wrap:anywhere}
tr:target{background:var(--hot);outline:2px solid var(--p1)}
tr{scroll-margin-top:4em}
@media print{.scroll{overflow:visible}figure,tr,.note{break-inside:avoid}
h2,h2+p,figcaption{break-after:avoid}td code{white-space:normal;overflow-wrap:anywhere}
.charts,.charts.small{grid-template-columns:repeat(2,minmax(0,1fr))}.charts.wide{display:block}
.heat,.legend li::before{print-color-adjust:exact}}
`;
