import { type ChannelRules, type Format, type MessageText, type RenderCall, RenderError } from '../engine/format.js'
import { plainText } from '../engine/plain-text.js'
import { channels } from '../families/channels/channels.js'
import { strippedMessages } from '../families/channels/stripped-messages.js'
import { tagged } from '../families/tagged/tagged.js'
import { headlessCalls } from '../recovery/headless-call.js'
import { spacedJson } from '../values/json/spaced-json.js'
import { AS_IT_COMES, type Context, type DescribedCalls, STRINGS_AS_THEY_COME } from './described-calls.js'
import { objectWriter, shapeOf } from './described-json.js'
import { describedTagged, taggedGrammar } from './described-tagged.js'
import { DescriptionError } from './description-error.js'
import type { ChannelsDescription } from './format-description.js'

/** What ends a message ends what stands in it. */
const IN_MESSAGE = { stop: 'always', atEnd: 'unknown', outerEnds: 'line-start' } as const

export function describedChannels(description: ChannelsDescription, context: Context): DescribedCalls {
  const { family: _, callChannel: __, keys, calls, types = [], ...rest } = description
  const { at, description: whole } = context
  if (whole.calls.length > 1) throw new DescriptionError('calls: a format of channels has no other grammar')
  const rules: ChannelRules = { ...rest, types }
  const grammar = {
    rules,
    codeTools: whole.codeTools ?? [],
    ...(keys === undefined ? {} : { shape: shapeOf(keys) }),
    ...(calls === undefined ? {} : { calls: tagged({ ...taggedGrammar(calls, `${at}.calls`), ...IN_MESSAGE }) }),
  }
  const { channel, namespace, message, type } = rules
  // A name with a namespace tells a message even where a server took its special tokens out.
  const isTold = channel !== undefined && namespace !== undefined
  const headless = [message, ...(type === undefined ? [] : [type])]
  return {
    families: [channels(grammar), ...(isTold ? [strippedMessages(grammar), headlessCalls(headless)] : [])],
    streams: calls === undefined ? AS_IT_COMES : STRINGS_AS_THEY_COME,
    write: () => '',
    turn: { channels: rules, render: renderer(description, rules, context) },
  }
}

/** Writes a turn as messages, each with its start. */
function renderer(description: ChannelsDescription, rules: ChannelRules, context: Context): Format['render'] {
  const { callChannel, keys, calls } = description
  const {
    start,
    role,
    channel,
    recipient,
    namespace = '',
    type,
    types,
    message,
    kinds = {},
    ends,
    callEnds = [],
  } = rules
  const isMarker = (one: string | undefined): one is string => one !== undefined && one !== ''
  const markers = [
    start,
    channel,
    type,
    message,
    ...Object.keys(kinds),
    ...ends,
    calls?.block?.open,
    ...context.stops,
    '```',
  ].filter(isMarker)
  const block = calls === undefined ? undefined : describedTagged(calls, { ...context, at: `${context.at}.calls` })
  const writeObject = keys === undefined ? undefined : objectWriter(keys, context)
  const callKind = Object.keys(kinds).find((kind) => kinds[kind] === 'call')
  const [end = ''] = ends
  const [callEnd = end] = callEnds
  const space = recipient === '' ? '' : ' '

  const textMessage = (holds: MessageText, text: string): string => {
    if (text === '') return ''
    const plain = plainText(holds, text, markers)
    const kind = Object.keys(kinds).find((one) => kinds[one] === holds)
    if (kind !== undefined) return start + role + kind + plain + end
    const to = Object.keys(rules.of).find((one) => rules.of[one] === holds)
    if (to === undefined && rules.unnamed !== holds) throw new RenderError(`no message of this format holds ${holds}`)
    const header = to === undefined ? '' : channel === undefined ? space + recipient + to : channel + to
    return start + role + header + message + plain + end
  }
  const callMessage = (call: RenderCall, index: number, parts: Parameters<Format['render']>[0]): string => {
    if (!/^[^\s<{"]{1,128}$/.test(call.name))
      throw new RenderError(`the header of a message cannot hold the name ${JSON.stringify(call.name)}`)
    const inChannel = channel === undefined || callChannel === undefined ? '' : channel + callChannel
    const typed = type === undefined || types[0] === undefined ? '' : ` ${type}${types[0]}`
    const header = inChannel + space + recipient + namespace + call.name + typed + (callKind ?? message)
    const text = block?.write('', [call], parts) ?? writeObject?.(call, index) ?? spacedJson(call.arguments)
    return start + role + header + text + callEnd
  }
  return (parts) => {
    const { calls: all, content, reasoning } = parts
    const messages = [textMessage('reasoning', reasoning), textMessage('content', content)]
    const text = [...messages, ...all.map((call, i) => callMessage(call, i, parts))].join('')
    // The prompt holds the start of the first.
    return role === '' ? text : text.slice((start + role).length)
  }
}
