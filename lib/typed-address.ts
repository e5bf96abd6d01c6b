// The browser shares this module, so it imports nothing.

const ADDRESS = /^0x[0-9a-f]{40}$/i
const PLAIN_DIGITS = /^[0-9a-f]{40}$/i
const HEX = /^[0-9a-f]+$/i
const DIGITS = 40
/** An address in a longer text. A hash of a transaction has more digits. */
const INSIDE = /(?<![0-9a-z])0x[0-9a-f]{40}(?![0-9a-z])/i
/** A payment link to a token names the token first, and who gets it in a parameter (EIP-681). */
const RECIPIENT = /^ethereum:.+\/transfer\?(?:.*&)?address=(0x[0-9a-f]{40})(?![0-9a-f])/i
/**
 * A payment link, the URL of a page about an address with or without its scheme, an account (CAIP-10, also as a DID),
 * an address with the short name of its chain (EIP-3770), or one with the number of a token after it.
 */
const LINK = new RegExp(
  '^(?:ethereum:|https?://|(?:did:pkh:)?eip155:\\d+:|[a-z0-9-]+:0x|0x[0-9a-f]{40}/\\d+$|' +
    '[a-z0-9-]+(?:\\.[a-z0-9-]+)+(?::\\d+)?/)',
  'i'
)
const NAME = /^[^\s/:?#@]+\.(?:eth|box|crypto|id|lens|nft|wallet|xyz)$/i
/** A letter of another alphabet that may look like x or a digit. */
const LOOKALIKE = /\p{Script=Cyrillic}|(?<greek>\p{Script=Greek})/u
/** Blanks, line breaks, and marks that some programs copy and nobody sees. */
const BLANKS = /[\s\u200b-\u200f\u2060\ufeff]+/gu
/** What a text is in when it is copied from code or from a sentence. */
const AROUND = /^["'`“‘«<([{]+|["'`”’»>)\]},.;]+$/g

/** As block explorers and wallets show it. */
const SHORTENED = /^(?:0x)?[0-9a-f]+(?:…|\.{2,})[0-9a-f]+$/i
const EACH = /(?<![0-9a-z])0x[0-9a-f]{40}(?![0-9a-z])/gi

const plainOf = (text: string) => text.replace(BLANKS, '').replace(AROUND, '')

/**
 * The address that a person means who copied it with blanks or quotation marks, without `0x`, as a payment link, or as
 * the URL of a page about it. Undefined if the text holds none. Upper and lower case stay: they hold the checksum.
 */
export function findAddress(text: string): string | undefined {
  const plain = plainOf(text)
  if (ADDRESS.test(plain)) return `0x${plain.slice(2)}`
  if (PLAIN_DIGITS.test(plain)) return `0x${plain}`
  if (!LINK.test(plain)) return undefined
  const found = RECIPIENT.exec(plain)?.[1] ?? INSIDE.exec(plain)?.[0]
  return found && `0x${found.slice(2)}`
}

/** Whether a text is the name of an account, as ENS has them, and no address. */
export function isAccountName(text: string): boolean {
  return NAME.test(text.trim())
}

/** The first letter of another alphabet that may look like a letter of an address, in words. */
export function lookalikeIn(text: string): string | undefined {
  const found = LOOKALIKE.exec(text)
  if (found === null) return undefined
  const alphabet = found.groups!.greek === undefined ? 'Cyrillic' : 'Greek'
  return `“${found[0]}”, a ${alphabet} letter that looks like a Latin one`
}

/** 32 bytes: what secp256k1 signs with, and what identifies a transaction or a block. */
const BYTES32 = /^(?:0x)?[0-9a-f]{64}$/i
const TRANSACTION = /\/tx\/(?:0x)?[0-9a-f]{64}(?![0-9a-f])/i
/** An address of Bitcoin in Base58 or Bech32 (BIP 173). The former has a character that is no hexadecimal digit. */
const BITCOIN =
  /^(?:(?=.*[g-zG-Z])[13][1-9A-HJ-NP-Za-km-z]{25,34}|[bB][cC]1[02-9ac-hj-np-zAC-HJ-NP-Z]{11,87})$/
/** Words of a wallet's backup (BIP 39): 12, 15, 18, 21 or 24. */
const PHRASE = /^(?:[a-z]{3,8}\s+){11}(?:(?:[a-z]{3,8}\s+){3}){0,4}[a-z]{3,8}$/i

/** What a text is that people take for an address, in sentences; undefined for anything else. */
export function mistakenFor(text: string): string | undefined {
  const plain = text.replace(BLANKS, '')
  if (PHRASE.test(text.trim())) {
    return 'This may be the recovery phrase of a wallet. Never paste it anywhere: whoever has it has all that is there.'
  }
  if (BYTES32.test(plain)) {
    return (
      'This has 64 digits, so it is the hash of a transaction, or a private key. ' +
      'Never paste a private key anywhere. An address has 40 digits.'
    )
  }
  if (TRANSACTION.test(plain)) {
    return 'This is the page of a transaction. Copy the address of its sender or of its receiver.'
  }
  if (BITCOIN.test(plain)) return 'This is a Bitcoin address. Enter one of Ethereum: 0x and 40 digits.'
  return undefined
}

/** What to do with the name of an account. */
export const NAME_ADVICE =
  'is a name, and this server does not look names up: use the address that the name belongs to, ' +
  'which is 0x followed by 40 hexadecimal digits. Your wallet shows it, and so do block explorers'

/**
 * Explains what is wrong with a typed address; empty if nothing is.
 * @param checksumAddress writes an address in mixed case; without it, upper and lower case are not checked
 * @param isWhole whether nobody goes on typing it, as in a link
 */
export function addressProblem(
  given: string,
  checksumAddress?: (address: string) => string,
  isWhole = false
): string {
  const text = findAddress(given) ?? plainOf(given)
  if (text === '') return 'Enter an address: 0x and 40 digits, 0 to 9 and a to f.'
  if (isAccountName(text)) {
    return `“${text}” is a name, and this page does not look names up. Enter its address, which your wallet shows.`
  }
  const mistaken = mistakenFor(given)
  if (mistaken !== undefined) return mistaken
  if (SHORTENED.test(text)) return 'This address is shortened. Copy the whole one: 0x and 40 digits.'
  const isOne = ADDRESS.test(text) || (given.match(EACH) ?? []).length < 2
  if (!isOne) return 'These are several addresses. Enter one.'
  const lookalike = lookalikeIn(text)
  if (lookalike !== undefined) return `There is ${lookalike}. Type it anew, or copy the address again.`
  const digits = HEX.test(text) ? text : text.slice(2)
  if (!HEX.test(text) && !/^0x/i.test(text)) return 'An address begins with 0x.'
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0]
  if (wrong !== undefined) return `“${wrong}” is not a hexadecimal digit. Use 0 to 9 and a to f.`
  if (digits.length < DIGITS) {
    if (!isWhole) return `${digits.length} of ${DIGITS} digits so far.`
    return `The address has ${digits.length} digit${digits.length === 1 ? '' : 's'}, not ${DIGITS}.`
  }
  if (digits.length > DIGITS) {
    return `The address has ${digits.length} digits, ${digits.length - DIGITS} too many.`
  }
  const isMixed = /[a-f]/.test(digits) && /[A-F]/.test(digits)
  return isMixed && checksumAddress !== undefined && checksumAddress(text) !== `0x${digits}`
    ? 'The capitals do not match the checksum, so a digit may be mistyped. ' +
        'Check the address, or write it in lower case.'
    : ''
}

/** Whether the text is the beginning of an address, with or without `0x`. */
export function isUnfinished(text: string): boolean {
  return /^(?:0x)?[0-9a-f]{0,39}$/i.test(text.replace(BLANKS, ''))
}
