import { describe, expect, it } from 'vitest'
import type { Tag, TagKind } from '../../../src/text/tag.js'
import { Nesting, type NestingRules, type Verdict } from '../../../src/values/raw/nesting.js'

const counted: NestingRules = {
  nesting: 'counted',
  outerEnds: 'line-start',
  successors: {
    'parameter-end': ['parameter', 'call-end'],
    'call-end': ['block-end', 'call'],
    'block-end': ['block'],
  },
}
const uncounted: NestingRules = { ...counted, nesting: 'none', outerEnds: 'anywhere' }

function tag(kind: TagKind, more: Partial<Tag> = {}): Tag {
  const shape = {
    nameFrom: 0,
    nameTo: 0,
    length: 3,
    broken: false,
    value: undefined,
    selfClosing: false,
    extraFrom: 0,
    extraTo: 0,
    loose: false,
  }
  return { kind, name: kind === 'parameter' || kind === 'call' ? 'x' : undefined, ...shape, ...more }
}

/** A step of a value: a tag, whether it stands at the beginning of a line, and what it is judged as. */
type Step = readonly [
  tag: Tag | TagKind,
  place: 'line' | 'inside',
  verdict: Verdict | 'refuted',
  legal?: readonly TagKind[],
]

function check(rules: NestingRules, steps: readonly Step[], declared = false): void {
  const nesting = new Nesting(rules)
  // What an earlier value left open counts for nothing.
  for (const kind of ['block', 'call', 'parameter'] as const) nesting.judge(tag(kind), true, () => false)
  nesting.begin()
  for (const [i, [what, place, wanted, legal]] of steps.entries()) {
    const read = typeof what === 'string' ? tag(what) : what
    if (wanted === 'refuted') nesting.refuted(read)
    else {
      const verdict = nesting.judge(read, place === 'line', () => declared)
      expect({ i, verdict }).toEqual({ i, verdict: wanted })
      if (legal !== undefined) expect(nesting.legal).toEqual(legal)
    }
  }
}

const own = ['parameter', 'call-end'] as const
const loose = tag('parameter-end', { loose: true })

