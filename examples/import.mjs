// Reads a completion that comes in chunks, prints the content as it comes, and each call once it is whole.
//   node examples/import.mjs
import { readFileSync } from 'node:fs'
import { createParser } from 'callsift'

const text = readFileSync(new URL('ferries.txt', import.meta.url), 'utf8')
const parser = createParser({ format: 'hermes' })

function tell(events) {
  for (const event of events) {
    if (event.type === 'content') process.stdout.write(event.text)
    if (event.type === 'call-end') console.log(`\n${event.call.status}: ${event.call.name}`, event.call.arguments)
  }
}

for (let at = 0; at < text.length; at += 5) tell(parser.push(text.slice(at, at + 5)))
tell(parser.end())
