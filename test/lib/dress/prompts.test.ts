import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import { prepareDress } from '../../../lib/dress/dress.ts'
import { indefinite, spokenColor } from '../../../lib/dress/language.ts'
import { enhancerPersona, writePrompts } from '../../../lib/dress/prompts.ts'
import type { Attribute } from '../../../lib/schemas/dress.ts'
import { ADDRESS } from '../../helper.ts'
import { ADDRESSES, EMPTY, ORDER, builtInSeries, databases, nameOf } from './built-in.ts'
import { missingFrom, promptFlaws, wearing } from '../../tools/prompt-rules.ts'

const BASE = wearing(selectAttributes(databases, EMPTY, ADDRESS), {
  noun: databases.rows.nouns.find((row) => row.startsWith('sea otter,'))!
})

/** The base dress with some attributes' rows exchanged. */
const dressedIn = (rows: Record<string, string>) => wearing(BASE, rows)

const nameIn = (attributes: readonly Attribute[], wanted: string) =>
  nameOf(attributes.find(({ name }) => name === wanted)!.value)

t.test('prompts of any address in any series have no faults', async (t) => {
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

t.test('the caption names an art style and an emotion with their articles', async (t) => {
  const terseOf = (name: string) => writePrompts(dressedIn({ artStyle1: `${name},print,,lines` }), '').terse
  t.match(terseOf('natural history plate'), /, in the style of a natural history plate\.$/)
  t.match(terseOf('Hague School'), /, in the style of the Hague School\.$/)
  t.match(terseOf('cubism'), /, in the style of cubism\.$/)
  const { terse, prompt } = writePrompts(dressedIn({ emotion: 'jitters,fear,negative,English,a shiver' }), '')
  t.match(terse, / with the jitters within sight of /)
  t.match(prompt, /It feels the jitters, a shiver; the feeling is negative and close to fear\./)
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

t.test('the prompt of a human figure does not ask for human-like features', async (t) => {
  const human = writePrompts(
    dressedIn({ noun: databases.rows.nouns.find((row) => row.includes('human being'))! }),
    ''
  ).prompt
  t.notMatch(human, /human-like|human being/)
  t.match(writePrompts(BASE, '').prompt, /human-like/)
})

t.test('an unknown slot of a backstyle is a template error', async (t) => {
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

t.test('prompts name the limit of colours if there is one', async (t) => {
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
    const sentence = sentences.find((sentence) => sentence.includes(`${one}, which`))!
    return one === two
      ? 'one style'
      : sentence
          .replace(new RegExp(`${one}, which [^,]*`), '1')
          .replace(new RegExp(`${two}, which [^.]*`), '2')
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

t.test('the system message of the enhancer names the literary style', async (t) => {
  const [style, doing] = BASE.find(({ name }) => name === 'litStyle')!.value.split(',')
  t.match(enhancerPersona(BASE), `Today you write in the spirit of ${style}, which ${doing}.`)
  const without = enhancerPersona(dressedIn({ litStyle: 'none' }))
  t.notMatch(without, /spirit|none|undefined| {2}/)
  t.equal(
    enhancerPersona(BASE).replace(`Today you write in the spirit of ${style}, which ${doing}. `, ''),
    without
  )
})
