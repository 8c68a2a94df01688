#include "deliver/html/page_parts.h"

namespace trawl::deliver::html {

std::string_view report_style()
{
    return R"css(
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --surface: #ffffff; --sunken: #f8f9fb; --line: #e2e5ea; --line-strong: #cfd4dc;
  --text: #171c24; --soft: #565f6d; --faint: #7a8493; --accent: #2456c9; --shadow: 0 1px 2px rgb(20 28 40 / 6%), 0 1px 1px rgb(20 28 40 / 4%);
  --critical: #b01030; --critical-tint: #fbe6ea; --high: #c2410c; --high-tint: #fdebe0; --medium: #96650a; --medium-tint: #fbf1d6;
  --low: #0f6f8a; --low-tint: #e0f2f7; --informational: #5b6675; --informational-tint: #eceff3;
  --bar-critical: #c51b3f; --bar-high: #f0743a; --bar-medium: #eab63e; --bar-low: #55b3cc; --bar-informational: #aeb7c3;
  --heat: 36,86,201; --heat-none: #eceff3;
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1015; --surface: #151a21; --sunken: #10141a; --line: #262d37; --line-strong: #39424f;
    --text: #e7eaef; --soft: #a3adba; --faint: #7f8a98; --accent: #86aeff; --shadow: none;
    --critical: #ff7f97; --critical-tint: #3a1620; --high: #ff9d6b; --high-tint: #38200f; --medium: #f0c65a; --medium-tint: #332a10;
    --low: #6fcbe2; --low-tint: #10303a; --informational: #a7b2c0; --informational-tint: #232a33;
    --bar-critical: #f0486a; --bar-high: #f58549; --bar-medium: #e3b341; --bar-low: #46a5bf; --bar-informational: #66717f;
    --heat: 134,174,255; --heat-none: #1b212a;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--sans); font-variant-numeric: tabular-nums; }
main, .masthead > div, footer { max-width: 1180px; margin: 0 auto; padding: 0 32px; }
h1, h2, h3, p, dl, dd, table { margin: 0; }
h2 { font-size: 13px; font-weight: 650; letter-spacing: .01em; }
code, .mono { font-family: var(--mono); font-size: .86em; }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }

.masthead { background: var(--surface); border-bottom: 1px solid var(--line); }
.masthead > div { padding-top: 30px; padding-bottom: 26px; }
.brand { display: flex; align-items: center; gap: 9px; color: var(--soft); font-size: 13px; font-weight: 600; letter-spacing: .02em; }
.brand svg { width: 20px; height: 20px; color: var(--accent); }
h1 { margin-top: 14px; font-size: 30px; line-height: 1.2; font-weight: 680; letter-spacing: -.018em; text-wrap: balance; }
.about { display: flex; flex-wrap: wrap; gap: 6px 28px; margin-top: 14px; color: var(--soft); font-size: 13.5px; }
.about div { display: flex; gap: 7px; min-width: 0; }
.about dt { color: var(--faint); }
.about dd { overflow-wrap: anywhere; color: var(--text); }

main { padding-top: 26px; }
.levels { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 12px; margin: 0; padding: 0; list-style: none; }
.levels li { position: relative; padding: 14px 16px 13px 19px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); overflow: hidden; }
.levels li::before { content: ""; position: absolute; inset: 0 auto 0 0; width: 4px; background: var(--bar); }
.levels b { display: block; font-size: 27px; line-height: 1.15; font-weight: 660; letter-spacing: -.02em; }
.levels span { color: var(--soft); font-size: 13px; }
.levels span::first-letter { text-transform: uppercase; }
.levels .none b { color: var(--faint); font-weight: 500; }
.levels .none::before { opacity: .3; }

