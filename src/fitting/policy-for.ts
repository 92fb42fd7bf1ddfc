import type { Settings } from '../engine/options.js'
import { Policy } from '../engine/policy.js'
import { CoercingPolicy } from './coercing-policy.js'
import { ValidatingPolicy } from './validating-policy.js'

/** The policy that does what the options ask for: fit calls to their schemas, check them, or neither. */
export function policyFor({ coerce, validate }: Settings): typeof Policy {
  return coerce ? CoercingPolicy : validate ? ValidatingPolicy : Policy
}
