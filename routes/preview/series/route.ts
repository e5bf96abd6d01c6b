import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Databases } from '../../../lib/dress/databases.ts'
import type { SeriesRegistry } from '../../../lib/dress/series-registry.ts'
import { seriesVersion } from '../../../lib/dress/series-record.ts'
import { SEARCH_CHARACTERS_MAX } from '../../../lib/engine/pictures.ts'
import type { PictureIndex } from '../../../lib/engine/pictures.ts'
import type { Series } from '../../../lib/schemas/series.ts'
import { pathSafe } from '../../../lib/storage/layout.ts'
import { findAddress } from '../../../lib/typed-address.ts'
import type { ChangeRules } from '../actions.ts'
import type { Assets } from '../assets.ts'
import { pageResponses, sendPage } from '../send-page.ts'
import { renderChoice } from './choice.ts'
import { renderSeriesForm } from './form.ts'
import { renderSeriesList } from './list.ts'
import { offeredSeries } from './offered.ts'
import { renderSeriesPage } from './page.ts'
import { SAMPLES, renderSamples } from './samples.ts'

/** The address of the samples while the visitor has entered none. */
const SAMPLE = '0xf503017d7baf7fbc0fff7492b751025c6a78179b'

export interface SeriesRouteOptions {
  registry: Pick<SeriesRegistry, 'entry' | 'entries' | 'list'>
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
    new: Type.Optional(Type.String({ description: 'A new series' })),
    saved: Type.Optional(Type.String({ description: 'The visitor has just made the series' })),
    part: Type.Optional(
      Type.Unsafe<'choice'>({
        type: 'string',
        enum: ['choice'],
        description: 'Only what the chooser of the gallery shows'
      })
    ),
    address: Type.Optional(
      Type.String({ maxLength: SEARCH_CHARACTERS_MAX, description: 'The address of the sample pictures' })
    )
  }),
  response: pageResponses
}

/**
 * `GET /preview/series`: all series, hidden ones too; with `name`, `from` or `new`, the form of one; with
 * `part=choice`, the series that a picture can be made in.
 */
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
    return page('Series', renderSeriesList({ base, entries, pictures, needs: rules.needs, notice }))
  }

  /** @param typed an address as a visitor types it; without one, that of the examples */
  async function renderOffered(typed: string): Promise<string> {
    const series = (await registry.list()).map(offeredSeries)
    return renderChoice({ base, series, address: findAddress(typed)?.toLowerCase() ?? SAMPLE })
  }

  function renderNew(start: Series): string {
    const series = { ...start, suffix: '', deleted: false }
    const { needs } = rules
    const form = renderSeriesForm({ base, series, version: '', databases, kind: 'new', needs, samples: '' })
    return page('New series', form)
  }

  fastify.get('/series', { schema, config: { isCostly: true } }, async ({ query }, reply) => {
    const { name, from, new: isNew, saved, part, address = '' } = query
    if (part === 'choice') return await sendPage(reply, await renderOffered(address))
    const wanted = name ?? from
    if (wanted === undefined) {
      return await sendPage(reply, isNew === undefined ? await renderList('') : renderNew({ suffix: '' }))
    }
    const entry = await registry.entry(pathSafe(wanted))
    if (entry === undefined) {
      return await sendPage(reply.code(404), await renderList(noSeries(wanted)))
    }
    const { series, file } = entry
    if (name === undefined) return await sendPage(reply, renderNew(series))
    const kind = file === undefined ? 'builtin' : 'own'
    const version = seriesVersion(series)
    const newest = await gallery.page({ order: 'newest', limit: SAMPLES, series: series.suffix })
    const samples = renderSamples({ base, series, page: newest, isNew: saved !== undefined })
    const { needs } = rules
    const form = renderSeriesForm({ base, series, version, databases, kind, needs, samples })
    return await sendPage(reply, page(series.suffix, form))
  })
}

function noSeries(wanted: string): string {
  return wanted.trim() === '' ? 'The link names no series.' : `There is no series ${wanted}.`
}
