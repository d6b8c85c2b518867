// SPDX-License-Identifier: Apache-2.0
// The style of the report's page: light and dark, from the width of a phone on.
#pragma once

namespace pw::cli {

inline constexpr const char* report_style = R"css(
:root{color-scheme:light dark;--back:#fff;--text:#1b1d21;--dim:#5c626d;--rule:#e1e4e8;--good:#12703c;--bad:#b3261e;
--c0:#0b62c4;--c1:#c2410c;--c2:#0f7b4f;--c3:#8b2fb0;--c4:#a16207;--c5:#0e7490;--c6:#be185d;--c7:#4d5566}
@media(prefers-color-scheme:dark){:root{--back:#14161a;--text:#e7e9ec;--dim:#9aa1ad;--rule:#2c3038;--good:#5fd38d;--bad:#ff8a80;
--c0:#6cb0ff;--c1:#ff9a5c;--c2:#5fd3a0;--c3:#d597f2;--c4:#e2b64a;--c5:#62cfe6;--c6:#ff8fbd;--c7:#b4bcc9}}
*{box-sizing:border-box}
body{margin:0 auto;padding:16px;max-width:860px;background:var(--back);color:var(--text);font:15px/1.45 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4em;margin:.2em 0}h2{font-size:1.1em;margin:1.8em 0 .4em}
p{margin:.5em 0}.dim,dt{color:var(--dim)}dl{display:grid;grid-template-columns:auto 1fr;gap:.1em 1em;margin:.5em 0}dd{margin:0}
svg.chart{display:block;width:100%;height:auto}
.tick{font-size:9.5px;fill:var(--dim)}.grid{stroke:var(--rule);stroke-width:.7}
.curve polyline,.curve line{fill:none;stroke-width:1.6}.floor polyline,.floor line{stroke:var(--dim);stroke-width:1.1;stroke-dasharray:5 3}
.peer polyline{stroke-dasharray:1.5 2.5}.again polyline{stroke-dasharray:8 2}
.s0{stroke:var(--c0)}.s1{stroke:var(--c1)}.s2{stroke:var(--c2)}.s3{stroke:var(--c3)}.s4{stroke:var(--c4)}.s5{stroke:var(--c5)}.s6{stroke:var(--c6)}.s7{stroke:var(--c7)}
.s0 circle{fill:var(--c0)}.s1 circle{fill:var(--c1)}.s2 circle{fill:var(--c2)}.s3 circle{fill:var(--c3)}
.s4 circle{fill:var(--c4)}.s5 circle{fill:var(--c5)}.s6 circle{fill:var(--c6)}.s7 circle{fill:var(--c7)}
ul.legend{list-style:none;margin:.3em 0;padding:0;display:flex;flex-wrap:wrap;gap:.1em 1.1em;font-size:.86em}
ul.legend svg{width:26px;height:10px;vertical-align:middle;margin-right:.4em}
details{margin:.4em 0}summary{cursor:pointer;color:var(--dim)}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:.86em;font-variant-numeric:tabular-nums}
th,td{padding:.25em .7em .25em 0;text-align:right;white-space:nowrap;border-bottom:1px solid var(--rule)}
th{color:var(--dim);font-weight:500}th:first-child,td:first-child{text-align:left}
.good{color:var(--good)}.bad{color:var(--bad);font-weight:600}
)css";

}  // namespace pw::cli
