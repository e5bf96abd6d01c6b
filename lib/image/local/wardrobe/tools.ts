import { anyOf } from '../words.ts'

/** The drawing of the tool that words of an occupation mean. */
export const TOOL_WORDS: Array<[RegExp, string]> = [
  [/bread|loaf|baker|bagel/, 'bread'],
  [/rolling pin|pastry|noodle|dough|tortilla|pancake|dumpling|pizza/, 'pin'],
  [/cook|chef|soup|ladle|stew|kitchen|brew|jam\b|sauce|spoon|porridge|cheese|pickle/, 'ladle'],
  [
    anyOf(
      /hammer|\w*smith|cobbler|carpent|roof|anvil|nail|wheelwright/,
      /shoemak|blacksmith|mason|chisel|carver|sculpt|stone/
    ),
    'hammer'
  ],
  [/saw\b|joiner|cabinet|lumber|luthier|wood/, 'saw'],
  [/axe|forester|tree feller/, 'axe'],
  [/palette|artist|portrait|painter/, 'palette'],
  [/brush|paint|lacquer|glaze|gild|varnish|enamel|conservator|restor|calligraph/, 'brush'],
  [
    anyOf(/quill|scribe|poet|writer|author|novel|playwright|clerk|stenograph|journal|editor|speech|ink/),
    'quill'
  ],
  [/map|cartograph|survey|scroll|archaeolog|treaty|navigator|historian|archivist|guide\b/, 'scroll'],
  [/book|librar|professor|teacher|scholar|translator|lexico|philosoph|tutor/, 'book'],
  [/fishing|angler|fly fisher|fisher|fishmonger/, 'rod'],
  [/net\b|butterfl|entomolog|cockle|shrimp|oyster|pearl|lobster|crab/, 'net'],
  [/lantern|lamp|lighthouse|watchman|miner|caver|torch/, 'lantern'],
  [/broom|sweep|cleaner|janitor|street/, 'broom'],
  [/scissor|shears|tailor|barber|hairdress|topiar|hedge|prun|florist|shear|gardener|vine|paper/, 'shears'],
  [
    anyOf(
      /needle|sew|stitch|embroider|seamstress|lace|thread|quilt/,
      /sail|weav|loom|knit|spin|dye|tapestry|milliner|hat/
    ),
    'needle'
  ],
  [/wrench|spanner|mechanic|engineer|plumber|bicycle|machinist|turbine|robot|electric|pipe/, 'wrench'],
  [/telescope|astronom|star|observ|lookout|captain|sailor|pirate|coast/, 'telescope'],
  [
    anyOf(
      /magnif|detective|inspector|jewell|gem|watch|clock|botan/,
      /biolog|geolog|fossil|stamp|coin|forensic|palaeont/
    ),
    'magnifier'
  ],
  [/violin|cello|fiddle|luth|string|guitar|sitar|lute|harp|banjo|music|orchestra|kora/, 'violin'],
  [/drum|percussion|tabla|taiko|timpan/, 'drum'],
  [/trumpet|horn|tuba|bugle|flute|sax|trombone|herald|crier|piper|bagpipe|oboe|clarinet/, 'horn'],
  [/sing|micro|radio|announcer|comedian|host|actor|compère|sound|voice|auction/, 'microphone'],
  [/camera|photo|film|projection|director|cinema|documentar/, 'camera'],
  [/shepherd|goat|herd|drover|cowboy|sheep|llama|reindeer|goose|camel/, 'crook'],
  [/umbrella|parasol|rain|weather|meteorolog|puppet/, 'umbrella'],
  [/spade|dig|shovel|farmer|trench|clam|grave|potato|peat|salt|truffle/, 'spade'],
  [/water|plant|grower|nursery|orchard|bonsai|seed|tulip|garden/, 'can'],
  [/oar|paddle|row|gondol|ferry|raft|canoe|kayak|boat|punt/, 'oar'],
  [/scales|weigh|merchant|spice|judge|apothec|trader|banker|grocer|market/, 'scales'],
  [/letter|post|mail|courier|messenger|telegra|notary|diplomat/, 'letter'],
  [/bell|ringer|ringmaster|hotel|porter|butler|school/, 'bell'],
  [/tea|coffee|barista|waiter|waitress|café|cup|potter|ceramic|sommelier|milk/, 'cup'],
  [/flag|signal|semaphore|usher|referee|race|conductor|guard|starter/, 'flag'],
  [/flask|chemist|alchem|perfum|lab|pharma|scient|brewer|physic|micro|glass/, 'flask'],
  [/wheel|spinn|helms|wagon|cart|driver|pilot|charioteer|coach|truck|lorry|bus|tram/, 'wheel'],
  [/doctor|nurse|vet|midwife|surgeon|medic|dentist|physician|paramedic|herbal/, 'stethoscope'],
  [/basket|pick|harvest|gather|honey|bee|fruit|egg|mushroom|berry|forag/, 'basket'],
  [/luggage|travel|travelling|purser|steward|pedlar|salesman|agent|explorer/, 'suitcase']
]
