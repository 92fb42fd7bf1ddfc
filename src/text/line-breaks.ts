/** The same markers, and those with a line break in them with CR LF too: a text may have come through a system that writes it. */
export function anyLineBreak(markers: readonly string[]): string[] {
  return markers.flatMap((marker) => (marker.includes('\n') ? [marker, marker.replaceAll('\n', '\r\n')] : [marker]))
}
