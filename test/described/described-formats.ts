import { readdirSync, readFileSync } from 'node:fs'
import type { FormatDescription } from '../../src/derive/derive.js'

const folder = new URL('../../fixtures/described/', import.meta.url)

/** The descriptions of fixtures/described: each reads what the format of its id reads. */
export function descriptions(): FormatDescription[] {
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as FormatDescription)
}
