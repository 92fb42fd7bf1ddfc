import type { Figures } from './tally.js'

/** What every format has to hold. A quoted call never comes out, and without repairs there is never another call. */
export const GOAL: Figures = { anotherOrSilent: 1, quoted: 0, markupLeft: Number.POSITIVE_INFINITY, strictAnother: 0 }

/** Over all formats together: another call or silent in at most one text of a hundred, markup left in one of twenty. */
export const GOAL_SHARES = { anotherOrSilent: 0.01, markupLeft: 0.05 }

/** The same as it is: to be lowered with the table below, and to go with it. */
export const CEILING_SHARES = { anotherOrSilent: 0.01, markupLeft: 0.05 }

/**
 * Formats that do not hold the goal yet, with the most that they may have: the figures as they are, so that none gets worse.
 * A mend lowers its numbers (`npm run damage -- --ceilings` prints them); a format that holds the goal leaves the table, and
 * a new format is never entered.
 */
export const CEILINGS: Readonly<Record<string, Figures>> = {}
