import { measureLoads } from '../clients/load.ts'
import { addressOf, seriesOf } from '../inputs/many-pictures.ts'
import type { Bench } from '../part.ts'
import { visitGallery } from '../parts/gallery.ts'
import { createGrowth } from './growth.ts'
import type { Growth } from './growth.ts'

const COUNTS = [1_000, 5_000, 20_000, 100_000]

export async function growPictures(bench: Bench): Promise<Growth> {
  const growth = createGrowth({ name: 'pictures', of: 'pictures', isLogarithmic: true })
  for (const count of COUNTS) {
    const { service, figures } = await visitGallery(bench, count)
    growth.add(count, 'start to listening', 'ms', figures.listenMs)
    growth.add(count, 'first view right after it', 'ms', figures.firstMs)
    growth.add(count, 'a page of the gallery', 'ms', figures.pageMs)
    growth.add(count, 'a search', 'ms', figures.searchMs)
    growth.add(count, 'memory', 'MB', figures.residentMb)
    const target = { pid: service.pid, after: service.emptyLog }
    const loads = await measureLoads(bench, {
      gallery: { ...target, url: `${service.url}/v1/gallery` },
      picture: { ...target, url: `${service.url}/dalle/${seriesOf(7)}/${addressOf(7)}` }
    })
    growth.add(count, 'CPU of a JSON page', 'µs', loads.gallery.cpuUs)
    growth.add(count, 'CPU of a cached picture', 'µs', loads.picture.cpuUs)
    await service.stop()
  }
  return growth.end()
}
