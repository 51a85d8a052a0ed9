/** How the page looks, by day and by night. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf8, #16171a);
  --panel: light-dark(#ffffff, #1e2024);
  --ink: light-dark(#1d1d20, #e8e6e1);
  --faint: light-dark(#6b6a70, #a09ea6);
  --rule: light-dark(#e4e1db, #32343a);
  --culprit: light-dark(#b3261e, #ff8a80);
  --culprit-fill: light-dark(#fbe4e1, #4a2320);
  --cause: light-dark(#8a5300, #f0b45c);
  --cause-fill: light-dark(#fbeed8, #43331a);
  --inside: light-dark(#1f5fa8, #8ab8f2);
  --inside-fill: light-dark(#e3edf8, #1d3148);
  --outside: light-dark(#6c6c73, #94959c);
  --outside-fill: light-dark(#f1f0ee, #26282d);
}
* { box-sizing: border-box }
body { margin: 0 auto; max-width: 84rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif }
code, .timeline { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, "DejaVu Sans Mono", monospace }
code { font-size: .94em }
.kind { margin: 0; color: var(--culprit); font-weight: 600 }
h1 { margin: .15rem 0 .6rem; font-size: 1.75rem; font-weight: 650; line-height: 1.25; text-wrap: balance }
h1 code { color: var(--culprit) }
.reason { margin: 0; max-width: 70ch; font-size: 1.05rem; overflow-wrap: anywhere }
section { margin-top: 2.5rem }
h2 { margin: 0 0 .3rem; font-size: 1.05rem }
section > p { margin: 0 0 .8rem; color: var(--faint); overflow-wrap: anywhere }
section > p code { color: var(--ink) }
a { color: var(--inside) }
.timeline { overflow-x: auto; padding: .9rem 0 4.4rem; border: 1px solid var(--rule); border-radius: 8px;
  background: var(--panel); font-size: 14px }
table { border-collapse: collapse }
th { position: sticky; left: 0; z-index: 2; padding: 0 1.2rem 0 1rem; background: var(--panel); color: var(--faint);
  font-weight: 600; text-align: left; white-space: pre }
td { position: relative; height: 2.6rem; padding: 0; background: linear-gradient(var(--rule), var(--rule)) 0 50% / 100% 1px no-repeat }
.bar { position: absolute; top: .4rem; height: 1.8rem; padding: 0 .5ch; border: 1.5px solid var(--line); border-radius: 5px;
  background: var(--fill); color: var(--line); line-height: calc(1.8rem - 3px); text-align: center; white-space: pre; cursor: default }
.bar.open { border-right-style: none; border-radius: 5px 0 0 5px;
  mask-image: linear-gradient(to right, #000 calc(100% - 3ch), transparent) }
.bar.open:hover, .bar.open:focus { mask-image: none }
.bar:hover, .bar:focus { z-index: 1; outline: 2px solid var(--line); outline-offset: 1px }
.culprit { --line: var(--culprit); --fill: var(--culprit-fill) }
.cause { --line: var(--cause); --fill: var(--cause-fill) }
.inside { --line: var(--inside); --fill: var(--inside-fill) }
.outside { --line: var(--outside); --fill: var(--outside-fill) }
.bar.culprit { font-weight: 700 }
.tip { display: none; position: absolute; top: calc(100% + .45rem); left: -1.5px; z-index: 3; padding: .35rem .7rem; border-radius: 5px;
  background: var(--ink); color: var(--paper); font-weight: 400; line-height: 1.5; text-align: left }
.tip b { display: block }
.bar:hover .tip, .bar:focus .tip { display: block }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .8rem 0 0; padding: 0; color: var(--faint); font-size: .88rem; list-style: none }
.legend li::before { content: ""; display: inline-block; width: 1.5rem; height: .8rem; margin-right: .5rem; border: 1.5px solid var(--line);
  border-radius: 3px; background: var(--fill); vertical-align: -.06rem }
.legend .open::before { border-right: none; border-radius: 3px 0 0 3px; mask-image: linear-gradient(to right, #000 40%, transparent) }
`
