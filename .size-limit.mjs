// What bundlers ship, gzipped, all dependencies included (`npm run size`, after a build). A limit is what is reached, and
// half a percent: who makes something larger meets it here, and who makes it smaller lowers it.
import { existsSync, readdirSync } from 'node:fs'

/** With the core, in kB. */
const FORMATS = {
  'deepseek-json': 23.4,
  'deepseek-v3': 23.8,
  'deepseek-v3.1': 23.8,
  'deepseek-v3.2': 28.9,
  'deepseek-v4': 28.9,
  hermes: 25,
  internlm2: 25,
  llama3: 41.2,
  'llama4-pythonic': 36.9,
  mistral: 33.3,
  pythonic: 24.1,
  qwen: 45.6,
  'qwen3-coder': 38.3,
}

/** What a format that is not in the table may take: about as much as one that reads a family of its own. */
const NEW_FORMAT = 30

const built = existsSync('dist/parsers') ? readdirSync('dist/parsers') : []
const formats = built.filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -'.js'.length))

export default [
  entry('createParser + hermes', { 'dist/core.js': '{ createParser }', 'dist/parsers/hermes.js': '{ hermes }' }, 24.7),
  entry("parse of 'callsift', every format", { 'dist/index.js': '{ parse }' }, 75.2),
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
