import { Type } from '@sinclair/typebox'
import type { FastifySchema } from 'fastify'
import { tokenSecurity } from '../../../lib/schemas/api.ts'
import { SeriesSchema } from '../../../lib/schemas/series.ts'
import { responsesOf } from '../answers.ts'

const Flag = (description: string) => Type.Optional(Type.String({ description, examples: ['1'] }))

const nameOf = (example: string) =>
  Type.Object({ name: Type.String({ description: 'The name of the series.', examples: [example] }) })

/** The body of `PUT /v1/series/<name>`. */
export const BodySchema = Type.Object(
  {
    ...SeriesSchema.properties,
    suffix: Type.Optional(Type.String({ description: 'Its name; absent, empty, or that of the path' })),
    last: Type.Optional(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }))
  },
  {
    description: 'The whole series. Keys match in any case, and unknown keys are ignored.',
    examples: [{ purpose: 'Cats and foxes in the forest', nouns: ['cat', 'fox'], places: ['forest'] }]
  }
)

/** The body of `POST /v1/series/<name>/hidden`. */
export const HiddenSchema = Type.Object(
  { hidden: Type.Optional(Type.Boolean({ description: 'Absent is the same as false' })) },
  { examples: [{ hidden: true }, { hidden: false }] }
)

const Conditions = Type.Object({
  'If-Match': Type.Optional(
    Type.String({ description: 'The change is made only if the series has this ETag.', examples: ['*'] })
  ),
  'If-None-Match': Type.Optional(
    Type.String({ description: '`*`: the change is made only if there is no such series.', examples: ['*'] })
  )
})

const oneSeries = (description: string) => {
  const { 200: ok, ...others } = responsesOf(Type.Ref('SeriesRecord'), description)
  const headers = { ETag: Type.String({ description: 'The version of the series, for `If-Match`.' }) }
  return { 200: { ...ok, headers }, ...others }
}

export const listSchema = {
  operationId: 'listSeries',
  tags: ['Series'],
  summary: 'List the series',
  description:
    'The series with their filters, by name. Hidden ones are left out unless the query asks for them.',
  querystring: Type.Object({
    includeHidden: Flag('`1` lists the hidden series too.'),
    onlyHidden: Flag('`1` lists the hidden series only.')
  }),
  response: responsesOf(Type.Array(Type.Ref('SeriesRecord')), 'The series.')
} satisfies FastifySchema

export const getSchema = {
  operationId: 'getSeries',
  tags: ['Series'],
  summary: 'Get a series',
  description: 'One series with its filters, hidden or not.',
  errors: ['series_not_found'],
  params: nameOf('simple'),
  response: oneSeries('The series.')
} satisfies FastifySchema

export const putSchema = {
  operationId: 'putSeries',
  tags: ['Series'],
  summary: 'Write a series',
  description:
    'Writes the whole series, new or not. Built-in series cannot be changed. If the filters leave no row in a ' +
    'database, the series is saved all the same and `empty` names the database.',
  security: tokenSecurity,
  errors: ['invalid_input', 'series_invalid', 'series_changed', 'SERVICE_UNAVAILABLE'],
  params: nameOf('forest'),
  requestHeaders: Conditions,
  requestBody: BodySchema,
  response: oneSeries('The series as it is now.')
} satisfies FastifySchema

export const hideSchema = {
  operationId: 'hideSeries',
  tags: ['Series'],
  summary: 'Hide or show a series',
  description: 'Hides a series of the user, or shows it again. Its pictures stay where they are.',
  security: tokenSecurity,
  errors: ['invalid_input', 'series_invalid', 'series_not_found', 'series_changed', 'SERVICE_UNAVAILABLE'],
  params: nameOf('forest'),
  requestHeaders: Conditions,
  requestBody: HiddenSchema,
  response: oneSeries('The series as it is now.')
} satisfies FastifySchema
