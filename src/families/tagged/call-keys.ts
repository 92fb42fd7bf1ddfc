import { declaredOf, takesNone } from '../../tools/declared.js'
import { isObject } from '../../tools/is-object.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import { toolOf } from '../../tools/schema.js'

/** Characters around a word that no key has. */
const EDGES = /^[^\p{L}\p{N}_$]{1,8}|[^\p{L}\p{N}_$]{1,8}$/gu

/** The keys of one call that have come, beside those that the schema of its tool declares. */
export class CallKeys {
  /** The name of the call. */
  call = ''
  /** The tool takes no arguments, and its schema says so. */
  takesNone = false
  /** A key came that the tool's schema does not have. */
  isForeign = false
  private seen = new Set<string>()
  /** The parameters of the tool, if anything is known of them. */
  private declared: ReadonlySet<string> | undefined

  constructor(private readonly tools: OfferedTools) {}

  /** Another call begins. */
  begin(call: string): void {
    this.call = call
    this.isForeign = false
    this.seen = new Set()
    const properties = declaredOf(this.tools, call)?.properties
    this.declared = properties?.size === 0 ? undefined : properties
    this.takesNone = takesNone(this.tools, call)
  }

  /** No key has come. */
  get areNone(): boolean {
    return this.seen.size === 0
  }

  /** A key comes. False if it came before. */
  add(key: string): boolean {
    const isNew = !this.seen.has(key)
    this.seen.add(key)
    if (this.declared !== undefined && !this.declares(key)) this.isForeign = true
    return isNew
  }

  /** May a parameter of this key follow the ones that came? `declared`: only one that the schema has. */
  mayFollow(key: string, declared: 'declared' | 'any' = 'any'): boolean {
    return !this.seen.has(key) && (declared === 'declared' ? this.declares(key) : this.declared?.has(key) !== false)
  }

  /** Is this no key: does it hold the marks of a header, or words of which the schema knows nothing? `city city="Oslo"` */
  isSpoilt(key: string): boolean {
    return !this.declares(key) && (/["'=]|\/$/.test(key) || (this.declared !== undefined && /\s/.test(key)))
  }

  /** The key of the schema that stands in quotes, where the schema does not have it with them: `"city"`. */
  unquoted(key: string): string | undefined {
    const inner = isQuoted(key) ? key.slice(1, -1).trim() : ''
    return this.declares(inner) && !this.declares(key) ? inner : undefined
  }

  /** Does it stand in quotes that the schema does not have, or behind or before other characters than a key of the schema? `.city` */
  isEnclosed(key: string): boolean {
    if (this.declared === undefined || this.declares(key)) return false
    return isQuoted(key) || this.declares(key.replace(EDGES, ''))
  }

  /** The tool's schema has parameters. */
  get areDeclared(): boolean {
    return this.declared !== undefined
  }

  /** The parameters that the tool's schema has and that have not come. */
  get missing(): string[] {
    return [...(this.declared ?? [])].filter((key) => !this.seen.has(key))
  }

  declares(key: string): boolean {
    return this.declared?.has(key) === true
  }

  /** Has a parameter that the schema requires not come? */
  get lacks(): boolean {
    const { parameters } = toolOf(this.tools, this.call) ?? {}
    const required = isObject(parameters) ? parameters.required : undefined
    return Array.isArray(required) && required.some((key) => typeof key === 'string' && !this.seen.has(key))
  }
}

function isQuoted(key: string): boolean {
  const quote = key.charAt(0)
  return key.length > 2 && (quote === '"' || quote === "'") && key.endsWith(quote)
}
