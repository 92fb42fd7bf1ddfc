import { describe, expect, it } from 'vitest'
import { RenderError } from '../../src/engine/format.js'
import { fieldHead, type HeadGrammar, isCutHead, nameEnd } from '../../src/families/name-json/call-head.js'
import { gapEnd, readDeepSeekHead } from '../../src/families/name-json/deepseek-head.js'
import { HeaderScan, peekKeyword } from '../../src/families/pythonic/python-header.js'
import { bareListText, pythonicText, pythonLiteral } from '../../src/families/pythonic/pythonic-text.js'
import { spellingLength, spellings } from '../../src/recovery/spellings.js'
import { spaceEnd } from '../../src/text/characters.js'
import { Cursor, END, WAIT } from '../../src/text/cursor.js'
import { headOf, shown } from '../support/heads.js'

describe('heads of fields', () => {
  const mistral: HeadGrammar = {
    fields: [{ is: 'name' }, { is: 'id', after: '[CALL_ID]', optional: true }],
    argumentsAfter: '[ARGS]',
    argumentsMarker: 'optional',
    stops: ['</s>'],
  }
  it.each([
    ['', 'wait'],
    ['f', 'wait'],
    ['f ', 'wait'],
    ['f[', 'wait'],
    ['f[ARGS', 'wait'],
    ['f[ARGS]', 'f@0-1 +7 separated'],
    [' f [ARGS]', 'f@1-2 +9 separated'],
    ['f{', 'f@0-1 +1'],
    ['f {', 'f@0-1 +2'],
    ['f\n\t\r{', 'f@0-1 +4'],
    ['f[CALL_ID]', 'wait'],
    ['f[CALL_ID]abc', 'wait'],
    ['f[CALL_ID]abc[ARGS]', 'f@0-1 #abc +19 separated'],
    ['f[CALL_ID] abc [ARGS]', 'f@0-1 #abc +21 separated'],
    ['f[CALL_ID]abc{', 'f@0-1 #abc +13 separated'],
    ['f[CALL_ID][ARGS]', 'f@0-1 +16 separated'],
    ['f[CALL_ID]abc x', 'broken'],
    ['f[CALL_ID]abc[x', 'broken'],
    ['f x', 'text'],
    ['f[x', 'text'],
    ['f"', 'text'],
    ['f,', 'text'],
    ['f}', 'text'],
    ['[ARGS]', 'text'],
    ['</s>', 'text'],
    ['f</s>', 'text'],
    ['{', 'text'],
    ['x'.repeat(128), 'wait'],
    ['x'.repeat(129), 'text'],
    [`${'x'.repeat(128)}[ARGS]`, `${'x'.repeat(128)}@0-128 +134 separated`],
    [`${'x'.repeat(129)}[ARGS]`, 'text'],
  ])('%j', (text, head) => {
    expect(headOf(fieldHead(mistral), text)).toBe(head)
  })

  const kimi: HeadGrammar = {
    fields: [{ is: 'type' }, { is: 'name', after: '<sep>' }],
    argumentsAfter: '<args>',
    argumentsMarker: 'required',
    decode: (field) => ({ name: field.replace(/^functions\./, '').replace(/:\d+$/, ''), id: field }),
  }
  it.each([
    ['function<sep>functions.f:0<args>', 'f@13-26 #functions.f:0 +32 separated'],
    ['function<sep>f<args>{', 'f@13-14 #f +20 separated'],
    ['function<sep>f{', 'broken'],
    ['function<sep>functions.<args>', 'broken'],
    ['function{', 'text'],
    ['function<args>', 'text'],
    ['function<se', 'wait'],
  ])('with a type and a decoded name: %j', (text, head) => {
    expect(shown(fieldHead(kimi)(text))).toBe(head)
  })

  it.each<[text: string, spaced: boolean, cut: boolean]>([
    ['f', false, true],
    ['f.', false, true],
    ['f.', true, false],
    ['f!', true, false],
    ['f?', true, false],
    ['f:', true, false],
    ['f;', true, false],
    ['f)', true, false],
    ['f(', true, true],
    ['f. ', true, false],
    ['é', true, true],
    ['_', true, true],
    ['7', true, true],
    ['…', true, false],
    ['', true, false],
    [' - ', false, false],
  ])('%j, spaced %s, may be a head that was cut: %s', (text, spaced, cut) => {
    expect(isCutHead(text, spaced)).toBe(cut)
  })

  it('names end at white space, brackets, quotes and commas', () => {
    for (const end of [...' \n\r\t{}[]",']) expect(nameEnd(`ab${end}c`, 0)).toBe(2)
    expect(nameEnd('ab<c', 0)).toBe(4)
    expect(nameEnd('ab<c', 0, '<')).toBe(2)
    expect(nameEnd('abc', 1)).toBe(3)
    expect(spaceEnd('a \n\r\tb', 1)).toBe(5)
    expect(spaceEnd('a  ', 1)).toBe(3)
    expect(spaceEnd('ab', 1)).toBe(1)
  })
})

