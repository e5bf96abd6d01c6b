import { Type } from '@sinclair/typebox'
import type { Static } from '@sinclair/typebox'

const GalleryPictureSchema = Type.Object({
  series: Type.String(),
  address: Type.String({ description: 'In lower case' }),
  checksumAddress: Type.String({ description: 'In the mixed case of EIP-55' }),
  title: Type.String({ description: 'Empty where none is known' }),
  width: Type.Integer({ minimum: 0, description: 'Pixels; 0 where the file is no PNG' }),
  height: Type.Integer({ minimum: 0 }),
  bytes: Type.Integer({ minimum: 0 }),
  modifiedAt: Type.String({ format: 'date-time' }),
  imageUrl: Type.String(),
  thumbnailUrl: Type.String(),
  pageUrl: Type.String()
})

const FacetSchema = Type.Object({
  name: Type.String({ description: 'The name of its parameter' }),
  label: Type.String({ description: 'Its name for people' }),
  values: Type.Array(
    Type.Object({
      value: Type.String(),
      count: Type.Integer({ minimum: 0, description: 'Pictures that have it' })
    }),
    { description: 'Those with the most pictures first, and then what is chosen of the others' }
  ),
  distinct: Type.Integer({ minimum: 0, description: 'How many different values there are' }),
  complete: Type.Boolean({
    description: 'False if only a part of very many pictures is counted: there are at least as many'
  })
})

/** A page of the gallery. */
export const GallerySchema = Type.Object(
  {
    images: Type.Array(GalleryPictureSchema),
    total: Type.Integer({ description: 'Pictures that match, on all pages' }),
    series: Type.Array(Type.Object({ name: Type.String(), count: Type.Integer() }), {
      description: 'Pictures that match by series, that with the newest picture first'
    }),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'The cursor of the next page; null at the end'
    }),
    unread: Type.Integer({
      description:
        'Pictures whose titles are not read yet, and so not found by their words; 0 soon after the start'
    }),
    facets: Type.Optional(
      Type.Array(FacetSchema, {
        description: 'Only with `facets`: the values of each facet that was asked for'
      })
    )
  },
  { $id: 'Gallery' }
)

export type GalleryPicture = Static<typeof GalleryPictureSchema>

export type Gallery = Static<typeof GallerySchema>
