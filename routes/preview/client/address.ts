const DIGITS = 40

/**
 * Explains what is wrong with a typed address; empty if nothing is.
 * @param checksumAddress writes an address in mixed case; without it, upper and lower case are not checked
 */
export function addressProblem(text: string, checksumAddress?: (address: string) => string): string {
  if (text === '') return 'Enter an address: 0x and 40 digits, 0 to 9 and a to f.'
  if (!/^0x/i.test(text)) {
    return /^[0-9a-f]{40}$/i.test(text) ? 'Put 0x in front of the digits.' : 'An address begins with 0x.'
  }
  const digits = text.slice(2)
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0]
  if (wrong !== undefined) {
    return wrong.trim() === ''
      ? 'The address contains a space.'
      : `“${wrong}” is not a hexadecimal digit. Use 0 to 9 and a to f.`
  }
  if (digits.length < DIGITS) return `${digits.length} of ${DIGITS} digits so far.`
  if (digits.length > DIGITS) {
    return `The address has ${digits.length} digits, ${digits.length - DIGITS} too many.`
  }
  const isMixed = /[a-f]/.test(digits) && /[A-F]/.test(digits)
  return isMixed && checksumAddress !== undefined && checksumAddress(text) !== `0x${digits}`
    ? 'The capitals do not match the checksum, so a digit may be mistyped. ' +
        'Check the address, or write it in lower case.'
    : ''
}

/** Whether the text is the beginning of an address. */
export function isUnfinished(text: string): boolean {
  return '0x'.startsWith(text.toLowerCase()) || /^0x[0-9a-f]{0,39}$/i.test(text)
}
