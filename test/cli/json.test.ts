import { describe, expect, it } from 'vitest'
import { jsonFor } from '../../src/cli/output/output.js'

// What a terminal takes for commands, or what turns the direction of writing, is escaped in JSON that people see.

const value = { text: 'a\u009b31m\u202eb\u2066\u007f\ud800\n\u00e9 \u{e0041}', list: ['\u200b'] }

describe('JSON for a terminal', () => {
  it('escapes C1 and bidi controls, and means the same', () => {
    const json = jsonFor(true, value)
    expect(json).not.toMatch(/[\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u{e0041}]/u)
    expect(json).toContain('\\u009b31m\\u202eb')
    expect(json).toContain('\u00e9')
    expect(JSON.parse(json)).toEqual(value)
    expect(jsonFor(true, value, 0)).not.toContain('\n')
  })

  it('leaves that of files and pipes as it is', () => {
    expect(jsonFor(false, value)).toBe(JSON.stringify(value, null, 2))
  })
})
