import { Value } from '@sinclair/typebox/value'
import type { Prompts } from '../dress/prompts.ts'
import { withFilledSlots } from '../dress/slots.ts'
import { DalleDressSchema } from '../schemas/dress.ts'
import type { DalleDress } from '../schemas/dress.ts'
import { PROVIDER_PATTERN } from '../schemas/progress.ts'
import type { Provider } from '../schemas/progress.ts'
import { archivedCopies } from '../storage/archived-copies.ts'
import type { Files } from '../storage/files.ts'
import { FOLDERS, PROMPT_BYTES_MAX, RECORD_BYTES_MAX } from '../storage/layout.ts'
import { archivedPath, artifactPath, inOutput, metadataPath } from '../storage/layout.ts'
import type { Artifact } from '../storage/layout.ts'

/** All prompts of a picture. The enhanced one is empty when no language model was used. */
export type KeptPrompts = Prompts & { enhanced: string }

const PROMPT_ARTIFACTS = [
  'data',
  'title',
  'terse',
  'prompt',
  'technical',
  'enhanced'
] as const satisfies ReadonlyArray<keyof KeptPrompts & Artifact>

const PROVIDER = new RegExp(PROVIDER_PATTERN)

/** A folder under the name of a file of a run must not make every run fail. */
const OVER_FOLDERS = { setAside: true }

export type Artifacts = ReturnType<typeof createArtifacts>

