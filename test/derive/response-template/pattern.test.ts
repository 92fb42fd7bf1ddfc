import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NONE } from '../../../src/derive/response-template/pattern/character-set.js'
import { findAll } from '../../../src/derive/response-template/pattern/find-all.js'
import { PatternError } from '../../../src/derive/response-template/pattern/pattern-node.js'
import { compile } from '../../../src/derive/response-template/pattern/program.js'
import { Search } from '../../../src/derive/response-template/pattern/search.js'
import { parameters } from '../../support/runs.js'

/** What a pattern finds in a text, and what its groups took in. */
function found(pattern: string, text: string): string[] {
  const program = compile(pattern)
  return [...findAll(program, text)].map(({ from, to, group }) => {
    const groups = [...program.groups.keys()].map((name) => `${name}=${group(name) ?? '-'}`)
    return [`${from}-${to}`, ...groups].join(' ')
  })
}

describe('patterns of Python find what they find there', () => {
  it.each([
    ['a', 'banana', ['1-2', '3-4', '5-6']],
    ['<(?P<name>\\w+)>', '<a><bc>', ['0-3 name=a', '3-7 name=bc']],
    ['\\s*<x>', 'a \n <x>', ['1-7']],
    ['a|ab', 'ab', ['0-1']],
    ['ab|a', 'ab', ['0-2']],
    ['(?:a|ab)c', 'abc', ['0-3']],
    ['<.*>', '<a><b>', ['0-6']],
    ['<.*?>', '<a><b>', ['0-3', '3-6']],
    ['<.{2,3}>', '<a><bc><def><ghij>', ['3-7', '7-12']],
    ['a{2}', 'aaaaa', ['0-2', '2-4']],
    ['a{,2}b', 'aaab', ['1-4']],
    ['{a}', '{a}', ['0-3']],
    ['[^>\\n]+', 'a>b\nc', ['0-1', '2-3', '4-5']],
    ['[]a-c-]+', ']b-d', ['0-3']],
    ['[\\w.]+', 'a.b c', ['0-3', '4-5']],
    ['\\x41\\u00e9', 'Aé', ['0-2']],
    ['\\w+', 'Ærø 東京', ['0-3', '4-6']],
    ['.', '🌊a', ['0-2', '2-3']],
    ['^a', 'aa', ['0-1']],
    ['a$', 'aa', ['1-2']],
    ['\\ba\\b', 'a ab ba a', ['0-1', '8-9']],
    ['a\\B', 'a ab', ['2-3']],
    ['a(?=b)', 'aab', ['1-2']],
    ['a(?!b)', 'aab a', ['0-1', '4-5']],
    ['(?<=\\n)!', '!\n!', ['2-3']],
    ['(?<!\\n)!', '!\n!', ['0-1']],
    ['a(?=b+c)', 'abb abbc', ['4-5']],
    ['(?=[\\s\\S]*?</t>)', 'x</t>', ['0-0', '1-1']],
    ['(?P<a>x)|(?P<b>y)', 'xy', ['0-1 a=x b=-', '1-2 a=- b=y']],
    ['(?:(?P<a>x)|y)+', 'xyx', ['0-3 a=x']],
    ['(?s)a.b', 'a\nb', ['0-3']],
    ['(?<n>a)', 'a', ['0-1 n=a']],
  ])('%s in %j', (pattern, text, expected) => {
    expect(found(pattern, text)).toEqual(expected)
  })

  it.each([
    ['(a)\\1', 3, 'a backreference needs backtracking'],
    ['(?P<n>a)(?P=n)', 8, 'a backreference needs backtracking'],
    ['a(?<=ab)', 1, 'a lookbehind of more than one character needs backtracking'],
    ['a(?!bc)', 1, 'a negative lookahead of more than one character needs backtracking'],
    ['(?=ab)c', 0, 'a lookahead of more than one character counts only at the end'],
    ['(?>a+)b', 0, 'an atomic group needs backtracking'],
    ['a++', 2, 'a possessive repetition needs backtracking'],
    ['a**', 2, 'a repetition is repeated'],
    ['*a', 0, 'nothing stands before "*" to be repeated'],
    ['(a', 0, 'this group is not closed'],
    ['a)', 1, 'this bracket closes nothing'],
    ['[a', 0, 'this set of characters is not closed'],
    ['[b-a]', 4, 'this range ends before it begins'],
    ['[[:alpha:]]', 1, 'named classes are not read'],
    ['(?i)a', 0, 'this kind of group is not read'],
    ['a{3,2}', 1, 'this repetition ends before it begins'],
    ['a{9999}', 1, 'at most 1000 repetitions are counted'],
    ['(?:a{1000}){1000}', 0, 'the pattern is too large'],
    ['a{e<=1}', 1, 'fuzzy matching is not read'],
    ['\\p{L}', 0, '\\p is not read'],
    ['\\x4', 0, '\\x needs 2 digits'],
    ['a\\', 1, 'the pattern ends in a backslash'],
    ['(?P<1>a)', 0, 'a group needs a name: (?P<name>…)'],
    ['(?P<n>a)(?P<n>b)', 8, 'two groups are named "n"'],
  ])('%s is refused, with its place', (pattern, at, what) => {
    expect(() => compile(pattern)).toThrow(new PatternError(what, at).message)
  })
})

