import type { Picture, PictureIndex } from '../../lib/engine/pictures.ts'

export interface Neighbours {
  newer: Picture | undefined
  older: Picture | undefined
}

/** Older than every picture. */
const END = { address: '', bytes: 0, modifiedMs: -1 }

/**
 * The pictures before and after one in the list of the gallery, which goes on from each series to the next.
 * @param without series that the list leaves out
 */
export async function findNeighbours(
  picture: Picture,
  gallery: Pick<PictureIndex, 'neighbours' | 'page'>,
  without: ReadonlySet<string>
): Promise<Neighbours> {
  const { newer, older } = await gallery.neighbours(picture)
  const isInside = newer !== undefined && older !== undefined
  if (isInside || without.has(picture.series)) return { newer, older }
  const { series } = await gallery.page({ order: 'series', limit: 1, without })
  const at = series.findIndex(({ name }) => name === picture.series)
  return {
    newer: newer ?? (await lastOf(series[at - 1]?.name)),
    older: older ?? (await firstOf(at < 0 ? undefined : series[at + 1]?.name))
  }

  async function firstOf(name: string | undefined): Promise<Picture | undefined> {
    if (name === undefined) return undefined
    return (await gallery.page({ order: 'newest', series: name, limit: 1 })).pictures[0]
  }

  async function lastOf(name: string | undefined): Promise<Picture | undefined> {
    return name === undefined ? undefined : (await gallery.neighbours({ series: name, ...END })).newer
  }
}
