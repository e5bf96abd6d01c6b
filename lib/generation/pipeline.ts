import type { Databases } from '../dress/databases.ts'
import type { Outfit } from '../dress/dress.ts'
import type { Artist } from '../image/artist.ts'
import { captionImage } from '../image/caption.ts'
import { embedProvenance } from '../image/provenance.ts'
import { decodeImage } from '../image/raster.ts'
import type { Studio } from '../image/studio.ts'
import type { RunProgress } from '../progress/run.ts'
import type { Series } from '../schemas/series.ts'
import type { Images } from '../storage/images.ts'
import { abortable } from './abortable.ts'
import { asFields } from './artifacts.ts'
import type { Artifacts } from './artifacts.ts'
import { describeImage } from './metadata.ts'

export interface PipelineParts {
  artist: Artist
  studio: Studio
  artifacts: Artifacts
  images: Pick<Images, 'put'>
  databases: Databases
  /** Whether the prompts may be read from the picture. */
  embedPrompt: boolean
}

/**
 * One run from its dress to the picture on disk. Progress is told to `run`. The signal ends it between any two steps; once the
 * finished picture is being put in place nothing stops it any more, so a run either ends with its picture or leaves no trace of one.
 * @throws ServiceError, or the signal's reason
 */
export async function makePicture (
  { artist, studio, artifacts, images, databases, embedPrompt }: PipelineParts,
  run: RunProgress, series: Series, { dress, prompts: fresh }: Outfit, signal: AbortSignal
): Promise<void> {
  const { series: name, original: address } = dress

  run.begin('setup')
  const kept = await abortable(artifacts.readPrompts(name, address), signal)

  run.begin('base_prompts')
  const prompts = { ...fresh, enhanced: '', ...kept }
  Object.assign(dress, asFields(prompts))
  const missing = Object.fromEntries(Object.entries(fresh).filter(([artifact]) => !(artifact in kept)))
  await abortable(artifacts.writePrompts(name, address, missing), signal)

  run.begin('enhance_prompt')
  run.skip()

  run.begin('image_prep')
  const composition = artist.compose(dress)

  run.begin('image_wait')
  const drawing = await abortable(composition.draw(signal), signal)

  run.begin('image_download')
  dress.downloadMode = drawing.downloadMode
  const bytes = await abortable(drawing.download(signal), signal)
  const { raster, png } = await abortable(studio.work(() => decodeImage(bytes), signal), signal)
  const provenance = { dress, provider: artist.provider, withPrompts: embedPrompt }
  await abortable(artifacts.writeGenerated(name, address, embedProvenance(png, provenance)), signal)

  run.begin('annotate')
  const captioned = await abortable(studio.work(() => captionImage(raster, dress.tersePrompt), signal), signal)
  const annotated = embedProvenance(captioned, provenance)
  dress.fileSize = annotated.length
  dress.modifiedAt = Math.floor(Date.now() / 1000)
  const metadata = describeImage({ dress, technicalPrompt: prompts.technical, series, databases, provider: artist.provider })
  await abortable(artifacts.writeRecords({ ...dress, completed: true }, metadata), signal)
  signal.throwIfAborted()
  await images.put(name, address, annotated)
}
