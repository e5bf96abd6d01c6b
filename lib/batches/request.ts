import { checksumProblem } from '../checksum.ts'
import { errors, quote } from '../errors.ts'
import { BATCH_ADDRESSES_MAX } from '../schemas/batches.ts'
import type { BatchRequest } from '../schemas/batches.ts'
import type { Series } from '../schemas/series.ts'
import { isAddress, seriesName } from '../storage/layout.ts'

/** A request with what it names. */
export interface ResolvedBatch {
  series: Series
  /** Each address once, in lower case, in the order of the request. */
  addresses: string[]
  duplicates: number
}

/**
 * Finds the series of a batch and reads its addresses. The whole batch is refused for one address that is none.
 * @param findSeries the series of this name; undefined if there is none or it is hidden
 * @param strictChecksum whether an address with a wrong checksum (EIP-55) is refused
 * @throws invalid_input, series_invalid
 */
export async function resolveBatch(
  { series: given = '', addresses: texts }: BatchRequest,
  findSeries: (name: string) => Promise<Series | undefined>,
  strictChecksum = false
): Promise<ResolvedBatch> {
  const name = given.trim()
  if (name === '') throw errors.ofV1('invalid_input', 'series is required')
  const series = await findSeries(seriesName(name))
  if (series === undefined) {
    throw errors.ofV1('series_invalid', `series not found: ${quote(name).slice(1, -1)}`, {
      details: `${quote(name)} is not a series of this server; /series lists them`
    })
  }
  return { series, ...readAddresses(texts ?? [], strictChecksum) }
}

function readAddresses(
  texts: readonly unknown[],
  strictChecksum: boolean
): Pick<ResolvedBatch, 'addresses' | 'duplicates'> {
  if (texts.length === 0 || texts.length > BATCH_ADDRESSES_MAX) {
    throw errors.ofV1('invalid_input', 'addresses has a wrong length', {
      details: `addresses has ${texts.length} entries: it must have 1 to ${BATCH_ADDRESSES_MAX}`
    })
  }
  const addresses = new Set<string>()
  for (const [index, text] of texts.entries()) {
    const address = typeof text === 'string' ? text.toLowerCase() : ''
    if (!isAddress(address)) throw notAnAddress(index, text)
    const problem = strictChecksum ? checksumProblem(String(text)) : undefined
    if (problem !== undefined) {
      throw errors.ofV1('invalid_input', `addresses[${index}] has a wrong checksum`, { details: problem })
    }
    addresses.add(address)
  }
  return { addresses: [...addresses], duplicates: texts.length - addresses.size }
}

function notAnAddress(index: number, value: unknown) {
  // A list or an object may be too deep to be written.
  const isText = typeof value !== 'object' || value === null
  const shown = typeof value === 'string' ? quote(value) : isText ? String(value) : 'a list or an object'
  return errors.ofV1('invalid_input', `addresses[${index}] is not an address`, {
    details: `addresses[${index}] is ${shown}: it must be 0x followed by 40 hexadecimal digits`
  })
}
