import { type Cursor, WAIT } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'
import type { HoldBack, Read, Scanner } from '../text/step.js'

/** Waits until one of the markers stands at the cursor (`matcher.hit`), or none can. Reads nothing. */
export class MarkerWait implements Scanner {
  constructor(
    private readonly cursor: Cursor,
    public matcher: Matcher<unknown>,
  ) {}

  get holdBack(): HoldBack | undefined {
    return this.matcher.holdBack
  }

  scan(): boolean {
    const { cursor, matcher } = this
    return !matcher.at(cursor.window, cursor.at, cursor.ended) || matcher.hit !== undefined
  }
}

/** Waits until there is an answer. The readers around the one who asks sleep until then. */
export class Question<T> implements Scanner {
  answer: T | typeof WAIT = WAIT

  constructor(
    private readonly ask: () => T | typeof WAIT,
    private readonly of: { readonly holdBack?: HoldBack | undefined } | undefined,
  ) {}

  get holdBack(): HoldBack | undefined {
    return this.of?.holdBack
  }

  scan(): boolean {
    this.answer = this.ask()
    return this.answer !== WAIT
  }
}

/** What `ask`, which has just answered `WAIT`, answers once there is enough text. `of`: who may know what it waits for. */
export function* answerOf<T>(ask: () => T | typeof WAIT, of?: { readonly holdBack?: HoldBack | undefined }): Read<T> {
  const question = new Question(ask, of)
  yield question
  return question.answer as T
}
