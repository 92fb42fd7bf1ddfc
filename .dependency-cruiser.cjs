// The rooms of src, from the ground up: a room imports only from those that stand before it in this list, and no file
// imports itself by way of others. `npm run check -- rooms` holds it.
const ROOMS = [
  'src/event/',
  'src/text/',
  'src/tools/',
  'src/values/',
  'src/engine/',
  'src/fitting/',
  'src/recovery/',
  'src/families/call-object/',
  'src/families/json-calls/',
  'src/families/pythonic/',
  'src/families/bare-json/',
  'src/families/name-json/',
  'src/families/tagged/',
  'src/families/code/',
  'src/families/qwen-agent/',
  'src/detect/',
  'src/explain/',
  'src/formats/',
  'parsers/',
  'src/(?:api|core|index)[.]ts$',
  'src/adapters/message/',
  'src/adapters/(?:ai-sdk|anthropic|langchain|mcp|openai|responses|sse)/',
  'src/proxy/',
  'src/playground/',
  'src/cli/verb[.]ts$',
  'src/cli/output/',
  'src/cli/input/',
  'src/cli/verbs/',
  'src/cli/(?:main|verbs)[.]ts$',
]

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-room-outside-the-list',
      comment: 'A new room needs its place in ROOMS.',
      severity: 'error',
      from: { path: '^src/', pathNot: ROOMS.map((room) => `^${room}`) },
      to: {},
    },
    ...ROOMS.slice(0, -1).map((room, i) => ({
      name: `downwards-from-${room.replace(/^src\/|\/$/g, '')}`,
      severity: 'error',
      from: { path: `^${room}` },
      to: { path: ROOMS.slice(i + 1).map((above) => `^${above}`) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(?:node_modules|dist|test)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
}
