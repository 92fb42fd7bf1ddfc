import { posix } from 'node:path'

/** `import{a as b,c}from"./x.js";` as the build writes it, at the beginning of a module. */
const IMPORT = /^\s*import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";?/
/** `export{a as b,c};` as the build writes it, at the end. */
const EXPORT = /export\s*\{([^}]*)\};?\s*$/

/**
 * Makes one script of modules that the build of this project has written, each as a function that gives its exports. So the
 * playground's page holds the library, and the package need not hold it twice.
 * @param entry the path of the module to begin with
 * @param read gives the text of a module by its path, or by the name of its package
 * @throws if the modules import each other in a circle
 */
export function linkModules(entry: string, read: (name: string) => string): string {
  const linked = new Map<string, string | undefined>()
  const parts: string[] = []
  const link = (name: string): string => {
    const known = linked.get(name)
    if (known !== undefined) return known
    if (linked.has(name)) throw new Error(`${name} imports itself by way of others`)
    linked.set(name, undefined)
    // What bundlers may leave out is no matter here.
    let code = read(name).replaceAll('/* @__PURE__ */', '')
    let head = ''
    for (let found = IMPORT.exec(code); found !== null; found = IMPORT.exec(code)) {
      const [whole, names, from = ''] = found
      const module = link(from.startsWith('.') ? posix.join(posix.dirname(name), from) : from)
      if (names !== undefined) head += `const{${names.replace(/([\w$]+)\s+as\s+([\w$]+)/g, '$1:$2')}}=${module};`
      code = code.slice(whole.length)
    }
    const exported = EXPORT.exec(code)
    const body = exported === null ? code : code.slice(0, exported.index)
    const given = (exported?.[1] ?? '').replace(/([\w$]+)\s+as\s+([\w$]+)/g, '$2:$1')
    const module = `module${parts.length}`
    parts.push(`const ${module}=(()=>{${head}${body}\nreturn{${given}}})();`)
    linked.set(name, module)
    return module
  }
  link(entry)
  return `"use strict";(()=>{${parts.join('\n')}})();`
}
