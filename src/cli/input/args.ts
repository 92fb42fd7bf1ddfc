import { parseArgs } from 'node:util'
import { nearNames } from '../../formats/near-names.js'
import { quoted } from '../output/screen-text.js'
import { type OptionSpec, type OptionSpecs, UsageError } from '../verb.js'

/** The values of options: text or undefined, a list for those that may come often, true or false for those without value. */
export type Values<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends { readonly many: true }
    ? readonly string[]
    : Specs[Name]['type'] extends 'boolean'
      ? boolean
      : string | undefined
}

/** The arguments of a verb: the values of its options, and what is no option. */
export interface Args<Specs extends OptionSpecs> {
  readonly values: Values<Specs>
  readonly words: readonly string[]
}

/**
 * Reads the arguments of a verb. Of an option given twice the last counts, unless it takes many.
 * @throws UsageError for an unknown option (with near names), a missing value, or a value that is none of the words
 * @example readArgs(['a.txt', '--format', 'hermes'], { format: { type: 'string', help: '' } }).values.format // 'hermes'
 */
export function readArgs<const Specs extends OptionSpecs>(args: readonly string[], specs: Specs): Args<Specs> {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, short }]) => [name, short === undefined ? { type } : { type, short }]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true })
  const values: Record<string, string | string[] | boolean | undefined> = Object.fromEntries(
    Object.entries(specs).map(([name, { type, many }]) => [name, many ? [] : type === 'boolean' ? false : undefined]),
  )
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined
    if (spec === undefined) throw unknownOption(token.rawName, Object.keys(specs))
    const value = readValue(token, spec)
    const list = values[token.name]
    if (Array.isArray(list)) list.push(String(value))
    else values[token.name] = value
  }
  // The types follow from the specs, which the loop has kept to.
  return { values: values as Values<Specs>, words }
}

interface OptionToken {
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function readValue({ rawName, value, inlineValue }: OptionToken, { type, words, value: what = 'VALUE' }: OptionSpec) {
  if (type === 'boolean') {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value: write it without =${value}`)
    return true
  }
  // `--format --jsonl`: the value was forgotten. A value that begins with a dash can be given as `--format=-x`.
  if (value === undefined || value === '' || (inlineValue !== true && value.startsWith('-') && value !== '-')) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${words === undefined ? what : words.join('|')}`)
  }
  if (words !== undefined && !words.includes(value)) {
    throw new UsageError(
      `${rawName} does not take ${quoted(value)}; it takes ${listed(words)}${didYouMean(value, words)}`,
    )
  }
  return value
}

function unknownOption(rawName: string, names: readonly string[]): UsageError {
  const near = rawName.length < 4 ? [] : nearNames(rawName, names).map((name) => `--${name}`)
  const advice = near.length > 0 ? `did you mean ${listed(near)}?` : '--help lists the options'
  return new UsageError(`unknown option ${quoted(rawName)}; ${advice}`)
}

/** What to say about a word that is none of the known ones: near names, or nothing. */
export function didYouMean(word: string, words: readonly string[]): string {
  const near = nearNames(word, words)
  return near.length > 0 ? ` (did you mean ${listed(near)}?)` : ''
}

/** Words as a sentence lists them: `a, b or c`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/**
 * A whole number above 0, as options take them.
 * @throws UsageError that names the option
 */
export function readCount(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const count = Number(value)
  if (/^[0-9]{1,15}$/.test(value) && count > 0) return count
  throw new UsageError(`${option} takes a positive whole number, not ${quoted(value)}`)
}

/**
 * The one file among the words; undefined if there is none.
 * @throws UsageError for more than one
 */
export function oneFile(words: readonly string[]): string | undefined {
  if (words.length > 1) {
    throw new UsageError(`expected one file, got ${words.length}: ${words.map(quoted).join(' ')}. Run it once for each`)
  }
  return words[0]
}
