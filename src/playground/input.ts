import { findJsonFault } from '../explain/json-place.js'
import { createParser, formats, type ParserOptions, type ToolsInput, unreadFormats } from '../index.js'
import { byId } from './elements.js'
import { EXAMPLES } from './examples.js'
import type { Shared } from './share.js'

/** The left side of the page: the text and how it is to be read. */
export interface Input {
  readonly text: string
  /** What the parser is given; without the tools if they cannot be read, which the page then says. */
  options(): ParserOptions
  shared(): Shared
  load(shared: Shared): void
  setText(text: string): void
  setTools(tools: string): void
  setFormat(format: string): void
}

/** The options of the parser that are boxes to tick. */
const BOXES: Readonly<Record<string, Partial<ParserOptions>>> = {
  startInReasoning: { startInReasoning: true },
  exact: { repair: false },
  coerce: { coerce: true },
  drop: { damaged: 'drop' },
  never: { callsInReasoning: 'never' },
}

/** @param changed called whenever something is typed, chosen or loaded */
export function createInput(changed: () => void): Input {
  const form = byId('input', 'form')
  const area = byId('text', 'textarea')
  const format = byId('format', 'select')
  const tools = byId('tools', 'textarea')
  const boxes = [...form.querySelectorAll<HTMLInputElement>('input[type=checkbox]')]
  for (const { id, models } of formats()) format.add(new Option(`${id}: ${models}`, id))
  for (const id of unreadFormats()) {
    const unread = new Option(`${id}: known but not read yet`, id)
    unread.disabled = true
    format.add(unread)
  }

  // Fields turn CR LF into LF: a text that was not typed is kept as it came.
  let text = ''
  area.addEventListener('input', () => {
    text = area.value
    area.dir = directionFor(text)
  })
  form.addEventListener('input', changed)
  form.addEventListener('submit', (event) => event.preventDefault())

  const input: Input = {
    get text() {
      return text
    },
    options() {
      const ticked = boxes.filter((box) => box.checked).map((box) => BOXES[box.name])
      const options: ParserOptions = Object.assign({ format: format.value }, ...ticked)
      const { value, fault } = readTools(tools.value)
      byId('tools-fault', 'p').textContent = fault ?? ''
      tools.setAttribute('aria-invalid', String(fault !== undefined))
      return value === undefined ? options : { ...options, tools: value }
    },
    shared: () => ({
      text,
      format: format.value,
      tools: tools.value,
      options: boxes.filter((box) => box.checked).map((box) => box.name),
    }),
    load(shared) {
      tools.value = shared.tools
      for (const box of boxes) box.checked = shared.options.includes(box.name)
      byId('options', 'details').open = boxes.some((box) => box.checked)
      choose(format, shared.format)
      input.setText(shared.text)
    },
    setText(value) {
      text = value
      area.dir = directionFor(text)
      area.value = value
      changed()
    },
    setTools(value) {
      tools.value = value
      changed()
    },
    setFormat(value) {
      choose(format, value)
      changed()
    },
  }
  listExamples(input)
  return input
}

/** Browsers take seconds to lay out a long line whose direction they have to find out. */
function directionFor(text: string): 'auto' | 'ltr' {
  return text.length > 20_000 ? 'ltr' : 'auto'
}

function choose(select: HTMLSelectElement, value: string): void {
  select.value = value
  if (select.value !== value) select.value = 'auto'
}

function readTools(json: string): { value?: ToolsInput; fault?: string } {
  if (json.trim() === '') return {}
  const fault = findJsonFault(json)
  if (fault !== undefined)
    return { fault: `Not JSON (line ${fault.line}, column ${fault.column}): ${fault.message}. Read without tools.` }
  try {
    const value: ToolsInput = JSON.parse(json)
    createParser({ format: 'auto', tools: value })
    return { value }
  } catch (error) {
    return { fault: `${error instanceof Error ? error.message : String(error)}. Read without tools.` }
  }
}

function listExamples(input: Input): void {
  const list = byId('examples', 'ul')
  for (const { name, text, format } of EXAMPLES) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = name
    button.addEventListener('click', () => input.load({ text, format, tools: '', options: [] }))
    const item = document.createElement('li')
    item.appendChild(button)
    list.appendChild(item)
  }
}
