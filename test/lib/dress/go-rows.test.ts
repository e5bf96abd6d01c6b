import t from 'tap'
import { selectAttributes } from '../../../lib/dress/attributes.ts'
import { kind } from '../../../lib/dress/language.ts'
import { writePrompts } from '../../../lib/dress/prompts.ts'
import { ADDRESS } from '../../helper.ts'
import { promptFlaws, wearing } from '../../tools/prompt-rules.ts'
import { databases } from './built-in.ts'

const base = selectAttributes(databases, { suffix: 'some' }, ADDRESS)
const promptsOf = (rows: Record<string, string>) => writePrompts(wearing(base, rows), '')

t.test("the Go library's classes are plurals", async (t) => {
  const cases: Array<[commonName: string, words: string]> = [
    ['reptiles', 'one of the reptiles'],
    ['ray-finned fishes', 'one of the ray-finned fishes'],
    ['bacteria', 'one of the bacteria'],
    ['fungi', 'one of the fungi'],
    ['protozoa', 'one of the protozoa'],
    ['mammal', 'a mammal'],
    ['amphibian', 'an amphibian'],
    ['clubmoss', 'a clubmoss'],
    ['giant virus', 'a giant virus'],
    ['cup fungus', 'a cup fungus']
  ]
  for (const [commonName, words] of cases) t.equal(kind(commonName), words)
  const { prompt } = promptsOf({ noun: 'alligator,alligators,crocodilians,reptiles,chordates' })
  t.match(prompt, /alligator, one of the reptiles, as a character/)
  t.notMatch(prompt, /\ban? reptiles/)
})

t.test("the Go library's backstyles are sentences", async (t) => {
  const cases: Array<[row: string, sentence: RegExp, line: RegExp]> = [
    [
      'The background should be a solid [{Color3}] color',
      /\. The background is a solid [a-z ]+ color\. /,
      /\nBackground: a solid [a-z ]+ color\.\n/
    ],
    ['the background is [{Color3}].', /\. The background is [a-z ]+\. /, /\nBackground: [a-z ]+\.\n/],
    [
      'The background should have stripes of [{Color3}]',
      /\. The background should have stripes of [a-z ]+\. /,
      /\nBackground: The background should have stripes/
    ],
    [
      'Use [{Color3}] in the manner of [{ArtStyle2}]',
      /\. Use [a-z ]+ in the manner of /,
      /\nBackground: Use [a-z ]+ in/
    ],
    ['a plain [{Color3}] wall', /\. The background is a plain [a-z ]+ wall\. /, /\nBackground: a plain /]
  ]
  for (const [row, sentence, line] of cases) {
    const prompts = promptsOf({ backStyle: row })
    t.match(prompts.prompt, sentence, row)
    t.match(prompts.technical, line, row)
    t.notMatch(prompts.prompt, /The background is (?:the|use)\b/i, row)
    t.same(promptFlaws(prompts), [], row)
  }
})

t.test("the Go library's places have no capitals", async (t) => {
  const { title, terse, prompt, technical } = promptsOf({ place: 'zuma rock,niger state,nigeria' })
  t.match(title, / of Niger State$/)
  t.match(terse, /within sight of Zuma Rock,/)
  t.match(prompt, /within sight of Zuma Rock \(Niger State, Nigeria\)\./)
  t.match(technical, /Setting: Zuma Rock, Niger State, Nigeria\./)
  t.match(
    promptsOf({ place: 'the blue lagoon of Ölüdeniz,Muğla,Turkey' }).terse,
    /of the blue lagoon of Ölüdeniz/
  )
})

t.test('a row that begins with an article gets no second one', async (t) => {
  const { prompt } = promptsOf({
    viewpoint: "a bird's-eye view,height,from above",
    occupation: 'the baker,bakes'
  })
  t.match(prompt, /The viewpoint is a bird's-eye view/)
  t.match(prompt, /works as the baker/)
})
