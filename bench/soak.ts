/**
 * A soak of the proxy: many clients on the three wires, whole and streamed, before upstreams that die, with readers that
 * fall silent and clients that leave.
 *
 *     npm run soak [-- --seconds 600 --clients 60]
 *
 * Each request carries a nonce, which the upstream puts into the arguments of the call that it answers with, so that a
 * reply which is not that of its request is seen. It ends with code 1 where a reply was mixed up, a call was made up of a
 * cut text, a reply was lost that had no reason to be, a request came to the upstream twice, or memory or connections did
 * not go back.
 */
import { parseArgs } from 'node:util'
import { soak } from './soak-run.js'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, clients: { type: 'string', default: '60' } },
})
const report = await soak(Number(values.seconds), Number(values.clients))
console.log(JSON.stringify(report, null, 2))
process.exit(report.faults.length === 0 ? 0 : 1)
