import { expect } from 'vitest'
import type { CallHeadResult } from '../../src/families/name-json/call-head.js'
import { WAIT } from '../../src/text/cursor.js'

/** A head in a line: `name@from-to #id +length`, and how its arguments come. */
export function shown(head: CallHeadResult): string {
  if (head === WAIT) return 'wait'
  if (typeof head !== 'object') return String(head)
  const { name, from, to, id, length, separated, body, respelled } = head
  const spelled = respelled === undefined ? '' : ` ${respelled.before}@${respelled.from}=${respelled.after}`
  return `${name}@${from}-${to}${id === undefined ? '' : ` #${id}`} +${length}${separated ? ' separated' : ''}${body === 'arguments' ? '' : ` ${body}`}${spelled}`
}

/** What is read of a text, having checked that no beginning of it is read as anything else for certain. */
export function headOf(read: (text: string) => CallHeadResult, text: string): string {
  const head = shown(read(text))
  for (let i = 0; i < text.length; i++)
    expect([shown(read(text.slice(0, i))), 'wait']).toContain(head === 'wait' ? 'wait' : shown(read(text.slice(0, i))))
  for (const more of ['x', ' ', '{', '<']) {
    if (head !== 'wait') expect({ more, head: shown(read(text + more)) }).toEqual({ more, head })
  }
  return head
}
