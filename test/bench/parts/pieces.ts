import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { photograph } from '../inputs/photograph.ts'
import { median } from '../measure.ts'
import type { Part } from '../part.ts'
import { measureProcess } from '../processes/measured.ts'

const LOADS = 7

/** Pieces of a run, each in a process of its own. */
export const pieces: Part = {
  name: 'pieces',
  about: 'databases, a dress, a drawing, a caption, the record of a run',
  measure: async (bench) => {
    const photo = join(await bench.createFolder(), 'photograph.png')
    await writeFile(photo, await photograph(40))
    const caption = await measureProcess<Piece>('caption', photo)
    const drawing = await measureProcess<Piece & { growth: number }>('picture')
    const engine = await measureProcess<EngineFigures>('engine')
    const loads: DressFigures[] = []
    for (let run = 0; run < LOADS; run += 1) loads.push(await measureProcess<DressFigures>('dress'))
    const middle = (figure: keyof DressFigures) => median(loads.map((load) => load[figure]))
    const megabytes = (value: number) => `${value.toFixed(0)} MB`
    return [
      {
        what: `loading all databases in a new process (median of ${LOADS})`,
        value: middle('loadMs'),
        unit: 'ms',
        note: megabytes(middle('megabytes'))
      },
      {
        what: `a dress with its prompts (median of ${LOADS} times 2,000)`,
        value: middle('dressMs'),
        unit: 'ms'
      },
      {
        what: 'a drawing of 1024 × 1024 by the built-in artist (median of 100)',
        value: drawing.ms,
        unit: 'ms',
        note: `${megabytes(drawing.megabytes)}; a hundred take ${drawing.growth.toFixed(1)} times as long as ten`
      },
      {
        what: 'the caption of a photographic PNG of 1024 × 1024 (median of 15)',
        value: caption.ms,
        unit: 'ms',
        note: megabytes(caption.megabytes)
      },
      {
        what: 'accepting a run (median of 1,000)',
        value: engine.acceptMs,
        unit: 'ms',
        note: `one flushed file ${engine.flushMs.toFixed(1)} ms`
      },
      { what: 'taking up 1,000 runs at the start', value: engine.startMs, unit: 'ms' }
    ]
  }
}

interface Piece {
  ms: number
  megabytes: number
}

interface EngineFigures {
  acceptMs: number
  flushMs: number
  startMs: number
}

interface DressFigures {
  loadMs: number
  megabytes: number
  dressMs: number
}
