import type { Pen } from '../pen.ts'
import { both, each } from '../repeat.ts'
import { blob, ellipse, path, polygon, rectangle, ribbon } from '../svg.ts'
import { anyOf } from '../words.ts'

type Tool = (pen: Pen) => string

/** Each tool on its own grid: the hand is at 0, 0, y is negative upwards, and the tool is about 260 long. */
export const TOOLS: Record<string, Tool> = {
  hammer: (pen) =>
    pen.limb('M0 40V-150', 'accentDark', 22) +
    pen.solid(rectangle(-66, -200, 132, 62, 10), 'ink', { depth: 0 }),
  brush: (pen) =>
    pen.limb('M0 60V-120', 'accentDark', 18) +
    pen.solid(rectangle(-20, -160, 40, 46), 'paper', { depth: 0.3 }) +
    pen.solid(blob([-24, -160], [-20, -220], [0, -260], [20, -220], [24, -160]), 'accent', { depth: 0.4 }),
  quill: (pen) =>
    pen.solid(blob([0, 40], [-36, -80], [10, -250], [70, -290], [60, -140], [14, 0]), 'paper', {
      depth: 0.5
    }) + pen.line('M-6 70L44 -250', 'accentDark', 8),
  book: (pen) =>
    pen.solid(polygon([-120, -150], [0, -120], [120, -150], [120, 20], [0, 50], [-120, 20]), 'accent', {
      depth: 0.3
    }) +
    pen.solid(polygon([-104, -158], [0, -130], [104, -158], [104, 2], [0, 32], [-104, 2]), 'paper', {
      depth: 0.3
    }) +
    pen.line('M0 -130V32M-80 -110L-24 -96M-80 -70L-24 -56M24 -96L80 -110M24 -56L80 -70', 'farDark', 7),
  ladle: (pen) =>
    pen.limb('M0 60V-170', 'ink', 16) +
    pen.solid('M-62 -180H62A62 62 0 0 1 -62 -180Z', 'ink', { depth: 0 }) +
    pen.flat(ellipse(0, -180, 62, 14), 'accent'),
  rod: (pen) =>
    pen.line('M-10 70L60 -330', 'accentDark', 14) +
    pen.line('M60 -330Q150 -260 130 -110', 'ink', 4) +
    pen.flat(ellipse(130, -100, 18), 'accent'),
  net: (pen) =>
    pen.limb('M0 70V-140', 'accentDark', 16) +
    pen.line(ellipse(0, -210, 76), 'ink', 13) +
    pen.line(
      'M-60 -250L60 -170M-70 -200L20 -140M-20 -282L70 -210M60 -250L-60 -170M70 -200L-20 -140',
      'paper',
      5
    ),
  basket: (pen) =>
    pen.line('M-80 30Q0 -150 80 30', 'accentDark', 16) +
    pen.solid(polygon([-104, 20], [104, 20], [78, 140], [-78, 140]), 'accent', {
      depth: 0.5,
      inside: pen.line('M-100 60H100M-90 100H90M-50 20L-40 140M0 20V140M50 20L40 140', 'accentDark', 8)
    }),
  lantern: (pen) =>
    pen.line('M0 0V36', 'ink', 10) +
    pen.line(ellipse(0, 30, 30), 'ink', 9) +
    pen.solid(rectangle(-52, 66, 104, 120, 14), 'ink', { depth: 0 }) +
    pen.flat(rectangle(-38, 82, 76, 88, 8), 'accent') +
    pen.flat(ellipse(0, 128, 20, 32), 'paper'),
  broom: (pen) =>
    pen.limb('M0 150V-150', 'accentDark', 18) +
    pen.solid(polygon([-36, 140], [36, 140], [84, 270], [-84, 270]), 'accent', {
      depth: 0.4,
      inside: pen.line('M-30 140L-56 270M0 140V270M30 140L56 270', 'accentDark', 8)
    }),
  shears: (pen) =>
    pen.line('M-34 60L44 -190M34 60L-44 -190', 'ink', 20) +
    pen.line(ellipse(-44, 84, 28), 'accent', 15) +
    pen.line(ellipse(44, 84, 28), 'accent', 15),
  wrench: (pen) =>
    pen.limb('M0 50V-140', 'ink', 30) +
    pen.flat('M-56 -150A60 60 0 1 1 56 -150L26 -176V-220H-26V-176Z', 'ink'),
  telescope: (pen) =>
    pen.solid(polygon([-30, 30], [30, 30], [40, -110], [-40, -110]), 'accentDark', { depth: 0.5 }) +
    pen.solid(polygon([-46, -100], [46, -100], [54, -250], [-54, -250]), 'accent', { depth: 0.5 }) +
    pen.flat(ellipse(0, -250, 54, 16), 'paper'),
  magnifier: (pen) =>
    pen.limb('M0 50V-90', 'accentDark', 24) +
    pen.flat(ellipse(0, -170, 76), 'paper', 0.6) +
    pen.line(ellipse(0, -170, 76), 'ink', 18),
  violin: (pen) =>
    pen.solid(
      blob(
        [-64, 30],
        [-74, -50],
        [-34, -80],
        [-60, -150],
        [0, -186],
        [60, -150],
        [34, -80],
        [74, -50],
        [64, 30],
        [0, 60]
      ),
      'accent',
      { depth: 0.7 }
    ) +
    pen.line('M0 -20V-310', 'ink', 22) +
    pen.line('M-110 70L120 -210', 'paper', 7),
  drum: (pen) =>
    pen.solid(rectangle(-92, -60, 184, 150), 'accent', {
      depth: 0.5,
      inside: pen.line('M-92 -60L-46 90L0 -60L46 90L92 -60', 'paper', 9)
    }) + pen.solid(ellipse(0, -60, 92, 28), 'paper', { depth: 0 }),
  horn: (pen) =>
    pen.solid(
      ribbon(
        [
          [0, 50],
          [10, -70],
          [0, -190]
        ],
        [24, 34, 120]
      ),
      'accent',
      { depth: 0.5 }
    ) + pen.flat(ellipse(0, -196, 62, 18), 'accentDark'),
  camera: (pen) =>
    pen.solid(rectangle(-96, -110, 192, 130, 18), 'ink', { depth: 0 }) +
    pen.solid(ellipse(0, -44, 48), 'accent', { depth: 0.4 }) +
    pen.flat(ellipse(0, -44, 26), 'paper') +
    pen.flat(rectangle(-34, -140, 68, 36, 8), 'ink'),
  crook: (pen) => pen.line('M0 200V-220Q0 -310 70 -300Q120 -284 100 -230', 'accentDark', 22),
  umbrella: (pen) =>
    pen.line('M0 80V-230', 'ink', 14) +
    pen.solid(
      path`
        M-190 -190C-180 -350 180 -350 190 -190Q142 -230 95 -190Q48 -230 0 -190
        Q-48 -230 -95 -190Q-142 -230 -190 -190Z
      `,
      'accent',
      { depth: 0.7 }
    ),
  saw: (pen) =>
    pen.solid(rectangle(-34, -20, 68, 90, 22), 'accentDark', { depth: 0.4 }) +
    pen.flat('M-30 -20L-30 -260L6 -260L34 -20Z', 'paper') +
    pen.line('M-30 -30V-256', 'ink', 8),
  spade: (pen) =>
    pen.limb('M0 130V-150', 'accentDark', 20) +
    pen.line('M-34 -160H34', 'accentDark', 20) +
    pen.flat(blob([-60, 120], [60, 120], [58, 210], [0, 270], [-58, 210]), 'ink'),
  can: (pen) =>
    pen.solid(rectangle(-70, 0, 130, 130, 12), 'accent', { depth: 0.5 }) +
    pen.line('M-40 0Q-6 -90 40 0', 'accentDark', 15) +
    pen.limb('M60 100L150 10', 'accent', 22) +
    pen.line('M150 -20L176 30', 'accentDark', 20),
  oar: (pen) =>
    pen.limb('M0 210V-180', 'accentDark', 18) + pen.solid(ellipse(0, -240, 42, 84), 'accent', { depth: 0.4 }),
  needle: (pen) =>
    pen.line('M0 40V-200', 'ink', 11) +
    pen.line('M0 -190Q90 -160 60 -60T130 60', 'accent', 8) +
    pen.solid(rectangle(96, 46, 70, 84, 10), 'accent', { depth: 0.4 }),
  scales: (pen) =>
    pen.line('M0 40V-170M-110 -150H110', 'accentDark', 14) +
    both(
      (side) =>
        pen.line(`M${side * 110} -150L${side * 150} -50M${side * 110} -150L${side * 70} -50`, 'ink', 5) +
        pen.flat(`M${side * 110 - 56} -50H${side * 110 + 56}A56 50 0 0 1 ${side * 110 - 56} -50Z`, 'accent')
    ),
  letter: (pen) =>
    pen.solid(rectangle(-110, -120, 220, 150, 8), 'paper', { depth: 0.3 }) +
    pen.line('M-106 -116L0 -30L106 -116', 'farDark', 9) +
    pen.flat(ellipse(0, -30, 24), 'accent'),
  bell: (pen) =>
    pen.line('M0 20V-20', 'accentDark', 26) +
    pen.solid('M-84 -30H84Q60 -60 54 -130Q40 -200 0 -204Q-40 -200 -54 -130Q-60 -60 -84 -30Z', 'accent', {
      depth: 0.6
    }) +
    pen.flat(ellipse(0, -20, 20), 'ink'),
  cup: (pen) =>
    pen.solid('M-76 -110H76L60 30H-60Z', 'paper', { depth: 0.6 }) +
    pen.line('M76 -80Q130 -70 66 -10', 'paper', 16) +
    pen.flat(ellipse(0, -110, 76, 18), 'accentDark') +
    pen.line('M-20 -150Q-44 -190 -16 -220M24 -150Q0 -190 28 -220', 'paper', 9),
  palette: (pen) =>
    pen.solid(
      blob([-130, -40], [-90, -140], [60, -150], [140, -70], [70, 10], [10, 0], [-40, 60]),
      'accentDark',
      { depth: 0.4 }
    ) +
    each(
      [
        [-70, -80, 'body'],
        [-10, -110, 'cloth'],
        [56, -90, 'paper'],
        [76, -40, 'accent']
      ],
      ([x, y, role]) => pen.flat(ellipse(x, y, 22), role)
    ),
  flag: (pen) =>
    pen.line('M0 110V-300', 'ink', 13) +
    pen.solid('M6 -296Q70 -340 130 -296T230 -300V-170Q170 -140 130 -170T6 -170Z', 'accent', { depth: 0.6 }),
  flask: (pen) =>
    pen.solid('M-24 -210H24V-110L92 40Q96 60 70 60H-70Q-96 60 -92 40L-24 -110Z', 'paper', {
      depth: 0.4,
      inside: pen.flat(rectangle(-110, -40, 220, 110), 'accent')
    }) +
    pen.flat(ellipse(-20, -10, 12), 'paper') +
    pen.flat(ellipse(26, 20, 9), 'paper'),
  pin: (pen) =>
    pen.limb('M-70 -70L70 -70', 'accent', 58) +
    pen.limb('M-130 -70L-90 -70M90 -70L130 -70', 'accentDark', 24),
  bread: (pen) =>
    pen.solid(blob([-120, -20], [-100, -110], [100, -110], [120, -20], [0, 20]), 'accent', { depth: 0.7 }) +
    pen.line('M-60 -40L-30 -92M0 -40L30 -92M60 -40L86 -84', 'paper', 11),
  axe: (pen) =>
    pen.limb('M0 110V-200', 'accentDark', 20) +
    pen.flat('M0 -210Q80 -230 110 -170V-100Q70 -90 0 -120Z', 'ink'),
  wheel: (pen) =>
    pen.line(ellipse(0, -90, 110), 'accentDark', 22) +
    each([0, 45, 90, 135], (turn) =>
      pen.line(
        path`
          M${-104 * Math.cos((turn * Math.PI) / 180)} ${-90 - 104 * Math.sin((turn * Math.PI) / 180)}
          L${104 * Math.cos((turn * Math.PI) / 180)} ${-90 + 104 * Math.sin((turn * Math.PI) / 180)}
        `,
        'accentDark',
        10
      )
    ) +
    pen.flat(ellipse(0, -90, 24), 'accent'),
  scroll: (pen) =>
    pen.solid(rectangle(-86, -180, 172, 220), 'paper', { depth: 0.3 }) +
    pen.limb('M-100 -184H100M-100 44H100', 'accent', 30) +
    pen.line('M-54 -130Q0 -150 50 -120M-54 -80Q10 -100 54 -70M-50 -30L20 -20', 'farDark', 8),
  stethoscope: (pen) =>
    pen.line('M-60 -160Q-70 -40 0 -20Q70 -40 60 -160M0 -20Q0 70 90 60', 'ink', 13) +
    pen.flat(ellipse(104, 56, 30), 'accent'),
  suitcase: (pen) =>
    pen.line('M-40 30Q-40 -20 0 -20Q40 -20 40 30', 'accentDark', 16) +
    pen.solid(rectangle(-110, 26, 220, 150, 18), 'accent', {
      depth: 0.5,
      inside:
        pen.flat(rectangle(-70, 26, 24, 150), 'accentDark') +
        pen.flat(rectangle(46, 26, 24, 150), 'accentDark')
    }),
  microphone: (pen) =>
    pen.solid(polygon([-22, 60], [22, 60], [36, -90], [-36, -90]), 'ink', { depth: 0 }) +
    pen.solid(ellipse(0, -130, 58), 'accent', {
      depth: 0.6,
      inside: pen.line('M-60 -150H60M-60 -120H60M-20 -190V-70M20 -190V-70', 'accentDark', 6)
    })
}

export const TOOL_WORDS: Array<[RegExp, keyof typeof TOOLS]> = [
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
