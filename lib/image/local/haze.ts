import type { Palette, Role } from './palette.ts'
import { mixedTone } from './tone.ts'

/** How far the colours of what is furthest away turn to that of the sky, and those of the landmark. */
const HAZE = { night: 0.62, day: 0.45, landmark: 0.3 }

/** The colours of some roles mixed with that of the sky. */
const towardsSky = (palette: Palette, shares: Partial<Record<Role, number>>): Palette => ({
  ...palette,
  ...Object.fromEntries(
    Object.entries(shares).map(([role, share]) => [
      role,
      mixedTone(palette[role as Role], palette.sky, share)
    ])
  )
})

/** The palette of what is furthest away: its colours are between those of the distance and that of the sky. */
export function hazed(palette: Palette): Palette {
  const haze = palette.isNight ? HAZE.night : HAZE.day
  return towardsSky(palette, {
    skyLow: haze,
    far: haze,
    farDark: haze,
    accent: 0.3,
    cloth: haze,
    paper: palette.isNight ? 0.6 : 0.35
  })
}

/** The palette of the landmark: calm tones of the distance, so that the figure before it stands out. */
export function distant(palette: Palette): Palette {
  const tones = towardsSky(palette, {
    far: HAZE.landmark,
    farDark: HAZE.landmark,
    accent: 0.5,
    accentDark: 0.5,
    paper: 0.6,
    front: 0.3
  })
  return { ...tones, ink: tones.farDark, cloth: tones.far, clothDark: tones.farDark, body: tones.far }
}