/** The files that a run writes beside the annotated picture. */
export function createArtifacts(
  files: Pick<Files, 'read' | 'readText' | 'write' | 'remove' | 'archive' | 'stat' | 'list' | 'statAll'>
) {
  const pathOf = (artifact: Artifact, series: string, address: string) =>
    inOutput(artifactPath(artifact, series, address))

  /** A file that is too long counts as missing: every snapshot would contain it. */
  async function readPrompt(
    artifact: Artifact,
    series: string,
    address: string
  ): Promise<string | undefined> {
    return await files.readText(pathOf(artifact, series, address), { maxBytes: PROMPT_BYTES_MAX })
  }

  const archived = (path: string, copy: number) => archivedPath(FOLDERS.archives, path, copy)

  return {
    /**
     * Copies a picture that a run replaces to `archives/`, with its prompts and records, all under one number; and the
     * prompts and records of a picture that was removed. What is copied stays where it is. A second call does nothing.
     */
    async archivePicture(series: string, address: string, seed: string): Promise<void> {
      const path = pathOf('annotated', series, address)
      const picture = await files.read(path)
      const copies = await archivedCopies(files, path)
      const newest = copies[0]
      const isNew =
        picture !== undefined &&
        !(newest !== undefined && (await files.read(newest.path))?.equals(picture) === true)
      const copy = isNew ? Math.max(0, ...copies.map(({ number }) => number)) + 1 : newest?.number
      if (copy === undefined) return
      const artifacts = [...PROMPT_ARTIFACTS, 'selector' as const]
      const texts = [
        ...artifacts.map((artifact) => pathOf(artifact, series, address)),
        inOutput(metadataPath(series, seed))
      ]
      for (const text of texts) {
        const bytes = await files.read(text)
        const isThere = (await files.stat(archived(text, copy))) !== undefined
        if (bytes !== undefined && !isThere) await files.write(archived(text, copy), bytes)
      }
      // The picture comes last: where it lies in the archive, the rest does too.
      if (isNew) await files.write(archived(path, copy), picture)
    },

    /** The prompts that an earlier run wrote. */
    async readPrompts(series: string, address: string): Promise<Partial<KeptPrompts>> {
      const texts = await Promise.all(
        PROMPT_ARTIFACTS.map(
          async (artifact) => [artifact, await readPrompt(artifact, series, address)] as const
        )
      )
      return Object.fromEntries(texts.filter(([, text]) => text !== undefined && text !== ''))
    },

    /** The enhanced prompt, if it was written after a Unix time in milliseconds. */
    async readEnhanced(series: string, address: string, sinceMs: number): Promise<string | undefined> {
      const stat = await files.stat(pathOf('enhanced', series, address))
      if (stat === undefined || stat.mtimeMs < sinceMs) return undefined
      return (await readPrompt('enhanced', series, address)) || undefined
    },

    /** Writes the given prompts, except empty ones. */
    async writePrompts(series: string, address: string, prompts: Partial<KeptPrompts>): Promise<void> {
      await Promise.all(
        Object.entries(prompts)
          .filter(([, text]) => text !== '')
          .map(([artifact, text]) =>
            files.write(pathOf(artifact as Artifact, series, address), text, OVER_FOLDERS)
          )
      )
    },

    /** Removes the enhanced prompt, so that a later run asks for a new one. */
    async removeEnhanced(series: string, address: string): Promise<void> {
      await files.remove(pathOf('enhanced', series, address))
    },

    /** Writes a drawing. It may have another format than the name of its file says. */
    async writeGenerated(series: string, address: string, image: Uint8Array): Promise<void> {
      await files.write(pathOf('generated', series, address), image, OVER_FOLDERS)
    },

    /** The drawing of an earlier attempt of the same run; undefined if there is none. */
    async readGenerated(series: string, address: string): Promise<Buffer | undefined> {
      return await files.read(pathOf('generated', series, address))
    },

    /** Moves the drawing of an earlier run to `archives/`. */
    async archiveGenerated(series: string, address: string): Promise<void> {
      await files.archive(pathOf('generated', series, address))
    },

    /** Writes the dress of a picture. Call it before the picture itself is written. */
    async writeDress(dress: DalleDress): Promise<void> {
      const selector = `${JSON.stringify(withFilledSlots(dress), null, 2)}\n`
      await files.write(pathOf('selector', dress.series, dress.original), selector, OVER_FOLDERS)
    },

    /** Who drew a picture, by its metadata; undefined where they do not say. */
    async readProvider(series: string, seed: string): Promise<Provider | undefined> {
      const text = await files.readText(inOutput(metadataPath(series, seed)), { maxBytes: RECORD_BYTES_MAX })
      try {
        const { provider } = JSON.parse(text ?? '{}') as { provider?: unknown }
        return typeof provider === 'string' && PROVIDER.test(provider) ? provider : undefined
      } catch {
        return undefined
      }
    },

    /**
     * The dress that a picture was made from. Fields that are not on disk come from `today`.
     * @param today the dress that the databases and the series give now
     */
    async readDress(today: DalleDress): Promise<DalleDress> {
      const { series, original: address } = today
      const [selector, prompts] = await Promise.all([
        files.readText(pathOf('selector', series, address), { maxBytes: RECORD_BYTES_MAX }),
        this.readPrompts(series, address)
      ])
      const dress = { ...today, ...parseDress(selector, today) }
      return withFilledSlots({ ...dress, ...asFields(prompts) })
    }
  }
}

/** The prompts as fields of a dress. */
export function asFields(prompts: Partial<KeptPrompts>): Partial<DalleDress> {
  const { data, title, terse, prompt, enhanced } = prompts
  return Object.fromEntries(
    Object.entries({
      dataPrompt: data,
      titlePrompt: title,
      tersePrompt: terse,
      prompt,
      enhancedPrompt: enhanced
    }).filter(([, text]) => text !== undefined)
  )
}

/** The fields of a stored dress; none when it is unreadable or belongs to another picture. */
function parseDress(json: string | undefined, today: DalleDress): Partial<DalleDress> {
  try {
    const { generatedPath, annotatedPath, ...fields } = JSON.parse(json ?? '') as Partial<DalleDress>
    const kept = { databaseVersion: '', databaseHash: '', ...fields }
    return Value.Check(DalleDressSchema, { ...today, ...kept }) && fields.original === today.original
      ? kept
      : {}
  } catch {
    return {}
  }
}
