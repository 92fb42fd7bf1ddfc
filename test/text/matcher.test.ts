import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Matcher } from '../../src/text/matcher.js'

function matcher(...markers: string[]): Matcher<string> {
  return new Matcher(markers.map((marker) => [marker, marker]))
}

describe('find', () => {
  it('finds the earliest marker, and the longest that begins there', () => {
    const markers = matcher('<|python', '<|python_tag|>', 'tag')
    expect(markers.find('a tag <|python_tag|>', 0, true)).toBe(2)
    expect(markers.hit).toBe('tag')
    expect(markers.find('a tag <|python_tag|>', 5, true)).toBe(6)
    expect(markers.hit).toBe('<|python_tag|>')
    expect(markers.end).toBe(20)
  })

  it('holds back the suffix that may become a marker, and nothing else', () => {
    const markers = matcher('<tool_call>', '</tool_call>')
    expect(markers.find('text <tool_c', 0, false)).toBe(5)
    expect(markers.hit).toBeUndefined()
    expect(markers.find('text <tool_x', 0, false)).toBe(12)
    expect(markers.find('a < b </', 0, false)).toBe(6)
  })

  it('holds back what the end of a long text cuts of a marker, however long', () => {
    const marker = 'functools.call'
    for (let length = 1; length < marker.length; length++) {
      const text = `${'the rest of a function, far behind. '.repeat(3)}${marker.slice(0, length)}`
      expect(matcher(marker, '<').find(text, 0, false)).toBe(text.length - length)
      expect(matcher(marker, '<').find(text, 0, true)).toBe(text.length)
    }
  })

  it('holds nothing back at the end of the text', () => {
    const markers = matcher('<tool_call>')
    expect(markers.find('text <tool_c', 0, true)).toBe(12)
    expect(markers.hit).toBeUndefined()
  })

  it('waits while a longer marker may come, and takes the shorter one at the end', () => {
    const markers = matcher('ab', 'abcd')
    expect(markers.find('xabc', 0, false)).toBe(1)
    expect(markers.hit).toBeUndefined()
    expect(markers.find('xabc', 0, true)).toBe(1)
    expect(markers.hit).toBe('ab')
    expect(markers.end).toBe(3)
  })

  it('finds nothing in nothing', () => {
    expect(matcher().find('text', 0, false)).toBe(4)
    expect(matcher('x').find('', 0, false)).toBe(0)
  })

  const alphabet = fc.constantFrom('a', 'b', '<', '｜', '漢')
  const words = fc.array(alphabet, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''))

  it('finds what a search at every place finds', () => {
    const property = fc.property(
      fc.array(words, { minLength: 1, maxLength: 5 }),
      fc.array(alphabet, { maxLength: 60 }).map((letters) => letters.join('')),
      (markers, text) => {
        const found = matcher(...markers)
        const at = found.find(text, 0, true)
        const places = [...text].map((_, i) => markers.filter((marker) => text.startsWith(marker, i)))
        const first = places.findIndex((here) => here.length > 0)
        expect(at).toBe(first < 0 ? text.length : first)
        const longest = (places[first] ?? []).reduce((a, b) => (b.length > a.length ? b : a), '')
        expect(found.hit ?? '').toBe(longest)
      },
    )
    fc.assert(property, { seed: 7, numRuns: 500 })
  })

  /** What is far behind text that begins nothing is found by a search, which knows only so much of each marker. */
  const far = fc.constantFrom('', 'x'.repeat(40))
  const long = fc.array(alphabet, { minLength: 1, maxLength: 14 }).map((letters) => letters.join(''))

  it('never lets the beginning of a marker go', () => {
    const property = fc.property(
      fc.array(fc.oneof(words, long), { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 5 }),
      far,
      fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 4 }),
      fc.nat(),
      (some, inner, before, pieces, n) => {
        // One marker may begin inside another.
        const markers = [...some, some[0]?.slice(inner, inner + 2) || 'b']
        const beginnings = pieces.map(([which, length]) => {
          const marker = markers[which % markers.length] ?? ''
          return marker.slice(0, 1 + (length % marker.length))
        })
        const text = before + beginnings.join('')
        const cut = n % (text.length + 1)
        const whole = matcher(...markers)
        const at = whole.find(text, 0, true)
        const part = matcher(...markers)
        const safe = part.find(text.slice(0, cut), 0, false)
        if (part.hit === undefined) expect(safe).toBeLessThanOrEqual(Math.max(at, 0))
        else expect(part.hit).toBe(whole.hit)
      },
    )
    fc.assert(property, { seed: 7, numRuns: 2000 })
  })
})
