import type { Format } from '../engine/format.js'
import { type AboutModel, aboutModel, asUnread } from './about-model.js'
import { reasoningOf } from './reasoning-of.js'
import { matchTemplate, type TemplateOptions } from './template.js'
import type { Known } from './unread.js'

/** With the name of the model, which tells what engines need beside the format. */
export interface AboutTemplateOptions extends TemplateOptions {
  model?: string | undefined
}

/** What a chat template writes. The template decides the format; the name tells the rest, or all if the template says nothing. */
export function aboutTemplate(
  chatTemplate: string,
  { model, ...options }: AboutTemplateOptions,
  formats: readonly Format[],
  known: Known,
): AboutModel {
  const byName = model === undefined ? undefined : aboutModel(model, formats, known)
  const matches = matchTemplate(chatTemplate, formats, options)
  const [best] = matches
  if (best !== undefined) {
    const found = matches.map((match) => {
      const named = byName?.formats.find(({ format }) => format === match.format)
      const format = formats.find(({ id }) => id === match.format)
      return { reasoning: format === undefined ? [] : reasoningOf(format), warnings: [], ...named, ...match }
    })
    return { model: model ?? '', verdict: 'read', says: `${best.format}, since ${best.why}`, formats: found }
  }
  const unread = known.unread.find(({ markers }) => markers.some((marker) => chatTemplate.includes(marker.trim())))
  if (unread !== undefined) {
    const says = `the template holds marks of ${unread.id} (${unread.models}), a format that callsift knows but cannot read yet`
    return { model: model ?? '', verdict: 'unread', says, formats: [], unread: asUnread(unread) }
  }
  return byName ?? { model: '', verdict: 'unknown', says: 'the template says nothing about a format', formats: [] }
}