.panel { margin-top: 14px; padding: 18px 20px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; box-shadow: var(--shadow); }
.panel > header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 4px 16px; margin-bottom: 12px; }
.panel > header p { color: var(--faint); font-size: 12.5px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; color: var(--soft); font-size: 12.5px; }
.legend span { display: inline-flex; align-items: center; gap: 6px; }
.legend i, .dot { flex: none; width: 9px; height: 9px; border-radius: 3px; background: var(--bar); }
.scroll { overflow-x: auto; }
.timeline { display: block; width: 100%; min-width: 620px; height: auto; }
.timeline .grid { stroke: var(--line); stroke-width: 1; }
.timeline .axis, .timeline .mark { stroke: var(--line-strong); stroke-width: 1; }
.timeline .tick { fill: var(--faint); font: 11px var(--sans); }
.timeline .hit { fill: transparent; }
.timeline g:hover .hit { fill: var(--text); fill-opacity: .07; }
.fill-critical { fill: var(--bar-critical); } .fill-high { fill: var(--bar-high); } .fill-medium { fill: var(--bar-medium); }
.fill-low { fill: var(--bar-low); } .fill-informational { fill: var(--bar-informational); }
.critical { --ink: var(--critical); --tint: var(--critical-tint); --bar: var(--bar-critical); }
.high { --ink: var(--high); --tint: var(--high-tint); --bar: var(--bar-high); }
.medium { --ink: var(--medium); --tint: var(--medium-tint); --bar: var(--bar-medium); }
.low { --ink: var(--low); --tint: var(--low-tint); --bar: var(--bar-low); }
.informational { --ink: var(--informational); --tint: var(--informational-tint); --bar: var(--bar-informational); }

.ranks { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 14px; }
.ranks .panel { min-width: 0; }
.rank { list-style: none; margin: 0 -8px; padding: 0; }
.rank button { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: 2px 9px; width: 100%; padding: 5px 8px; border: 0; border-radius: 6px; background: none; color: inherit; font: inherit; font-size: 13.5px; text-align: left; }
.js .rank button { cursor: pointer; }
.js .rank button:hover { background: var(--sunken); }
.rank .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.rank .count { color: var(--soft); font-size: 13px; }
.rank .share { grid-column: 2 / 4; height: 3px; border-radius: 2px; background: var(--line); overflow: hidden; }
.rank .share i { display: block; height: 100%; border-radius: 2px; background: var(--bar); }
.rank .ids { margin-left: 8px; color: var(--faint); font-size: 11px; }
.more { margin-top: 8px; color: var(--faint); font-size: 12.5px; }

.toolbar { display: none; position: sticky; top: 0; z-index: 2; align-items: center; flex-wrap: wrap; gap: 10px; margin: 26px -12px 0; padding: 10px 12px; background: var(--page); }
.js .toolbar { display: flex; }
.toolbar input { flex: 1 1 260px; min-width: 0; height: 38px; padding: 0 12px; color: inherit; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 8px; font: inherit; font-size: 14px; }
.toolbar input::placeholder { color: var(--faint); }
.toolbar .set { display: flex; gap: 6px; flex-wrap: wrap; }
.toolbar button { height: 32px; padding: 0 11px; color: var(--soft); background: var(--surface); border: 1px solid var(--line-strong); border-radius: 16px; font: inherit; font-size: 13px; cursor: pointer; }
.toolbar button[aria-pressed=true] { color: var(--ink); background: var(--tint); border-color: transparent; font-weight: 600; }
.toolbar button.act { border-radius: 8px; }
.toolbar button:hover { border-color: var(--faint); }
.toolbar output { color: var(--faint); font-size: 13px; }

