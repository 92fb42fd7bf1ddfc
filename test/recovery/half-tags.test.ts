import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { holesOf } from '../damage/holes.js'
import { piecesIn } from '../damage/pieces.js'
import { type OfferedTool, shapesOf, TOOLS, textOf } from '../damage/shapes.js'
import { OTHER_BRACKETS } from '../damage/tag-ways.js'
import { judge } from '../damage/verdict.js'
import { characters, chunkDifference } from '../support/run.js'

/** What may be left of a tag, or stand in its place: its bracket on another line, other brackets, its second half. */
const ways: Record<string, (tag: string) => string> = {
  'in two lines': (tag) => tag.replace(/.$/, '\n$&'),
  'broken inside': (tag) => tag.replace(/[a-z]{2}(?=[a-z])/i, '$&\n'),
  ...OTHER_BRACKETS,
  'its second half': (tag) => tag.slice(tag.length >> 1),
  'without a word': (tag) => (tag.startsWith('</') ? '</>' : tag),
}

/** The texts of a format with one tag damaged in one of these ways. */
function damaged(format: Format) {
  const [shape] = shapesOf(format).filter(({ name }) => name === 'two strings')
  if (shape === undefined) return []
  return piecesIn(format, shape.text, holesOf(format, shape)).flatMap(({ kind, from, to, text: piece }) =>
    Object.entries(ways).flatMap(([way, damage]) => {
      const put = damage(piece)
      if (kind !== 'tag' || put === piece) return []
      return [{ shape, piece, at: from, way, text: shape.text.slice(0, from) + put + shape.text.slice(to) }]
    }),
  )
}

describe('what is left of a tag', () => {
  it.each(formats().map((format) => [format.id, format] as const))('makes no other call in %s', (_, format) => {
    for (const one of damaged(format))
      expect(['another call', 'quoted call'], one.text).not.toContain(judge(format, one, true)?.verdict)
  })
})

/** A tag, with the token that MiniMax M3 writes before each. */
const TAG = /(?:\]<\]\w{1,20}\[>\[)?<[/|｜\w][^<>]{0,60}>/g

/** Where the tag begins in which, or before which, two texts part. */
function lastTag(text: string, parted: number): { at: number; tag: string } | undefined {
  const [tag] = [...text.matchAll(TAG)].filter(({ index, 0: { length } }) => index + length > parted)
  return tag === undefined ? undefined : { at: tag.index, tag: tag[0] }
}

/** A call with the tag that ends it before its last argument; undefined in formats whose arguments have no tags. */
function endedEarly(format: Format): string | undefined {
  const call = (args: Record<string, string>) => [{ name: 'write_file', arguments: args }]
  const one = textOf(format, call({ path: 'a.txt' }))
  const two = textOf(format, call({ path: 'a.txt', content: 'b' }))
  if (one === undefined || two === undefined) return undefined
  let parted = 0
  while (one[parted] === two[parted]) parted++
  const end = lastTag(one, parted)
  const last = lastTag(two, parted)
  if (end === undefined || last === undefined || !two.endsWith(one.slice(end.at))) return undefined
  return `${two.slice(0, last.at)}${end.tag}\n${two.slice(last.at)}`
}

describe('a call whose close marker stands before its last argument', () => {
  const texts = formats().flatMap((format) => {
    const text = endedEarly(format)
    return text === undefined ? [] : [[format.id, format, text] as const]
  })

  it('is written by many formats', () => {
    expect(texts.length).toBeGreaterThan(15)
  })

  it.each(texts)('makes the text malformed in %s', (_, format, text) => {
    const tools = TOOLS as OfferedTool[]
    const { toolCalls, status } = parse(text, { format, tools })
    // Up to its close marker it is whole, and stays so: more text makes no complete call another one.
    if (toolCalls.some(({ arguments: { content } }) => content !== 'b')) expect(status).toBe('malformed')
    if (toolCalls.length === 0) expect(status).not.toBe('complete')
    expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  })
})
