import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

/** What a request of `/v1` asks a run for. Runs of `/dalle` have none: they make a whole picture of an address. */
export const ImageOrderSchema = Type.Object({
  input: Type.String(),
  seed: Type.String({ description: 'An address, or any text' }),
  recipe: Type.String(),
  backstyle: Type.Optional(
    Type.String({ description: 'Takes the place of the backstyle that the seed gives' })
  ),
  enhance: Type.Boolean(),
  image: Type.Boolean(),
  annotate: Type.Boolean()
})

export type ImageOrder = Static<typeof ImageOrderSchema>
