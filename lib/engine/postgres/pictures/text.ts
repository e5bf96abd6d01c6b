/** PostgreSQL has no NUL in texts. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '\uFFFD')
}
