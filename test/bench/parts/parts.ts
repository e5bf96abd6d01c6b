import { growthParts } from '../growth/part.ts'
import type { Part } from '../part.ts'
import { answers } from './answers.ts'
import { avatars } from './avatars.ts'
import { busy } from './busy.ts'
import { gallery } from './gallery.ts'
import { pictures } from './pictures.ts'
import { pieces } from './pieces.ts'
import { provider } from './provider.ts'
import { runs } from './runs.ts'
import { start } from './start.ts'

/** All parts, in the order in which they are measured. */
export const PARTS: readonly Part[] = [
  pictures,
  answers,
  start,
  gallery,
  provider,
  runs,
  busy,
  pieces,
  avatars,
  ...growthParts
]
