import { CharacterSet } from './character-set.js'
import { type Condition, PatternError, type PatternNode } from './pattern-node.js'

const ANY = new CharacterSet([], [], true)
/** Escapes of one character. */
const ESCAPES: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
/** Escapes of a character by its number, and how many hexadecimal digits they have. */
const NUMBERED: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const CONDITIONS: Readonly<Record<string, Condition>> = {
  A: { test: 'start' },
  Z: { test: 'end' },
  z: { test: 'end' },
  b: { test: 'edge' },
  B: { test: 'no edge' },
}
const LARGEST_COUNT = 1000

/**
 * Reads a pattern of Python's `regex` module, with `DOTALL` as response templates have it.
 * @throws PatternError for what is no pattern, and for what an automaton of constant work for each character cannot take
 * (backreferences, recursion, atomic groups, most lookarounds): it says where
 */
export function readPattern(source: string): PatternNode {
  return new PatternReader(source).read()
}

class PatternReader {
  private at = 0
  private readonly names = new Set<string>()

  constructor(private readonly source: string) {}

  read(): PatternNode {
    const node = this.choice()
    if (this.at < this.source.length) this.fail('this bracket closes nothing')
    return node
  }

  private fail(what: string, at = this.at): never {
    throw new PatternError(what, at)
  }

  private get next(): string {
    return this.source.charAt(this.at)
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false
    this.at += text.length
    return true
  }

  private choice(): PatternNode {
    const options = [this.sequence()]
    while (this.take('|')) options.push(this.sequence())
    return options.length === 1 ? (options[0] as PatternNode) : { kind: 'choice', options }
  }

  private sequence(): PatternNode {
    const items: PatternNode[] = []
    while (this.at < this.source.length && this.next !== '|' && this.next !== ')') {
      const atom = this.atom()
      if (atom !== undefined) items.push(this.repeated(atom))
    }
    return items.length === 1 ? (items[0] as PatternNode) : { kind: 'sequence', items }
  }

  /** Undefined: a flag, which matches nothing. */
  private atom(): PatternNode | undefined {
    const from = this.at
    const character = String.fromCodePoint(this.source.codePointAt(this.at) as number)
    this.at += character.length
    if (character === '(') return this.group(from)
    if (character === '[') return { kind: 'set', set: this.set(from) }
    if (character === '.') return { kind: 'set', set: ANY }
    if (character === '^') return { kind: 'condition', condition: { test: 'start' } }
    if (character === '$') return { kind: 'condition', condition: { test: 'end' } }
    if (character === '\\') return this.escape(from)
    if ('*+?'.includes(character)) this.fail(`nothing stands before "${character}" to be repeated`, from)
    return { kind: 'set', set: CharacterSet.of(character.codePointAt(0) as number) }
  }

  private escape(from: number): PatternNode {
    const condition = CONDITIONS[this.next]
    if (condition !== undefined) {
      this.at++
      return { kind: 'condition', condition }
    }
    const found = this.escaped(from)
    return { kind: 'set', set: typeof found === 'number' ? CharacterSet.of(found) : found }
  }

  /** Behind a backslash: a character, or a class of them. */
  private escaped(from: number): number | CharacterSet {
    const letter = this.next
    if (letter === '') this.fail('the pattern ends in a backslash', from)
    this.at++
    if ('dDsSwW'.includes(letter)) return new CharacterSet([], [letter])
    const code = ESCAPES[letter]
    if (code !== undefined) return code
    const digits = NUMBERED[letter]
    if (digits !== undefined) {
      const hex = this.source.slice(this.at, this.at + digits)
      if (hex.length < digits || !/^[0-9a-fA-F]{1,8}$/.test(hex)) this.fail(`\\${letter} needs ${digits} digits`, from)
      this.at += digits
      const number = Number.parseInt(hex, 16)
      if (number > 0x10ffff) this.fail(`there is no character ${hex}`, from)
      return number
    }
    if (/[1-9]/.test(letter)) this.fail('a backreference needs backtracking', from)
    if (letter === '0') return 0
    if (/[a-zA-Z]/.test(letter)) this.fail(`\\${letter} is not read`, from)
    this.at--
    const found = this.source.codePointAt(this.at) as number
    this.at += found > 0xffff ? 2 : 1
    return found
  }

  private set(from: number): CharacterSet {
    const isNegated = this.take('^')
    const ranges: [number, number][] = []
    const classes: string[] = []
    for (let isFirst = true; isFirst || this.next !== ']'; isFirst = false) {
      if (this.at >= this.source.length) this.fail('this set of characters is not closed', from)
      if (this.source.startsWith('[:', this.at)) this.fail('named classes are not read')
      const item = this.member()
      if (typeof item !== 'number') {
        classes.push(...item.classes)
        continue
      }
      const isRange = this.next === '-' && this.source.charAt(this.at + 1) !== ']'
      if (!isRange) {
        ranges.push([item, item])
        continue
      }
      this.at++
      const last = this.member()
      if (typeof last !== 'number' || last < item) this.fail('this range ends before it begins')
      else ranges.push([item, last])
    }
    this.at++
    return new CharacterSet(ranges, classes, isNegated)
  }

