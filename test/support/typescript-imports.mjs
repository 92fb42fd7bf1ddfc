// Lets Node import the sources and the tests itself (`--import`, see vitest.config.ts). Vite's module runner wraps every
// module in a function and reads each import from an object, which makes the parsers a fifth slower, and the tests do
// little else than parse.
import { existsSync, readFileSync } from 'node:fs'
import { register } from 'node:module'
import { fileURLToPath } from 'node:url'
import { isMainThread } from 'node:worker_threads'
import { transform } from 'esbuild'

// Node runs the hooks below in a thread of its own, which imports this file once more.
if (isMainThread) register(import.meta.url)

/** The newest SDKs, which need Node 22, in the place of those that run on Node 20: `npm run test:node24`. */
const NEWEST_SDKS = { ai: 'ai-7', openai: 'openai-7' }
const sdks = process.env.CALLSIFT_SDKS === 'newest' ? NEWEST_SDKS : {}

const isOurs = (url = '') => !url.includes('/node_modules/')

/** `./x.js` is `./x.ts`. */
export function resolve(specifier, context, next) {
  if (!isOurs(context.parentURL)) return next(specifier, context)
  if (specifier.startsWith('.') && specifier.endsWith('.js')) {
    const url = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL)
    if (existsSync(url)) return { url: url.href, shortCircuit: true }
  }
  return next(sdks[specifier] ?? specifier, context)
}

/** Takes the types off, and lets JSON be imported as bundlers do. */
export async function load(url, context, next) {
  const { pathname } = new URL(url)
  const isScript = pathname.endsWith('.ts')
  if (!isOurs(url) || !(isScript || pathname.endsWith('.json'))) return next(url, context)
  const file = fileURLToPath(url)
  const text = readFileSync(file, 'utf8')
  const source = isScript
    ? await withoutTypes(text, file)
    : `const json = ${text}\nexport default json\nexport const { version } = json`
  return { format: 'module', source, shortCircuit: true }
}

async function withoutTypes(text, file) {
  const map = { sourcemap: 'inline', sourcesContent: false, sourcefile: file }
  return (await transform(text, { loader: 'ts', format: 'esm', target: 'node20', ...map })).code
}
