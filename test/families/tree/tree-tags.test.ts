import { describe, expect, it } from 'vitest'
import { type TreeSyntax, type TreeTag, TreeTags } from '../../../src/families/tree/tree-tags.js'
import { WAIT } from '../../../src/text/cursor.js'

/** A tag in a line: `value end a@2-3 #id :type extra@4-9 +12`. */
function shown(tag: TreeTag | undefined | typeof WAIT): string {
  if (tag === WAIT) return 'wait'
  if (tag === undefined) return 'none'
  const { kind, isEnd, name, nameFrom, nameTo, id, type, extraFrom, extraTo, length } = tag
  return [
    kind,
    isEnd ? 'end' : '',
    name === undefined ? '' : `${name}@${nameFrom}-${nameTo}`,
    id === undefined ? '' : `#${id}`,
    type === undefined ? '' : `:${type}`,
    extraTo === 0 ? '' : `extra@${extraFrom}-${extraTo}`,
    `+${length}`,
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** The tag that stands at the beginning of a text, and how much of the text tells: less of it may become one. */
function tagOf(syntax: TreeSyntax, text: string): [tag: string, told: number] {
  const ask = (asked: string, start = 0) => shown(new TreeTags(syntax).at(asked, start))
  const tag = ask(text)
  let told = 0
  while (told < text.length && ask(text.slice(0, told)) === 'wait') told++
  for (let i = told; i <= text.length; i++) expect(ask(text.slice(0, i))).toBe(tag)
  // Wherever it stands.
  expect(ask(`<a>${text}`, 3)).toBe(tag)
  return [tag, told]
}

const MARKED: TreeSyntax = { token: '[|]', block: 'calls', call: 'invoke', item: 'item' }

describe('tags behind a token, whose words are keys', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['[|]<calls>x', 'block calls@4-9 +10', 10],
    ['[|]</calls>x', 'block end calls@5-10 +11', 11],
    ['[|]<invoke name="f">x', 'call f@17-18 +20', 20],
    ['[|]</invoke>x', 'call end invoke@5-11 +12', 12],
    ['[|]<a>x', 'value a@4-5 +6', 6],
    ['[|]</a>x', 'value end a@5-6 +7', 7],
    ['[|]<a b>x', 'value a b@4-7 +8', 8],
    ['[|]< a >x', 'value a@4-7 +8', 8],
    ['[|]<invoked>x', 'value invoked@4-11 +12', 12],
    ['[|]<callsx>x', 'value callsx@4-10 +11', 11],
    // What is no tag of a call is the key of that name.
    ['[|]<invoke>x', 'value invoke@4-10 +11', 11],
    ['[|]</invoke x>', 'value end invoke x@5-13 +14', 14],
    ['[|]   <a>x', 'value a@7-8 +9', 9],
    [`[|]${' '.repeat(8)}<a>x`, 'value a@12-13 +14', 14],
    // No tags.
    [`[|]${' '.repeat(9)}<a>x`, 'none', 12],
    ['x', 'none', 1],
    ['[x', 'none', 2],
    ['[|]x', 'none', 4],
    ['<a>', 'none', 1],
    ['[|]<a\n>', 'none', 6],
    ['[|]<a<b>', 'none', 6],
    ['[|]<>', 'none', 5],
    ['[|]< >', 'none', 6],
    ['[|]<a/>', 'none', 7],
    ['[|]<calls x>', 'none', 12],
    [`[|]<${'x'.repeat(317)}>`, `value ${'x'.repeat(317)}@4-321 +322`, 322],
    [`[|]<${'x'.repeat(318)}>`, 'none', 322],
    // Cut ones.
    ['[|', 'wait', 2],
    ['[|]', 'wait', 3],
    ['[|]<', 'wait', 4],
    ['[|]</', 'wait', 5],
    ['[|]<invoke na', 'wait', 13],
  ])('%j', (text, tag, told) => {
    expect(tagOf(MARKED, text)).toEqual([tag, told])
  })
})

const WORDED: TreeSyntax = { token: '', block: 'x:calls', call: 'x:call', value: 'x:value' }

describe('tags that their words tell', () => {
  it.each<[text: string, tag: string, told: number]>([
    ['<x:calls>x', 'block x:calls@1-8 +9', 9],
    ['</x:calls>x', 'block end x:calls@2-9 +10', 10],
    ['<x:call name="f">x', 'call f@14-15 +17', 17],
    ['<x:call id="0" name="f">x', 'call f@21-22 #0 +24', 24],
    ["<x:call name='f' id='0'>x", 'call f@14-15 #0 +24', 24],
    ['<x:call name=f>x', 'call f@13-14 +15', 15],
    ['<x:call name = "f" >x', 'call f@16-17 +20', 20],
    ['<x:call name="f" a="b" c=d>x', 'call f@14-15 extra@17-26 +27', 27],
    ['<x:call name="f" name="g">x', 'call f@14-15 extra@17-25 +26', 26],
    ['<x:call name="a &amp; &lt;b&gt; &quot;&apos;">x', `call a & <b> "'@14-44 +46`, 46],
    ['</x:call>x', 'call end x:call@2-8 +9', 9],
    ['<x:value name="a" type="raw">x', 'value a@15-16 :raw +29', 29],
    ['<x:value type="raw">x', 'value :raw +20', 20],
    ['<x:value name="">x', 'value @15-15 +17', 17],
    ['</x:value>x', 'value end x:value@2-9 +10', 10],
    // No tags.
    ['<x:call>', 'none', 8],
    ['<x:call name="">', 'none', 16],
    ['<x:call f>', 'none', 10],
    ['<x:call name="f"id="0">', 'none', 23],
    ['<x:calls a="b">', 'none', 9],
    ['</x:value a="b">', 'none', 16],
    ['</x:call a="b">', 'none', 15],
    ['<x:callx>', 'none', 8],
    ['<x:valuex>', 'none', 9],
    ['<x:va>', 'none', 6],
    ['<b>', 'none', 2],
    ['</b>', 'none', 3],
    ['<x:call name="f<">', 'none', 16],
    ['<x:call name="f\n">', 'none', 16],
    // Cut ones, and what can become none.
    ['<', 'wait', 1],
    ['</x:', 'wait', 4],
    ['<x:call', 'wait', 7],
    ['<x:call name="f" i', 'wait', 18],
    ['<x:call name="f', 'wait', 15],
    ['<x:call name=', 'wait', 13],
    ['<x:call n"', 'none', 10],
  ])('%j', (text, tag, told) => {
    expect(tagOf(WORDED, text)).toEqual([tag, told])
  })
})

describe('behind a stem that an opener has read', () => {
  it.each<[syntax: TreeSyntax, stem: string, text: string, tag: string]>([
    [MARKED, '[|]<invoke', ' name="f">x', 'call f@17-18 +20'],
    [MARKED, '[|]<calls', '>x', 'block calls@4-9 +10'],
    [WORDED, '<x:call', ' name="f">x', 'call f@14-15 +17'],
    [WORDED, '<x:call', 's>x', 'block x:calls@1-8 +9'],
    [WORDED, '<x:call', 'x', 'none'],
    [WORDED, '<x:call', '', 'wait'],
  ])('%j %s%s', (syntax, stem, text, tag) => {
    expect(shown(new TreeTags(syntax).behindStem(stem, `ab${text}`, 2))).toBe(tag)
  })
})
