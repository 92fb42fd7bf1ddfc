import type { CallStartEvent, Evidence, Note, ToolCall } from '../../event/event.js'
import { MOVING_REPAIRS } from '../../event/moving-repairs.js'
import { quote } from '../../text/quote.js'

/**
 * Which complete calls may go out to an agent. What is not said takes everything. `cautious`: only calls of given tools,
 * behind the format's own marker, that nothing was mended in and whose arguments fit the schema.
 */
export type CallPolicy = 'cautious' | CallRules

/** The rules of a policy, one for each thing that a call says of itself. */
export interface CallRules {
  /** The kinds of evidence that are taken. Default: all. */
  evidence?: readonly Evidence[] | undefined
  /** `given`: only calls of tools that were given. Default `any`. */
  known?: 'any' | 'given' | undefined
  /**
   * `none`: no call that was mended. `spelling`: none in which a part of the arguments was moved, renamed, bounded or left
   * out. Default `any`.
   */
  repairs?: 'any' | 'spelling' | 'none' | undefined
  /** `none`: only calls whose arguments fit the schema, for which the parser needs `validate: true`. Default `any`. */
  issues?: 'any' | 'none' | undefined
}

/** A policy that was checked, ready to judge calls. */
export interface Judge {
  /** Whether a call can only be judged once it is whole. It then goes out whole, in one delta. */
  readonly waits: boolean
  /** Whether the parser has to check arguments by their schemas. */
  readonly needsIssues: boolean
  /** Why a call is refused that has been announced; empty where it is not, so far. */
  announced(call: Pick<CallStartEvent, 'name' | 'known' | 'evidence'>): string
  /** Why a complete call is refused; empty where it may go out. */
  whole(call: ToolCall): string
}

const CAUTIOUS: CallRules = { evidence: ['marker'], known: 'given', repairs: 'none', issues: 'none' }
const EVIDENCE = ['marker', 'bare', 'fenced', 'unclosed-reasoning']
const WORDS: { readonly [Rule in 'known' | 'repairs' | 'issues']: readonly string[] } = {
  known: ['any', 'given'],
  repairs: ['any', 'spelling', 'none'],
  issues: ['any', 'none'],
}

/**
 * Checks a policy. Undefined where there is none.
 *
 * @throws TypeError that names the rule and what it takes
 * @example readPolicy({ evidence: ['marker'] })?.announced({ name: 'f', known: true, evidence: 'bare' }) // 'its evidence is bare …'
 */
export function readPolicy(policy: CallPolicy | undefined): Judge | undefined {
  if (policy === undefined) return undefined
  const { evidence, known, repairs, issues } = policy === 'cautious' ? CAUTIOUS : checked(policy)
  function announced(call: Pick<CallStartEvent, 'name' | 'known' | 'evidence'>): string {
    if (known === 'given' && !call.known) return `no tool named ${quote(call.name)} was given`
    if (evidence === undefined || evidence.includes(call.evidence)) return ''
    return `its evidence is ${call.evidence}, and only ${evidence.join(' and ')} is accepted`
  }
  return {
    waits: issues === 'none' || repairs === 'none' || repairs === 'spelling',
    needsIssues: issues === 'none',
    announced,
    whole(call) {
      const reason = announced(call)
      if (reason !== '') return reason
      const repair =
        repairs === 'none'
          ? call.repairs[0]
          : repairs === 'spelling'
            ? call.repairs.find(({ kind }) => MOVING_REPAIRS.has(kind))
            : undefined
      if (repair !== undefined) return `it was repaired (${repair.kind})`
      if (issues !== 'none') return ''
      if (call.issues === undefined) return 'its arguments were not checked: set validate: true on the parser'
      const [issue] = call.issues
      if (issue === undefined) return ''
      return issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`
    },
  }
}

/** The note on a complete call that a policy refuses; undefined for all others. */
export function refusalOf(judge: Judge | undefined, call: ToolCall): Note | undefined {
  const reason = call.status === 'complete' ? (judge?.whole(call) ?? '') : ''
  if (reason === '') return undefined
  const { name, from, to } = call
  return { code: 'refused-call', message: `the call of ${quote(name)} is withheld: ${reason}`, from, to }
}

function checked(policy: unknown): CallRules {
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw new TypeError(`policy: expected 'cautious' or an object of rules, got ${JSON.stringify(policy)}`)
  for (const [rule, value] of Object.entries(policy)) {
    if (value === undefined) continue
    if (rule === 'evidence') checkEvidence(value)
    else if (!isRule(rule))
      throw new TypeError(`policy.${rule}: no such rule; rules are evidence, known, repairs, issues`)
    else if (!WORDS[rule].includes(String(value)))
      throw new TypeError(`policy.${rule}: expected ${listed(WORDS[rule])}, got ${JSON.stringify(value)}`)
  }
  return policy
}

function isRule(rule: string): rule is keyof typeof WORDS {
  return Object.hasOwn(WORDS, rule)
}

function checkEvidence(value: unknown): void {
  const isList = Array.isArray(value) && value.length > 0 && value.every((one) => EVIDENCE.includes(one))
  if (!isList)
    throw new TypeError(`policy.evidence: expected a list of ${listed(EVIDENCE)}, got ${JSON.stringify(value)}`)
}

function listed(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' or ')
}
