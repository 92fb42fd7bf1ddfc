import { expect, test } from 'vitest'
import { WAIT } from '../../../src/text/cursor.js'
import { RawText } from '../../../src/values/raw/raw-text.js'

/** What is handed on of a value that stands at offset 10 and comes in these pieces, as `text@offset`. */
function handed(trim: 'newline' | 'none', pieces: readonly string[], closed = true): string[] {
  const out: string[] = []
  const text = new RawText(trim)
  text.begin({ text: (piece, from) => out.push(`${piece}@${from}`) })
  let base = 10
  for (const piece of pieces) {
    text.hand(piece, text.lead(piece, 0, false), piece.length, base)
    base += piece.length
  }
  if (closed) text.close(base, true)
  return out
}

test.each<[trim: 'newline' | 'none', pieces: string[], out: string[]]>([
  ['newline', ['\nab\n'], ['ab@11']],
  ['newline', ['\n', 'a', 'b', '\n'], ['a@11', 'b@12']],
  ['newline', ['', '\na'], ['a@11']],
  ['newline', ['ab'], ['ab@10']],
  ['newline', ['\n'], []],
  ['newline', ['\n\n'], []],
  ['newline', ['\n\n\n'], ['\n@11']],
  ['newline', ['\n', '\n', '\n'], ['\n@11']],
  ['newline', ['a\n', 'b'], ['a@10', '\nb@11']],
  ['newline', ['a\n', '\n', 'b\n'], ['a@10', '\n@11', '\nb@12']],
  ['none', ['\nab\n'], ['\nab@10', '\n@13']],
  ['none', ['\n'], ['\n@10']],
  ['none', ['a', '\n', '\n'], ['a@10', '\n@11', '\n@12']],
  ['none', ['ab'], ['ab@10']],
  // CR LF is one line break, also where its halves come one by one.
  ['newline', ['\r\nab\r\n'], ['ab@12']],
  ['newline', ['\r\na', '\r', '\n'], ['a@12']],
  ['newline', ['\r\na', '\r', '\n', 'b'], ['a@12', '\r\nb@13']],
  ['newline', ['a\r', 'b'], ['a@10', '\rb@11']],
  ['newline', ['a\r', '\nb'], ['a@10', '\r\nb@11']],
  ['newline', ['a\r', '\n\n'], ['a@10', '\r\n@11']],
  ['newline', ['a\n', '\r', '\n'], ['a@10', '\n@11']],
  ['newline', ['a\n', '\n'], ['a@10', '\n@11']],
  ['newline', ['a\r'], ['a@10', '\r@11']],
  ['newline', ['a\n\r'], ['a\n@10', '\r@12']],
  ['newline', ['\ra'], ['\ra@10']],
  ['newline', ['\r\n'], []],
  ['none', ['a\r\n'], ['a@10', '\r\n@11']],
  ['none', ['a\r', '\n'], ['a@10', '\r\n@11']],
  ['none', ['\r\nab'], ['\r\nab@10']],
])('%s: %j', (trim, pieces, out) => {
  expect(handed(trim, pieces)).toEqual(out)
})

test('a newline at the end waits until the value is closed', () => {
  expect(handed('none', ['a\n'], false)).toEqual(['a@10'])
})

test('nothing is handed on of nothing', () => {
  const text = new RawText('none')
  text.begin({ text: () => expect.fail('something was handed on') })
  text.hand('abc', 2, 2, 0)
  text.hand('abc', 2, 1, 0)
  expect(text.atLine).toBe(true)
})

/** Whether what comes next begins a line, and whether all stands in the line of its tag, behind each piece. */
function places(pieces: readonly string[], trim: 'newline' | 'none' = 'newline'): [boolean, boolean][] {
  const text = new RawText(trim)
  text.begin({ text: () => undefined })
  return [
    [text.atLine, text.isOneLine],
    ...pieces.map((piece): [boolean, boolean] => {
      text.hand(piece, text.lead(piece, 0, false), piece.length, 0)
      return [text.atLine, text.isOneLine]
    }),
  ]
}

test('knows where it is', () => {
  const begin: [boolean, boolean] = [true, false]
  expect(places([''])).toEqual([begin, begin])
  expect(places(['\n', 'a', '\n'])).toEqual([begin, [true, false], [false, false], [true, false]])
  expect(places(['a', 'b', '\n', 'c'])).toEqual([begin, [false, true], [false, true], [true, false], [false, false]])
  expect(places(['a\nb'])).toEqual([begin, [false, false]])
  expect(places(['\na'], 'none')).toEqual([begin, [false, false]])
})

test('what stands before a value is none of it', () => {
  const text = new RawText('newline')
  text.begin({ text: () => undefined })
  text.hand('x\nab', text.lead('x\nab', 2, false), 4, 0)
  expect(text.isOneLine).toBe(true)
})

test('a new value begins anew', () => {
  const out: string[] = []
  const text = new RawText('newline')
  const sink = { text: (piece: string) => out.push(piece) }
  text.begin(sink)
  text.hand('a\n', text.lead('a\n', 0, false), 2, 0)
  text.begin(sink)
  expect([text.atLine, text.isOneLine]).toEqual([true, false])
  text.hand('\nb', text.lead('\nb', 0, false), 2, 0)
  expect(out).toEqual(['a', 'b'])
})

test.each<[text: string, trim: 'newline' | 'none', ended: boolean, lead: number]>([
  ['\nab', 'newline', false, 1],
  ['\r\nab', 'newline', false, 2],
  ['\rab', 'newline', false, 0],
  ['\r', 'newline', false, WAIT],
  ['\r', 'newline', true, 0],
  ['ab', 'newline', false, 0],
  ['\nab', 'none', false, 0],
  ['\r', 'none', false, 0],
])('%j, trimmed: %s, ended: %s, is led by %i', (window, trim, ended, lead) => {
  const text = new RawText(trim)
  text.begin({ text: () => undefined })
  expect(text.lead(`x${window}`, 1, ended)).toBe(lead === WAIT ? WAIT : 1 + lead)
})

test('what is held back is no text of another closer than its own', () => {
  const ended = (trim: 'newline' | 'none', held: string, own: boolean) => {
    const out: string[] = []
    const text = new RawText(trim)
    text.begin({ text: (piece, from) => out.push(`${piece}@${from}`) })
    text.hand(`a${held}`, 0, 1 + held.length, 10)
    text.close(11 + held.length, own)
    return out
  }
  expect(ended('none', '\n', true)).toEqual(['a@10', '\n@11'])
  expect(ended('none', '\n', false)).toEqual(['a@10'])
  expect(ended('none', '\r\n', false)).toEqual(['a@10'])
  expect(ended('newline', '\r\n', true)).toEqual(['a@10'])
  // Half a line break is none.
  expect(ended('none', '\r', false)).toEqual(['a@10', '\r@11'])
  expect(ended('newline', '\r', false)).toEqual(['a@10', '\r@11'])
})

test('it is blank until something else than white space was handed on', () => {
  const text = new RawText('none')
  text.begin({ text: () => undefined })
  const blank = ['', ' ', '\n\t', 'a', ' '].map((piece) => {
    text.hand(piece, 0, piece.length, 0)
    return [text.isBlank, text.isInside]
  })
  expect(blank).toEqual([
    [true, false],
    [true, false],
    [true, false],
    [false, true],
    [false, true],
  ])
  text.begin({ text: () => undefined })
  expect([text.isBlank, text.isInside, text.atLine]).toEqual([true, false, true])
})
