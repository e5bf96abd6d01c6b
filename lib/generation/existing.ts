import { randomUUID } from 'node:crypto'
import { seedOf } from '../dress/attributes.ts'
import type { Databases } from '../dress/databases.ts'
import { describeDress, prepareDress } from '../dress/dress.ts'
import { withFilledSlots } from '../dress/slots.ts'
import { EDITION } from '../image/local/edition.ts'
import type { Averages, RunView } from '../engine/engine.ts'
import type { PictureFile } from '../engine/pictures.ts'
import type { StoredPictures } from '../pictures/stored.ts'
import { createRunProgress } from '../progress/run.ts'
import type { RunProgress } from '../progress/run.ts'
import type { Records } from '../records/store.ts'
import type { DalleDress } from '../schemas/dress.ts'
import type { ImageRecord } from '../schemas/image-record.ts'
import type { Provider, Snapshot } from '../schemas/progress.ts'
import type { Series } from '../schemas/series.ts'
import { artifactPath, isAddress } from '../storage/layout.ts'
import type { Artifacts } from './artifacts.ts'
import { makesPicture } from './orders.ts'

const NO_DATABASES = { version: '', hash: '' }
const NO_PROMPTS = { prompt: '', data: '', title: '', terse: '' }

interface ExistingOptions {
  databases: Databases
  artifacts: Pick<Artifacts, 'readDress' | 'readProvider'>
  pictures: Pick<StoredPictures, 'find' | 'findStandIn'>
  records: Pick<Records, 'read'>
  averages: Averages
  /** The provider of pictures that do not record one. */
  provider: Provider
  /** Whether the built-in artist draws: the same dress gives the same picture. */
  isBuiltIn?: boolean
}

/** Describes pictures and stand-ins that exist. */
export function createExisting(options: ExistingOptions) {
  const { databases, artifacts, pictures, records, averages, provider, isBuiltIn = false } = options

  /** The dress that a picture was made from, with the size and time of the file. What is not recorded is empty. */
  async function dressOf({ suffix }: Pick<Series, 'suffix'>, name: string): Promise<DalleDress> {
    const dress = await artifacts.readDress(unknownDress(suffix, name))
    const isRecorded = dress.attributes.length > 0 && dress.prompt !== ''
    const record = isRecorded ? undefined : (await records.read(suffix, name))?.record
    const complete = record === undefined ? dress : withRecord(dress, record)
    return withFile(complete, await pictures.find(suffix, name))
  }

  /** Who drew a picture. Metadata of the Go server and of older versions do not name a provider, or only `openai`. */
  async function drawerOf({ downloadMode, series, seed }: DalleDress): Promise<Provider> {
    if (downloadMode === '') return provider
    return (await artifacts.readProvider(series, seed)) ?? (downloadMode === 'local' ? 'local' : 'openai')
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
    if (last?.failed === false && makesPicture(last)) return { ...last.snapshot(), cacheHit: true }
    const dress = await dressOf(series, address)
    const run = cacheHit(dress, await drawerOf(dress), counts)
    return { ...run.snapshot(), cacheHit: true }
  }

  /**
   * Whether a picture is what the built-in artist draws today: its edition drew it, from the dress that series and
   * databases give today. False where that is not known.
   * @param dress that of `dressOf`
   */
  async function isDrawnToday(series: Series, dress: DalleDress): Promise<boolean> {
    const { original: address, ipfsHash } = dress
    if (ipfsHash === '' || !isAddress(address)) return false
    const record = (await records.read(series.suffix, address))?.record
    if (record?.provider !== 'local' || record.artist !== EDITION) return false
    try {
      const today = withFilledSlots(prepareDress(databases, series, address).dress)
      return drawnFrom(today) === drawnFrom(dress)
    } catch {
      return false
    }
  }

  return {
    dressOf,
    drawerOf,
    ofPicture,
    isDrawnToday,

    /** Whether a new run would draw the same picture again. `dress` is that of `dressOf`. */
    wouldRepeat: async (series: Series, dress: DalleDress): Promise<boolean> =>
      isBuiltIn && (await isDrawnToday(series, dress)),

    /** The same for a stand-in; undefined when there is none. */
    async ofStandIn(
      series: Series,
      address: string,
      last: RunView | undefined,
      counts = true
    ): Promise<Snapshot | undefined> {
      const file = await pictures.findStandIn(series.suffix, address)
      if (file === undefined) return undefined
      if (last?.failed === false && makesPicture(last)) return await ofPicture(series, address, last, counts)
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

/** What the built-in artist and the caption read of a dress. */
function drawnFrom({ seed, attributes, prompt, titlePrompt, tersePrompt, colorLimit }: DalleDress): string {
  const values = attributes.map(({ name, value }) => [name, value])
  return JSON.stringify([seed, values, prompt, titlePrompt, tersePrompt, colorLimit])
}

function withFile(dress: DalleDress, file: PictureFile | undefined): DalleDress {
  const bytes = file?.bytes ?? 0
  // Another program may have replaced the file that the CID was recorded of.
  const isRecorded = file !== undefined && bytes === dress.fileSize
  return {
    ...dress,
    fileSize: bytes,
    modifiedAt: Math.floor((file?.modifiedMs ?? 0) / 1000),
    ipfsHash: isRecorded ? dress.ipfsHash : ''
  }
}

/**
 * The dress of a picture as far as its name says it. Today's databases and series may not be those that it was made
 * from, so they say nothing about it.
 */
function unknownDress(series: string, name: string): DalleDress {
  const seed = isAddress(name) ? seedOf(name) : name
  return describeDress(NO_DATABASES, { suffix: series }, { name, seed }, [], NO_PROMPTS)
}

/** The dress with what its own files do not say, from the record of the image. */
function withRecord(
  dress: DalleDress,
  { input, provider, prompts, selectedRecords, database }: ImageRecord
): DalleDress {
  const texts = Object.entries({ ...prompts }).filter(([name]) => name in dress)
  const missing = texts.filter(([name]) => dress[name as keyof DalleDress] === '')
  const drawnBy = dress.downloadMode === '' && provider === 'local' ? { downloadMode: 'local' as const } : {}
  const withPrompts: DalleDress = { ...dress, ...drawnBy, ...Object.fromEntries(missing) }
  if (dress.attributes.length > 0) return withPrompts
  const attributes = selectedRecords.map(
    ({ attribute: name, database, rowIndex: selector, record: value }) => {
      return { database, name, bytes: '', number: 0, factor: 0, count: 0, selector, value }
    }
  )
  return withFilledSlots({
    ...withPrompts,
    ...(!isAddress(dress.original) && { original: input, originalName: input }),
    attributes,
    selectedTokens: attributes.map(({ name }) => name),
    databaseVersion: database.version,
    databaseHash: database.archiveHash
  })
}