  private member(): number | CharacterSet {
    const from = this.at
    if (this.take('\\')) {
      if (!this.take('b')) return this.escaped(from)
      return 8
    }
    const code = this.source.codePointAt(this.at)
    if (code === undefined) this.fail('this set of characters is not closed', from)
    this.at += code > 0xffff ? 2 : 1
    return code
  }

  private group(from: number): PatternNode | undefined {
    if (!this.take('?')) return this.closed({ kind: 'group', item: this.choice(), name: undefined }, from)
    if (this.take(':')) return this.closed(this.choice(), from)
    if (this.take('=')) return this.ahead(from)
    if (this.take('!')) return this.closed(this.beside('behind', true, from), from)
    if (this.take('<=')) return this.closed(this.beside('before', false, from), from)
    if (this.take('<!')) return this.closed(this.beside('before', true, from), from)
    if (this.take('P<') || this.take('<')) return this.named(from)
    // Flags that are set anyway.
    for (const flags of ['s)', 'u)', 'su)', 'us)']) if (this.take(flags)) return undefined
    if (this.take('P=')) this.fail('a backreference needs backtracking', from)
    if (this.take('>')) this.fail('an atomic group needs backtracking', from)
    return this.fail('this kind of group is not read', from)
  }

  private named(from: number): PatternNode {
    const to = this.source.indexOf('>', this.at)
    const name = to < 0 ? '' : this.source.slice(this.at, to)
    if (!/^[\p{L}_][\p{L}\p{N}_]{0,99}$/u.test(name)) this.fail('a group needs a name: (?P<name>…)', from)
    if (this.names.has(name)) this.fail(`two groups are named "${name}"`, from)
    this.names.add(name)
    this.at = to + 1
    return this.closed({ kind: 'group', item: this.choice(), name }, from)
  }

  private ahead(from: number): PatternNode {
    const item = this.choice()
    // One character can be looked at anywhere; more of them only at the end of the pattern, which `compile` sees to.
    if (item.kind === 'set') return this.closed(condition('behind', item.set, false), from)
    return this.closed({ kind: 'ahead', item, at: from }, from)
  }

  private beside(test: 'before' | 'behind', isNegated: boolean, from: number): PatternNode {
    const item = this.choice()
    if (item.kind === 'set') return condition(test, item.set, isNegated)
    const what = test === 'before' ? 'a lookbehind' : 'a negative lookahead'
    return this.fail(`${what} of more than one character needs backtracking`, from)
  }

  private closed(node: PatternNode, from: number): PatternNode {
    if (!this.take(')')) this.fail('this group is not closed', from)
    return node
  }

  private repeated(item: PatternNode): PatternNode {
    const from = this.at
    const counts = this.counts()
    if (counts === undefined) return item
    const [min, max] = counts
    if (max < min) this.fail('this repetition ends before it begins', from)
    if (Math.max(min, max === Number.POSITIVE_INFINITY ? 0 : max) > LARGEST_COUNT)
      this.fail(`at most ${LARGEST_COUNT} repetitions are counted`, from)
    const isGreedy = !this.take('?')
    if (isGreedy && this.next === '+') this.fail('a possessive repetition needs backtracking')
    const node: PatternNode = { kind: 'repeat', item, min, max, isGreedy }
    const behind = this.at
    if (this.counts() !== undefined) this.fail('a repetition is repeated', behind)
    return node
  }

  private counts(): readonly [number, number] | undefined {
    if (this.take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.take('?')) return [0, 1]
    if (this.next !== '{') return undefined
    const to = this.source.indexOf('}', this.at)
    const text = to < 0 ? '' : this.source.slice(this.at + 1, to)
    const found = /^(\d{0,9})(,?)(\d{0,9})$/.exec(text)
    if (found === null && /^[eids]{1,4}(?:<=?\d{1,9})?$/.test(text)) this.fail('fuzzy matching is not read')
    // A brace that counts nothing is a brace.
    if (found === null || text === '' || text === ',') return undefined
    this.at = to + 1
    const [, least = '', comma, most = ''] = found
    const min = least === '' ? 0 : Number(least)
    if (comma === '') return [min, min]
    return [min, most === '' ? Number.POSITIVE_INFINITY : Number(most)]
  }
}

function condition(test: 'before' | 'behind', set: CharacterSet, isNegated: boolean): PatternNode {
  return { kind: 'condition', condition: { test, set, isNegated } }
}
