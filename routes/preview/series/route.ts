import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Databases } from '../../../lib/dress/databases.ts'
import type { SeriesRegistry } from '../../../lib/dress/series-registry.ts'
import { seriesVersion } from '../../../lib/dress/series-record.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { pathSafe } from '../../../lib/storage/layout.ts'
import type { ChangeRules } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { pageResponses, sendPage } from '../send-page.ts'
import { renderSeriesForm } from './form.ts'
import { renderSeriesList } from './list.ts'
import { renderSeriesPage } from './page.ts'

export interface SeriesRouteOptions {
  registry: Pick<SeriesRegistry, 'entry' | 'entries'>
  databases: Databases
  gallery: Pick<PictureIndex, 'page'>
  assets: Assets
  /** What a visitor needs to change a series. */
  rules: Pick<ChangeRules, 'needs'>
}

const schema = {
  hide: true,
  querystring: Type.Object({
    name: Type.Optional(Type.String({ description: 'The series to show or edit' })),
    from: Type.Optional(Type.String({ description: 'A new series that starts as this one' })),
    new: Type.Optional(Type.String({ description: 'A new series' }))
  }),
  response: pageResponses
}

/** `GET /preview/series`: all series, hidden ones too; with `name`, `from` or `new`, the form of one. */
export const seriesRoute: FastifyPluginAsyncTypebox<SeriesRouteOptions> = async (
  fastify,
  { registry, databases, gallery, assets, rules }
) => {
  const { base } = assets
  const page = (title: string, content: string) =>
    renderSeriesPage({ title, content, assets, needs: rules.needs })

  async function renderList(notice: string): Promise<string> {
    const [entries, { series: counts }] = await Promise.all([
      registry.entries(),
      gallery.page({ order: 'newest', limit: 1 })
    ])
    const pictures = new Map(counts.map(({ name, count }) => [name, count]))
    return page('Series', renderSeriesList({ base, entries, pictures, notice }))
  }

  function renderNew(start: Series): string {
    const series = { ...start, suffix: '', deleted: false }
    const { needs } = rules
    const form = renderSeriesForm({ base, series, version: '', databases, kind: 'new', needs })
    return page('New series', form)
  }

  fastify.get('/series', { schema, config: { isCostly: true } }, async ({ query }, reply) => {
    const { name, from, new: isNew } = query
    const wanted = name ?? from
    if (wanted === undefined) {
      return await sendPage(reply, isNew === undefined ? await renderList('') : renderNew({ suffix: '' }))
    }
    const entry = await registry.entry(pathSafe(wanted))
    if (entry === undefined) {
      return await sendPage(reply.code(404), await renderList(`There is no series ${wanted}.`))
    }
    const { series, file } = entry
    if (name === undefined) return await sendPage(reply, renderNew(series))
    const kind = file === undefined ? 'builtin' : 'own'
    const version = seriesVersion(series)
    const form = renderSeriesForm({ base, series, version, databases, kind, needs: rules.needs })
    return await sendPage(reply, page(series.suffix, form))
  })
}
