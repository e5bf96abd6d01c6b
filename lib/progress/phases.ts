/** The phases that do the work, in order. */
export const WORK_PHASES = [
  'setup',
  'base_prompts',
  'enhance_prompt',
  'image_prep',
  'image_wait',
  'image_download',
  'annotate'
] as const

/** All phases as a snapshot lists them: the work, then how it ended. */
export const PHASES = [...WORK_PHASES, 'failed', 'completed'] as const

export type WorkPhase = (typeof WORK_PHASES)[number]
export type Phase = (typeof PHASES)[number]
