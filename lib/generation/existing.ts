import type { Databases } from '../dress/databases.ts'
import { prepareDress } from '../dress/dress.ts'
import type { PictureFile } from '../engine/pictures.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import { randomUUID } from 'node:crypto'
import type { Averages, RunView } from '../engine/engine.ts'
import { createRunProgress } from '../progress/run.ts'
import type { RunProgress } from '../progress/run.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { Provider, Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import { artifactPath } from '../storage/layout.ts'
import type { Artifacts } from './artifacts.ts'

interface ExistingOptions {
  databases: Databases
  artifacts: Pick<Artifacts, 'readDress' | 'readProvider'>
  pictures: Pick<StoredPictures, 'find' | 'findStandIn'>
  averages: Averages
  /** The provider of pictures that do not record one. */
  provider: Provider
}

/** Describes pictures and stand-ins that exist. */
export function createExisting({ databases, artifacts, pictures, averages, provider }: ExistingOptions) {
  /** The dress that a picture was made from, with the size and time of the file. */
  async function dressOf(series: Series, address: string): Promise<DalleDress> {
    const { dress } = prepareDress(databases, series, address)
    return withFile(await artifacts.readDress(dress), await pictures.find(series.suffix, address))
  }

  /** Who drew a picture. Metadata of the Go server and of older versions do not name a provider, or only `openai`. */
  async function drawerOf({ downloadMode, series, seed }: DalleDress): Promise<Provider> {
    if (downloadMode === 'local') return 'local'
    if (downloadMode === '') return provider
    return (await artifacts.readProvider(series, seed)) ?? 'openai'
  }

  /**
   * A completed run for a picture that exists already. No engine keeps it.
   * @param counts whether it counts as a cache hit
   */
  function cacheHit(dress: DalleDress, drawnBy: Provider, counts: boolean): RunProgress {
    if (counts) averages.addCacheHit()
    const run = createRunProgress({
      runId: randomUUID(),
      series: dress.series,
      address: dress.original,
      provider: drawnBy,
      dress,
      averages,
      now: () => Date.now() * 1e6,
      onChange: () => {}
    })
    run.completeFromCache()
    return run
  }

  /**
   * The snapshot of a picture that exists: of its run while the tracker remembers it, else from the files.
   * @param last the newest run of the picture
   * @param counts false when the request does not count as a cache hit
   */
  async function ofPicture(
    series: Series,
    address: string,
    last: RunView | undefined,
    counts = true
  ): Promise<Snapshot> {
    if (last?.failed === false) return { ...last.snapshot(), cacheHit: true }
    const dress = await dressOf(series, address)
    const run = cacheHit(dress, await drawerOf(dress), counts)
    return { ...run.snapshot(), cacheHit: true }
  }

  return {
    dressOf,
    ofPicture,

    /** The same for a stand-in; undefined when there is none. */
    async ofStandIn(
      series: Series,
      address: string,
      last: RunView | undefined,
      counts = true
    ): Promise<Snapshot | undefined> {
      const file = await pictures.findStandIn(series.suffix, address)
      if (file === undefined) return undefined
      if (last?.failed === false) return await ofPicture(series, address, last, counts)
      const { dress } = prepareDress(databases, series, address)
      const standIn: DalleDress = {
        ...withFile(await artifacts.readDress(dress), file),
        downloadMode: 'local',
        annotatedPath: artifactPath('standin', series.suffix, address)
      }
      const run = cacheHit(standIn, 'local', counts)
      run.degrade('The built-in artist drew a stand-in while the provider was away')
      return { ...run.snapshot(), cacheHit: true }
    }
  }
}

function withFile(dress: DalleDress, file: PictureFile | undefined): DalleDress {
  return {
    ...dress,
    fileSize: file?.bytes ?? 0,
    modifiedAt: Math.floor((file?.modifiedMs ?? 0) / 1000)
  }
}
