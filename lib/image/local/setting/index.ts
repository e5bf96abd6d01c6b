import { backdropOf } from '../backdrop.ts'
import { landmarkOf } from '../landmark/index.ts'
import type { Pen } from '../pen.ts'
import type { Traits } from '../traits.ts'
import { FLOORS } from './floor.ts'
import type { FloorName, Room } from './floor.ts'
import { FOREGROUNDS } from './foreground.ts'
import type { ForegroundName, Near } from './foreground.ts'

/** A place that a picture has: either a room or a country. */
export interface Setting {
  isIndoors: boolean
  floor: FloorName
  foreground: ForegroundName
}

const room = (floor: FloorName, foreground: ForegroundName): Setting => ({
  isIndoors: true,
  floor,
  foreground
})
const country = (floor: FloorName, foreground: ForegroundName): Setting => ({
  isIndoors: false,
  floor,
  foreground
})

/** The settings of back styles that are places. */
const BY_BACKDROP: Record<string, Setting> = {
  curtain: room('planks', 'carpet'),
  lattice: room('checker', 'pots'),
  shelves: room('rug', 'carpet'),
  checks: room('checker', 'pots'),
  tiles: room('checker', 'pots'),
  room: room('rug', 'carpet'),
  cracks: room('stones', 'rocks'),
  scraps: room('planks', 'pots'),
  stage: room('planks', 'carpet'),
  windows: room('planks', 'carpet'),
  sea: country('waves', 'waves'),
  dunes: country('ripples', 'rocks'),
  forest: country('leaves', 'ferns'),
  blossoms: country('grass', 'flowers'),
  hills: country('furrows', 'grass'),
  clouds: country('snow', 'clouds'),
  towers: country('cobbles', 'flowers'),
  falls: country('pool', 'reeds'),
  stairs: country('steps', 'flowers'),
  bubbles: country('ripples', 'seaweed'),
  awnings: country('cobbles', 'fence')
}

/** The settings of places, by their landmark, where the back style is none. */
const BY_LANDMARK: Record<string, Setting> = {
  arches: country('stones', 'rocks'),
  bridge: country('waves', 'reeds'),
  canyon: country('ripples', 'rocks'),
  cave: country('stones', 'rocks'),
  castle: country('grass', 'grass'),
  church: country('cobbles', 'flowers'),
  columns: country('steps', 'rocks'),
  domes: country('checker', 'flowers'),
  dunes: country('ripples', 'drift'),
  forest: country('leaves', 'ferns'),
  garden: country('furrows', 'flowers'),
  houses: country('cobbles', 'fence'),
  huts: country('grass', 'fence'),
  ice: country('snow', 'drift'),
  island: country('waves', 'ferns'),
  lighthouse: country('waves', 'waves'),
  mountains: country('grass', 'flowers'),
  pagoda: country('leaves', 'reeds'),
  pyramid: country('ripples', 'rocks'),
  railway: country('stones', 'grass'),
  rocks: country('stones', 'grass'),
  skyline: country('cobbles', 'flowers'),
  spire: country('dots', 'flowers'),
  statue: country('dots', 'flowers'),
  steps: country('steps', 'ferns'),
  stones: country('grass', 'grass'),
  tower: country('cobbles', 'fence'),
  volcano: country('stones', 'ferns'),
  waterfall: country('pool', 'ferns'),
  waves: country('waves', 'waves'),
  windmill: country('furrows', 'reeds')
}

export const settingOf = ({ backStyle, place }: Pick<Traits, 'backStyle' | 'place'>): Setting =>
  BY_BACKDROP[backdropOf(backStyle)] ?? BY_LANDMARK[landmarkOf(place)]!

export const drawFloor = (pen: Pen, { floor }: Setting, room: Room, traits: Traits): string =>
  FLOORS[floor](pen, room, traits.place.random())

export const drawForeground = (pen: Pen, { foreground }: Setting, near: Near, traits: Traits): string =>
  FOREGROUNDS[foreground](pen, near, traits.backStyle.random())
