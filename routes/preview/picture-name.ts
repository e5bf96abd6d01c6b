import { checksumAddress, checksumProblem } from '../../lib/checksum.ts'
import type { PictureIndex } from '../../lib/engine/pictures.ts'
import { errors } from '../../lib/errors.ts'
import { isAddress, isPictureName, isSeriesName, seriesName } from '../../lib/storage/layout.ts'
import { addressProblem } from '../../lib/typed-address.ts'

export interface PictureName {
  series: string
  address: string
}

/** What is wrong with an address as a visitor has typed it, in a sentence; empty if nothing is. */
export function typedProblem(text: string): string {
  return addressProblem(text, checksumAddress)
}

/** As `typedProblem`, of an address in a link. */
export function linkProblem(text: string): string {
  return addressProblem(text, checksumAddress, true)
}

/** What a page says of a wrong checksum before anything is made; empty if the checksum is right or absent. */
export function checksumWarning(text: string): string {
  return checksumProblem(text) === undefined ? '' : typedProblem(text)
}

/**
 * The picture that the path of a page names.
 * @param isStrict whether an address with a wrong checksum is refused
 * @throws INVALID_SERIES, INVALID_ADDRESS
 */
export async function readPictureName(
  given: PictureName,
  gallery: Pick<PictureIndex, 'get'>,
  isStrict: boolean
): Promise<PictureName> {
  const series = seriesName(given.series)
  const lowerCase = given.address.toLowerCase()
  // A picture that /v1 made is named after any text, in any case.
  const address = isAddress(lowerCase) ? lowerCase : given.address
  if (!isSeriesName(series)) throw errors.invalidSeries(given.series)
  if (!isAddress(address) && !(isPictureName(address) && (await gallery.get(series, address)))) {
    throw errors.invalidAddress(given.address)
  }
  const problem = isStrict ? checksumProblem(given.address) : undefined
  if (problem !== undefined) throw errors.invalidAddress(given.address, problem)
  return { series, address }
}
