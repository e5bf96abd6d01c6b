import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Value } from '@sinclair/typebox/value'
import t from 'tap'
import type { Test } from 'tap'
import { seedOf, selectAttributes } from '../../lib/dress/attributes.ts'
import { BUILT_IN_DATABASES, loadDatabases } from '../../lib/dress/databases.ts'
import type { DatabaseName, Databases } from '../../lib/dress/databases.ts'
import { prepareDress } from '../../lib/dress/dress.ts'
import { indefinite, spokenColor } from '../../lib/dress/language.ts'
import { enhancerPersona, writePrompts } from '../../lib/dress/prompts.ts'
import { createSeriesRegistry, seriesHash } from '../../lib/dress/series-registry.ts'
import { PACKAGE_ROOT } from '../../lib/package.ts'
import { DalleDressSchema } from '../../lib/schemas/dress.ts'
import type { Attribute } from '../../lib/schemas/dress.ts'
import type { Series } from '../../lib/schemas/series.ts'
import { createFiles } from '../../lib/storage/files.ts'
import { ADDRESS, temporaryFolder } from '../helper.ts'
import { missingFrom, promptFlaws, wearing } from '../tools/data-rules.ts'

const ORDER: ReadonlyArray<readonly [DatabaseName, string]> = [
  ['adverbs', 'adverb'],
  ['adjectives', 'adjective'],
  ['nouns', 'noun'],
  ['emotions', 'emotion'],
  ['occupations', 'occupation'],
  ['actions', 'action'],
  ['artstyles', 'artStyle1'],
  ['artstyles', 'artStyle2'],
  ['litstyles', 'litStyle'],
  ['colors', 'color1'],
  ['colors', 'color2'],
  ['colors', 'color3'],
  ['viewpoints', 'viewpoint'],
  ['gazes', 'gaze'],
  ['compositions', 'composition'],
  ['places', 'place'],
  ['tropes', 'trope'],
  ['backstyles', 'backStyle']
]
const DATABASES = [...new Set(ORDER.map(([database]) => database))]
const TAXONOMY = ['families', 'orders', 'classes', 'phyla']
const SERIES_FOLDER = join(PACKAGE_ROOT, 'lib/dress/series')
const EMPTY: Series = { suffix: 'empty' }

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** Addresses that look random and are the same in every run, after three at the edges of the range. */
const ADDRESSES = [
  `0x${'0'.repeat(40)}`,
  `0x${'f'.repeat(40)}`,
  ADDRESS,
  ...Array.from({ length: 200 }, (_, index) => `0x${sha256(`address ${index}`).slice(0, 40)}`)
]

async function csvLines(table: string): Promise<string[]> {
  const text = await readFile(join(BUILT_IN_DATABASES, `${table}.csv`), 'utf8')
  return text.trimEnd().split('\n')
}

async function csvRows(table: string): Promise<string[]> {
  return (await csvLines(table)).slice(1).map((line) => line.split(',').slice(1).join(','))
}

async function builtInSeries(): Promise<Series[]> {
  const names = (await readdir(SERIES_FOLDER)).filter((name) => name.endsWith('.json'))
  return await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(SERIES_FOLDER, name), 'utf8')) as Series)
  )
}

/** The rows of every database as section 4 of the contract describes them, read without the code's help. */
async function rowsByContract(): Promise<Map<DatabaseName, string[]>> {
  const rows = new Map<DatabaseName, string[]>()
  for (const database of DATABASES) rows.set(database, await csvRows(database))
  const [families, orders, classes, phyla] = (await Promise.all(TAXONOMY.map(csvRows))) as [
    string[],
    string[],
    string[],
    string[]
  ]
  const find = (table: string[], key: string) =>
    table.map((row) => row.split(',')).find(([name]) => name === key)
  rows.set(
    'nouns',
    rows.get('nouns')!.map((row) => {
      const [noun, familyKey] = row.split(',') as [string, string]
      const family = find(families, familyKey)
      const order = family && find(orders, family[1]!)
      const klass = order && find(classes, order[1]!)
      const phylum = klass && find(phyla, klass[1]!)
      return [noun, family?.[2] ?? '', order?.[2] ?? '', klass?.[2] ?? '', phylum?.[1] ?? ''].join(',')
    })
  )
  return rows
}

