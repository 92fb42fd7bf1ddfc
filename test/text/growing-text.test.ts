import { expect, it } from 'vitest'
import { GrowingText } from '../../src/text/growing-text.js'
import { seeded } from '../support/seeded.js'

it('holds what a string would, whatever is added, looked at and taken back', () => {
  const random = seeded(11)
  const upTo = (most: number): number => Math.floor(random() * (most + 1))
  for (let round = 0; round < 50; round++) {
    const grown = new GrowingText()
    let text = ''
    for (let step = 0; step < 100; step++) {
      // Most pieces are tokens; a long one is more than a block.
      const piece = 'abcdefg'.repeat(upTo(10) === 0 ? upTo(1000) : 1).slice(upTo(6))
      grown.add(piece)
      text += piece
      const looked = upTo(text.length)
      expect(grown.tail(looked)).toBe(text.slice(text.length - looked))
      const taken = upTo(3) === 0 ? upTo(Math.min(text.length, upTo(5) === 0 ? 5000 : 20)) : 0
      expect(grown.takeBack(taken)).toBe(text.slice(text.length - taken))
      text = text.slice(0, text.length - taken)
      expect(grown.length).toBe(text.length)
    }
    expect(grown.toString()).toBe(text)
  }
})
