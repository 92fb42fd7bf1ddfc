import type { CallShape } from '../../engine/call-shape.js'
import type { Policy } from '../../engine/policy.js'
import { nameMember, placeMembers } from '../../fitting/argument-members.js'
import { quote } from '../../text/quote.js'
import { declaredOf } from '../../tools/declared.js'
import { isObject } from '../../tools/is-object.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import { pathText } from '../../tools/path.js'
import { objectIn } from '../../values/json/parsed.js'
import type { HeldValue } from './held-value.js'

/** A member of a call object beside the name and the arguments, and its place. */
export interface CallMember {
  readonly key: string
  /** The key as it stands in the text. */
  readonly written: string
  readonly from: number
  readonly keyTo: number
  readonly to: number
  readonly value: HeldValue
  /** It is a member that calls have: `id`, `type`, `index`. */
  readonly known: boolean
}

/** Where the closer of the arguments stands that is not written yet. */
export interface Closer {
  readonly from: number
  readonly to: number
}

/** What stands in a call object beside the name and the arguments, until its last brace tells what it is. */
export class CallMembers {
  private readonly list: CallMember[] = []
  /** One of them does not belong to a call, so it is not known what the closers behind it close. */
  hasMetadata = false
  /** `id` is an argument, and not the call's own. */
  liftsId = false

  add(member: CallMember): void {
    this.list.push(member)
  }

  /** Takes out the member that names a given tool under another key than the format's: `{"tool": "f", "arguments": {}}`. */
  takeName(tools: OfferedTools): CallMember | undefined {
    const at = nameMember(this.list.map(memberOf), tools)
    return at === undefined ? undefined : this.list.splice(at, 1)[0]
  }

  /** Takes out the only member, where its key is the name of a given tool and its value an object that has only keys of its schema. */
  takeCall(tools: OfferedTools): CallMember | undefined {
    const [member, second] = this.list
    if (member === undefined || second !== undefined || !tools.given || !tools.has(member.key)) return undefined
    const { value } = memberOf(member)
    const declared = declaredOf(tools, member.key)
    if (!isObject(value) || declared === undefined) return undefined
    if (!Object.keys(value).every((key) => declared.properties.has(key))) return undefined
    this.list.pop()
    return member
  }

  /**
   * Writes the end of the arguments of the call that is open: those that stand beside them, and their closer. `closer`: that
   * of the arguments that were written, if any were; `blank`: what stands for them where there are none, `null` or the
   * end of the object. Why the call cannot be delivered, or nothing.
   */
  end(
    out: Policy,
    { argumentKeys: ownKeys, nameKeys, nameIsKey }: CallShape,
    closer: Closer | undefined,
    blank: Closer,
  ): string {
    if (this.list.length === 0) {
      const { from, to } = closer ?? blank
      out.json(closer === undefined ? '{}' : '}', from, to)
      return ''
    }
    const own = closer === undefined ? undefined : objectIn(`${out.argumentsText}}`)
    // Arguments beyond the limit are cut, and so is the call.
    if (closer !== undefined && own === undefined) return ''
    const declared = declaredOf(out.tools, out.name)
    const isOtherName = ({ key, value, known }: CallMember) => {
      const name = JSON.parse(value.toString()) as unknown
      if (name === out.name || declared?.properties.has(key)) return false
      return nameKeys.includes(key) || (!known && typeof name === 'string' && out.tools.given && out.tools.has(name))
    }
    const hasOtherName = nameIsKey !== true && this.list.some(isOtherName)
    const placing = placeMembers(this.list.map(memberOf), own, ownKeys, declared, out.name)
    // The exact grammar has its arguments in one place.
    if (!out.settings.repair && (placing.all !== undefined || placing.lifted.length > 0))
      return 'arguments stand beside its name, and repairs are off'
    let isEmpty = Object.keys(own ?? {}).length === 0
    let isOpen = closer !== undefined
    let to = closer
    if (placing.all !== undefined) {
      const whole = this.list[placing.all] as CallMember
      mend(out, 'argument-key', whole, ownKeys[0] as string)
      const text = whole.value.object
      isEmpty = text.slice(1, text.lastIndexOf('}')).trim() === ''
      isOpen = true
      whole.value.giveTo(out, text.slice(0, text.lastIndexOf('}')))
      to = { from: whole.to, to: whole.to }
    }
    for (const i of placing.lifted) {
      const member = this.list[i] as CallMember
      const { key, from, value } = member
      const kind = closer === undefined && placing.all === undefined ? 'flat-arguments' : 'argument-beside'
      mend(out, kind, member, pathText([ownKeys[0] as string, key]))
      // Its own key counts too.
      out.countKeys(1)
      out.json(`${isOpen ? '' : '{'}${isEmpty ? '' : ', '}${JSON.stringify(key)}: `, from, value.from)
      value.giveTo(out)
      isOpen = true
      isEmpty = false
      to = { from: member.to, to: member.to }
      this.liftsId ||= member.known
    }
    // A `null` in the place of the arguments belongs to them too: `"a": 1, "arguments": null`.
    const end = blank.to > blank.from ? blank : (to ?? blank)
    out.json(isOpen ? '}' : '{}', end.from, end.to)
    this.note(out, placing.same, 'duplicate-argument', 'repeats the arguments and was left out')
    this.note(out, placing.metadata, 'unknown-member', 'is none of the arguments and was left out')
    this.hasMetadata = placing.metadata.length > 0
    return hasOtherName ? 'it has two names' : placing.why
  }

  private note(out: Policy, indexes: readonly number[], code: 'duplicate-argument' | 'unknown-member', what: string) {
    for (const i of indexes) {
      const { key, from, to } = this.list[i] as CallMember
      out.note(code, `${quote(key)} ${what}`, from, to)
    }
  }
}

function mend(out: Policy, kind: string, { written, from, keyTo }: CallMember, after: string): void {
  out.repair(kind, from, keyTo, written, after)
}

function memberOf({ key, value, known }: CallMember) {
  return { key, known, value: JSON.parse(value.toString()) as unknown }
}
