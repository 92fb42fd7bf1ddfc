import type { RenderCall } from '../engine/format.js'
import { fieldHead, type NameField, nameBefore } from '../families/name-json/call-head.js'
import { nameJson } from '../families/name-json/name-json.js'
import { headlessCalls } from '../recovery/headless-call.js'
import { spellings } from '../recovery/spellings.js'
import { spacedJson } from '../values/json/spaced-json.js'
import {
  AS_IT_COMES,
  behind,
  type Context,
  type DescribedCalls,
  framesOf,
  inside,
  isSpecial,
} from './described-calls.js'
import { formText, isDigits, isOfForm } from './described-ids.js'
import { DescriptionError, wrongField } from './description-error.js'
import type { HeadFieldDescription, NameJsonDescription } from './format-description.js'

export function describedNameJson(calls: NameJsonDescription, context: Context): DescribedCalls {
  const { block, blockless = 'repair', call, head, argumentsAfter, argumentsMarker = 'required', fence } = calls
  const { spaces = {}, where } = calls
  const { at, stops, ids } = context
  const name = head.find(({ is }) => is === 'name')
  if (name === undefined) throw new DescriptionError(`${at}.head: one of the fields is the name`)
  const { written: form = '{name}' } = name
  if (!form.includes('{name}'))
    throw wrongField(`${at}.head[${head.indexOf(name)}].written`, 'a text with {name}', form)
  const blockFrame = framesOf(block)
  const callFrame = framesOf(call)
  const markers = [...blockFrame.open, ...blockFrame.close, ...callFrame.open, ...callFrame.close]
  const readHead = fieldHead({
    fields: head.map(({ is, after = '', optional = false }) => ({ is, after, optional })),
    argumentsAfter,
    argumentsMarker,
    stops: [...stops, ...markers],
    ...(form === '{name}' ? {} : { decode: (field: string) => nameIn(field, form) }),
  })
  const separators = [...head.map(({ after = '' }) => after), argumentsAfter].filter(isSeparator)
  const hasOwnMarks = markers.every((marker) => marker.startsWith('<'))
  return {
    families: [
      nameJson({
        ...(block === undefined ? {} : { section: blockFrame, sectionless: blockless }),
        call: callFrame,
        head: readHead,
        fence: fence !== undefined,
        // Such a header tells itself what it is.
        unmarkedStart: block === undefined && isSeparator(argumentsAfter),
        ...(markers.some((marker) => spellings(marker).length > 1) ? { spellings } : {}),
        ...(where === undefined ? {} : { where }),
      }),
      ...(separators.length === 0 ? [] : [headlessCalls([...new Set(separators.flatMap(spellings))])]),
    ],
    streams: AS_IT_COMES,
    ...(hasOwnMarks
      ? {
          misspelt: { around: blockFrame.open, open: callFrame.open, close: [...blockFrame.close, ...callFrame.close] },
        }
      : {}),
    write(content, all) {
      const texts = all.map((one, index) => {
        const id = ids.written(one, index)
        const header = head.map((field) => fieldText(field, one, index, id)).join('')
        nameBefore(`${argumentsAfter}{`, readHead, one.name, header)
        const json = spacedJson(one.arguments)
        const payload = fence === undefined ? json : `\`\`\`${fence}\n${json}\n\`\`\``
        return inside(call, header + argumentsAfter + payload, spaces.inCall)
      })
      return behind(content, spaces, inside(block, texts.join(spaces.between ?? ''), spaces.inBlock), where)
    },
  }
}

/** A separator that tells a header from prose. */
function isSeparator(text: string): boolean {
  return text.trim() !== '' && isSpecial(text)
}

/** One field of the header of a call, with what separates it. */
function fieldText(field: HeadFieldDescription, call: RenderCall, index: number, id: string | undefined): string {
  const { is, after = '', optional = false, written } = field
  if (is === 'id') return id === undefined && optional ? '' : after + (id ?? '')
  if (is === 'type') return after + (written ?? '')
  const form = written ?? '{name}'
  // Its own id, where that is one of this form.
  const own = call.id !== undefined && form.includes('{index}') && isOfForm(call.id, form, call.name)
  return after + (own ? call.id : formText(form, call.name, String(index)))
}

/** The name in a field of this form, of which all but the name may be missing. With a number in it, the field is the id. */
function nameIn(field: string, form: string): NameField {
  const [before = '', after = ''] = form.split('{name}')
  const from = field.startsWith(before) ? before.length : 0
  const [start = '', end] = after.split('{index}')
  let to = field.length
  if (end !== undefined && field.endsWith(end)) {
    const at = field.lastIndexOf(start, to - end.length)
    if (at > from && isDigits(field.slice(at + start.length, to - end.length))) to = at
  } else if (end === undefined && after !== '' && field.endsWith(after)) to -= after.length
  const name = field.slice(from, to)
  return form.includes('{index}') ? { name, id: field } : { name }
}
