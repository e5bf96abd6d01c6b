/** One pattern that matches what any of the parts matches. It allows a long list of words to be written on several lines. */
export const anyOf = (...parts: readonly RegExp[]): RegExp =>
  new RegExp(parts.map(({ source }) => source).join('|'))
