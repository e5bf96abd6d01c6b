import { createHash } from 'node:crypto'
import { CARD, CARD_EDITION, drawCard } from '../image/card.ts'
import type { CardTexts } from '../image/card.ts'
import { variantName } from './variant-request.ts'
import type { Source, VariantClient, Variants } from './variants.ts'

/** The card of a picture: an image with its title, which other sites show beside a link. */
export interface Card {
  /** Identifies the bytes among all cards of the picture. */
  version: string
  /** When the picture was last changed, in Unix milliseconds. */
  modifiedMs: number
  /**
   * The PNG; undefined if the picture has just been replaced or removed.
   * @throws IMAGE_DOWNLOAD_ERROR if the picture is damaged, SERVICE_UNAVAILABLE if too many images are being converted
   */
  read: (client: VariantClient) => Promise<Buffer | undefined>
}

const REQUEST = { width: CARD.width, format: 'png' } as const
const SQUARE = { width: CARD.height, fit: 'square', format: 'png' } as const

/** The card of a picture; undefined if there is no picture. It is made once, and kept beside the other variants. */
export async function findCard(
  variants: Pick<Variants, 'fileSource' | 'convert'>,
  { series, address }: { series: string; address: string },
  texts: CardTexts
): Promise<Card | undefined> {
  const picture = await variants.fileSource('annotated', series, address)
  if (picture === undefined) return undefined
  const parts = [CARD_EDITION, picture.version, texts.series, texts.title, texts.address]
  const version = `${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16)}-0`
  const convert = async () => {
    const square = await picture.convert(SQUARE)
    return square && (await drawCard(square, texts))
  }
  const source: Source = { kind: 'card', series, address, version, convert }
  return {
    version: variantName('card', version, REQUEST),
    modifiedMs: picture.stamp.modifiedMs,
    read: async (client) => await variants.convert(source, REQUEST, client)
  }
}
