import fc from 'fast-check'

// The usual run tries the same texts every time, so that a change is judged by what it changes. `npm run test:hard` and
// `npm run fuzz` try new ones; CALLSIFT_SEED repeats a run of theirs.
const { CALLSIFT_SEED, CALLSIFT_RUNS } = process.env
if (CALLSIFT_SEED !== undefined) fc.configureGlobal({ seed: Number(CALLSIFT_SEED) })
else if (CALLSIFT_RUNS === undefined) fc.configureGlobal({ seed: 20260 })
