import { describe, expect, it } from 'vitest'
import { formatFromDescription } from '../../src/derive/derive.js'
import { createParser, type ParseEvent } from '../../src/index.js'
import { type Case, optionsOf, readCases } from '../support/case.js'
import { norm } from '../support/norm.js'
import { characters, run } from '../support/run.js'
import { runs } from '../support/runs.js'
import { descriptions } from './described-formats.js'

// A format that is made of a description reads what the one reads that was written by hand, event by event, whole and by
// characters. What it does not, and why, stands here.

/** Of each format's fixtures so many are read in the usual run; all by `npm run test:hard`. */
const EACH = runs(3)

interface Difference {
  readonly why: string
  /** The fixtures that are read otherwise, or what the texts hold among which such fixtures are. */
  readonly in: readonly string[] | RegExp
}

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'deepseek-json': {
    why: 'calls of V3 without their special tokens, and tags around objects, are read by rules of its own',
    in: ['own-stripped', 'own-pair-of-tags'],
  },
  'deepseek-v3': {
    why: 'its reader tells the headers of V3, of V3.1 and objects from one another, in other spellings too',
    in: [
      ...['distill-short', 'ascii-pipes', 'json-body', 'literal-backslash-n', 'own-look-alikes'],
      ...['own-junk-behind-arguments', 'own-literal-newline-between', 'own-object-in-fence'],
    ],
  },
  'deepseek-v3.1': {
    why: 'the same reader',
    in: [
      ...['v3-shape', 'simplified-fence', 'own-damaged-middle', 'own-look-alikes', 'own-cut-in-fence-label'],
      ...['own-literal-newline-between', 'own-object-in-fence', 'own-cut-in-fence'],
    ],
  },
  'functionary-v3.1': { why: 'a pair of tags around a whole call is left out', in: ['wrapped'] },
  'kimi-k2': { why: 'functions_NAME_0, and the section in the singular', in: ['underscored-id', 'singular-section'] },
  llama3: {
    why: 'code, builtin calls, function tags, and what else may stand behind the tag, have readers of their own',
    in: /<\|python_tag|<function|^\[\w+\(/m,
  },
  minicpm5: { why: 'a pair of tags around a whole call is left out', in: ['wrapped'] },
  pythonic: { why: 'the tokens of a header that comes again are left out', in: ['header-repeated'] },
  'solar-open': {
    why: 'the marks of content and of further messages are left out',
    in: ['plain', 'answer', 'content-then-calls', 'flush'],
  },
}

describe.each(descriptions().map((description) => [description.id, description] as const))('%s', (id, description) => {
  const format = formatFromDescription(description)
  const cases = readCases(new URL(`../../fixtures/${id}.jsonl`, import.meta.url))
  const { in: listed = [] } = DIFFERENCES[id] ?? {}
  const isListed = ({ id: name, completion }: Case) =>
    listed instanceof RegExp ? listed.test(completion) : listed.includes(name.slice(id.length + 1))
  const others = cases.filter(isListed)
  const alike = cases.filter((c) => !isListed(c))

  it('reads what the format reads', () => {
    const step = Math.max(1, Math.floor(alike.length / EACH))
    expect(alike.length).toBeGreaterThan(3)
    for (const c of alike.filter((_, i) => i % step === 0)) {
      const options = optionsOf(c)
      const own = plain(run(createParser, options, [c.completion]))
      for (const chunks of [[c.completion], characters(c.completion)])
        expect(plain(run(createParser, { ...options, format }, chunks)), c.id).toEqual(own)
    }
  })

  it.runIf(others.length > 0)('differs where this list says so', () => {
    const same = others.filter(({ completion, ...c }) => {
      const options = optionsOf({ ...c, completion })
      const own = JSON.stringify(plain(run(createParser, options, [completion])))
      return own === JSON.stringify(plain(run(createParser, { ...options, format }, [completion])))
    })
    if (listed instanceof RegExp) expect(same.length).toBeLessThan(others.length)
    else expect(same.map((c) => c.id)).toEqual([])
  })
})

/** Events without the ids that are made, and without the words for people, which name what each grammar expects. */
function plain(events: ParseEvent[]): unknown {
  return JSON.parse(
    JSON.stringify(norm(events), (key, value) => (key === 'id' || key === 'message' ? undefined : value)),
  )
}
