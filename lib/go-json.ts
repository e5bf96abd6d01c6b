const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029'
}

/**
 * JSON as Go's encoder writes it: characters that mean something in HTML are escaped.
 * @param indent the spaces of one level; 0 writes one line
 */
export function goJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character]!)
}
