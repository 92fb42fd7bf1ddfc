import type { ProxySettings } from '../settings/options.js'
import { hasClientKey } from '../wire/client-key.js'
import type { ClientRequest } from '../wire/client-request.js'
import { METHODS, type OriginVerdict, preflightHeaders } from '../wire/origins.js'
import { Problem } from '../wire/problem.js'
import type { Route } from '../wire/route.js'
import { isSameText } from '../wire/same-text.js'
import { pathFault } from './path-fault.js'
import { checkFraming } from './read-body.js'

/**
 * What is wrong with a request before its body is looked at, or undefined: what it is, who sent it, whether they may.
 *
 * @example faultOf(request, 'chat', verdict, settings)?.status // 403
 */
export function faultOf(
  request: ClientRequest,
  route: Route,
  verdict: OriginVerdict,
  settings: ProxySettings,
): Problem | undefined {
  if (request.refused !== undefined) return request.refused
  if (!METHODS.includes(request.method)) {
    return new Problem('method_not_allowed', `only the methods ${METHODS.join(', ')} are accepted`, 'method')
  }
  const fault = pathFault(request.path)
  if (fault !== undefined) return new Problem('invalid_request', `the path of the request has ${fault}`, 'path')
  try {
    checkFraming(request)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  if (verdict.type === 'foreign') return foreign(verdict.from)
  const { clientKey } = settings.credentials
  if (clientKey !== undefined && namesKey(request.path, clientKey)) {
    const what = 'the key of this proxy in its query, which goes to the upstream; send it as authorization: Bearer KEY'
    return new Problem('invalid_request', `the path of the request has ${what}`, 'path')
  }
  // A preflight has no key: browsers leave it out.
  const open = clientKey === undefined || route === 'health' || preflightHeaders(request.method, request.headers)
  if (open || hasClientKey(request.headers, clientKey)) return undefined
  const what = 'the key of this proxy is missing or wrong; send it as authorization: Bearer KEY or as x-api-key'
  return new Problem('invalid_client_key', what, 'client-key')
}

/** Queries pass byte for byte, and the upstream may keep them in its log. */
function namesKey(path: string, key: string): boolean {
  const at = path.indexOf('?')
  if (at < 0) return false
  // Some write a plus for itself, others for a blank; keys have no blanks.
  const values = [...new URLSearchParams(path.slice(at)).values()].map((value) => value.replaceAll(' ', '+'))
  return values.some((value) => isSameText(value, key))
}

function foreign(from: string): Problem {
  const what = `web pages of ${from} may not use this proxy; allow it by --allow-origin or allowedOrigins`
  return new Problem('forbidden_origin', what, 'origin')
}