function attributesByContract(
  rows: Map<DatabaseName, string[]>,
  series: Series,
  address: string
): Attribute[] {
  const hex = address.slice('0x'.length)
  const digits = hex + hex.split('').reverse().join('')
  return ORDER.map(([database, name], index) => {
    const bytes = digits.slice(4 * index, 4 * index + 6)
    const number = BigInt(`0x${bytes}`)
    const filter = series[database]
    let left = rows.get(database)!
    if (filter?.length) left = left.filter((row) => filter.some((text) => row.includes(text)))
    else if (database === 'artstyles' || database === 'litstyles') {
      left = left.filter((row) => !row.includes(',sensitive,'))
    }
    if (left.length === 0) left = ['none']
    const selector = Number((number * BigInt(left.length)) / 2n ** 24n)
    return {
      database,
      name,
      bytes,
      number: Number(number),
      factor: Number(number) / 16_777_216,
      count: left.length,
      selector,
      value: left[selector]!
    }
  })
}

const databases = await loadDatabases(BUILT_IN_DATABASES)

/** The built-in databases with the rows of some of them exchanged. */
function databasesWith(rows: Partial<Record<DatabaseName, string[]>>): Databases {
  return { ...databases, rows: { ...databases.rows, ...rows } }
}

function attributeOf(
  series: Omit<Series, 'suffix'>,
  name: string,
  from = databases,
  address = ADDRESS
): Attribute {
  return selectAttributes(from, { suffix: 'some', ...series }, address).find(
    (attribute) => attribute.name === name
  )!
}

t.test('an address decides eighteen attributes in every built-in series', async (t) => {
  const rows = await rowsByContract()
  for (const series of await builtInSeries()) {
    const wrong = ADDRESSES.filter((address) => {
      const found = selectAttributes(databases, series, address)
      return JSON.stringify(found) !== JSON.stringify(attributesByContract(rows, series, address))
    })
    t.same(wrong, [], series.suffix)
  }
  t.same(selectAttributes(databases, EMPTY, ADDRESS), attributesByContract(rows, EMPTY, ADDRESS))
})

t.test('the rows chosen for one address stay what they were when this was written', async (t) => {
  const attributes = selectAttributes(databases, EMPTY, ADDRESS)
  t.equal(seedOf(ADDRESS), 'f503017d7baf7fbc0fff7492b751025c6a78179bb97187a6c520157b2947fff0')
  t.same(
    attributes.map(({ bytes }) => bytes),
    [
      'f50301',
      '017d7b',
      '7baf7f',
      '7fbc0f',
      '0fff74',
      '7492b7',
      'b75102',
      '025c6a',
      '6a7817',
      '179bb9',
      'b97187',
      '87a6c5',
      'c52015',
      '157b29',
      '2947ff',
      'fff0cb',
      'cbf7fa',
      'fab7d7'
    ]
  )
  t.same(
    attributes.map(({ selector }) => selector),
    [1186, 5, 860, 256, 36, 387, 340, 4, 75, 13, 107, 78, 32, 3, 6, 1416, 35, 41]
  )
  t.same(
    attributes.map(({ value }) => value.split(',')[0]),
    [
      'unmistakably',
      'amphibious',
      'highwayman',
      'kilig',
      'ballet dancer',
      'picking tea',
      'natural history plate',
      'Amish quilting',
      'biography',
      'cadetblue',
      'orchid',
      'lightslategray',
      'telephoto view',
      'at a passing butterfly',
      'a low horizon',
      'the Ġgantija temples',
      'the self-fulfilling prophecy',
      'an underwater haze of [{Color3}] with bubbles outlined in the idiom of [{ArtStyle2}]'
    ]
  )
})

