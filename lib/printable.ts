/** Characters that move the cursor of a terminal, begin a line or hide others. */
const UNPRINTABLE = /\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Surrogate}/gu

/** A text from outside for one line of a terminal or a log: characters that have no shape are escaped. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (sign) => `\\u${sign.codePointAt(0)!.toString(16).padStart(4, '0')}`)
}
