// What bundlers ship, gzipped, all dependencies included (`npm run size`, after a build). A limit is what is reached, and
// half a percent: who makes something larger meets it here, and who makes it smaller lowers it.
import { existsSync, readdirSync } from 'node:fs'

/** With the core, in kB. */
const FORMATS = {
  'deepseek-json': 35.0,
  'deepseek-v3': 37.0,
  'deepseek-v3.1': 36.9,
  'deepseek-v3.2': 43.3,
  'deepseek-v4': 43.3,
  'deepseek-v4.1': 43.3,
  mimo: 53.9,
  hermes: 36.4,
  internlm2: 36.0,
  llama3: 52.9,
  'llama4-pythonic': 48.6,
  mistral: 46.3,
  pythonic: 33.8,
  qwen: 61.4,
  'qwen3-coder': 54.4,
}

/** What a format that is not in the table may take: about as much as one that reads a family of its own. */
const NEW_FORMAT = 30

const built = existsSync('dist/parsers') ? readdirSync('dist/parsers') : []
const formats = built.filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -'.js'.length))

export default [
  entry('createParser + hermes', { 'dist/core.js': '{ createParser }', 'dist/parsers/hermes.js': '{ hermes }' }, 36.1),
  entry("parse of 'callsift', every format", { 'dist/index.js': '{ parse }' }, 98.9),
  ...formats.map((id) =>
    entry(
      `parse of the core + ${id}`,
      { 'dist/core.js': '{ parse }', [`dist/parsers/${id}.js`]: '*' },
      FORMATS[id] ?? NEW_FORMAT,
    ),
  ),
]

function entry(name, imports, limit) {
  return { name, import: imports, gzip: true, limit: `${limit} kB` }
}
