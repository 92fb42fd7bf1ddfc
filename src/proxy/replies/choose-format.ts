import type { FormatMatch } from '../../detect/match.js'
import type { RenderTemplate } from '../../detect/template.js'
import type { Format } from '../../engine/format.js'
import type { Registry } from '../../formats/registry.js'
import type { ProxySettings } from '../settings/options.js'
import type { ModelSigns } from '../upstream/ask-model.js'

/** The format of a model's text, and why it is taken to be so. */
export interface ChosenFormat {
  readonly format: string | Format
  readonly why: string
  readonly startInReasoning: boolean
}

/** Its name: `auto` where the text decides. */
export function formatId({ format }: ChosenFormat): string {
  return typeof format === 'string' ? format : format.id
}

/** Finds the format of a model by its signs. */
export type MatchSigns = (signs: ModelSigns) => FormatMatch | undefined

/**
 * Makes the search for the format of a model by its names and its chat template. A template that can be rendered says it
 * best, but for the name that a client uses; one that is only searched for markers says less than a name. Whether the prompt
 * opens the reasoning any of them may say, where it means the same format.
 *
 * @example createMatchSigns(registry, undefined)({ names: ['qwen2.5:7b'] }) // { format: 'hermes', … }
 */
export function createMatchSigns(registry: Registry, render: RenderTemplate | undefined): MatchSigns {
  let last: { template: string; match: FormatMatch | undefined } | undefined // a template takes milliseconds to be read

  function written(template: string): FormatMatch | undefined {
    if (last?.template !== template) {
      const [match] = registry.formatForTemplate(template, { render })
      last = { template, match: match && { ...match, why: `the engine reports its chat template: ${match.why}` } }
    }
    return last.match
  }
  const named = (names: readonly string[]) => names.flatMap((name) => registry.formatForModel(name).slice(0, 1))[0]

  return ({ names, template }) => {
    const byOwn = named(names.slice(0, 1))
    const byOthers = named(names.slice(1))
    const byTemplate = template === undefined ? undefined : written(template)
    const match = byOwn ?? (render === undefined ? (byOthers ?? byTemplate) : (byTemplate ?? byOthers))
    if (match === undefined || match.startInReasoning !== undefined) return match
    const same = [byTemplate, byOthers].find(
      (one) => one?.format === match.format && one.startInReasoning !== undefined,
    )
    return same?.startInReasoning === undefined ? match : { ...match, startInReasoning: same.startInReasoning }
  }
}

/**
 * Decides the format: the rule of the model, else the option, else what its signs say, else the first marker in the text.
 *
 * @example chooseFormat(settings, matchSigns, { names: ['qwen2.5:7b'] }) // { format: 'hermes', why: 'the name says …', … }
 */
export function chooseFormat(settings: ProxySettings, matchSigns: MatchSigns, signs: ModelSigns): ChosenFormat {
  const rule = settings.findRule(signs.names[0] ?? '')
  const match = matchSigns(signs)
  const startInReasoning = rule?.startInReasoning ?? settings.startInReasoning ?? match?.startInReasoning ?? false
  if (rule?.format !== undefined && rule.format !== 'auto')
    return { format: rule.format, why: 'a rule in models', startInReasoning }
  if (settings.format !== 'auto') return { format: settings.format, why: 'the option format', startInReasoning }
  if (match !== undefined) return { format: match.format, why: match.why, startInReasoning }
  return {
    format: 'auto',
    why: 'neither a name nor a template decides it: the first marker in the text does',
    startInReasoning,
  }
}
