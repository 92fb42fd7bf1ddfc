import { createHash } from 'node:crypto'

/**
 * The playground's page, with its script and the policy by which the browser itself holds the page to its promises: nothing
 * is loaded or sent, and no text can become markup.
 * @param page markup and style, with `/* policy *\/`, `/* opened *\/` and `/* script *\/` where those go
 * @param opened what the page opens with, as a link to it carries it: no character in it means anything to HTML
 */
export function completePage(page: string, script: string, opened = ''): string {
  // What would end or hide the script for a reader of HTML stands in strings only, and there `\x3c` is the same.
  const safe = script.trim().replace(/<(?=!--|\/?script)/gi, '\\x3c')
  const [, style = ''] = /<style>(.*?)<\/style>/s.exec(page) ?? []
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(safe)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  return page
    .replace('/* policy */', () => policy)
    .replace('/* opened */', () => opened)
    .replace('/* script */', () => safe)
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
