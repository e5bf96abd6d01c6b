/** The address of a run that never ends. */
export const ENDLESS = `0x${'e'.repeat(40)}`

export function addressOf(index: number): string {
  return `0x${(index + 1).toString(16).padStart(40, '0')}`
}
