import { expect, test } from 'vitest'
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
