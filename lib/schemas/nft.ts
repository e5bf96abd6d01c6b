import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

const Url = (description: string) => Type.String({ format: 'uri', description })

/** The metadata of a token, as ERC-721 and the marketplaces read it. There is no null in it. */
export const TokenSchema = Type.Object(
  {
    name: Type.String({ description: 'The title of the dress' }),
    description: Type.String({ description: 'Markdown' }),
    image: Url('Always an image: the picture, or a drawing of the built-in artist while there is none'),
    external_url: Url('The page of the picture'),
    background_color: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{6}$', description: 'The background of the dress, without #' })
    ),
    attributes: Type.Array(
      Type.Object({
        trait_type: Type.String({ description: 'No two attributes have the same' }),
        value: Type.String()
      })
    ),
    image_cid: Type.Optional(
      Type.String({
        description:
          'CID of the PNG that /dalle/<series>/<address> sends (version 1, raw, SHA2-256); absent while there is none'
      })
    )
  },
  { $id: 'TokenMetadata' }
)

export type Token = Static<typeof TokenSchema>

/** The metadata of a contract, as `contractURI` returns it (ERC-7572). */
export const CollectionSchema = Type.Object(
  {
    name: Type.String(),
    description: Type.String(),
    image: Url('An example of the series: the address in it is made from the name of the series'),
    external_link: Url('The gallery of the series')
  },
  { $id: 'CollectionMetadata' }
)

export type Collection = Static<typeof CollectionSchema>