.level { margin-top: 24px; }
.level > h2 { display: flex; align-items: center; gap: 9px; margin-bottom: 9px; font-size: 15px; }
.level > h2 span { color: var(--faint); font-weight: 450; }
.level > h2::before { content: ""; width: 10px; height: 10px; border-radius: 3px; background: var(--bar); }
.finding { margin-bottom: 8px; background: var(--surface); border: 1px solid var(--line); border-radius: 9px; box-shadow: var(--shadow); scroll-margin-top: 66px; }
.finding[open] { border-color: var(--line-strong); }
.finding > summary { display: grid; grid-template-columns: 14px minmax(0, 1fr) auto; gap: 0 12px; padding: 12px 18px 12px 14px; cursor: pointer; list-style: none; border-radius: 9px; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary:hover { background: var(--sunken); }
.finding > summary::before { content: ""; width: 7px; height: 7px; margin: 8px 0 0 2px; border: solid var(--faint); border-width: 0 1.6px 1.6px 0; transform: rotate(-45deg); transition: transform .12s; }
.finding[open] > summary::before { transform: rotate(45deg); }
.finding h3 { font-size: 15px; font-weight: 620; line-height: 1.4; overflow-wrap: anywhere; }
.finding .said { margin-top: 2px; color: var(--soft); font-size: 13.5px; overflow-wrap: anywhere; }
.finding .when { text-align: right; white-space: nowrap; font-size: 13px; color: var(--soft); padding-top: 1px; }
.finding .when b { display: block; font-weight: 560; color: var(--text); }
.finding .facts { display: flex; flex-wrap: wrap; gap: 3px 18px; margin-top: 6px; font-size: 13px; color: var(--soft); }
.finding .facts span { min-width: 0; overflow-wrap: anywhere; }
.finding .facts em { font-style: normal; color: var(--faint); margin-right: 5px; }
.body { padding: 4px 20px 20px 40px; border-top: 1px solid var(--line); }
.body h4 { margin: 18px 0 5px; font-size: 12px; font-weight: 650; letter-spacing: .02em; color: var(--faint); }
.body p { max-width: 80ch; overflow-wrap: anywhere; white-space: pre-line; }
.check { margin-top: 16px; padding: 11px 14px; border-left: 3px solid var(--bar); background: var(--tint); border-radius: 0 7px 7px 0; }
.check h4 { margin: 0 0 2px; color: var(--ink); }
.details { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 12px 24px; }
.details dt { color: var(--faint); font-size: 12px; }
.details dd { overflow-wrap: anywhere; font-size: 13.5px; }
.chip { display: inline-block; margin: 0 5px 4px 0; padding: 1px 8px; border-radius: 5px; background: var(--informational-tint); color: var(--soft); font-size: 12.5px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
th { padding: 6px 14px 6px 0; text-align: left; font-weight: 560; font-size: 12px; color: var(--faint); border-bottom: 1px solid var(--line-strong); white-space: nowrap; }
td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tr:last-child td { border-bottom: 0; }
td.time, .number { white-space: nowrap; }
.events th:nth-child(2) { width: 46%; }
th.number, td.number { text-align: right; padding-right: 22px; }
td small { display: block; color: var(--faint); font-size: 11.5px; font-family: var(--mono); line-height: 1.45; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
.nothing { padding: 34px 20px; text-align: center; color: var(--soft); }
.nothing b { display: block; margin-bottom: 3px; color: var(--text); font-size: 17px; }
.warn { border-left: 4px solid var(--bar-medium); }
td.heat { width: 55%; vertical-align: middle; }
.coverage { display: grid; grid-template-columns: repeat(auto-fit, minmax(108px, 1fr)); gap: 14px 22px; margin-bottom: 18px; }
.coverage dt { color: var(--faint); font-size: 12.5px; }
.coverage dd { font-size: 19px; font-weight: 620; letter-spacing: -.01em; }
footer { padding-top: 26px; padding-bottom: 48px; color: var(--faint); font-size: 12.5px; }

@media (max-width: 860px) {
  main, .masthead > div, footer { padding-left: 18px; padding-right: 18px; }
  .levels { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .ranks { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .finding > summary { grid-template-columns: 14px minmax(0, 1fr); }
  .finding .when { grid-column: 2; text-align: left; margin-top: 6px; }
  .finding .when b { display: inline; margin-right: 8px; }
  .body { padding-left: 20px; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 12px; }
  .toolbar { display: none !important; }
  .panel, .finding, .levels li { box-shadow: none; break-inside: avoid; }
  .finding[open] { break-inside: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";
}

} // namespace trawl::deliver::html
