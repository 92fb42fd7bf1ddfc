import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Cursor, END, WAIT } from '../../src/text/cursor.js'

function fed(...chunks: string[]): Cursor {
  const cursor = new Cursor()
  for (const chunk of chunks) cursor.push(chunk)
  return cursor
}

describe('peek', () => {
  it('waits for text that may come, and knows when none will', () => {
    const cursor = fed()
    expect(cursor.peek()).toBe(WAIT)
    cursor.push('a')
    expect(cursor.peek()).toBe(97)
    cursor.at++
    cursor.end('stop')
    expect(cursor.peek()).toBe(END)
  })
})

describe('starts', () => {
  it.each([
    ['<tool', '<tool_call>', WAIT],
    ['<tool_call>x', '<tool_call>', 1],
    ['<tool_x', '<tool_call>', 0],
    ['', '<tool_call>', WAIT],
  ])('%j before %j is %j', (text, marker, answer) => {
    expect(fed(text).starts(marker)).toBe(answer)
  })

  it('is sure at the end of the text', () => {
    const cursor = fed('<tool')
    cursor.end('length')
    expect(cursor.starts('<tool_call>')).toBe(0)
    expect(cursor.reason).toBe('length')
  })
})

describe('skipSpace', () => {
  it('reads white space of JSON and nothing else', () => {
    const cursor = fed(' \t\r\n\u00a0x')
    expect(cursor.skipSpace()).toBe(0xa0)
    expect(cursor.offset).toBe(4)
  })

  it('goes on in the next chunk', () => {
    const cursor = fed('  ')
    expect(cursor.skipSpace()).toBe(WAIT)
    cursor.push('  {')
    expect(cursor.skipSpace()).toBe(0x7b)
    expect(cursor.offset).toBe(4)
  })
})

describe('the window', () => {
  it('holds unread text only', () => {
    const cursor = fed('abc')
    cursor.at = 2
    cursor.push('def')
    expect(cursor.window).toBe('cdef')
    expect(cursor.offset).toBe(2)
  })
})

describe('keep', () => {
  it('gives back what was read since, across chunks', () => {
    const cursor = fed('ab')
    cursor.at = 1
    cursor.keep()
    for (const chunk of ['cd', 'ef', 'gh']) {
      cursor.at = cursor.window.length
      cursor.push(chunk)
    }
    cursor.at = 1
    expect(cursor.since(1)).toBe('bcdefg')
    expect(cursor.since(cursor.offset)).toBe('')
    cursor.drop()
  })

  it('can be nested: the outermost mark counts', () => {
    const cursor = fed('abcd')
    cursor.keep(0)
    cursor.at = 2
    cursor.keep(2)
    cursor.at = 4
    cursor.drop()
    cursor.push('ef')
    cursor.at = 2
    expect(cursor.since(0)).toBe('abcdef')
  })

  it('keeps and goes back over any chunks', () => {
    const property = fc.property(
      fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.nat(),
      (chunks, a, b) => {
        const text = chunks.join('')
        const [from = 0, back = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y)
        const cursor = new Cursor()
        let kept = false
        for (const chunk of chunks) {
          cursor.push(chunk)
          // Reads up to the mark first, then everything.
          if (!kept && cursor.base + cursor.window.length >= from) {
            cursor.keep(from)
            kept = true
          }
          cursor.at = cursor.window.length
        }
        if (!kept) return
        expect(cursor.since(from)).toBe(text.slice(from))
        cursor.rewind(back)
        expect(cursor.offset).toBe(back)
        expect(cursor.window.slice(cursor.at)).toBe(text.slice(back))
        expect(cursor.since(from)).toBe(text.slice(from, back))
      },
    )
    fc.assert(property, { seed: 7, numRuns: 500 })
  })
})
