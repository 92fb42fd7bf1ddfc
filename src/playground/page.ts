/** The playground: what is typed on the left is shown on the right. The build puts this into the page as its one script. */
import { detect, explain, type ParseResult, type ParserOptions } from '../index.js'
import { copyText } from './copy.js'
import { byId, fill } from './elements.js'
import { EXAMPLES } from './examples.js'
import { readFile, takeDrops } from './files.js'
import { createInput } from './input.js'
import { count, el, type Markup } from './markup.js'
import { placesOf } from './places.js'
import { createPlayer } from './player.js'
import { SHAPES } from './shapes.js'
import { packFragment, unpackFragment } from './share.js'
import { callsView } from './view-calls.js'
import { adviceView, notesView, summaryOf, summaryView } from './view-result.js'
import { cutAt, legendView, textView } from './view-text.js'

const LIMITS = { stretches: 1500, characters: 12_000 }
/** A shape is drawn to so many characters; what is copied is all of it. */
const LONGEST_SHAPE = 100_000
/** Longer links are cut by some programs; beyond the second length browsers refuse them. */
const LONG_LINK = 8_000
const LONGEST_LINK = 1_500_000

function startPage(): void {
  /** What the command has put into the page to open with. */
  const opened = document.querySelector<HTMLMetaElement>('meta[name=opened]')?.content ?? ''
  const input = createInput(changed)
  const player = createPlayer()
  const shapes = createShapes()
  let waiting: number | undefined
  let announcing: number | undefined

  /** Long texts are read when one has stopped typing, short ones almost at once. */
  function changed(): void {
    say('')
    byId('result', 'div').ariaBusy = 'true'
    clearTimeout(waiting)
    waiting = window.setTimeout(show, input.text.length > 100_000 ? 500 : 100)
  }

  function show(): void {
    byId('result', 'div').ariaBusy = 'false'
    const { text } = input
    byId('size', 'span').textContent = text === '' ? '' : count(text.length, 'character')
    byId('empty', 'p').hidden = text !== ''
    byId('found', 'div').hidden = text === ''
    const options = input.options()
    if (text === '') {
      fill(byId('detected', 'div'), [])
      return
    }
    const { spans, result, advice } = explain(text, options)
    const places = placesOf(text, spans, LIMITS.stretches)
    fill(byId('summary', 'div'), summaryView(result))
    fill(byId('advice', 'div'), [adviceView(advice), otherFormat(result)])
    fill(byId('spans', 'div'), textView(text, spans, places, LIMITS))
    fill(byId('calls', 'div'), callsView(result, places))
    fill(byId('notes', 'div'), notesView(result.notes, places))
    showDetected(text, options, result.format)
    shapes.load(result)
    player.load(text, options)
    announce([summaryOf(result), ...advice.slice(0, 1)].join('. '))
  }

  /** Screen readers hear one sentence, when nothing has changed for a while. */
  function announce(sentence: string): void {
    clearTimeout(announcing)
    const status = byId('status', 'p')
    announcing = window.setTimeout(() => {
      if (status.textContent !== sentence) status.textContent = sentence
    }, 1000)
  }

  async function load(): Promise<void> {
    try {
      const shared = await unpackFragment(location.hash || opened)
      if (shared !== undefined) input.load(shared)
    } catch {
      say('The link is damaged and holds no readable text. Ask for it again.')
    }
  }

  async function link(): Promise<void> {
    const fragment = await packFragment(input.shared())
    if (fragment.length > LONGEST_LINK) {
      say('The text is too long for a link. Send it as a file.')
      return
    }
    history.replaceState(null, '', fragment)
    const copied = await copyText(location.href)
    const long =
      fragment.length > LONG_LINK ? ` It has ${count(fragment.length, 'character')}: some programs truncate it.` : ''
    say(`${copied ? 'Copied the link' : 'The link is in the address bar'}; it holds the text itself.${long}`)
  }

  byId('link', 'button').addEventListener('click', link)
  byId('clear', 'button').addEventListener('click', () => {
    history.replaceState(null, '', location.pathname + location.search)
    input.load({ text: '', format: 'auto', tools: '', options: [] })
    say('')
    byId('text', 'textarea').focus()
  })
  byId('file', 'input').addEventListener('change', async ({ target }) => {
    const field = target as HTMLInputElement
    const [file] = field.files ?? []
    if (file !== undefined) {
      const { text, said } = await readFile(file)
      input.setText(text)
      say(said)
    }
    field.value = ''
  })
  takeDrops(byId('drop', 'div'), ({ text, said }, on) => {
    if (on instanceof Element && on.id === 'tools') input.setTools(text)
    else input.setText(text)
    say(said)
  })
  fill(byId('legend', 'div'), legendView())
  byId('spans', 'div').addEventListener('keydown', moveAmongStretches)
  document.addEventListener('click', followInside)
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button[data-format]') : null
    if (button?.dataset.format !== undefined) input.setFormat(button.dataset.format)
  })
  window.addEventListener('hashchange', load)
  const [example] = EXAMPLES
  if (location.hash === '' && opened === '' && example !== undefined) input.load({ ...example, tools: '', options: [] })
  else void load()
}

