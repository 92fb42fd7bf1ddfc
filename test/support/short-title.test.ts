import { describe, expect, it } from 'vitest'
import { LONGEST_TITLE, shortTitle, shortTitles } from './short-title.js'

describe('a title', () => {
  it('is one line, whatever stands in it', () => {
    expect(shortTitle('a\nb\r\n\tc\u0000\u2028')).toBe('a\\nb\\r\\n\\tc\\u0000\\u2028')
  })

  it('tells a run of one character by its length', () => {
    expect(shortTitle(`a${' '.repeat(5000)}b`)).toBe('a ×5000b')
  })

  it('keeps its beginning and its end when it is cut', () => {
    const title = shortTitle(`begins ${'with words '.repeat(100)}ends`)
    expect(title).toMatch(/^begins with words .*….*with words ends$/)
    expect([...title]).toHaveLength(LONGEST_TITLE)
  })

  it('differs from those of its suite', () => {
    const long = 'one and two '.repeat(50)
    const titles = shortTitles(['a', 'a', `${long}1${long}`, `${long}2${long}`, long])
    expect(titles.slice(0, 2)).toEqual(['a', 'a (2)'])
    expect(new Set(titles).size).toBe(titles.length)
    for (const title of titles) expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE)
  })

  it('is short where vitest shows it:\nthis one had a line break', () => {
    expect(expect.getState().currentTestName).toContain('shows it:\\nthis one')
  })
})