describe('heads of DeepSeek', () => {
  const SEP = '<｜tool▁sep｜>'
  const lengthOf = spellingLength(SEP)
  it.each([
    ['', 'wait'],
    ['\n', 'wait'],
    [`f${SEP}`, 'wait'],
    [`f${SEP}{`, 'f@0-1 +13 separated'],
    [`f${SEP}\n{`, 'f@0-1 +13 separated'],
    [`f${SEP}["`, 'f@0-1 +13 separated'],
    [`f${SEP}"`, 'f@0-1 +13 separated'],
    [`f${SEP}<｜`, 'f@0-1 +13 separated'],
    [`f${SEP}\`\`\``, 'f@0-1 +13 separated'],
    [`${SEP}{`, 'text'],
    [` f ${SEP}{`, 'f@1-2 +15 separated'],
    ['f<|tool_sep|>{', `f@0-1 +13 separated <|tool_sep|>@1=${SEP}`],
    [`function${SEP}f`, 'wait'],
    [`function${SEP}f\n`, 'f@20-21 +21 separated'],
    [`function${SEP} f\n`, 'f@21-22 +22 separated'],
    [`function${SEP}f {`, 'f@20-21 +21 separated'],
    [`function${SEP}f<`, 'f@20-21 +21 separated'],
    [`function${SEP}f\``, 'f@20-21 +21 separated'],
    [`function${SEP}f"`, 'f@20-21 +21 separated'],
    [`function${SEP}f x`, 'text'],
    [`function${SEP}f,`, 'text'],
    [`function${SEP},`, 'text'],
    [`function${SEP}get\\_it\n`, 'get\\_it@20-27 +27 separated'],
    [`get\\_it${SEP}{`, 'get\\_it@0-7 +19 separated'],
    [`f${SEP}null\n<`, 'f@0-1 +13 separated'],
    [`f${SEP}null <`, 'f@0-1 +13 separated'],
    [`f${SEP}null\n`, 'wait'],
    [`function${SEP}null\n<`, 'null@20-24 +24 separated'],
    [`${SEP}f\n`, 'f@12-13 +13 separated'],
    [`function${SEP}${'x'.repeat(128)}\n`, `${'x'.repeat(128)}@20-148 +148 separated`],
    [`function${SEP}${'x'.repeat(129)}\n`, 'text'],
    [`function${SEP}${'x'.repeat(129)}`, 'text'],
    [`${'x'.repeat(129)}`, 'text'],
    ['{"', '@0-0 +0 call object'],
    ["{ '", '@0-0 +0 call object'],
    ['\\n{"', '@2-2 +2 call object'],
    ['\\r\\n {"', '@5-5 +5 call object'],
    ['{', 'wait'],
    ['{x', 'text'],
    ['f x', 'text'],
    ['f<x', 'text'],
  ])('%j', (text, head) => {
    expect(shown(readDeepSeekHead(text))).toBe(head)
  })

  it('newlines may be written as a backslash and a letter', () => {
    expect(gapEnd(' \\n \\r\nx', 0)).toBe(7)
    expect(gapEnd('\\x', 0)).toBe(0)
    expect(gapEnd('a\\', 1)).toBe(2)
    expect(gapEnd('a', 0)).toBe(0)
  })

  it('special tokens come in other spellings', () => {
    expect(spellings('a｜▁')).toEqual(['a｜▁', 'a｜_', 'a｜ ', 'a｜\\_', 'a|▁', 'a|_', 'a| ', 'a|\\_'])
    for (const spelled of spellings(SEP)) {
      expect(lengthOf(`x${spelled}y`, 1)).toBe(spelled.length)
      for (let i = 0; i < spelled.length; i++) expect(lengthOf(spelled.slice(0, i), 0)).toBe(WAIT)
    }
    for (const text of ['<｜tool-', '<｜tool\\x', '<｜too|', 'x', '<｜tool\\ sep｜>']) expect(lengthOf(text, 0)).toBe(0)
  })
})

