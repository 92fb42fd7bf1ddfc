import { pythonicCalls } from '../families/pythonic/pythonic.js'
import { bareListText, pythonicLines, pythonicText } from '../families/pythonic/pythonic-text.js'
import {
  ARGUMENT_BY_ARGUMENT,
  behind,
  type DescribedCalls,
  framesOf,
  inside,
  isSpecial,
  spellable,
} from './described-calls.js'
import type { PythonicDescription } from './format-description.js'

export function describedPythonic(calls: PythonicDescription): DescribedCalls {
  const { block, bare = block === undefined ? 'list' : 'never', where, form, commit, spaces = {} } = calls
  const { open, close } = framesOf(block)
  const strays = close.filter(isSpecial)
  return {
    families: [
      pythonicCalls({
        open,
        close,
        bare,
        ...(where === undefined ? {} : { where }),
        ...(form === undefined ? {} : { form }),
        ...(commit === undefined ? {} : { commit }),
        ...(strays.length === 0 ? {} : { strays }),
        // A list that the model writes once more behind the closer is no other call.
        ...(strays.length === 0 || form === 'lines' ? {} : { echoes: true }),
      }),
    ],
    streams: ARGUMENT_BY_ARGUMENT,
    ...(block === undefined ? {} : spellable(open, close)),
    ...(bare === 'never' ? {} : { checkContent: (content: string) => void bareListText(content, []) }),
    write(content, all) {
      if (block === undefined) return bareListText(content, all)
      const text = form === 'lines' ? pythonicLines(all) : pythonicText(all)
      return behind(content, spaces, inside(block, text, spaces.inBlock), where)
    },
  }
}
