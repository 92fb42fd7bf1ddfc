import { type Cursor, WAIT } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'
import type { HoldBack, Read, Scanner } from '../text/step.js'

/** Waits until it is known whether a marker is at the cursor (`matcher.hit`). Reads nothing. */
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

/** Asks a question again with each chunk until there is an answer, without waking the readers in between. */
export class Question<T> implements Scanner {
  answer: T | typeof WAIT = WAIT

  constructor(
    private readonly ask: () => T | typeof WAIT,
    private readonly asked: { readonly holdBack?: HoldBack | undefined } | undefined,
  ) {}

  get holdBack(): HoldBack | undefined {
    return this.asked?.holdBack
  }

  scan(): boolean {
    this.answer = this.ask()
    return this.answer !== WAIT
  }
}

/**
 * The answer of `ask`, which has just answered `WAIT`, once there is enough text. `asked`: may know what it waits for.
 */
export function* answerOf<T>(
  ask: () => T | typeof WAIT,
  asked?: { readonly holdBack?: HoldBack | undefined },
): Read<T> {
  const question = new Question(ask, asked)
  yield question
  return question.answer as T
}
