import type { ParserOptions } from '../index.js'
import { byId, fill } from './elements.js'
import { count } from './markup.js'
import { type Moment, momentOf, type Stream, streamOf } from './stream.js'
import { clientView, eventsView, frontView, stepInWords } from './view-stream.js'

/** Plays a text as a stream. */
export interface Player {
  load(text: string, options: ParserOptions): void
}

/** Milliseconds between two steps, and how many steps a text takes at most to play. */
const PACE = 60
const MOST_TICKS = 250

export function createPlayer(): Player {
  const slider = byId('step', 'input')
  const play = byId('play', 'button')
  const size = byId('chunk', 'select')
  const front = byId('front', 'section')
  // Boxes that scroll must be within reach of the keyboard.
  const events = byId('events', 'section')
  events.tabIndex = 0
  front.tabIndex = 0
  let source: { text: string; options: ParserOptions } = { text: '', options: { format: 'auto' } }
  let stream: Stream = streamOf('', 1, source.options)
  let timer: number | undefined
  let frame: number | undefined

  function show(): void {
    frame = undefined
    const moment = momentOf(stream, Number(slider.value))
    const words = `${stepInWords(stream, moment)}${heldInWords(moment)}`
    slider.setAttribute('aria-valuetext', words)
    const wider =
      stream.size > Number(size.value) ? ` (chunks of ${count(stream.size, 'character')}: the text is long)` : ''
    byId('step-words', 'p').textContent = words + wider
    fill(front, frontView(stream, moment))
    const place = front.querySelector<HTMLElement>('.front')
    if (place !== null) front.scrollTop = place.offsetTop - front.clientHeight / 2
    fill(byId('client', 'div'), clientView(moment))
    fill(events, eventsView(stream, moment))
  }

  /** Draws once for each picture of the screen, however fast the slider moves. */
  function showSoon(): void {
    if (frame === undefined) frame = requestAnimationFrame(show)
  }

  function go(step: number): void {
    slider.value = String(step)
    showSoon()
  }

  function stop(): void {
    if (timer !== undefined) clearInterval(timer)
    timer = undefined
    play.textContent = 'Play'
    play.setAttribute('aria-pressed', 'false')
  }

  function start(): void {
    if (Number(slider.value) >= stream.steps) go(0)
    const stride = Math.ceil(stream.steps / MOST_TICKS)
    play.textContent = 'Pause'
    play.setAttribute('aria-pressed', 'true')
    timer = window.setInterval(() => {
      const next = Math.min(Number(slider.value) + stride, stream.steps)
      go(next)
      if (next >= stream.steps) stop()
    }, PACE)
  }

  function restream(): void {
    stop()
    stream = streamOf(source.text, Number(size.value), source.options)
    slider.max = String(stream.steps)
    go(stream.steps)
  }

  const move = (by: number) => {
    stop()
    go(Math.min(Math.max(Number(slider.value) + by, 0), stream.steps))
  }
  slider.addEventListener('input', () => {
    stop()
    showSoon()
  })
  size.addEventListener('change', restream)
  play.addEventListener('click', () => (timer === undefined ? start() : stop()))
  byId('back', 'button').addEventListener('click', () => move(-1))
  byId('on', 'button').addEventListener('click', () => move(1))

  return {
    load(text, options) {
      source = { text, options }
      restream()
    },
  }
}

function heldInWords({ fed, told, ended }: Moment): string {
  return ended || fed === told ? '' : `, ${count(fed - told, 'character')} held back`
}