t.test('a filter keeps the rows that contain one of its strings', async (t) => {
  const all = databases.rows.emotions.length
  const few = databasesWith({
    adverbs: ['boldly,with no fear of how it might turn out', 'shyly,from behind the door'],
    emotions: [
      'hygge,calm,positive,Danish,candles',
      'joy,joy,positive,English,a fizz',
      'toska,longing,negative,Russian,an ache'
    ]
  })
  t.match(attributeOf({ adverbs: ['boldly'] }, 'adverb', few), {
    count: 1,
    selector: 0,
    value: 'boldly,with no fear of how it might turn out'
  })
  t.match(
    attributeOf({ adverbs: ['might turn'] }, 'adverb', few),
    { count: 1, value: /^boldly,/ },
    'anywhere in the row'
  )
  t.match(
    attributeOf({ emotions: ['toska', 'hygge,calm'] }, 'emotion', few, `0x${'0'.repeat(40)}`),
    { count: 2, value: /^hygge,/ },
    'several strings are alternatives, the rows keep their order'
  )
  t.match(
    attributeOf({ nouns: [',bird,'] }, 'noun'),
    { value: /,bird,chordate$/ },
    'a noun is filtered by its taxonomy too'
  )
  t.match(attributeOf({ adverbs: ['BOLDLY'] }, 'adverb', few), { value: 'none' }, 'case counts')
  t.match(attributeOf({ places: ['Kinderdijk'] }, 'place'), { count: 1, value: /Kinderdijk/ })
  t.match(attributeOf({ tropes: ['banana'] }, 'trope'), { count: 1, value: /banana/ })
  t.equal(attributeOf({ emotions: null }, 'emotion').count, all, 'null keeps all')
  t.equal(attributeOf({ emotions: [] }, 'emotion').count, all, 'an empty list keeps all')
  t.equal(attributeOf({}, 'emotion').count, all, 'none given keeps all')
  t.match(
    attributeOf({ emotions: ['no such feeling'] }, 'emotion'),
    { count: 1, selector: 0, value: 'none' },
    'nothing left is the single row none'
  )
})

t.test('a style marked sensitive is chosen only where a filter asks for it', async (t) => {
  const marked = databasesWith({
    artstyles: ['plain style,group,,what it does', 'sacred style,group,sensitive,what it does'],
    litstyles: ['sacred verse,sensitive,what it does', 'plain verse,,what it does'],
    tropes: ['a trope,sensitive,what it does']
  })
  for (const name of ['artStyle1', 'artStyle2', 'litStyle']) {
    const chosen = ADDRESSES.map((address) => attributeOf({}, name, marked, address))
    t.same(
      [...new Set(chosen.map(({ count, value }) => `${count} ${value.split(' ')[0]}`))],
      ['1 plain'],
      name
    )
    const asked = ADDRESSES.map((address) =>
      attributeOf({ artstyles: ['style'], litstyles: ['verse'] }, name, marked, address)
    )
    t.same(
      new Set(asked.map(({ count, value }) => `${count} ${value.split(' ')[0]}`)),
      new Set(['2 plain', '2 sacred']),
      `${name} with a filter`
    )
  }
  t.match(attributeOf({}, 'trope', marked), { value: /^a trope/ }, 'other databases know no such mark')
  t.match(attributeOf({}, 'artStyle1', databasesWith({ artstyles: ['sacred style,group,sensitive,x'] })), {
    value: 'none'
  })
  t.equal(
    attributeOf({ artstyles: [',sensitive,'] }, 'artStyle1').count,
    databases.rows.artstyles.filter((row) => row.includes(',sensitive,')).length
  )
})

t.test('a dress has every field that the contract lists', async (t) => {
  const series: Series = { suffix: 'simple', colorLimit: 'three' }
  const { dress, prompts } = prepareDress(databases, series, ADDRESS)
  t.same([...Value.Errors(DalleDressSchema, dress)], [])
  t.same(
    Object.keys(dress).sort(),
    [
      'original',
      'originalName',
      'fileName',
      'fileSize',
      'modifiedAt',
      'seed',
      'prompt',
      'dataPrompt',
      'titlePrompt',
      'tersePrompt',
      'enhancedPrompt',
      'attributes',
      'seedChunks',
      'selectedTokens',
      'selectedRecords',
      'imageUrl',
      'generatedPath',
      'annotatedPath',
      'downloadMode',
      'ipfsHash',
      'cacheHit',
      'completed',
      'series',
      'colorLimit',
      'databaseVersion',
      'databaseHash'
    ].sort()
  )
  t.match(dress, {
    original: ADDRESS,
    originalName: ADDRESS,
    fileName: ADDRESS,
    seed: seedOf(ADDRESS),
    series: 'simple',
    colorLimit: 'three',
    databaseVersion: 'v1.0.0',
    databaseHash: databases.hash,
    enhancedPrompt: '',
    completed: false,
    cacheHit: false,
    downloadMode: '',
    generatedPath: `simple/generated/${ADDRESS}.png`,
    annotatedPath: `simple/annotated/${ADDRESS}.png`,
    prompt: prompts.prompt,
    dataPrompt: prompts.data,
    titlePrompt: prompts.title,
    tersePrompt: prompts.terse
  })
  t.same(
    dress.seedChunks,
    dress.attributes.map(({ bytes }) => bytes)
  )
  t.same(
    dress.selectedTokens,
    ORDER.map(([, name]) => name)
  )
  t.same(
    dress.selectedRecords,
    dress.attributes.map(({ value }) => value)
  )

  const kept = structuredClone(dress)
  dress.completed = true
  dress.attributes.forEach((attribute) => {
    attribute.value = 'spoilt'
  })
  dress.selectedRecords.length = 0
  t.same(
    prepareDress(databases, series, ADDRESS).dress,
    kept,
    'a run that changes its dress changes no other'
  )
})

