import type { CallShape } from '../../engine/call-shape.js'
import type { ChannelRules, Family } from '../../engine/format.js'
import type { TaggedGrammar } from '../tagged/tagged-grammar.js'

/** Calls that are the text of messages with headers. */
export interface ChannelGrammar {
  readonly rules: ChannelRules
  /** Tools whose text is code, as it is. */
  readonly codeTools: readonly string[]
  /** The text of a call is an object that holds its name too. */
  readonly shape?: CallShape
  /** The text of a call is a block of this family, whose calls have names of their own. */
  readonly calls?: Family
  /** The text of a call is parameters in tags; an object is read too. */
  readonly tags?: TaggedGrammar
}
