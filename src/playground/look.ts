/**
 * How a text, its stretches, calls and notes look, in light and dark: the one style of the page of `callsift explain` and of
 * the playground. No kind of stretch is told by its colour alone: each has a line, a weight or a slant of its own too.
 */
export const LOOK = `
:root{color-scheme:light dark;
--bg:#fbfbfd;--box:#fff;--fg:#1c1c21;--soft:#5c5c68;--line:#d8d8e0;--accent:#2f4fc4;--good:#17703a;--warn:#8a5a00;--bad:#b3261e;
--warn-bg:#fff4dc;--bad-bg:#ffe9e7;--good-bg:#e2f6e7;
--reasoning:#f1e5fb;--reasoning-ink:#7a3fb0;--marker:#d7f0f5;--marker-ink:#0b6b7d;--name:#d4f2db;--name-ink:#17703a;
--arguments:#e2e9ff;--arguments-ink:#2f4fc4;--separator:#ececf1;--separator-ink:#5c5c68;--dropped:#ffdfdc;--dropped-ink:#b3261e}
@media (prefers-color-scheme:dark){:root{
--bg:#141418;--box:#1b1b20;--fg:#ececf1;--soft:#a9a9b6;--line:#3a3a45;--accent:#9db4ff;--good:#7ddb9a;--warn:#f2c14e;--bad:#ff9a91;
--warn-bg:#33290f;--bad-bg:#42201d;--good-bg:#173323;
--reasoning:#382548;--reasoning-ink:#d0abf5;--marker:#103b44;--marker-ink:#74d3e5;--name:#173d23;--name-ink:#7ddb9a;
--arguments:#212e59;--arguments-ink:#a9bdff;--separator:#2c2c35;--separator-ink:#a9a9b6;--dropped:#55211c;--dropped-ink:#ff9a91}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.4rem;margin:0 0 .25rem;line-height:1.25}h2{font-size:1.1rem;margin:1.75rem 0 .5rem}
h3{font-size:1rem;margin:0}h4{font-size:.9rem;margin:.75rem 0 .25rem}p{margin:.5rem 0}
a{color:var(--accent)}code,pre,.text{font-family:ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875rem}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.soft,.means{color:var(--soft)}.soft{font-size:.9rem}
.summary{margin:.25rem 0 1rem}.format{font-size:1.05rem}
.status{display:inline-block;font-size:.875rem;font-weight:600;padding:0 .5rem;border-radius:1rem;border:1px solid}
.status.complete{color:var(--good);background:var(--good-bg)}.status.truncated,.status.missed{color:var(--warn);background:var(--warn-bg)}
.status.malformed{color:var(--bad);background:var(--bad-bg)}
.advice{background:var(--warn-bg);border:1px solid var(--line);border-inline-start:4px solid var(--warn);border-radius:.4rem;padding:.6rem 1rem;margin:1rem 0}
.advice ul{margin:0;padding-inline-start:1.1rem}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin:.5rem 0;padding:0;font-size:.8rem}
.legend .stretch{padding:.1rem .4rem}.means{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.text,pre{background:var(--box);border:1px solid var(--line);border-radius:.4rem;padding:.75rem;margin:.5rem 0;line-height:1.7;white-space:pre-wrap;tab-size:4}
.skip{position:absolute;inset-inline-start:1rem;top:-5rem;background:var(--box);padding:.5rem 1rem;border:1px solid var(--fg);border-radius:.4rem;z-index:3}
.skip:focus{position:static;display:inline-block;margin:.25rem 0}
.stretch{border-radius:.2rem;text-decoration-thickness:1.5px;text-underline-offset:.25em;-webkit-box-decoration-break:clone;box-decoration-break:clone}
.text .stretch{padding:.1em 0;cursor:default}
.stretch:focus,.stretch:target{outline:2px solid var(--fg);outline-offset:1px}
.text .stretch:hover{box-shadow:0 0 0 1px var(--fg)}
.stretch.content{background:none}.noted{text-decoration:underline wavy var(--warn)}.legend .content,.chip.content{border:1px solid var(--line)}
.reasoning{background:var(--reasoning);font-style:italic}
.marker{background:var(--marker);text-decoration:underline dotted var(--marker-ink)}
.name{background:var(--name);font-weight:700;text-decoration:underline double var(--name-ink)}
.arguments{background:var(--arguments);text-decoration:underline solid var(--arguments-ink)}
.separator{background:repeating-linear-gradient(135deg,var(--separator) 0 3px,transparent 3px 6px)}
.dropped{background:var(--dropped);text-decoration:line-through var(--dropped-ink)}
.why{display:none}
.stretch:hover>.why,.stretch:focus>.why,.stretch:target>.why{display:flex;flex-wrap:wrap;gap:.2rem .75rem;align-items:baseline;position:fixed;z-index:1;inset:auto 0 0;
max-height:40vh;overflow:auto;padding:.6rem max(1rem,calc(50vw - 31rem));background:var(--box);color:var(--fg);border-top:2px solid var(--fg);box-shadow:0 -4px 16px #0003;
font:1rem/1.5 system-ui,sans-serif;font-style:normal;direction:ltr;white-space:normal;text-decoration:none}
.stretch:hover>.why{z-index:2}
.chip{padding:0 .4rem;border-radius:.2rem;font-weight:600;white-space:nowrap}
bdi{unicode-bidi:plaintext}
i.unseen{font:600 .75em system-ui,sans-serif;color:var(--bg);background:var(--soft);border-radius:.2rem;padding:.05em .3em;margin:0 .1em;text-decoration:none;display:inline-block}
i.break::before,i.tab::before,i.space::before{color:var(--soft);font-style:normal}
i.break::before{content:"↵"}i.tab::before{content:"→"}i.space{position:relative;font-style:normal}
i.space::before{content:"·";position:absolute;inset:0;text-align:center}
i.cut{color:var(--soft);font-family:system-ui,sans-serif;background:var(--separator);border-radius:.2rem}
.not-drawn{color:var(--warn);font-size:.9rem}
.calls,.notes,.repairs,.tree{list-style:none;margin:0;padding:0}
.call,.notes>li{background:var(--box);border:1px solid var(--line);border-radius:.4rem;padding:.6rem .8rem;margin:.5rem 0}
.call{border-inline-start:4px solid var(--name-ink)}.call.truncated{border-inline-start-color:var(--warn)}.call.malformed{border-inline-start-color:var(--bad)}
.facts{margin:.1rem 0 .4rem;font-size:.85rem;color:var(--soft)}
.tree{font-size:.9rem}.tree .tree{margin-inline-start:.45rem;padding-inline-start:.8rem;border-inline-start:1px solid var(--line)}
.key{font-weight:600;color:var(--arguments-ink)}.leaf{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85rem;white-space:pre-wrap}
.words{color:var(--name-ink)}summary{cursor:pointer;min-height:1.6rem;line-height:1.6rem}.call>details{margin-top:.5rem;font-size:.9rem}
.repairs li{margin:.3rem 0}
@media (forced-colors:active){.stretch{border:1px solid}}
@media print{.why{display:none!important}}
`
