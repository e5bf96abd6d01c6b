import { createHash, timingSafeEqual } from 'node:crypto'

/** A token of a client, with the name that stands for it in logs and limits. */
export interface ApiToken {
  readonly name: string
  readonly token: string
}

/** The characters of a bearer token (RFC 6750). A shorter token is too easy to guess. */
const TOKEN = '[A-Za-z0-9._~+/-]{16,512}=*'
const NAME = '[A-Za-z0-9][A-Za-z0-9_-]{0,31}'
/** Blanks, line ends, and comments from # to the end of the line. */
const SPACE = '(?:\\s|#[^\\n]*(?:\\n|$))*'
const COMMENT = /#[^\n]*/g
const ENTRY = `(?:${NAME}:)?${TOKEN}`
/** A comma or the end of a line, or both. */
const SEPARATOR = `[^\\S\\n]*(?:,${SPACE}|(?:#[^\\n]*)?\\n${SPACE}(?:,${SPACE})?)`

/** Tokens separated by commas or line ends, each with or without a name: `<token>` or `<name>:<token>`. */
export const TOKENS_PATTERN = `^${SPACE}${ENTRY}(?:${SEPARATOR}${ENTRY})*${SPACE}$`

const BEARER = /^Bearer +(\S+) *$/i

// Digests have equal lengths, so a comparison does not reveal the length or the beginning of a token.
const digest = (text: string) => createHash('sha256').update(text).digest()

/**
 * Reads tokens that match TOKENS_PATTERN. A token without a name is named by its position, from `token-1`. Two tokens
 * may have the same name, so that a client can change its token without a pause.
 * @param kind begins the names of tokens without one
 */
export function parseTokens(text: string, kind = 'token'): readonly ApiToken[] {
  return Object.freeze(
    text
      .replace(COMMENT, '')
      .split(/[,\n]/)
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry, index) => {
        const [token = '', name = `${kind}-${index + 1}`] = entry.split(':').reverse()
        return Object.freeze({ name, token })
      })
  )
}

/** The token in a header `Authorization: Bearer <token>`; undefined when the header holds none. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return BEARER.exec(authorization ?? '')?.[1]
}

/** Returns a function that finds the name of a token; undefined for one that is not among `tokens`. */
export function createTokenNames(tokens: readonly ApiToken[]): (token: string) => string | undefined {
  const known = tokens.map(({ name, token }) => ({ name, digest: digest(token) }))
  return (token) => {
    if (known.length === 0) return undefined
    const given = digest(token)
    // Every token is compared, so the response time does not depend on the position of the match.
    const matches = known.filter((each) => timingSafeEqual(each.digest, given))
    return matches[0]?.name
  }
}
