import { isSpace } from '../text/characters.js'

/**
 * What stands behind the arguments of a call where nothing should, before the marker that closes it: a brace too many, a
 * comment; or the rest of arguments that a quote or brace too many has ended early, whose own closer then stands in it.
 * @example leftover.read(', "b": 2}'); leftover.endsArguments // true
 */
export class Leftover {
  /** It holds something else than white space. */
  isText = false
  /** It holds nothing but closers and white space. */
  isClosers = true
  /** Behind other text in it a bracket closes that was not opened there: the arguments went on. */
  endsArguments = false
  private depth = 0

  read(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (isSpace(code)) continue
      this.isText = true
      const closes = code === 0x7d || code === 0x5d
      if (!closes) this.isClosers = false
      if (code === 0x7b || code === 0x5b) this.depth++
      else if (closes && this.depth > 0) this.depth--
      else if (closes && !this.isClosers) this.endsArguments = true
    }
  }
}