describe('heads of Python', () => {
  function scan(text: string, { bracketed = true, deep = true, ended = false } = {}): string {
    const cursor = new Cursor()
    const headers = new HeaderScan(cursor)
    cursor.push('??')
    cursor.at = 2
    const single = new Cursor()
    const slow = new HeaderScan(single)
    let one: ReturnType<HeaderScan['peek']> = WAIT
    for (const character of text) {
      single.push(character)
      if (one === WAIT) one = slow.peek(bracketed, deep)
    }
    cursor.push(text)
    if (ended) {
      cursor.end('stop')
      single.end('stop')
    }
    if (one === WAIT) one = slow.peek(bracketed, deep)
    const header = headers.peek(bracketed, deep)
    const show = (result: typeof header, base: number) => {
      if (result === WAIT) return 'wait'
      if (result === END) return 'end'
      if (result === undefined) return 'none'
      const { name, nameFrom, nameTo, argumentsFrom, behind } = result
      return `${name}@${nameFrom - base}-${nameTo - base} +${argumentsFrom - base} ${behind}`
    }
    expect(show(one, 0)).toBe(show(header, 2))
    return show(header, 2)
  }

  it.each([
    ['', 'wait'],
    ['[', 'wait'],
    ['[ ', 'wait'],
    ['[f', 'wait'],
    ['[f(', 'wait'],
    ['[f()', 'f@1-2 +3 close'],
    ['[ f ( )', 'f@2-3 +5 close'],
    ['[\n\r\t\ff()', 'f@5-6 +7 close'],
    ['[a.b-c_d9()', 'a.b-c_d9@1-9 +10 close'],
    ['[_x()', '_x@1-3 +4 close'],
    ['[Az()', 'Az@1-3 +4 close'],
    ['[Za()', 'Za@1-3 +4 close'],
    ['[é()', 'é@1-2 +3 close'],
    ['[𝒳()', '𝒳@1-3 +4 close'],
    ['[a..b()', 'none'],
    ['[a.9()', 'none'],
    ['[a.()', 'none'],
    ['[9a()', 'none'],
    ['[-a()', 'none'],
    ['[—()', 'none'],
    ['[@()', 'none'],
    ['[`()', 'none'],
    ['[{()', 'none'],
    ['[a b(', 'none'],
    ['[a,', 'none'],
    ['[a]', 'none'],
    ['f(', 'none'],
    ['[f(x=', 'wait'],
    ['[f(x=1', 'f@1-2 +3 keyword'],
    ['[f(x = 1', 'f@1-2 +3 keyword'],
    ['[f(x==', 'none'],
    ['[f(x', 'wait'],
    ['[f(x)', 'none'],
    ['[f(x y', 'none'],
    ['[f(x ,', 'none'],
    ['[f(True,', 'f@1-2 +3 value'],
    ['[f(None )', 'f@1-2 +3 value'],
    ['[f(Nones)', 'none'],
    ['[f(Falsehood)', 'none'],
    ['[f("', 'f@1-2 +3 value'],
    ["[f('", 'f@1-2 +3 value'],
    ['[f(1', 'f@1-2 +3 value'],
    ['[f([', 'f@1-2 +3 value'],
    ['[f({', 'f@1-2 +3 value'],
    ['[f((', 'f@1-2 +3 value'],
    ['[f(-', 'f@1-2 +3 value'],
    ['[f(+', 'f@1-2 +3 value'],
    ['[f(.', 'f@1-2 +3 value'],
    ['[f(*', 'none'],
    ['[f(/', 'none'],
    ['[f(:', 'none'],
    ['[f(r"', 'f@1-2 +3 value'],
    ["[f(U'", 'f@1-2 +3 value'],
    ['[f(b"', 'none'],
    ['[f(ab"', 'none'],
    ['[f(a1=2', 'f@1-2 +3 keyword'],
    [`[${'x'.repeat(396)}()`, `${'x'.repeat(396)}@1-397 +398 close`],
    [`[${'x'.repeat(398)}()`, 'none'],
  ])('%j', (text, header) => {
    expect(scan(text)).toBe(header)
  })

  it.each([
    ['', 'none'],
    ['[', 'none'],
    ['[ ', 'none'],
    ['[f', 'end'],
    ['[a.', 'end'],
    ['[f ', 'end'],
    ['[f(', 'f@1-2 +3 end'],
    ['[f(x', 'f@1-2 +3 end'],
    ['[f(x ', 'f@1-2 +3 end'],
    ['[f(x=', 'f@1-2 +3 keyword'],
  ])('at the end: %j', (text, header) => {
    expect(scan(text, { ended: true })).toBe(header)
  })

  it('without a bracket, and without a look behind the parenthesis', () => {
    expect(scan(' f(x', { bracketed: false })).toBe('wait')
    expect(scan('f()', { bracketed: false })).toBe('f@0-1 +2 close')
    expect(scan('[f(', { deep: false })).toBe('f@1-2 +3 unseen')
    expect(scan('f (', { bracketed: false, deep: false })).toBe('f@0-1 +3 unseen')
    expect(scan('[f()', { bracketed: false })).toBe('none')
  })

  it('tells what stood where a name should', () => {
    const cursor = new Cursor()
    const headers = new HeaderScan(cursor)
    cursor.push('[ ]')
    expect(headers.peek(true, true)).toBeUndefined()
    expect(headers.missedAt).toBe(2)
  })

  it.each<[text: string, ended: boolean, found: string]>([
    ['crop = "kale"', false, 'crop 6'],
    ['crop="', false, 'crop 5'],
    ['a1=2', false, 'a1 3'],
    ['é=2', false, 'é 2'],
    ['1a=2', false, 'none'],
    ['a=', false, 'wait'],
    ['a=', true, 'a 2'],
    ['a==1', false, 'none'],
    ['a', false, 'wait'],
    ['a ', false, 'wait'],
    ['a', true, 'none'],
    ['', false, 'wait'],
    ['', true, 'none'],
    ['a b=', false, 'none'],
    ['=1', false, 'none'],
    ['a)', false, 'none'],
    [`${'a'.repeat(398)}=1`, false, `${'a'.repeat(398)} 399`],
    [`${'a'.repeat(400)}=1`, false, 'none'],
    [`a${' '.repeat(400)}=1`, false, 'none'],
  ])('the keyword of %j, ended %s', (text, ended, found) => {
    const cursor = new Cursor()
    cursor.push(`??${text}`)
    cursor.at = 2
    if (ended) cursor.end('stop')
    const keyword = peekKeyword(cursor)
    expect(keyword === WAIT ? 'wait' : keyword === undefined ? 'none' : `${keyword.name} ${keyword.length}`).toBe(found)
  })
})

