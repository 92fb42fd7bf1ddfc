/** What models write in place of a tag: its brackets escaped, or other brackets. */
export const OTHER_BRACKETS: Readonly<Record<string, (tag: string) => string>> = {
  escaped: (tag) => tag.replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  'half escaped': (tag) => tag.replace(/>$/, '&gt;'),
  'in full width': (tag) => tag.replace('<', '＜').replace(/>$/, '＞'),
  'in square brackets': (tag) => tag.replace('<', '[').replace(/>$/, ']'),
}
