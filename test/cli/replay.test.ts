import { describe, expect, it } from 'vitest'
import { feedsOf } from '../../src/cli/input/feeds.js'
import { replayText, shrinkText } from '../../src/cli/input/replay-text.js'

/** Counts the chunks that hold the marker whole: depends on the chunks, as a parser must not. */
const careless = (chunks: readonly string[]) => [chunks.filter((chunk) => chunk.includes('<call>')).length]
const careful = (chunks: readonly string[]) => [chunks.join('')]

describe('replay', () => {
  it('tries every cut, single characters and tokens, and loses nothing of the text', () => {
    const feeds = [...feedsOf('abc<call>def', ['abc<', 'call>def'])]
    expect(feeds.length).toBe(1 + 1 + 5 + 11)
    for (const { chunks } of feeds) expect(chunks.join('')).toBe('abc<call>def')
  })

  it('finds nothing in a parser that minds no chunks', () => {
    expect(replayText('abc<call>def', careful, []).difference).toBeUndefined()
  })

  it('shows a parser that minds them, and the smallest text that does', () => {
    const { difference } = replayText('abc<call>def', careless, [])
    expect(difference).toMatchObject({ feed: 'single characters', index: 0, whole: '1', cut: '0' })
    expect(shrinkText('abc<call>def', careless)).toBe('<call>')
  })

  it('takes a throw for a difference, not for its own', () => {
    const throws = (chunks: readonly string[]) => {
      if (chunks.length > 1) throw new Error('chunks')
      return []
    }
    expect(replayText('ab', throws, []).difference?.cut).toBe('threw chunks')
  })
})
