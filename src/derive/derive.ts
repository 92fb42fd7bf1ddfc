export { formatFromResponseTemplate } from './response-template/response-template.js'
