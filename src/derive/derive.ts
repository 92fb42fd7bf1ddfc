/**
 * `callsift/derive`: formats without code, from data that says what they look like.
 */

export {
  formatFromResponseTemplate,
  type ResponseTemplateOptions,
} from './response-template/response-template.js'
