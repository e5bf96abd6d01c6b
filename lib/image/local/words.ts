/** One pattern that matches if any of the parts matches. A long list of words can thus have several lines. */
export const anyOf = (...parts: readonly RegExp[]): RegExp =>
  new RegExp(parts.map(({ source }) => source).join('|'))