describe('what Python writes', () => {
  it.each<[value: unknown, text: string]>([
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [false, 'False'],
    [1.5, '1.5'],
    [Symbol('none'), 'None'],
    ['', "''"],
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    ['say "hi"', '\'say "hi"\''],
    ['\'"', "'\\'\"'"],
    ['\\\n\r\t', "'\\\\\\n\\r\\t'"],
    ['\u0000\u001f\u007f', "'\\x00\\x1f\\x7f'"],
    [' \u0080', "' \u0080'"],
    ['😀', "'😀'"],
    ['\ud800\udbff', "'\\ud800\\udbff'"],
    ['\udfff', "'\\udfff'"],
    ['\ud7ff\ue000', "'\ud7ff\ue000'"],
    [[1, [], ['a']], "[1, [], ['a']]"],
    [{ a: 1, "b'": { c: null, d: undefined } }, "{'a': 1, \"b'\": {'c': None}}"],
    [{}, '{}'],
  ])('%j', (value, text) => {
    expect(pythonLiteral(value)).toBe(text)
  })

  it('calls, with names that can be written', () => {
    const calls = [
      { name: 'a.b-c', arguments: { x: 1, y: undefined, é: 'z' } },
      { name: '_f', arguments: {} },
    ]
    expect(pythonicText(calls)).toBe("[a.b-c(x=1, é='z'), _f()]")
    for (const name of ['', 'a b', '1a', 'a.', '.a', 'a..b', 'a.1', 'a(', 'x'.repeat(129), '-a', 'f\n', ' f']) {
      expect(() => pythonicText([{ name, arguments: {} }]), name).toThrow(RenderError)
    }
    for (const key of ['', 'a-b', 'a.b', '1a', 'a b', 'x'.repeat(129), 'a\n', ' a']) {
      expect(() => pythonicText([{ name: 'f', arguments: { [key]: 1 } }]), key).toThrow(RenderError)
    }
    expect(pythonicText([{ name: 'x'.repeat(128), arguments: {} }])).toBe(`[${'x'.repeat(128)}()]`)
  })

  it('content before calls, in a line of its own', () => {
    const calls = [{ name: 'f', arguments: {} }]
    expect(bareListText('', calls)).toBe('[f()]')
    expect(bareListText(' \n', calls)).toBe(' \n[f()]')
    expect(bareListText('Hi.', calls)).toBe('Hi.\n[f()]')
    expect(bareListText('Hi. ', calls)).toBe('Hi. \n[f()]')
    expect(bareListText('Hi.\n', calls)).toBe('Hi.\n[f()]')
    expect(bareListText('Hi.\n \t', calls)).toBe('Hi.\n \t[f()]')
    expect(bareListText('see [1] and f (x)', [])).toBe('see [1] and f (x)')
    expect(bareListText('Hi [', [])).toBe('Hi [')
    expect(bareListText('so f(a=1)', [])).toBe('so f(a=1)')
  })

  it.each(['[f(', 'a [ f-1.b (x', 'f()', ' f ( )', 'f(a=1)', 'f( a1 = 1)', '[é('])(
    'no content that is a call: %j',
    (content) => {
      expect(() => bareListText(content, [])).toThrow(RenderError)
    },
  )

  it.each(['Hi [', 'Hi [ \n'])('no content that makes the list data: %j', (content) => {
    expect(() => bareListText(content, [{ name: 'f', arguments: {} }])).toThrow(RenderError)
  })
})
