/** The style sheet of the page; follows the light or dark scheme of the browser. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --back: #f5f5f5; --card: #ffffff; --ink: #1b1a19; --soft: #5f5e5c; --rule: #dedcda; --accent: #0f6cbd; --hover: #eef4fa;
  --high: #c50f1f; --medium: #bc4b09; --low: #7d6608; --low-fill: #d9a900; --good: #0e700e; --for: #c50f1f; --against: #0e700e; --code: #f0f0f0; --shade: 0 1px 3px rgb(0 0 0 / 12%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #141414; --card: #1f1f1f; --ink: #f2f1f0; --soft: #a8a6a3; --rule: #3a3938; --accent: #62abf5; --hover: #262c33;
    --high: #ff7b86; --medium: #f7a464; --low: #e4cc66; --low-fill: #e4cc66; --good: #7ccf7c; --for: #ff7b86; --against: #7ccf7c; --code: #2a2a2a; --shade: 0 1px 3px rgb(0 0 0 / 60%);
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 14px/1.45 "Segoe UI", system-ui, -apple-system, sans-serif; }
header { display: flex; align-items: center; gap: 10px; padding: 12px 24px 4px; }
h1 { font-size: 18px; font-weight: 600; margin: 0; }
h2 { font-size: 14px; font-weight: 600; margin: 0 0 10px; }
h3 { font-size: 13px; font-weight: 600; margin: 18px 0 6px; }
.muted { color: var(--soft); }
nav { display: flex; gap: 4px; padding: 0 20px; border-bottom: 1px solid var(--rule); flex-wrap: wrap; align-items: center; }
.space { flex: 1; }
button, select, input, textarea { font: inherit; color: inherit; }
button { background: var(--card); border: 1px solid var(--rule); border-radius: 4px; padding: 4px 12px; cursor: pointer; }
button:hover { background: var(--hover); }
button:disabled { opacity: .5; cursor: default; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--card); font-weight: 600; }
button.link { background: none; border: 0; padding: 0; color: var(--accent); text-align: left; overflow-wrap: anywhere; }
button.link:hover { text-decoration: underline; }
button.tab { background: none; border: 0; border-bottom: 2px solid transparent; border-radius: 0; padding: 10px 12px; }
button.tab[aria-current] { border-bottom-color: var(--accent); font-weight: 600; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
select, input, textarea { background: var(--card); border: 1px solid var(--rule); border-radius: 4px; padding: 5px 8px; }
input[type=search] { min-width: 260px; }
textarea { width: 100%; font: 13px/1.5 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; resize: vertical; padding: 10px; }
main { padding: 18px 24px 48px; max-width: 1500px; margin: 0 auto; }
.card { background: var(--card); border-radius: 6px; box-shadow: var(--shade); padding: 14px 16px; margin-bottom: 16px; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(360px, 100%), 1fr)); gap: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-bottom: 16px; }
.tile { background: var(--card); border: 0; border-left: 4px solid var(--rule); border-radius: 6px; box-shadow: var(--shade); padding: 10px 14px; text-align: left; display: flex; flex-direction: column; }
.tile-value { font-size: 28px; font-weight: 600; line-height: 1.2; }
.tile.words .tile-value { font-size: 20px; line-height: 34px; }
.tile-name, .tile-note { color: var(--soft); }
.tile-note { font-size: 12px; }
.tile.high { border-left-color: var(--high); } .tile.high .tile-value { color: var(--high); }
.tile.medium { border-left-color: var(--medium); } .tile.medium .tile-value { color: var(--medium); }
.tile.low { border-left-color: var(--low); } .tile.low .tile-value { color: var(--low); }
.scroll { container-type: inline-size; overflow-x: auto; background: var(--card); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 6px 10px; border-bottom: 1px solid var(--rule); overflow-wrap: break-word; max-width: 460px; }
th { font-weight: 600; color: var(--soft); white-space: nowrap; font-size: 12px; }
tr:last-child td { border-bottom: 0; }
td.tight, td.number { white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.wide { min-width: 220px; width: 60%; max-width: none; overflow-wrap: anywhere; }
.long { max-height: 9em; overflow-y: auto; }
td.broad { min-width: 190px; }
@container (max-width: 720px) {
  table:has(td.wide), table:has(td.wide) tbody { display: block; }
  table:has(td.wide) thead { display: none; }
  tr:has(td.wide) { display: flex; flex-wrap: wrap; padding: 6px 0; border-bottom: 1px solid var(--rule); }
  tr:has(td.wide) td { border-bottom: 0; padding: 2px 10px; max-width: 100%; }
  tr:has(td.wide) td.wide { flex: 1 0 100%; min-width: 0; }
  tr:has(td.wide) td.tight { white-space: normal; }
  tr:has(td.wide) td.number:empty { display: none; }
  tr:has(td.wide) td.number::before { content: attr(data-head) ' '; color: var(--soft); }
}
.with-pane .extra, .with-pane > :first-child .meter-bar { display: none; }
.pane-head button { float: right; margin-left: 8px; }
tr.choice { cursor: pointer; }
tr.choice:hover, tr.choice:focus { background: var(--hover); }
.severity { font-weight: 600; white-space: nowrap; }
.severity.high, .status.bad { color: var(--high); } .severity.medium, .status.partly { color: var(--medium); } .severity.low { color: var(--low); } .status.good { color: var(--good); }
.status { white-space: nowrap; }
.source { display: block; color: var(--soft); font-size: 12px; }
.filters { display: flex; gap: 12px; align-items: center; flex-wrap: wrap; margin: 0 0 12px; }
.split { display: flex; gap: 16px; align-items: flex-start; }
.split > :first-child { flex: 1 1 55%; min-width: 0; }
.pane { flex: 1 1 45%; min-width: 0; background: var(--card); border-radius: 6px; box-shadow: var(--shade); padding: 14px 18px; position: sticky; top: 12px; max-height: calc(100vh - 24px); overflow-y: auto; }
.pane[hidden] { display: none; }
@media (max-width: 1100px) { .split { flex-direction: column; } .split > :first-child { width: 100%; } .pane { position: static; max-height: none; width: 100%; order: -1; } }
.pane-head { margin: 0; } .message { font-size: 15px; margin: 8px 0 12px; overflow-wrap: anywhere; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.evidence { list-style: none; padding: 0; margin: 0; }
.evidence li { border-left: 3px solid var(--rule); padding: 2px 0 2px 10px; margin-bottom: 8px; overflow-wrap: anywhere; }
.evidence li.for { border-left-color: var(--for); } .evidence li.against { border-left-color: var(--against); }
.weight { display: flex; gap: 10px; align-items: center; font-size: 12px; }
.weight .meter-number { display: none; }
.steps { white-space: pre-wrap; margin: 0; }
.meter { display: inline-flex; align-items: center; gap: 8px; }
.meter-number { min-width: 22px; text-align: right; font-variant-numeric: tabular-nums; }
.meter-bar { width: 70px; height: 6px; border-radius: 3px; }
.track { fill: var(--rule); } .fill { fill: var(--accent); }
.fill.high, .fill.for, .bar.high { fill: var(--high); } .fill.medium, .bar.medium { fill: var(--medium); } .fill.low, .bar.low { fill: var(--low-fill); } .fill.against { fill: var(--against); }
.chart { width: 100%; height: auto; max-height: 260px; display: block; }
@media (max-width: 640px) { svg .axis { font-size: 22px; } svg.daily { overflow: visible; margin-bottom: 10px; } svg.daily .axis { font-size: 28px; } svg.daily .day { transform: translateY(16px); } }
.axis { fill: var(--soft); font-size: 11px; } .line { stroke: var(--rule); }
.legend { display: flex; gap: 16px; margin: 0 0 4px; font-size: 12px; }
.bars, .plain { list-style: none; margin: 0; padding: 0; }
.bars li { display: grid; grid-template-columns: minmax(120px, 2fr) 3fr 4ch; gap: 12px; align-items: center; padding: 3px 0; }
.bar-name { overflow-wrap: anywhere; } .bar-line { width: 100%; height: 8px; } .bar-count { font-variant-numeric: tabular-nums; text-align: right; }
.mark, .dot { fill: var(--soft); background: var(--soft); }
.dot { display: inline-block; width: 9px; height: 9px; border-radius: 50%; }
.mark.finding, .dot.finding { fill: var(--high); background: var(--high); } .mark.risk, .dot.risk { fill: var(--medium); background: var(--medium); }
.mark.change, .dot.change { fill: var(--accent); background: var(--accent); } .mark.signin, .dot.signin { fill: var(--good); background: var(--good); } .mark.failed { fill: var(--high); }
.nothing { text-align: center; padding: 28px 12px; color: var(--soft); } .nothing-title { font-size: 16px; color: var(--ink); margin: 0 0 4px; } .nothing p { margin: 4px 0; }
section .nothing { padding: 8px; text-align: left; } section .nothing-title { font-size: 14px; color: var(--soft); }
.warning { border-left: 4px solid var(--medium); background: var(--card); padding: 8px 12px; margin: 0 0 12px; }
.failure { border-left: 4px solid var(--high); background: var(--card); padding: 8px 14px; border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; }
pre, code { font: 12.5px/1.5 ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--code); padding: 10px; border-radius: 4px; overflow-x: auto; margin: 6px 0; }
code.shell { background: var(--code); padding: 4px 10px; border-radius: 4px; }
summary { cursor: pointer; }
.sign-in { max-width: 420px; margin: 60px auto; display: grid; gap: 10px; } .sign-in p { margin: 0; }
`;
