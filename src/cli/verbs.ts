import type { Verb } from './verb.js'

/** Every verb of the command, in the order of the help. A verb is loaded when it is needed. */
export const VERBS: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  parse: () => import('./verbs/parse.js'),
  detect: () => import('./verbs/detect.js'),
  explain: () => import('./verbs/explain.js'),
  match: () => import('./verbs/match.js'),
  replay: () => import('./verbs/replay.js'),
  diff: () => import('./verbs/diff.js'),
  convert: () => import('./verbs/convert.js'),
  render: () => import('./verbs/render.js'),
  grammar: () => import('./verbs/grammar.js'),
  playground: () => import('./verbs/playground.js'),
  proxy: () => import('./verbs/proxy.js'),
  serve: () => import('./verbs/serve.js'),
  doctor: () => import('./verbs/doctor.js'),
  formats: () => import('./verbs/formats.js'),
}
