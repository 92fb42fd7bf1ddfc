/**
 * `callsift/derive`: formats without code, from data that says what they look like.
 */

export { DescriptionError } from '../described/description-error.js'
export type * from '../described/format-description.js'
export { formatFromDescription } from '../described/format-from-description.js'
export {
  formatFromResponseTemplate,
  type ResponseTemplateOptions,
} from './response-template/response-template.js'
export {
  type Derivation,
  DerivationError,
  type FromTemplateOptions,
  formatFromTemplate,
} from './template/from-template.js'
export type { Trial } from './template/trial.js'