const BASE = wearing(selectAttributes(databases, EMPTY, ADDRESS), {
  noun: databases.rows.nouns.find((row) => row.startsWith('sea otter,'))!
})

/** The base dress with some attributes' rows exchanged. */
const dressedIn = (rows: Record<string, string>) => wearing(BASE, rows)

const nameOf = (row: string) => row.split(',')[0]!
const nameIn = (attributes: readonly Attribute[], wanted: string) =>
  nameOf(attributes.find(({ name }) => name === wanted)!.value)

t.test('prompts', async (t) => {
  t.test('any address in any series reads well', async (t) => {
    for (const series of await builtInSeries()) {
      t.same(
        ADDRESSES.flatMap((address) => {
          const { dress, prompts } = prepareDress(databases, series, address)
          return [...promptFlaws(prompts), ...missingFrom(prompts, dress.attributes)]
        }),
        [],
        series.suffix
      )
    }
  })

  t.test('the longest names still make a terse prompt of 260 characters at most', async (t) => {
    const longest = Object.fromEntries(
      ORDER.map(([database, name]) => [
        name,
        [...databases.rows[database]].sort((a, b) => nameOf(b).length - nameOf(a).length)[0]!
      ])
    )
    t.same(promptFlaws(writePrompts(dressedIn(longest), '')), [])
  })

  t.test('attributes that are none leave no gap', async (t) => {
    const names = ORDER.map(([, name]) => name)
    const labels = (data: string) =>
      data === '' ? [] : data.split('\n').map((line) => line.slice(0, line.indexOf(':')))
    const flaws: string[] = []
    const check = (absent: readonly string[]) => {
      const prompts = writePrompts(dressedIn(Object.fromEntries(absent.map((name) => [name, 'none']))), '')
      const wrong = promptFlaws(prompts)
      if (labels(prompts.data).join() !== names.filter((name) => !absent.includes(name)).join()) {
        wrong.push(`data: ${prompts.data}`)
      }
      flaws.push(...wrong.map((flaw) => `without ${absent.join()}: ${flaw}`))
      return prompts
    }
    for (const name of names) {
      check([name])
      check(names.filter((other) => other !== name))
      for (const other of names.slice(names.indexOf(name) + 1)) check([name, other])
    }
    t.match(check(names), { data: '', title: 'The Figure', terse: 'A figure.', prompt: /^Draw a figure\b/ })
    t.same(flaws, [])
  })

  t.test('an adverb is left out where it has no adjective', async (t) => {
    const { title, terse, prompt } = writePrompts(dressedIn({ adjective: 'none' }), '')
    const noun = indefinite(nameIn(BASE, 'noun'))
    t.equal(title.split(',')[0]!.toLowerCase(), noun.replace(/^an?/, 'the').toLowerCase())
    t.ok(terse.toLowerCase().startsWith(`${noun.toLowerCase()},`), terse)
    t.ok(prompt.startsWith(`Draw ${noun},`), prompt)
  })

  t.test('rows of one column only, as the Go server has them, leave no gap', async (t) => {
    const short = Object.fromEntries(BASE.map(({ name, value }) => [name, nameOf(value)]))
    const prompts = writePrompts(dressedIn(short), '')
    t.same([...promptFlaws(prompts), ...missingFrom(prompts, dressedIn(short))], [])
    t.notMatch(prompts.prompt, /means|#|\(/)
    for (const [name, value] of Object.entries(short)) {
      t.same(promptFlaws(writePrompts(dressedIn({ [name]: value }), '')), [], name)
    }
    const blank = Object.fromEntries(
      BASE.map(({ name, value }) => [name, value.replace(/,.*/, (rest) => rest.replaceAll(/[^,]/g, ''))])
    )
    t.same(
      promptFlaws(writePrompts(dressedIn({ ...blank, place: short.place! }), '')),
      [],
      'nor do columns that are empty'
    )
  })

  t.test('a human figure is not told to look human', async (t) => {
    const human = writePrompts(
      dressedIn({ noun: databases.rows.nouns.find((row) => row.includes('human being'))! }),
      ''
    ).prompt
    t.notMatch(human, /human-like|human being/)
    t.match(writePrompts(BASE, '').prompt, /human-like/)
  })

  t.test('a slot of a backstyle that nothing fills is a template error', async (t) => {
    const fill = (backStyle: string) => writePrompts(dressedIn({ backStyle }), '')
    t.throws(() => fill('a wall of [{Noun}] tiles'), {
      code: 'TEMPLATE_ERROR',
      statusCode: 500,
      details: /\[\{Noun\}\]/
    })
    t.throws(() => fill('a wall of [{color3}] tiles'), { code: 'TEMPLATE_ERROR' }, 'case counts')
    const color = spokenColor(nameIn(BASE, 'color3'))
    t.ok(fill('[{Color3}] on [{Color3}]').prompt.includes(`The background is ${color} on ${color}.`))
    const bare = dressedIn({
      color3: 'none',
      artStyle2: 'none',
      backStyle: 'a haze of [{Color3}] with bubbles after [{ArtStyle2}]'
    })
    t.match(
      writePrompts(bare, '').prompt,
      /The background is a haze of soft grey with bubbles after simple geometry\./
    )
  })

  t.test('a limit of colours is told, and only where there is one', async (t) => {
    for (const kind of ['prompt', 'technical'] as const) {
      t.match(writePrompts(BASE, 'five')[kind], /no more than five colours/)
      t.notMatch(writePrompts(BASE, '')[kind], /no more than .* colours/)
      t.notMatch(writePrompts(BASE, ' ')[kind], /no more than .* colours/)
    }
    t.same(promptFlaws(writePrompts(BASE, 'five')), [])
  })

  t.test('two styles mix in five ways', async (t) => {
    const [first, second] = [nameIn(BASE, 'artStyle1'), nameIn(BASE, 'artStyle2')]
    const mixing = (attributes: readonly Attribute[]) => {
      const [one, two] = [nameIn(attributes, 'artStyle1'), nameIn(attributes, 'artStyle2')]
      const sentences = writePrompts(attributes, '').prompt.split(/(?<=\.) /)
      const told = sentences.find((sentence) => sentence.includes(`${one}, which`))!
      return one === two
        ? 'one style'
        : told.replace(new RegExp(`${one}, which [^,]*`), '1').replace(new RegExp(`${two}, which [^.]*`), '2')
    }
    const ways = Array.from({ length: 5 }, (_, number) =>
      mixing(BASE.map((attribute) => ({ ...attribute, number })))
    )
    t.equal(new Set(ways).size, 5)
    t.same(
      ways.filter((way) => !/^[A-Z].*\b1\b.*\b2\.$/.test(way)),
      []
    )
    t.same(
      Array.from({ length: 5 }, (_, number) =>
        promptFlaws(
          writePrompts(
            BASE.map((attribute) => ({ ...attribute, number })),
            ''
          )
        )
      ).flat(),
      []
    )
    const met = new Set(ADDRESSES.map((address) => mixing(selectAttributes(databases, EMPTY, address))))
    t.same(
      ways.filter((way) => !met.has(way)),
      [],
      'addresses meet all five'
    )
    const alone = (rows: Record<string, string>) => writePrompts(dressedIn(rows), '').prompt
    t.match(
      alone({ artStyle2: BASE[6]!.value }),
      `purely in the style of ${first}`,
      'a style twice is one style'
    )
    t.match(alone({ artStyle1: 'none' }), `purely in the style of ${second}`)
  })

  t.test('the author who enhances them is told the literary style', async (t) => {
    const [style, doing] = BASE.find(({ name }) => name === 'litStyle')!.value.split(',')
    t.match(enhancerPersona(BASE), `Today you write in the spirit of ${style}, which ${doing}.`)
    const without = enhancerPersona(dressedIn({ litStyle: 'none' }))
    t.notMatch(without, /spirit|none|undefined| {2}/)
    t.equal(
      enhancerPersona(BASE).replace(`Today you write in the spirit of ${style}, which ${doing}. `, ''),
      without
    )
  })
})

t.test('an article goes by the sound', async (t) => {
  const an = [
    'otter',
    'hourglass',
    'honest knight',
    'honourable judge',
    'heir',
    'umbrella',
    'urchin',
    'usher',
    'uninvited guest',
    'unimpressed cat',
    'emu',
    'Iznik tile',
    'éclair',
    'Ångström',
    'onion',
    'utter mess',
    'ugly duckling',
    'orang-utan',
    'unidentified object',
    'X',
    'MP',
    '8-legged friend',
    '11th hour',
    '18th hole'
  ]
  const a = [
    'unicorn',
    'European',
    'one-eyed cat',
    'ukulele',
    'unicycle',
    'uniform',
    'usual day',
    'utopia',
    'ewe',
    'eucalyptus',
    'ouija board',
    'hermit',
    'honey bee',
    'human',
    'yak',
    'queen',
    'Māori carving',
    'Uruguayan',
    '118th try'
  ]
  t.same(
    an.map(indefinite),
    an.map((words) => `an ${words}`)
  )
  t.same(
    a.map(indefinite),
    a.map((words) => `a ${words}`)
  )
})

t.test('the series', async (t) => {
  async function registry(t: Test, { lookIntervalMs = 0 } = {}) {
    const root = await temporaryFolder(t)
    const told: string[] = []
    let lists = 0
    const files = createFiles({ root })
    const counted = {
      ...files,
      list: async (path: string) => {
        lists += 1
        return await files.list(path)
      }
    }
    const series = await createSeriesRegistry({
      files: counted,
      onUnreadable: (file, reason) => told.push(`${file}: ${reason}`),
      lookIntervalMs
    })
    let clock = 1_000_000
    return {
      series,
      told,
      listings: () => lists,
      async put(path: string, content: object | string) {
        const file = join(root, path)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
        // A file system may keep time too coarsely to tell two writes apart.
        await utimes(file, clock, (clock += 10))
      },
      remove: async (path: string) => await rm(join(root, path))
    }
  }

  t.test('many are built in, each with a purpose', async (t) => {
    const { series, told } = await registry(t)
    const names = await series.names()
    t.same(names, [
      'archetypes',
      'bauhaus',
      'birds',
      'blues',
      'brave',
      'brights',
      'calm',
      'cold-blooded',
      'deep-sea',
      'dinosaurs',
      'earth',
      'empty',
      'folk',
      'garden',
      'happy',
      'inks',
      'mammals',
      'microbes',
      'no-styles',
      'noir',
      'painterly',
      'pastels',
      'pixels',
      'prints',
      'sea-life',
      'simple',
      'small-wonders',
      'stone-and-glass',
      'storybook',
      'two-tone',
      'ukiyo-e',
      'wistful'
    ])
    for (const name of names) t.match(await series.get(name), { suffix: name, purpose: /\S/ })
    t.equal(await series.get('no-such-series'), undefined)
    t.equal(await series.get('constructor'), undefined)
    t.same(told, [])
  })

  t.test(
    'a built-in series leaves twelve rows or more of what it filters, and changes nothing else',
    async (t) => {
      for (const series of await builtInSeries()) {
        const filtered = DATABASES.filter((database) => series[database]?.length)
        for (const database of filtered) {
          const rows = databases.rows[database]
          const kept = rows.filter((row) => series[database]!.some((text) => row.includes(text)))
          const isEmptied = series[database]!.join() === 'none'
          t.ok(
            isEmptied ? kept.length === 0 : kept.length >= 12 && kept.length < rows.length,
            `${series.suffix} keeps ${kept.length} ${database}`
          )
          const idle = series[database]!.filter((text) => !rows.some((row) => row.includes(text)))
          if (!isEmptied) t.same(idle, [], `${series.suffix} asks for nothing in vain`)
          const sensitive = kept.filter((row) => row.includes(',sensitive,'))
          t.same(sensitive, [], `${series.suffix} asks for nothing sensitive`)
        }
        const others = (from: Series, address: string) =>
          selectAttributes(databases, from, address).filter(
            ({ database }) => !filtered.includes(database as DatabaseName)
          )
        t.same(
          ADDRESSES.slice(0, 20).map((address) => others(series, address)),
          ADDRESSES.slice(0, 20).map((address) => others(EMPTY, address)),
          series.suffix
        )
      }
    }
  )

  t.test('a series of a subject holds what it is named after and nothing else', async (t) => {
    const holds: Record<string, [within: string[], without: string[]]> = {
      archetypes: [
        ['pirate', 'wizard'],
        ['sea otter', 'robin']
      ],
      birds: [
        ['robin', 'emperor penguin', 'great auk'],
        ['duck-billed platypus', 'flying fox', 'bat star']
      ],
      'cold-blooded': [
        ['tree frog', 'king cobra', 'axolotl'],
        ['robin', 'triceratops', 'seahorse']
      ],
      'deep-sea': [
        ['vampire squid', 'gulper eel', 'sea pig'],
        ['clown loach', 'pig', 'robin']
      ],
      dinosaurs: [
        ['triceratops', 'velociraptor'],
        ['mosasaur', 'chameleon']
      ],
      garden: [
        ['sunflower', 'fly agaric', 'tree fern'],
        ['garden snail', 'sea fan', 'giant kelp']
      ],
      mammals: [
        ['sea otter', 'blue whale', 'elephant'],
        ['robin', 'pirate']
      ],
      microbes: [
        ['amoeba', 'T4 phage', 'diatom'],
        ['fly agaric', 'earthworm', 'giant kelp']
      ],
      'sea-life': [
        ['blue whale', 'octopus', 'narwhal', 'harbour seal', 'seahorse', 'ochre star'],
        ['roe deer', 'dromedary', 'robin', 'silverfish', 'belted kingfisher']
      ],
      'small-wonders': [
        ['monarch butterfly', 'garden snail', 'peacock spider', 'tardigrade'],
        ['octopus', 'robin', 'earthworm']
      ]
    }
    const nounsOf = (series: Series) =>
      databases.rows.nouns.filter((row) => series.nouns!.some((text) => row.includes(text))).map(nameOf)
    for (const series of await builtInSeries()) {
      const expected = holds[series.suffix]
      t.equal(series.nouns !== undefined, expected !== undefined, series.suffix)
      if (expected === undefined) continue
      const known = (names: string[]) =>
        names.filter((name) => databases.rows.nouns.some((row) => nameOf(row) === name))
      t.ok(known(expected[0]).length >= 2, `${series.suffix} is asked for nouns that there are`)
      t.same(
        known(expected[0]).filter((name) => !nounsOf(series).includes(name)),
        [],
        `${series.suffix} lacks none of these`
      )
      t.same(
        known(expected[1]).filter((name) => nounsOf(series).includes(name)),
        [],
        `${series.suffix} has none of these`
      )
    }
  })

  t.test('a user series shadows a built-in one of its name, user-series before series', async (t) => {
    const { series, put, remove } = await registry(t)
    await put('series/simple.json', { suffix: 'simple', purpose: 'legacy', adverbs: null, last: 7 })
    t.match(await series.get('simple'), { purpose: 'legacy', last: 7 })
    await put('user-series/simple.json', { purpose: 'mine' })
    t.match(await series.get('simple'), { suffix: 'simple', purpose: 'mine' })
    t.equal((await series.names()).filter((name) => name === 'simple').length, 1)
    await remove('user-series/simple.json')
    t.match(await series.get('simple'), { purpose: 'legacy' })
    await remove('series/simple.json')
    t.match(await series.get('simple'), { purpose: 'One clear figure in calm surroundings' })
  })

  t.test('a series marked deleted is neither listed nor found', async (t) => {
    const { series, put } = await registry(t)
    await put('user-series/simple.json', { deleted: true })
    await put('user-series/other.json', { deleted: true })
    t.equal(await series.get('simple'), undefined)
    t.equal(await series.get('other'), undefined)
    t.same(
      (await series.names()).filter((name) => name === 'simple' || name === 'other'),
      []
    )
    await put('user-series/other.json', { deleted: false })
    t.ok(await series.get('other'))
  })

  t.test('a series is named after its file, in lower case and without blanks', async (t) => {
    const { series, put } = await registry(t)
    await put('user-series/My Own Series.json', { suffix: 'Another Name', nouns: ['otter'] })
    t.ok((await series.names()).includes('my-own-series'))
    t.match(await series.get('my-own-series'), { suffix: 'my-own-series', nouns: ['otter'] })
    t.equal(await series.get('another-name'), undefined)
  })

  t.test('a file that is no series is passed over and told once for each change', async (t) => {
    const { series, told, put } = await registry(t)
    await put('user-series/fine.json', { purpose: 'fine' })
    await put('user-series/broken.json', '{ "purpose": ')
    await put('series/list.json', '[]')
    await put('user-series/types.json', { nouns: 'otter' })
    await put('user-series/numbers.json', { adverbs: [1] })
    await put(`user-series/${'x'.repeat(191)}.json`, {})
    for (let look = 0; look < 3; look += 1) {
      t.same(
        (await series.names()).filter((name) =>
          ['fine', 'broken', 'list', 'types', 'numbers'].includes(name)
        ),
        ['fine']
      )
    }
    t.equal(told.length, 5)
    for (const expected of [
      /^user-series\/broken\.json: /,
      /^series\/list\.json: /,
      /^user-series\/types\.json: nouns/,
      /^user-series\/numbers\.json: adverbs/,
      /^user-series\/x+\.json: /
    ]) {
      t.equal(told.filter((line) => expected.test(line)).length, 1, expected.source)
    }
    await put('user-series/broken.json', '{ "purpose"! ')
    await series.names()
    await series.names()
    t.equal(told.length, 6)
    await put('user-series/broken.json', { purpose: 'mended' })
    t.match(await series.get('broken'), { purpose: 'mended' })
    t.equal(told.length, 6)
  })

  t.test(
    'a change is read, a broken change keeps the last good version, a removed file is gone',
    async (t) => {
      const { series, told, put, remove } = await registry(t)
      await put('user-series/mine.json', { purpose: 'one' })
      t.match(await series.get('mine'), { purpose: 'one' })
      await put('user-series/mine.json', { purpose: 'two' })
      t.match(await series.get('mine'), { purpose: 'two' }, 'of the same length too')
      await put('user-series/mine.json', '{"purpose": "three')
      t.match(await series.get('mine'), { purpose: 'two' })
      t.equal(told.length, 1)
      await put('user-series/mine.json', { purpose: 'three' })
      t.match(await series.get('mine'), { purpose: 'three' })
      await remove('user-series/mine.json')
      t.equal(await series.get('mine'), undefined)
      await put('user-series/mine.json', '{"purpose": "four')
      t.equal(await series.get('mine'), undefined, 'what was removed does not come back')
    }
  )

  t.test('what is no JSON file is ignored', async (t) => {
    const { series, told, put } = await registry(t)
    const before = await series.names()
    await put('user-series/._mine.json', '\0\x05\x16\x07\0\x02\0\0Mac OS X')
    await put('user-series/.mine.json', {})
    await put('user-series/.json', {})
    await put('user-series/readme.txt', {})
    await put('user-series/folder.json/inner.json', {})
    t.same(await series.names(), before)
    t.same(told, [])
  })

  t.test('the folders are looked at once an interval, however many ask', async (t) => {
    const { series, put, listings } = await registry(t, { lookIntervalMs: 3_600_000 })
    await Promise.all(Array.from({ length: 20 }, async () => await series.names()))
    t.equal(listings(), 2)
    await put('user-series/mine.json', {})
    t.equal(await series.get('mine'), undefined)
    t.equal(listings(), 2)
  })

  t.test('the hash of a series goes by what its pictures are made of', async (t) => {
    const hash = seriesHash({ suffix: 'mine', nouns: ['otter'], colorLimit: 'two' })
    t.match(hash, /^sha256:[0-9a-f]{64}$/)
    t.equal(
      seriesHash({
        colorLimit: 'two',
        adverbs: null,
        nouns: ['otter'],
        suffix: 'mine',
        last: 3,
        purpose: 'x',
        modifiedAt: 'y',
        source: 'z'
      }),
      hash
    )
    for (const other of [
      { suffix: 'yours' },
      { nouns: ['otter', 'owl'] },
      { colorLimit: 'three' },
      { verbs: ['x'], adverbs: ['x'] }
    ]) {
      t.not(seriesHash({ suffix: 'mine', nouns: ['otter'], colorLimit: 'two', ...other }), hash)
    }
  })
})
