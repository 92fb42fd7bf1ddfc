/** A longer file is not read: no completion is that long. */
const MOST_BYTES = 8 * 1024 * 1024

/** A file as text. */
export interface ReadText {
  readonly text: string
  readonly said: string
}

/** Reads a file that was dropped or chosen, up to a size that a page can still show. */
export async function readFile(file: File): Promise<ReadText> {
  const text = await file.slice(0, MOST_BYTES).text()
  return { text, said: file.size > MOST_BYTES ? `Took the first 8 MB of ${file.name}` : `Took ${file.name}` }
}

/**
 * Lets files and text be dropped anywhere on the page.
 * @param sign shown while something is dragged over the page
 * @param take gets what was dropped, and the element on which it was
 */
export function takeDrops(sign: HTMLElement, take: (dropped: ReadText, on: EventTarget | null) => void): void {
  const isFile = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true
  const isForField = (event: DragEvent) => !isFile(event) && event.target instanceof HTMLTextAreaElement
  const show = (shown: boolean) => {
    sign.hidden = !shown
  }
  document.addEventListener('dragover', (event) => {
    // Text that is dragged into a field is the browser's business.
    if (isForField(event)) return
    event.preventDefault()
    show(true)
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) show(false)
  })
  document.addEventListener('drop', async (event) => {
    show(false)
    if (isForField(event)) return
    event.preventDefault()
    const [file] = event.dataTransfer?.files ?? []
    const text = event.dataTransfer?.getData('text/plain') ?? ''
    const { target } = event
    if (file !== undefined) take(await readFile(file), target)
    else if (text !== '') take({ text, said: 'Took the text' }, target)
  })
}
