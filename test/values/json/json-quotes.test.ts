import { expect, test } from 'vitest'
import { JsonQuotes } from '../../../src/values/json/json-quotes.js'

/** Whether the text may be JSON, and whether it ends inside a string: the same in one piece and in single characters. */
function read(text: string): [isJson: boolean, inString: boolean] {
  const whole = new JsonQuotes()
  // An earlier text leaves nothing behind.
  whole.read('"a\\', 0, 3)
  whole.begin()
  whole.read(text, 0, text.length)
  const pieces = new JsonQuotes()
  for (let i = 0; i < text.length; i++) pieces.read(text, i, i + 1)
  expect([pieces.isJson, pieces.inString]).toEqual([whole.isJson, whole.inString])
  return [whole.isJson, whole.inString]
}

test.each<[text: string, isJson: boolean, inString: boolean]>([
  ['', false, false],
  [' \n\r\t', false, false],
  [' \n\r\t{', true, false],
  ['[', true, false],
  ['"', true, true],
  ['0', true, false],
  ['9', true, false],
  ['-', true, false],
  ['t', true, false],
  ['f', true, false],
  ['n', true, false],
  ['/', false, false],
  [':', false, false],
  ['x"', false, false],
  ['<{"', false, false],
  ['{"a', true, true],
  ['{"a"', true, false],
  ['{"a\\"', true, true],
  ['{"a\\\\"', true, false],
  ['{\\"', true, true],
  ['{"a": "\n', false, false],
  ['{"a": "\n"', false, false],
  ['{"a\\\n', true, true],
  ['{\n"a"\n}', true, false],
])('%j', (text, isJson, inString) => {
  expect(read(text)).toEqual([isJson, inString])
})

test('only what is asked for is read', () => {
  const quotes = new JsonQuotes()
  quotes.read('x{"a"', 1, 4)
  expect([quotes.isJson, quotes.inString]).toEqual([true, true])
})

test('a new text is looked at anew', () => {
  const quotes = new JsonQuotes()
  quotes.read('x "', 0, 3)
  expect(quotes.isJson).toBe(false)
  quotes.begin()
  quotes.read('{"', 0, 2)
  expect([quotes.isJson, quotes.inString]).toEqual([true, true])
  quotes.begin()
  expect([quotes.isJson, quotes.inString]).toEqual([false, false])
})