function say(sentence: string): void {
  byId('said', 'p').textContent = sentence
}

/** The formats that find calls in the text, to be taken with a click. */
function showDetected(text: string, options: ParserOptions, used: string): void {
  const box = byId('detected', 'div')
  const found = detect(text, { tools: options.tools }).slice(0, 6)
  const buttons = found.map(({ format, score }) =>
    el(
      'li',
      {},
      el(
        'button',
        { type: 'button', 'data-format': format, 'aria-pressed': String(format === used) },
        `${format} `,
        el('span', { class: 'soft' }, score.toFixed(2)),
      ),
    ),
  )
  const title: Markup =
    found.length > 0
      ? el('span', { class: 'soft' }, 'Looks like (with confidence):')
      : el('span', { class: 'soft' }, 'No format finds a call in this text.')
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.format : undefined
  fill(box, [title, el('ul', { class: 'pills' }, ...buttons)])
  for (const button of box.querySelectorAll('button')) if (button.dataset.format === focused) button.focus()
}

/** The format that the text looks like, to be taken with a click, where the chosen one found no call. */
function otherFormat({ notes }: ParseResult): Markup {
  const note = notes.find(({ code }) => code === 'looks-like')
  const format = note?.message.slice(note.message.lastIndexOf(' ') + 1)
  if (format === undefined) return []
  return el('p', {}, el('button', { type: 'button', 'data-format': format }, `Read it as ${format}`))
}

/** The shapes to copy. */
function createShapes(): { load(result: ParseResult): void } {
  let current: ParseResult | undefined
  let name = Object.keys(SHAPES)[0] as string
  const json = () => (current === undefined ? '' : JSON.stringify(SHAPES[name]?.(current), null, 2))

  function show(): void {
    const text = json()
    const end = cutAt(text, LONGEST_SHAPE)
    const more = `\n… ${count(text.length - end, 'character')} more; Copy copies all of it`
    byId('shape', 'textarea').value = text.slice(0, end) + (end < text.length ? more : '')
  }

  const group = byId('shapes', 'fieldset')
  for (const shape of Object.keys(SHAPES)) {
    const radio = document.createElement('input')
    radio.type = 'radio'
    radio.name = 'shape'
    radio.checked = shape === name
    radio.addEventListener('change', () => {
      name = shape
      show()
    })
    const label = document.createElement('label')
    label.append(radio, shape)
    group.append(label)
  }
  const copy = byId('copy-shape', 'button')
  copy.addEventListener('click', async () => {
    copy.textContent = (await copyText(json())) ? 'Copied' : 'Not allowed'
    setTimeout(() => {
      copy.textContent = 'Copy'
    }, 2000)
  })

  return {
    load(result) {
      current = result
      show()
    },
  }
}

function moveAmongStretches(event: KeyboardEvent): void {
  const { target, key } = event
  if (!(target instanceof HTMLElement) || !target.classList.contains('stretch')) return
  const parent = target.parentElement
  const next = {
    ArrowRight: target.nextElementSibling,
    ArrowDown: target.nextElementSibling,
    ArrowLeft: target.previousElementSibling,
    ArrowUp: target.previousElementSibling,
    Home: parent?.firstElementChild,
    End: parent?.lastElementChild,
  }[key]
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  next.focus()
}

/** Links inside the page: the fragment of the address is what is shared, so they must not change it. */
function followInside(event: MouseEvent): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
  const to = link && document.getElementById(link.getAttribute('href')?.slice(1) ?? '')
  if (!to) return
  event.preventDefault()
  if (!to.hasAttribute('tabindex')) to.setAttribute('tabindex', '-1')
  to.focus()
  to.scrollIntoView({ block: 'center' })
}

startPage()
