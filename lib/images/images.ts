import { addressOfSeed } from '../dress/seed-dress.ts'
import type { PictureIndex } from '../engine/pictures.ts'
import { errors, quote } from '../errors.ts'
import type { ServiceError } from '../errors.ts'
import type { Ensured, Generation } from '../generation/generation.ts'
import { isBelowOutput } from '../records/artifact-paths.ts'
import { describeImage, identify } from '../records/describe.ts'
import { notKept } from '../records/store.ts'
import type { Records, StoredRecord } from '../records/store.ts'
import type {
  ExportRequest,
  ExportResult,
  GenerateResult,
  ImageMetadataRecord,
  ImageRequest,
  RestoreResult
} from '../schemas/images.ts'
import type { Files } from '../storage/files.ts'
import { inOutput, isAddress, isPictureName, isSeriesName } from '../storage/layout.ts'
import { exportTexts } from './export.ts'
import { resolveRequest } from './request.ts'
import type { RequestParts, ResolvedRequest } from './request.ts'
import { backStyleOf, failureOf, listed, refusalOf, resultOf, satisfies } from './results.ts'
import { createVersions, targetOf } from './versions.ts'
import type { ImageTarget } from './versions.ts'

export interface ImagesOptions extends RequestParts {
  records: Records
  files: Pick<
    Files,
    'list' | 'read' | 'stat' | 'statAll' | 'readText' | 'move' | 'write' | 'isLink' | 'exclusively'
  >
  /** The data folder, absolute. */
  root: string
  generation: Pick<Generation, 'ensureOrder' | 'ended' | 'snapshot' | 'dressOf'>
  pictures: Pick<PictureIndex, 'recheck'>
  /** Whether this process may change the data folder. */
  mayWork: () => boolean
  /** Why nothing can be kept in the data folder now, if so. */
  checkFolder: (series: string) => Promise<ServiceError | undefined>
}

/** How a request asks. `admit` is called before something is changed; what it throws, the call throws. */
export interface Asking {
  admit: () => void
}

export interface GenerateAsking extends Asking {
  client: string
  /** Counts the run that starts. */
  count: () => Promise<void>
  /** Called when the answer will have to wait for a run. */
  onWait: () => void
  /** Ends the wait. The run goes on. */
  signal: AbortSignal
  /** Resolves when the answer must not wait any longer; absent waits for the end of the run. */
  patience?: Promise<void> | undefined
}

/** A run that has not ended. */
export interface Pending {
  imageId: string
  series: string
  seed: string
}

export type Images = ReturnType<typeof createImages>

