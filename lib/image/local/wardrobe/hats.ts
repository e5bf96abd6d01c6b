import { anyOf } from '../words.ts'

/** The drawing of the hat that words of an occupation mean. */
export const HAT_WORDS: Array<[RegExp, string]> = [
  [/toque|chef|cook\b|baker|pastry|confection|pancake|pizza|noodle|dumpling/, 'toque'],
  [/top hat|conjur|magician|ringmaster|undertaker|chimney|impresario/, 'topHat'],
  [
    anyOf(
      /captain|pilot|purser|conductor|station|porter|admiral|bellhop|chauffeur|peaked|customs/,
      /coastguard|ferryman|steward|policeman|usher|postman|postal|doorman|ticket|driver|mate\b|helms/
    ),
    'peakedCap'
  ],
  [/conical|rice|paddy|tea picker/, 'conical'],
  [
    anyOf(
      /straw|farmer|gardener|beekeeper|picker|grower|gondol/,
      /shepherd|vintner|orchard|planter|florist|honey/
    ),
    'straw'
  ],
  [
    anyOf(
      /hard hat|builder|engineer|miner|welder|crane|construction|bridge/,
      /dam\b|scaffold|surveyor|helmet|steeplejack|turbine|electrician|fire/
    ),
    'hardHat'
  ],
  [/astronaut|diver|cosmonaut|space|spaceship|aquanaut|bathyscaph/, 'bubble'],
  [
    anyOf(
      /beret|painter|artist|sculptor|printmaker|ceramic/,
      /onion|mime|cartoonist|illustrat|muralist|engraver/
    ),
    'beret'
  ],
  [
    anyOf(
      /bowler|bank|clerk|butler|accountant|detective/,
      /inspector|tailor|hatter|auctioneer|notary|barber/
    ),
    'bowler'
  ],
  [
    anyOf(
      /cowboy|gaucho|drover|rancher|prospector|ranger|archaeolog|palaeont/,
      /explorer|safari|geolog|naturalist|wide-brimmed|sombrero|vaquero|guide/
    ),
    'wideBrim'
  ],
  [
    anyOf(
      /fisher|sailor|docker|trawler|oyster|lobster|whaler|skier/,
      /sherpa|ski\b|snow|dock|rigger|warehouse|skateboard|graffiti/
    ),
    'beanie'
  ],
  [/fur|ice|arctic|polar|reindeer|mitten|earflap|glaciolog|sled|husky|trapper/, 'earflaps'],
  [/headlamp|head torch|caver|spelunk|potholer|lamp on|coal/, 'headlamp'],
  [
    anyOf(
      /professor|teacher|scholar|librarian|historian|philosoph|mathemat/,
      /linguist|lexico|translator|archivist|judge|tutor|astronom/
    ),
    'mortarboard'
  ],
  [/goggle|aviator|balloon|racing|motor|glider|stunt|inventor|airship|aeronaut/, 'flightCap'],
  [/poet|singer|dancer|musician|athlete|orator|composer|actor|gymnast|herald|bard/, 'laurel'],
  [
    anyOf(
      /kerchief|laundress|weaver|washer|seamstress|spinner/,
      /bandan|pirate|milkmaid|cleaner|maid\b|dyer|potter/
    ),
    'kerchief'
  ],
  [
    anyOf(
      /cap\b|mechanic|newspaper|caddie|coach|groom|jockey|cobbler/,
      /\w*smith|plumber|printer|projection|street|sweeper|cooper/
    ),
    'flatCap'
  ]
]