describe('tags in a value, where they are counted', () => {
  it.each<[string, readonly Step[]]>([
    ['its own close marker may end it', [['parameter-end', 'inside', 'perhaps', own]]],
    ['nothing may follow before a tag was judged', []],
    [
      'a call inside is data, to its end',
      [
        ['call', 'line', 'data'],
        ['call-end', 'inside', 'data'],
        ['call-end', 'line', 'perhaps', ['block-end', 'call']],
      ],
    ],
    [
      'a block inside is data, to its end',
      [
        ['block', 'line', 'data'],
        ['block-end', 'inside', 'data'],
        ['block-end', 'line', 'perhaps', ['block']],
      ],
    ],
    [
      'what opens in the middle of a line keeps its own closers, and no other',
      [
        ['call', 'inside', 'data'],
        ['block', 'inside', 'data'],
        ['parameter', 'inside', 'data'],
        ['parameter-end', 'inside', 'data'],
        ['call-end', 'line', 'data'],
        ['block-end', 'line', 'data'],
        ['parameter-end', 'inside', 'perhaps', own],
        ['call-end', 'line', 'perhaps'],
        ['block-end', 'line', 'perhaps'],
      ],
    ],
    [
      'and leaves the closer of the value alone',
      [
        ['call', 'inside', 'data'],
        ['block', 'inside', 'data'],
        ['parameter-end', 'inside', 'perhaps', own],
      ],
    ],
    [
      'nor without a name',
      [
        [tag('call', { name: undefined }), 'line', 'data'],
        [tag('parameter', { name: undefined }), 'line', 'data'],
        ['parameter-end', 'inside', 'perhaps', own],
        ['call-end', 'line', 'perhaps'],
      ],
    ],
    [
      'outer close markers end it at the beginning of a line only',
      [
        ['call-end', 'inside', 'data'],
        ['block-end', 'inside', 'data'],
      ],
    ],
    [
      'a parameter inside a call has its end there',
      [
        ['call', 'line', 'data'],
        ['parameter', 'line', 'data'],
        ['parameter-end', 'line', 'data'],
        ['parameter-end', 'line', 'data'],
        ['call-end', 'line', 'data'],
        ['parameter-end', 'line', 'perhaps', own],
      ],
    ],
    [
      'a parameter inside of a block too',
      [
        ['block', 'line', 'data'],
        ['parameter', 'line', 'data'],
        ['parameter-end', 'line', 'data'],
        ['block-end', 'line', 'data'],
        ['parameter-end', 'line', 'perhaps', own],
      ],
    ],
    [
      'a parameter inside that stands alone may lack its end: then the call has to end',
      [
        ['parameter', 'line', 'data'],
        ['parameter-end', 'line', 'perhaps', ['call-end']],
        ['parameter-end', 'line', 'refuted'],
        ['parameter-end', 'line', 'perhaps', own],
      ],
    ],
    [
      'only a close marker of its own kind refutes it',
      [
        ['parameter', 'line', 'data'],
        ['call-end', 'line', 'refuted'],
        [loose, 'line', 'refuted'],
        ['parameter-end', 'line', 'perhaps', ['call-end']],
      ],
    ],
    [
      'what is refuted without being open counts for nothing',
      [
        ['parameter-end', 'line', 'refuted'],
        ['parameter', 'line', 'data'],
        ['parameter-end', 'line', 'perhaps', ['call-end']],
      ],
    ],
    ['a loose end counts where nothing is open', [[loose, 'inside', 'perhaps', own]]],
    [
      'not in a call',
      [
        ['call', 'line', 'data'],
        [loose, 'line', 'data'],
      ],
    ],
    [
      'nor in a parameter',
      [
        ['parameter', 'line', 'data'],
        [loose, 'line', 'data'],
      ],
    ],
    [
      'other tags are data',
      [
        ['other', 'line', 'data'],
        ['other-end', 'line', 'data'],
      ],
    ],
  ])('%s', (_, steps) => check(counted, steps))

  it('a declared parameter at the beginning of a line ends a value that opened nothing', () => {
    check(counted, [['parameter', 'line', 'ends']], true)
    check(counted, [['parameter', 'inside', 'data']], true)
    check(
      counted,
      [
        ['call', 'line', 'data'],
        ['parameter', 'line', 'data'],
      ],
      true,
    )
    check(
      counted,
      [
        ['block', 'line', 'data'],
        ['parameter', 'line', 'data'],
      ],
      true,
    )
    const nesting = new Nesting(counted)
    nesting.judge(tag('parameter'), true, () => false)
    expect(nesting.judge(tag('parameter'), true, () => true)).toBe('data')
  })

  it('asks for the parameter by its key', () => {
    const asked: string[] = []
    const nesting = new Nesting(counted)
    nesting.judge(tag('parameter', { name: 'path' }), true, (key) => asked.push(key) > 1)
    expect(asked).toEqual(['path'])
    expect(nesting.legal).toEqual([])
  })
})

describe('tags in a value, where they are not counted', () => {
  it.each<[string, readonly Step[]]>([
    [
      'openers are data',
      [
        ['call', 'line', 'data'],
        ['block', 'line', 'data'],
        ['parameter', 'line', 'data'],
        ['parameter-end', 'inside', 'perhaps', own],
      ],
    ],
    [
      'outer close markers end it anywhere',
      [
        ['call-end', 'inside', 'perhaps', ['block-end', 'call']],
        ['block-end', 'inside', 'perhaps', ['block']],
      ],
    ],
    [
      'whatever was opened',
      [
        ['call', 'line', 'data'],
        ['block', 'line', 'data'],
        ['call-end', 'line', 'perhaps'],
        ['block-end', 'line', 'perhaps'],
      ],
    ],
  ])('%s', (_, steps) => check(uncounted, steps))
})