/** The images of /v1: what is made of a text, and what is done with it afterwards. */
export function createImages(options: ImagesOptions) {
  const { records, generation, pictures, databases, root, files } = options
  const versions = createVersions({ files, root })
  let turn: Promise<unknown> = Promise.resolve()

  /** One change of the archive after the other in all processes, so that no two move the same files. */
  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = turn.then(async () => await files.exclusively('images', work))
    turn = result.catch(() => {})
    return await result
  }

  async function find(id: string): Promise<StoredRecord> {
    if (id === '') throw errors.ofV1('invalid_input', 'image ID is required')
    const found = await records.find(id)
    if (found === undefined) throw missing(id)
    return found
  }

  function demandTurn(): void {
    if (options.mayWork()) return
    throw errors.unavailable('Nothing can be changed now', 'The server stops, or waits for the data folder')
  }

  /** @throws SERVICE_UNAVAILABLE while a run works on the files */
  async function demandRest({ series, name }: ImageTarget): Promise<void> {
    if ((await generation.snapshot(series, name))?.done !== false) return
    throw errors.unavailable('A run works on this image', 'Ask again when it has ended')
  }

  /** The record that satisfies a request; undefined if something must be made. */
  async function findDone({ series, order }: ResolvedRequest): Promise<StoredRecord | undefined> {
    const found = await records.read(series.suffix, order.seed)
    if (found === undefined || satisfies(found.record, order)) return found
    const refusal = refusalOf(found.record, databases)
    if (refusal !== undefined) throw refusal
    return undefined
  }

  /** Waits for a run and reads its record. */
  async function resultOfRun(
    resolved: ResolvedRequest,
    { outcome, snapshot, retryAfter }: Ensured,
    { signal, patience, onWait }: GenerateAsking
  ): Promise<GenerateResult | Pending> {
    const { order, series, name, prepared } = resolved
    if (outcome === 'failed') throw failureOf(snapshot, retryAfter) ?? notMade()
    onWait()
    const ending = generation.ended(series.suffix, name, snapshot.runId, signal)
    const isOver = await Promise.race([ending.then(() => true), (patience ?? ending).then(() => false)])
    if (patience !== undefined && !isOver) {
      ending.catch(() => {})
      const { seed } = prepared.dress
      const source = await records.sourceOf(series.suffix)
      const { imageId } = identify({ ...order, seed, series, source, databases })
      return { imageId, series: series.suffix, seed: order.seed }
    }
    const last = (await ending) ?? snapshot
    const failure = failureOf(last)
    if (failure !== undefined) throw failure
    const found = await records.read(series.suffix, order.seed)
    if (found === undefined) throw notMade()
    return resultOf(found)
  }

  async function generate(request: ImageRequest, asking: GenerateAsking): Promise<GenerateResult | Pending> {
    if (request.annotate === true && request.image !== true) {
      throw errors.ofV1('provider_unavailable', 'annotation requires image generation')
    }
    const resolved = await resolveRequest(options, request)
    const { series, name, order } = resolved
    const ensured = await generation.ensureOrder(
      series,
      name,
      order,
      async () => await findDone(resolved),
      { force: request.force === true, client: asking.client, admit: asking.admit, count: asking.count },
      asking.signal
    )
    if ('done' in ensured) return resultOf(ensured.done, true)
    return await resultOfRun(resolved, ensured.run, asking)
  }

  /** The request that makes an image once more. */
  async function requestFor({ record }: StoredRecord): Promise<ImageRequest> {
    const { input, series, recipe, prompts, artifacts } = record
    const seed = addressOfSeed(record.seed) ?? record.seed
    const request: ImageRequest = {
      input,
      seed,
      series: series.name,
      recipe: recipe.name,
      enhance: prompts.enhancedPrompt !== undefined,
      image: true,
      annotate: artifacts.annotated !== undefined,
      force: true
    }
    const backstyle = backStyleOf(record)
    // The digits of an address give it a backstyle. Only another one is a wish.
    const own = isAddress(seed)
      ? (await resolveRequest(options, request)).prepared.dress.attributes.at(-1)
      : undefined
    return own?.value === backstyle ? request : { ...request, backstyle }
  }

  return {
    find: async (id: string): Promise<ImageMetadataRecord> => listed(await find(id)),

    /** All records, or those of a series, as they are read. */
    async *list(series?: string): AsyncGenerator<ImageMetadataRecord> {
      for await (const stored of records.list(series)) yield listed(stored)
    },

    /**
     * The record of a request, written if there is none. It draws nothing.
     * @throws invalid_input, series_invalid, metadata_invalid, SERVICE_UNAVAILABLE
     */
    async preview(request: ImageRequest, { admit }: Asking): Promise<GenerateResult> {
      const resolved = await resolveRequest(options, request)
      const { order, series, prepared } = resolved
      const found = await records.read(series.suffix, order.seed)
      if (found !== undefined && request.force !== true) return resultOf(found)
      admit()
      demandTurn()
      const refusal = await options.checkFolder(series.suffix)
      if (refusal !== undefined) throw refusal
      const { dress, prompts } = prepared
      const record = describeImage({
        ...order,
        seed: dress.seed,
        series,
        source: await records.sourceOf(series.suffix),
        databases,
        attributes: dress.attributes,
        prompts: { ...promptFields(prompts) },
        artifacts: {},
        isCompleted: true
      })
      const keepAndWrite = async () => {
        // The record of a picture says how it was made.
        const hasPicture = Object.values(found?.record.artifacts ?? {}).some((file) => file !== undefined)
        if (found !== undefined && hasPicture) await versions.keepRecord(found.path)
        return await records.write(record)
      }
      const path = await inTurn(keepAndWrite).catch((error: unknown) => {
        throw notKept(error)
      })
      return resultOf({ path, record })
    },

    /**
     * Makes what a request asks for, unless its record has it. Resolves when the run has ended.
     * @throws invalid_input, series_invalid, regeneration_refused, provider_failed, provider_unavailable, and what a
     *   run for /dalle is refused with
     */
    generate,

    /** Makes an image once more. Requests for the same image at the same time share one run. */
    async regenerate(id: string, asking: GenerateAsking): Promise<GenerateResult | Pending> {
      return await generate(await requestFor(await find(id)), asking)
    },

    /** Moves the files and the record of an image to `archives/`. Its texts stay. */
    async remove(id: string): Promise<void> {
      demandTurn()
      await inTurn(async () => {
        const stored = await find(id)
        const target = targetOf(stored)
        await demandRest(target)
        const { generated, annotated } = stored.record.artifacts
        const paths = [generated, annotated].filter((path) => path !== undefined)
        if (!paths.every(isBelowOutput)) {
          throw errors.ofV1('invalid_input', 'image artifact path is outside the output directory')
        }
        await versions.archive(paths.map(inOutput), stored.path)
        await noteChange(target)
      })
    },

    /**
     * Puts the newest version in `archives/` back: what was there before the last redraw, or what was removed. What is
     * there now goes to the archive, so a second call changes them back. An id whose record is in the archive names
     * its version.
     * @param series of an image whose id is a seed or an address
     */
    async restore(id: string, series?: string): Promise<RestoreResult> {
      demandTurn()
      if (id === '') throw errors.ofV1('invalid_input', 'image ID is required')
      return await inTurn(async () => {
        const { target, number } = await findRestorable(id, series)
        if (!isSeriesName(target.series) || !isPictureName(target.name)) throw missing(id)
        await demandRest(target)
        const restored = await versions.restore(target, number)
        if (restored.length === 0) throw missing(id, 'no earlier version of it is in archives/')
        await noteChange(target)
        const stored = await records.read(target.series, target.seed)
        return { restored, ...(stored !== undefined && { image: listed(stored) }) }
      })
    },

    /** Writes the texts of an image below `exports/`. */
    async exportTexts(id: string, request: ExportRequest): Promise<ExportResult> {
      demandTurn()
      return await exportTexts({ files, root }, (await find(id)).record, request)
    }
  }

  async function findRestorable(
    id: string,
    series?: string
  ): Promise<{ target: ImageTarget; number?: number }> {
    const current = await records.find(id, series)
    if (current !== undefined) return { target: targetOf(current) }
    const archived = await versions.find(id, series)
    if (archived !== undefined) return archived
    // Pictures of old versions have no record.
    const address = id.toLowerCase()
    if (series !== undefined && isAddress(address)) {
      return { target: { series, name: address, seed: address } }
    }
    throw missing(id)
  }

  /** Lets the index of pictures take in what has changed on disk. */
  async function noteChange({ series, name }: ImageTarget): Promise<void> {
    if (isSeriesName(series) && isPictureName(name)) await pictures.recheck(series, name)
  }
}

/** The prompts under their names in a record. */
function promptFields(prompts: ResolvedRequest['prepared']['prompts']) {
  return {
    prompt: prompts.prompt,
    dataPrompt: prompts.data,
    titlePrompt: prompts.title,
    tersePrompt: prompts.terse,
    technicalPrompt: prompts.technical
  }
}

function missing(id: string, reason = 'no record has this id or seed') {
  return errors.ofV1('artifact_missing', 'image metadata record was not found', {
    details: `${quote(id)}: ${reason}`
  })
}

function notMade() {
  return errors.ofV1('metadata_invalid', 'the run has left no record')
}
