import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { html } from 'ghtml'
import { FACETS, facetKey } from '../../../lib/dress/facets.ts'
import type { Databases } from '../../../lib/dress/databases.ts'
import type { SeriesRegistry } from '../../../lib/dress/series-registry.ts'
import { FACET_VALUES_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import type { Assets } from '../assets.ts'
import { renderHead, renderPageBar } from '../head.ts'
import { pageResponses, sendPage } from '../send-page.ts'
import { FIRST_VALUES, renderFilterForm } from './form.ts'
import { filterQuery, withQuery } from './links.ts'
import { FILTER_PARAMETERS, readFilter } from './query.ts'

const NAMES = FACETS.map(({ name }) => name)

export interface FilterRouteOptions {
  gallery: Pick<PictureIndex, 'page' | 'facets'>
  series: Pick<SeriesRegistry, 'hidden'>
  databases: Pick<Databases, 'rows'>
  assets: Assets
}

const schema = {
  hide: true,
  querystring: Type.Object({
    ...FILTER_PARAMETERS,
    all: Type.Optional(Type.Array(Type.String(), { description: 'Facets to show with all values' }))
  }),
  response: pageResponses
}

/** `GET /preview/filter`: the form that chooses what the pictures of the list have, with counts. */
export const filterRoute: FastifyPluginAsyncTypebox<FilterRouteOptions> = async (
  fastify,
  { gallery, series, databases, assets }
) => {
  const { base } = assets
  const colors = new Map(
    databases.rows.colors.map((row) => {
      const [name = '', hex = ''] = row.split(',')
      return [facetKey(name), hex.trim()]
    })
  )

  fastify.get('/filter', { schema, config: { isCostly: true } }, async ({ query }, reply) => {
    const { all = [], ...parameters } = query
    const filter = readFilter(parameters)
    const expanded = NAMES.filter((name) => all.includes(name))
    const without = await series.hidden()
    const asked = {
      without,
      text: filter.text,
      chosen: filter.chosen,
      ...(filter.series !== '' && { series: filter.series })
    }
    const [{ total }, first, whole] = await Promise.all([
      gallery.page({ ...asked, order: 'newest', limit: 1 }),
      gallery.facets({
        ...asked,
        facets: NAMES.filter((name) => !expanded.includes(name)),
        limit: FIRST_VALUES
      }),
      expanded.length === 0 ? [] : gallery.facets({ ...asked, facets: expanded, limit: FACET_VALUES_MAX })
    ])
    const counts = new Map([...first, ...whole].map((facet) => [facet.name, facet]))
    const facets = NAMES.flatMap((name) => counts.get(name) ?? [])
    const isEmpty = total === 0 && (await gallery.page({ order: 'newest', limit: 1, without })).total === 0
    const colorOf = (name: string) => colors.get(name)
    const form = renderFilterForm({ base, filter, total, isEmpty, facets, expanded, colorOf })
    return await sendPage(reply, renderPage(form, withQuery(`${base}/preview`, filterQuery(filter)), assets))
  })
}

/** @param back the URL of the list with the filter as it is */
function renderPage(form: string, back: string, assets: Assets): string {
  const head = {
    title: 'Filter – dalleserver',
    description: 'Choose pictures by what they are made of.',
    assets,
    styles: ['filter.css'],
    script: 'filter-page.js'
  }
  return html`<!doctype html>
<html lang="en">
!${renderHead(head)}
<body>
<a class="skip" href="#content">Skip to the content</a>
!${renderPageBar(assets, back)}
<main id="content" class="filter-page" tabindex="-1">!${form}</main>
</body>
</html>
`
}
