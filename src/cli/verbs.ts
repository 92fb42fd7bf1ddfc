import type { Verb } from './verb.js'

/** Every verb of the command, in the order of the help. A verb is loaded when it is needed. */
export const VERBS: Readonly<Record<string, () => Promise<{ verb: Verb }>>> = {
  parse: () => import('./parse.js'),
  detect: () => import('./detect.js'),
  explain: () => import('./explain.js'),
  match: () => import('./match.js'),
  replay: () => import('./replay.js'),
  convert: () => import('./convert.js'),
  render: () => import('./render.js'),
  playground: () => import('./playground.js'),
  proxy: () => import('./proxy.js'),
  formats: () => import('./formats.js'),
}