/** Patterns that mean the same in JavaScript. */
const patterns: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => {
  const single = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\s', '\\S', '\\b', '^', '$')
  const atom = fc.oneof(
    { weight: 3, arbitrary: single },
    { weight: 1, arbitrary: tie('pattern').map((inner) => `(?:${inner})`) },
  )
  const item = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}')).map(
    // JavaScript alone goes back on a repetition that took nothing, so only what takes something is repeated.
    ([one, count]) =>
      /^(?:\\[sS]|[a-c.]|\[[^\]]{1,3}\]|\(\?:[a-c.|]{1,20}\))$/.test(one) && !/\|\||:\||\|\)/.test(one)
        ? one + count
        : one,
  )
  const sequence = fc.array(item, { minLength: 1, maxLength: 4 }).map((items) => items.join(''))
  return { pattern: fc.array(sequence, { minLength: 1, maxLength: 3 }).map((options) => options.join('|')) }
}).pattern

const texts = fc.array(fc.constantFrom('a', 'b', 'c', ' ', '\n'), { maxLength: 12 }).map((letters) => letters.join(''))

describe('any pattern', () => {
  it('finds what JavaScript finds', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const expected = [...text.matchAll(new RegExp(pattern, 'gsu'))].map(
          ({ index, 0: match }) => `${index}-${index + match.length}`,
        )
        expect(found(pattern, text)).toEqual(expected)
      }),
      parameters(400),
    )
  })

  it('says where the earliest match may begin, and never finds an earlier one', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        const search = new Search(compile(pattern))
        search.begin(0, NONE)
        const promised: number[] = []
        for (let at = 0; at < text.length; at++) {
          search.step(text.charCodeAt(at), at + 1)
          promised.push(search.earliest)
        }
        search.end()
        const from = search.found?.from ?? text.length
        for (const earliest of promised) expect(from).toBeGreaterThanOrEqual(earliest)
      }),
      parameters(100),
    )
  })
})

describe('hostile patterns', () => {
  it.each(['(?:a*)*b', '(?:a|a)*b', '(?:a|aa)+b', '(?:.*a){9}b', 'a*a*a*a*b', '(?:a?){40}b'])(
    '%s does the same work for each character',
    (pattern) => {
      const { instructions } = compile(pattern)
      const search = new Search(compile(pattern))
      search.begin(0, NONE)
      for (let at = 0; at < 500; at++) {
        search.step(0x61, at + 1)
        // One thread for each instruction at most.
        expect(Reflect.get(search, 'threads').length).toBeLessThanOrEqual(instructions.length)
      }
      expect(search.found).toBeUndefined()
    },
  )

  it('a match is taken when a longer one does not show for long', () => {
    const many = findAll(compile('a(?:a*c)?'), 'a'.repeat(8000))
    expect(stepsOf(() => expect(many.next().value).toMatchObject({ from: 0, to: 1 }))).toBeLessThan(1100)
    expect(stepsOf(() => expect(many.next().value).toMatchObject({ from: 1, to: 2 }))).toBeLessThan(1100)
  })
})

/** How many characters searches read meanwhile. */
function stepsOf(read: () => unknown): number {
  const { step } = Search.prototype
  let steps = 0
  Search.prototype.step = function (this: Search, code, to) {
    steps++
    step.call(this, code, to)
  }
  try {
    read()
  } finally {
    Search.prototype.step = step
  }
  return steps
}
