import { drawingNames, drawingOf } from '../drawings.ts'
import type { Pen } from '../pen.ts'
import { match } from '../traits.ts'
import type { Trait } from '../traits.ts'
import { anyOf } from '../words.ts'
import { TOWNS } from './towns.ts'
import type { Landmark } from './towns.ts'

const VARIED: Record<string, Landmark> = TOWNS

const WORDS: Array<[RegExp, string]> = [
  [/lighthouse|beacon/, 'lighthouse'],
  [/windmill/, 'windmill'],
  [/railway|train|tram|station|funicular|viaduct|cable car/, 'railway'],
  [/eiffel|needle|spire|obelisk|communications|television|cn tower|skytree/, 'spire'],
  [/aqueduct|viaduct|arcade|colosseum|amphitheatre|arena\b|coliseum|bullring/, 'arches'],
  [/bridge|pont\b|ponte\b/, 'bridge'],
  [/volcano|crater|geyser|hot spring|fumarole|etna|vesuvius|fuji|cotopaxi|hekla/, 'volcano'],
  [/falls\b|waterfall|cascade|cataract|gullfoss/, 'waterfall'],
  [/pyramid/, 'pyramid'],
  [/ziggurat|chichén|tikal|mayan|stepped|borobudur|teotihuac|huaca\b|uxmal|copán|palenque/, 'steps'],
  [
    anyOf(
      /pagoda|shinto|shrine|torii|wat\b|stupa|angkor/,
      /buddh|monastery of the|dzong|temple|gompa|potala/
    ),
    'pagoda'
  ],
  [
    anyOf(
      /mosque|minaret|madrasa|mausoleum|taj|tomb|dome|registan|hagia/,
      /observatory|planetarium|caravanserai|palace of the shirvan/
    ),
    'domes'
  ],
  [
    anyOf(/cathedral|church|\w*kirche|basilica|abbey|monastery/, /chapel|minster|notre|convent|mission|kirk/),
    'church'
  ],
  [/castle|fort|citadel|château|alcázar|palace|kremlin|walls|kasbah|ksar|gate|bastion|schloss/, 'castle'],
  [
    anyOf(
      /ruin|column|parthenon|acropolis|forum|agora|opera|theatre|library|museum/,
      /capitol|parliament|stock|colonnade|petra|persepolis|palmyra|ephesus/
    ),
    'columns'
  ],
  [/statue|colossus|sphinx|christ the|moai|buddha|monument|liberty|sculpture|figures|heads/, 'statue'],
  [/stonehenge|standing stones|stone circle|dolmen|menhir|stelae|tombs|pillar|megalith|cairn/, 'stones'],
  [/glacier|iceberg|ice\b|antarctic|fjord of ice|ice cave|icefield|penguin/, 'ice'],
  [/desert|dune|sand|sahara|namib\b|erg\b|salt flat|salar|salt\b|oasis|wadi/, 'dunes'],
  [/canyon|gorge|badlands|mesa|valley of|rift/, 'canyon'],
  [/cave|grotto|cenote|cavern/, 'cave'],
  [
    anyOf(
      /rock|cliff|stack|pinnacle|tepui|outcrop|boulder/,
      /arch\b|karst|tsingy|needles|uluru|hoodoo|chimney/
    ),
    'rocks'
  ],
  [/mount|peak|mountain|alps|sierra|range|massif|pass\b|hill|everest|matterhorn|ridge/, 'mountains'],
  [/beach|island|atoll|lagoon|bay\b|cay|reef|cape|coast|palm|archipelago|motu/, 'island'],
  [
    anyOf(
      /lake|harbour|river|port|quay|canal|sea|boat|delta|fjord|marina/,
      /wharf|strait|pier|ships|ferry|dhow|waterfront|promenade/
    ),
    'waves'
  ],
  [/forest|wood|jungle|baobab|redwood|trees|park|reserve|bamboo|rainforest|avenue/, 'forest'],
  [/garden|orchard|vineyard|terrace|plantation|field|tea|meadow|lavender|maze/, 'garden'],
  [/hut|village|stilt|ger\b|yurt|thatch|longhouse|mud|houses of|trulli|settlement|camp/, 'huts'],
  [
    anyOf(/old town|street|houses|square|market|bazaar|souk/, /quarter|plaza|steps|medina|lane|rooftop|town/),
    'houses'
  ],
  [/tower|clock|bell|belfry|minar|campanile|torre/, 'tower'],
  [/skyline|city|skyscraper|district|building|hotel|centre|stadium|casino/, 'skyline']
]

export const LANDMARK_NAMES = [...drawingNames('landmarks'), ...Object.keys(VARIED)]

/** The name of a place's landmark, found by its words. */
export function landmarkOf(place: Trait): string {
  return match(place, WORDS, ['skyline', 'houses', 'mountains', 'forest', 'domes', 'rocks', 'waves'])
}

/** The landmark of a place on its own grid: it stands on y = 0 around x = 0 and is about 340 high. */
export function drawLandmark(pen: Pen, place: Trait): string {
  if (place.name === '') return ''
  const name = landmarkOf(place)
  return VARIED[name]?.(pen, place) ?? drawingOf('landmarks', name).draw(pen)
}
