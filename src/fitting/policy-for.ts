import type { Settings } from '../engine/options.js'
import { Policy } from '../engine/policy.js'
import { CoercingPolicy } from './coercing-policy.js'
import { ValidatingPolicy } from './validating-policy.js'

/** Who decides what comes out, by what the options ask of the schemas. */
export function policyFor({ coerce, validate }: Settings): typeof Policy {
  return coerce ? CoercingPolicy : validate ? ValidatingPolicy : Policy
}
